//! Cutting the project into parts: its packages, and the folders that belong to none.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use remit_board::{
    intake::{Need, Package, Part, Sign},
    path::ProjectPath,
};

use super::{read::Reader, tree::Tree, workspaces::Chosen};
use crate::{infer::fold::Fold, scan::folder_of};

/// A part that would need more is told by the first ones, and that is noted.
const MAX_PATHS: usize = 100;

/// What stands in folders of these names are parts; the folder itself is only their shelf.
const SHELVES: [&str; 13] = [
    "apps",
    "cmd",
    "components",
    "crates",
    "internal",
    "libs",
    "modules",
    "packages",
    "pkg",
    "plugins",
    "projects",
    "services",
    "subprojects",
];

/// Where the sources of a package at the root stand. They are the package's own; where there is no other package, what
/// stands in them are parts.
const SOURCES: [&str; 5] = ["app", "lib", "source", "sources", "src"];

/// The root's files where nothing there has a name.
const ROOT: &str = "project";

pub(super) struct Cut<'a> {
    tree: &'a Tree<'a>,
    drafts: Vec<Draft>,
    by_folder: HashMap<String, usize>,
}

/// A part in the making.
struct Draft {
    folder: String,
    packages: Vec<Package>,
    signs: Vec<Sign>,
    declared: BTreeMap<usize, Sign>,
    for_development: BTreeMap<usize, Sign>,
    imported: BTreeMap<usize, Sign>,
    owners: Vec<String>,
}

impl<'a> Cut<'a> {
    pub(super) fn of(tree: &'a Tree<'a>, chosen: &Chosen) -> Self {
        let mut folders = Folders { tree, chosen, found: BTreeSet::new() };
        folders.find();
        let drafts: Vec<Draft> =
            folders.found.into_iter().map(|folder| Draft::of(folder, tree, chosen)).collect();
        let by_folder = drafts.iter().enumerate().map(|(at, one)| (one.folder.clone(), at)).collect();
        Self { tree, drafts, by_folder }
    }

    pub(super) fn count(&self) -> usize {
        self.drafts.len()
    }

    /// The innermost part around a file or folder, or that folder itself.
    pub(super) fn part_of(&self, path: &str) -> Option<usize> {
        let mut folder = path;
        loop {
            if let Some(at) = self.by_folder.get(folder) {
                return Some(*at);
            }
            if folder.is_empty() {
                return None;
            }
            folder = folder_of(folder);
        }
    }

    pub(super) fn folder(&self, part: usize) -> &str {
        &self.drafts[part].folder
    }

    pub(super) fn declare(&mut self, part: usize, needs: usize, sign: Sign) {
        if part != needs {
            self.drafts[part].declared.entry(needs).or_insert(sign);
        }
    }

    pub(super) fn declare_for_development(&mut self, part: usize, needs: usize, sign: Sign) {
        if part != needs {
            self.drafts[part].for_development.entry(needs).or_insert(sign);
        }
    }

    pub(super) fn declares(&self, part: usize, needs: usize) -> bool {
        self.drafts[part].declared.contains_key(&needs) || self.is_for_development(part, needs)
    }

    fn is_for_development(&self, part: usize, needs: usize) -> bool {
        let draft = &self.drafts[part];
        draft.for_development.contains_key(&needs) && !draft.declared.contains_key(&needs)
    }

    /// The first import says enough. Those of what is needed for development alone are its tests'.
    pub(super) fn import(&mut self, part: usize, needs: usize, sign: Sign) {
        if part != needs && !self.is_for_development(part, needs) {
            self.drafts[part].imported.entry(needs).or_insert(sign);
        }
    }

    /// Tests may need a part that itself needs theirs, as package managers allow; work on the two can't wait for each other.
    pub(super) fn settle_development(&mut self, reader: &mut Reader<'_>) {
        for part in 0..self.drafts.len() {
            for (needs, sign) in std::mem::take(&mut self.drafts[part].for_development) {
                if self.reaches(needs, part) {
                    let sign = format!("{} ({})", sign.what, sign.path);
                    reader.note(format!(
                        "{sign}, which needs it in turn: that is no order of work and was left out"
                    ));
                } else {
                    self.declare(part, needs, sign);
                }
            }
        }
    }

    fn reaches(&self, from: usize, to: usize) -> bool {
        let (mut seen, mut open) = (BTreeSet::from([from]), vec![from]);
        while let Some(at) = open.pop() {
            if at == to {
                return true;
            }
            let draft = &self.drafts[at];
            open.extend(
                draft.declared.keys().chain(draft.imported.keys()).filter(|next| seen.insert(**next)),
            );
        }
        false
    }

