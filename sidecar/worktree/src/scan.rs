//! The workspace as a newcomer would survey it: its files, where each part of it begins, and which folders are parts.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Mutex;

use ignore::{DirEntry, WalkBuilder, WalkState};
use remit_board::path::ProjectPath;

use crate::worktree::{Worktree, with_slashes};

/// More walkers only contend for the disk.
const THREADS: usize = 2;

/// A package.json that is longer is generated, and nobody's way in.
const MAX_MANIFEST: u64 = 1 << 20;

/// Files that make their folder a package: a part of the workspace that is built and named on its own.
const MANIFESTS: [&str; 14] = [
    "Cargo.toml",
    "package.json",
    "pyproject.toml",
    "setup.py",
    "go.mod",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "composer.json",
    "mix.exs",
    "Package.swift",
    "pubspec.yaml",
    "CMakeLists.txt",
    "deno.json",
];

/// Files with which reading a part begins.
const ENTRY_FILES: [&str; 25] = [
    "main.rs",
    "lib.rs",
    "mod.rs",
    "index.ts",
    "index.tsx",
    "index.mts",
    "index.js",
    "index.jsx",
    "index.mjs",
    "index.cjs",
    "main.ts",
    "main.tsx",
    "main.js",
    "__init__.py",
    "__main__.py",
    "main.py",
    "manage.py",
    "main.go",
    "doc.go",
    "main.c",
    "main.cpp",
    "Main.java",
    "Main.kt",
    "Program.cs",
    "main.swift",
];

/// A folder with a manifest. The project's root is none: it holds everybody's parts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Package {
    pub folder: ProjectPath,
    pub manifest: ProjectPath,
}

/// Everything sorted. Ignored files, the board's own, and what lies in other repositories are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    pub files: Vec<ProjectPath>,
    pub entry_files: Vec<ProjectPath>,
    pub packages: Vec<Package>,
}

/// Walks the worktree. Folders that can't be read are left out; links aren't followed.
pub fn scan(worktree: &Worktree) -> Scan {
    let files = files(worktree);
    let packages: Vec<Package> = files.iter().filter_map(package).collect();
    let named: Vec<ProjectPath> =
        packages.iter().flat_map(|package| named_entries(worktree, package)).collect();
    let mut entry_files: BTreeSet<ProjectPath> =
        files.iter().filter(|path| ENTRY_FILES.contains(&file_name(path))).cloned().collect();
    entry_files.extend(named.into_iter().filter(|path| files.binary_search(path).is_ok()));
    Scan { files, entry_files: entry_files.into_iter().collect(), packages }
}

fn files(worktree: &Worktree) -> Vec<ProjectPath> {
    let found = Mutex::new(Vec::new());
    walker(worktree).build_parallel().run(|| {
        let mut mine = Collected { paths: Vec::new(), all: &found };
        Box::new(move |entry| {
            mine.paths.extend(entry.ok().and_then(|entry| project_file(worktree, &entry)));
            WalkState::Continue
        })
    });
    let mut files = found.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    files.sort_unstable();
    files
}

/// One walker's finds, which join the others' when it is done.
struct Collected<'a> {
    paths: Vec<ProjectPath>,
    all: &'a Mutex<Vec<ProjectPath>>,
}

impl Drop for Collected<'_> {
    fn drop(&mut self) {
        let mut all = self.all.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        all.append(&mut self.paths);
    }
}

fn walker(worktree: &Worktree) -> WalkBuilder {
    let mut builder = WalkBuilder::new(&worktree.root);
    // Rules above the root belong to another repository; those inside hold outside git, too.
    builder.threads(THREADS).hidden(false).parents(false).require_git(false).ignore(false);
    let worktree = worktree.clone();
    builder.filter_entry(move |entry| is_of_project(&worktree, entry));
    builder
}

fn is_of_project(worktree: &Worktree, entry: &DirEntry) -> bool {
    if entry.depth() == 0 {
        return true;
    }
    if entry.file_type().is_none_or(|kind| !kind.is_dir()) {
        return entry.file_name() != ".git";
    }
    let is_repository = entry.path().join(".git").symlink_metadata().is_ok();
    let is_board =
        relative(worktree, entry.path()).is_some_and(|path| worktree.is_board_file(path.as_bytes()));
    !(is_repository || is_board || entry.file_name() == ".git")
}

fn project_file(worktree: &Worktree, entry: &DirEntry) -> Option<ProjectPath> {
    if entry.file_type().is_none_or(|kind| kind.is_dir()) {
        return None;
    }
    ProjectPath::parse(&relative(worktree, entry.path())?).ok()
}

fn relative(worktree: &Worktree, path: &Path) -> Option<String> {
    Some(with_slashes(path.strip_prefix(&worktree.root).ok()?.to_str()?))
}

fn package(file: &ProjectPath) -> Option<Package> {
    let (folder, name) = file.as_str().rsplit_once('/')?;
    let folder = MANIFESTS.contains(&name).then(|| ProjectPath::parse(folder).ok())??;
    Some(Package { folder, manifest: file.clone() })
}

/// What a package.json calls its entry.
fn named_entries(worktree: &Worktree, package: &Package) -> Vec<ProjectPath> {
    let file = worktree.absolute(&package.manifest);
    // A link may lead out of the project, and reading a pipe never ends.
    let is_small_file =
        fs::symlink_metadata(&file).is_ok_and(|found| found.is_file() && found.len() <= MAX_MANIFEST);
    if file_name(&package.manifest) != "package.json" || !is_small_file {
        return Vec::new();
    }
    let text = fs::read(&file).unwrap_or_default();
    let manifest: serde_json::Value = serde_json::from_slice(&text).unwrap_or_default();
    let named = ["main", "module", "source"].iter().filter_map(|key| manifest.get(key)?.as_str());
    named.filter_map(|entry| ProjectPath::parse(&format!("{}/{entry}", package.folder)).ok()).collect()
}

pub(crate) fn file_name(path: &ProjectPath) -> &str {
    path.as_str().rsplit('/').next().unwrap_or_default()
}

pub(crate) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
