//! The smallest set of folders and files that says the same as a list of files.

use std::collections::BTreeSet;

/// A path that stands for a folder with all that is in it, or for one file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Folded {
    pub(crate) path: String,
    pub(crate) is_folder: bool,
}

pub(crate) struct Fold<'a> {
    /// Every file of the project, sorted as text.
    pub(crate) files: &'a [&'a str],
    /// Those to be covered.
    pub(crate) wanted: &'a BTreeSet<&'a str>,
    /// Folders that stand for themselves even where they hold a single file.
    pub(crate) units: &'a BTreeSet<&'a str>,
    /// Whether a folder must not be covered as a whole, because another's scope reaches to or below it, perhaps ahead of its
    /// files. What holds for a folder holds for those above it.
    pub(crate) is_closed: &'a dyn Fn(&str) -> bool,
}

impl Fold<'_> {
    /// Covers every wanted file and no other one. The project's root is never proposed.
    pub(crate) fn run(&self) -> Vec<Folded> {
        self.children("", self.files)
    }

    /// `files` are those below `folder`.
    fn children(&self, folder: &str, files: &[&str]) -> Vec<Folded> {
        let start = if folder.is_empty() { 0 } else { folder.len() + 1 };
        // A deleted file may bear the name of a folder that took its place.
        let is_file = |path: &str| path.len() == start + segment(path, start).len();
        let same_child =
            |a: &&str, b: &&str| segment(a, start) == segment(b, start) && is_file(a) == is_file(b);
        files.chunk_by(same_child).flat_map(|group| self.child(start, group)).collect()
    }

    fn child(&self, start: usize, group: &[&str]) -> Vec<Folded> {
        let Some(first) = group.first().filter(|_| group.iter().any(|file| self.wanted.contains(file)))
        else {
            return Vec::new();
        };
        let path = &first[..start + segment(first, start).len()];
        if path.len() == first.len() {
            return vec![Folded { path: path.to_owned(), is_folder: false }];
        }
        let parts = self.children(path, group);
        let says_more_briefly = parts.len() > 1 || self.units.contains(path);
        if says_more_briefly && self.is_wholly_wanted(path, group) {
            return vec![Folded { path: path.to_owned(), is_folder: true }];
        }
        parts
    }

    fn is_wholly_wanted(&self, folder: &str, files: &[&str]) -> bool {
        files.iter().all(|file| self.wanted.contains(file)) && !(self.is_closed)(folder)
    }
}

/// The name that begins at `start`.
fn segment(path: &str, start: usize) -> &str {
    let rest = &path[start..];
    rest.split_once('/').map_or(rest, |(name, _)| name)
}