    pub(super) fn own(&mut self, part: usize, owners: &[String], sign: Sign) {
        self.drafts[part].owners = owners.to_vec();
        self.drafts[part].signs.push(sign);
    }

    pub(super) fn into_parts(self, reader: &mut Reader<'_>) -> Vec<Part> {
        let paths: Vec<Vec<ProjectPath>> = self.all_paths(reader);
        let kept: Vec<usize> = (0..paths.len()).filter(|at| !paths[*at].is_empty()).collect();
        let place: HashMap<usize, usize> = kept.iter().enumerate().map(|(new, old)| (*old, new)).collect();
        let all = self.drafts.into_iter().zip(paths).filter(|(_, paths)| !paths.is_empty());
        all.map(|(draft, paths)| draft.finish(paths, &place)).collect()
    }

    fn all_paths(&self, reader: &mut Reader<'_>) -> Vec<Vec<ProjectPath>> {
        let mut own: Vec<BTreeSet<&str>> = vec![BTreeSet::new(); self.drafts.len()];
        for file in &self.tree.files {
            if let Some(part) = self.part_of(folder_of(file)) {
                own[part].insert(file);
            }
        }
        own.iter().enumerate().map(|(part, files)| self.paths(part, files, reader)).collect()
    }

    /// The folder whole, or what in it belongs to no part within.
    fn paths(&self, part: usize, files: &BTreeSet<&str>, reader: &mut Reader<'_>) -> Vec<ProjectPath> {
        let folder = self.folder(part);
        let below = self.tree.below(folder);
        if !folder.is_empty() && below.len() == files.len() {
            return ProjectPath::parse(folder).into_iter().collect();
        }
        let fold = Fold { files: below, wanted: files, units: &BTreeSet::new(), is_closed: &|_| false };
        let mut paths: Vec<ProjectPath> =
            fold.run().into_iter().filter_map(|folded| ProjectPath::parse(&folded.path).ok()).collect();
        if paths.len() > MAX_PATHS {
            let shown = if folder.is_empty() { "the project's root" } else { folder };
            reader.note(format!("of {} paths of {shown}, the first {MAX_PATHS} are proposed", paths.len()));
            paths.truncate(MAX_PATHS);
        }
        paths
    }
}

impl Draft {
    fn of(folder: String, tree: &Tree<'_>, chosen: &Chosen) -> Self {
        let manifests = chosen.packages.get(&folder).map(Vec::as_slice).unwrap_or_default();
        let packages = manifests.iter().map(|at| &chosen.manifests[*at]).map(|one| Package {
            ecosystem: one.ecosystem.name(),
            name: one.says.name.clone(),
            manifest: one.file.clone(),
        });
        let mut draft = Self {
            packages: packages.collect(),
            signs: Vec::new(),
            declared: BTreeMap::new(),
            for_development: BTreeMap::new(),
            imported: BTreeMap::new(),
            owners: Vec::new(),
            folder,
        };
        draft.signs = draft.first_signs(manifests, tree, chosen);
        draft
    }

    fn first_signs(&self, manifests: &[usize], tree: &Tree<'_>, chosen: &Chosen) -> Vec<Sign> {
        let mut signs = Vec::new();
        for at in manifests {
            let one = &chosen.manifests[*at];
            let name = one.says.name.as_deref().unwrap_or("without a name");
            let what = format!("{} package {name}", one.ecosystem);
            signs.push(Sign { what, path: one.file.clone(), line: one.says.line });
            signs.extend(chosen.listed_by.get(at).map(|workspace| Sign {
                what: "member of the workspace".to_owned(),
                path: chosen.manifests[*workspace].file.clone(),
                line: None,
            }));
        }
        if let (true, Ok(path)) = (manifests.is_empty(), ProjectPath::parse(&self.folder)) {
            let what = match tree.below(&self.folder).len() {
                1 => "folder with 1 file".to_owned(),
                n => format!("folder with {n} files"),
            };
            signs.push(Sign { what, path, line: None });
        }
        let entry = top_entry(tree, &self.folder).and_then(|entry| ProjectPath::parse(entry).ok());
        signs.extend(entry.map(|path| Sign { what: "entry file".to_owned(), path, line: None }));
        signs
    }

