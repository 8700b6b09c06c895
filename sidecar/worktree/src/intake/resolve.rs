//! From what manifests say they need to the parts that are meant.

use std::collections::HashMap;

use remit_board::intake::Sign;

use super::{
    manifests::{Declaration, Ecosystem, Manifest, Target, normal_python_name},
    parts::Cut,
    tree::{Tree, join},
    workspaces::Chosen,
};

/// The packages of each ecosystem by name. Names that several bear mean none of them.
pub(super) struct Names<'a>(HashMap<(Ecosystem, String), Option<&'a str>>);

impl<'a> Names<'a> {
    pub(super) fn of(chosen: &'a Chosen) -> Self {
        let mut names = HashMap::new();
        let packages = chosen.packages.values().flatten().map(|at| &chosen.manifests[*at]);
        for package in packages {
            let Some(name) = &package.says.name else { continue };
            let entry = names.entry(key(package.ecosystem, name)).or_insert(Some(package.folder()));
            if *entry != Some(package.folder()) {
                *entry = None;
            }
        }
        Self(names)
    }

    pub(super) fn folder(&self, ecosystem: Ecosystem, name: &str) -> Option<&'a str> {
        self.0.get(&key(ecosystem, name)).copied().flatten()
    }

    pub(super) fn of_ecosystem(&self, wanted: Ecosystem) -> impl Iterator<Item = (&str, &'a str)> {
        self.0.iter().filter_map(move |((ecosystem, name), folder)| {
            Some((name.as_str(), (*folder)?)).filter(|_| *ecosystem == wanted)
        })
    }
}

fn key(ecosystem: Ecosystem, name: &str) -> (Ecosystem, String) {
    match ecosystem {
        Ecosystem::Python => (ecosystem, normal_python_name(name)),
        _ => (ecosystem, name.to_owned()),
    }
}

/// Enters what is declared. A manifest that is no package of its own speaks for the part it lies in.
pub(super) fn declared_needs(cut: &mut Cut<'_>, chosen: &Chosen, tree: &Tree<'_>) {
    let names = Names::of(chosen);
    for manifest in &chosen.manifests {
        let Some(part) = cut.part_of(manifest.folder()) else { continue };
        let meant = |need: &Declaration, cut: &Cut<'_>| {
            let folder = folder_of_need(manifest, need, chosen, &names)?;
            cut.part_of(&folder).filter(|_| folder.is_empty() || tree.has_folder(&folder))
        };
        let sign =
            |what: String, need: &Declaration| Sign { what, path: manifest.file.clone(), line: need.line };
        for need in &manifest.says.needs {
            if let Some(other) = meant(need, cut) {
                cut.declare(part, other, sign(format!("needs {}", said(need)), need));
            }
        }
        for need in &manifest.says.development_needs {
            if let Some(other) = meant(need, cut) {
                cut.declare_for_development(
                    part,
                    other,
                    sign(format!("needs {} for development", said(need)), need),
                );
            }
        }
    }
}

fn folder_of_need(
    manifest: &Manifest,
    need: &Declaration,
    chosen: &Chosen,
    names: &Names<'_>,
) -> Option<String> {
    match &need.on {
        Target::Folder(folder) => join(manifest.folder(), folder),
        Target::Name(name) => names.folder(manifest.ecosystem, name).map(str::to_owned),
        Target::Offered(name) => offered(manifest, name, chosen),
    }
}

/// By the nearest workspace above: Cargo's names a folder, Gradle's settings are where all paths begin.
fn offered(manifest: &Manifest, name: &str, chosen: &Chosen) -> Option<String> {
    let around = chosen.manifests.iter().filter(|one| {
        let folder = one.folder();
        let is_above = folder.is_empty()
            || manifest
                .folder()
                .strip_prefix(folder)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        one.ecosystem == manifest.ecosystem && one.says.members.is_some() && is_above
    });
    let nearest = around.max_by_key(|one| one.folder().len());
    match manifest.ecosystem {
        Ecosystem::Gradle => join(nearest.map_or("", |one| one.folder()), name),
        _ => {
            let workspace = nearest?;
            let (_, folder) = workspace.says.offers.iter().find(|(offered, _)| offered == name)?;
            join(workspace.folder(), folder)
        }
    }
}

fn said(need: &Declaration) -> &str {
    match &need.on {
        Target::Folder(text) | Target::Name(text) | Target::Offered(text) => text,
    }
}
