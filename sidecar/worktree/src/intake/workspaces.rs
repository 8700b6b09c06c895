//! Which manifests are packages of this project. A workspace says who belongs to it; samples and templates that lie about
//! in its tree don't, and are left to the part around them.

use std::collections::{BTreeMap, BTreeSet};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::{
    manifests::{Manifest, Members, Target},
    read::Reader,
    tree::join,
};

/// Nobody lists more; a file that does is generated.
const MAX_GLOBS: usize = 2_000;

pub(super) struct Chosen {
    pub(super) manifests: Vec<Manifest>,
    /// Those that make their folder a package, by the folder; the root is empty.
    pub(super) packages: BTreeMap<String, Vec<usize>>,
    /// The manifest of the workspace that lists it.
    pub(super) listed_by: BTreeMap<usize, usize>,
}

struct Workspace {
    manifest: usize,
    include: GlobSet,
    exclude: GlobSet,
    closed: bool,
}

pub(super) fn choose(manifests: Vec<Manifest>, reader: &mut Reader<'_>) -> Chosen {
    let workspaces = workspaces(&manifests, reader);
    let by_path = needed_by_path(&manifests);
    let mut packages: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut listed_by = BTreeMap::new();
    let mut left = Vec::new();
    for (at, manifest) in manifests.iter().enumerate().filter(|(_, manifest)| manifest.says.is_package) {
        let around = workspaces.iter().rev().filter(|one| is_around(&manifests, one, at));
        let lists = around.clone().find(|one| one.lists(&manifests, at));
        let is_outside = around.clone().next().is_some_and(|one| one.closed)
            && lists.is_none()
            && manifest.says.members.is_none()
            && !by_path.contains(manifest.folder());
        if is_outside {
            left.push(manifest.file.as_str());
            continue;
        }
        listed_by.extend(lists.map(|one| (at, one.manifest)));
        packages.entry(manifest.folder().to_owned()).or_default().push(at);
    }
    if let Some(first) = left.first() {
        let what = if left.len() == 1 {
            "is no member".to_owned()
        } else {
            format!("and {} more are no members", left.len() - 1)
        };
        reader.note(format!("{first} {what} of the workspace around: left to the parts they lie in"));
    }
    Chosen { manifests, packages, listed_by }
}

/// In the order of their folders, so that the innermost come last.
fn workspaces(manifests: &[Manifest], reader: &mut Reader<'_>) -> Vec<Workspace> {
    let listing =
        manifests.iter().enumerate().filter_map(|(at, one)| Some((at, one, one.says.members.as_ref()?)));
    let mut found: Vec<(String, Workspace)> = listing
        .map(|(at, one, members)| {
            let workspace = Workspace {
                manifest: at,
                include: globs(&members.include, one, reader),
                exclude: globs(&members.exclude, one, reader),
                closed: is_closed(members),
            };
            (one.folder().to_owned(), workspace)
        })
        .collect();
    found.sort_by_key(|(folder, _)| folder.len());
    found.into_iter().map(|(_, workspace)| workspace).collect()
}

fn is_closed(members: &Members) -> bool {
    members.closed
}

fn globs(texts: &[String], manifest: &Manifest, reader: &mut Reader<'_>) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for text in texts.iter().take(MAX_GLOBS) {
        let plain = text.trim_start_matches("./").trim_end_matches('/');
        match GlobBuilder::new(plain).literal_separator(true).build() {
            Ok(glob) => drop(set.add(glob)),
            Err(error) => reader.note(format!(
                "{}: the member {text:?} is no pattern ({})",
                manifest.file,
                error.kind()
            )),
        }
    }
    if texts.len() > MAX_GLOBS {
        reader.note(format!("{}: members beyond the first {MAX_GLOBS} were left out", manifest.file));
    }
    set.build().unwrap_or_else(|error| {
        reader.note(format!("{}: its members can't be matched ({error})", manifest.file));
        GlobSet::empty()
    })
}

/// Of the same kind, and above the package's folder; a workspace's own package is in it anyway.
fn is_around(manifests: &[Manifest], workspace: &Workspace, package: usize) -> bool {
    let (outer, inner) = (&manifests[workspace.manifest], &manifests[package]);
    outer.ecosystem == inner.ecosystem
        && below(outer.folder(), inner.folder()).is_some_and(|rest| !rest.is_empty())
}

fn below<'p>(folder: &str, path: &'p str) -> Option<&'p str> {
    if folder.is_empty() {
        return Some(path);
    }
    let rest = path.strip_prefix(folder)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

impl Workspace {
    fn lists(&self, manifests: &[Manifest], package: usize) -> bool {
        let rest = below(manifests[self.manifest].folder(), manifests[package].folder());
        rest.is_some_and(|rest| self.include.is_match(rest) && !self.exclude.is_match(rest))
    }
}

/// Cargo takes packages that its members need by their paths for members, too.
fn needed_by_path(manifests: &[Manifest]) -> BTreeSet<String> {
    let needs = manifests.iter().flat_map(|one| {
        let declared = one.says.needs.iter().filter_map(|need| match &need.on {
            Target::Folder(folder) => Some(folder),
            _ => None,
        });
        let offered = one.says.offers.iter().map(|(_, folder)| folder);
        declared.chain(offered).filter_map(|folder| join(one.folder(), folder))
    });
    needs.collect()
}