    fn finish(self, paths: Vec<ProjectPath>, place: &HashMap<usize, usize>) -> Part {
        let needs = self.declared.into_iter().chain(self.imported);
        let needs = needs.filter_map(|(part, sign)| Some(Need { part: *place.get(&part)?, sign }));
        let mut signs = self.signs;
        if let (true, Some(path)) = (signs.is_empty(), paths.first().cloned()) {
            signs.push(Sign { what: "lies at the project's root".to_owned(), path, line: None });
        }
        Part {
            name: name(&self.packages, &self.folder),
            title: title(&self.packages, &self.folder),
            folder: ProjectPath::parse(&self.folder).ok(),
            paths,
            needs: needs.collect(),
            packages: self.packages,
            signs,
            owners: self.owners,
        }
    }
}

/// The entry file that stands highest: those below it begin parts of the part. The root's stand at the root.
fn top_entry<'a>(tree: &Tree<'a>, folder: &str) -> Option<&'a str> {
    let below = tree.below(folder).iter().copied().filter(|file| tree.entry_files.contains(file));
    let depth = |file: &str| file.matches('/').count();
    below.filter(|file| !folder.is_empty() || depth(file) == 0).min_by_key(|file| depth(file))
}

fn name(packages: &[Package], folder: &str) -> String {
    let declared = packages.iter().find_map(|one| one.name.as_deref()).map(|name| {
        // Go names a module by where it is fetched from, npm and Composer by who publishes it.
        name.rsplit('/').find(|part| !is_go_version(part)).unwrap_or(name)
    });
    let own = folder.rsplit('/').next().filter(|name| !name.is_empty());
    declared.or(own).unwrap_or(ROOT).to_owned()
}

fn is_go_version(part: &str) -> bool {
    part.strip_prefix('v')
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}

fn title(packages: &[Package], folder: &str) -> String {
    const MAX_CHARS: usize = 120;
    let mut kinds: Vec<&str> = packages.iter().map(|one| one.ecosystem).collect();
    kinds.dedup();
    let declared = packages.iter().find_map(|one| one.name.as_deref());
    let whole = match (kinds.is_empty(), folder.is_empty()) {
        (true, true) => "Files at the project's root".to_owned(),
        (true, false) => format!("Folder {folder}"),
        (false, _) => format!("{} package {}", kinds.join(" and "), declared.unwrap_or(folder)),
    };
    let clean = whole.trim_end().chars().map(|c| if c.is_control() { ' ' } else { c });
    clean.take(MAX_CHARS).collect()
}

/// The search for the folders that are parts. The project's root is always among them.
struct Folders<'a> {
    tree: &'a Tree<'a>,
    chosen: &'a Chosen,
    found: BTreeSet<String>,
}

impl Folders<'_> {
    fn find(&mut self) {
        self.found.extend(self.chosen.packages.keys().cloned());
        self.found.insert(String::new());
        for folder in self.tree.children("") {
            self.cut(folder);
        }
    }

    fn cut(&mut self, folder: &str) {
        let name = folder.rsplit('/').next().unwrap_or_default();
        let at_root = !folder.contains('/');
        if self.is_package(folder) {
            return;
        }
        if self.has_package_below(folder) {
            return self.cut_children(folder);
        }
        if SHELVES.contains(&name) && !self.tree.children(folder).is_empty() {
            return self.cut_children(folder);
        }
        if at_root && (SOURCES.contains(&name) || self.is_python(folder)) {
            return self.cut_sources(folder);
        }
        self.found.insert(folder.to_owned());
    }

    fn cut_children(&mut self, folder: &str) {
        for child in self.tree.children(folder) {
            self.cut(child);
        }
    }

    /// The only package of a project is cut along the folders of its sources, or nobody could share it.
    fn cut_sources(&mut self, folder: &str) {
        let children = self.tree.children(folder);
        let has_other_packages = self.chosen.packages.keys().any(|package| !package.is_empty());
        match children.as_slice() {
            _ if has_other_packages => self.keep(folder),
            [] => self.keep(folder),
            [only] if self.tree.below(folder).len() == self.tree.below(only).len() => self.cut_sources(only),
            children => self.found.extend(children.iter().map(|child| (*child).to_owned())),
        }
    }

    /// Sources of a package at the root stay its own; without one, they are a part.
    fn keep(&mut self, folder: &str) {
        if !self.is_package("") {
            self.found.insert(folder.to_owned());
        }
    }

    fn is_package(&self, folder: &str) -> bool {
        self.chosen.packages.contains_key(folder)
    }

    fn has_package_below(&self, folder: &str) -> bool {
        let start = format!("{folder}/");
        self.chosen
            .packages
            .range(start.clone()..)
            .next()
            .is_some_and(|(package, _)| package.starts_with(&start))
    }

    fn is_python(&self, folder: &str) -> bool {
        self.tree.has_file(&format!("{folder}/__init__.py"))
    }
}
