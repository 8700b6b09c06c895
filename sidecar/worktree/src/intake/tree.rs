//! The project's files by their folders.

use std::{collections::BTreeSet, ops::Bound};

use remit_board::path::ProjectPath;

use crate::scan::{Scan, folder_of};

pub(super) struct Tree<'a> {
    pub(super) paths: &'a [ProjectPath],
    /// Sorted as text.
    pub(super) files: Vec<&'a str>,
    pub(super) entry_files: BTreeSet<&'a str>,
    /// Every folder with files at or below it, but the root.
    folders: BTreeSet<&'a str>,
}

impl<'a> Tree<'a> {
    pub(super) fn of(scan: &'a Scan) -> Self {
        let files: Vec<&str> = scan.files.iter().map(ProjectPath::as_str).collect();
        let mut folders = BTreeSet::new();
        for file in &files {
            let mut folder = folder_of(file);
            while !folder.is_empty() && folders.insert(folder) {
                folder = folder_of(folder);
            }
        }
        let entry_files = scan.entry_files.iter().map(ProjectPath::as_str).collect();
        Self { paths: &scan.files, files, entry_files, folders }
    }

    pub(super) fn has_folder(&self, path: &str) -> bool {
        self.folders.contains(path)
    }

    pub(super) fn has_file(&self, path: &str) -> bool {
        self.files.binary_search(&path).is_ok()
    }

    /// The files below a folder, which lie together in sorted order; all of them for the root.
    pub(super) fn below(&self, folder: &str) -> &[&'a str] {
        if folder.is_empty() {
            return &self.files;
        }
        let start = format!("{folder}/");
        let from = self.files.partition_point(|path| *path < start.as_str());
        let len = self.files[from..].partition_point(|path| path.starts_with(&start));
        &self.files[from..from + len]
    }

    /// The folders that lie directly in a folder.
    pub(super) fn children(&self, folder: &str) -> Vec<&'a str> {
        let start = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let below = self
            .folders
            .range::<str, _>((Bound::Included(start.as_str()), Bound::Unbounded))
            .take_while(|path| path.starts_with(&start));
        below.copied().filter(|path| !path[start.len()..].contains('/')).collect()
    }
}

/// `a/b` joined with `../c`: `a/c`. `None` where that leaves the project; the root is empty.
pub(super) fn join(folder: &str, relative: &str) -> Option<String> {
    if relative.starts_with('/') {
        return None;
    }
    let mut names: Vec<&str> = folder.split('/').filter(|name| !name.is_empty()).collect();
    for name in relative.split(['/', '\\']) {
        match name {
            "" | "." => {}
            ".." => drop(names.pop()?),
            name => names.push(name),
        }
    }
    Some(names.join("/"))
}
