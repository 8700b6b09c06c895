//! What is to be done about the paths that events named, each told by a look at it.

use std::collections::BTreeSet;

use super::ChangeKind;
use super::look::Seen;
use crate::worktree::Worktree;

#[derive(Default)]
pub(crate) struct Plan {
    pub(crate) unstaged: Vec<(String, Option<ChangeKind>)>,
    /// Not tracked, and not yet known to be ignored or not.
    pub(crate) untracked: Vec<String>,
    /// For git to tell, with all that is below them.
    pub(crate) ask: BTreeSet<String>,
}

impl Plan {
    pub(crate) fn ask_all(paths: &BTreeSet<&str>) -> Self {
        Self { ask: paths.iter().map(|path| (*path).to_owned()).collect(), ..Self::default() }
    }

    pub(crate) fn note(&mut self, path: &str, seen: Seen) {
        match seen {
            Seen::Unstaged(kind) => self.unstaged.push((path.to_owned(), kind)),
            Seen::Untracked => self.untracked.push(path.to_owned()),
            Seen::NoNews => {}
            Seen::Ask(path) => {
                self.ask.insert(path);
            }
        }
    }

    /// Of a new folder only git can say what in it counts.
    pub(crate) fn note_untracked(&mut self, worktree: &Worktree, path: String, is_ignored: bool) {
        let is_folder = worktree.root.join(&path).symlink_metadata().is_ok_and(|found| found.is_dir());
        if is_folder && !is_ignored {
            self.ask.insert(path);
        } else {
            self.unstaged.push((path, (!is_ignored).then_some(ChangeKind::Untracked)));
        }
    }
}

/// Paths in git's own folder and the board's are nobody's change; those in another repository's speak of its folder.
pub(crate) fn relevant<'a>(worktree: &Worktree, paths: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
    let paths = paths.map(above_git_folder);
    paths.filter(|path| *path != ".git" && !worktree.is_board_file(path.as_bytes())).collect()
}

fn above_git_folder(path: &str) -> &str {
    if path == ".git" || path.starts_with(".git/") {
        return ".git";
    }
    let above = path.split_once("/.git/").map(|(above, _)| above);
    above.or_else(|| path.strip_suffix("/.git")).unwrap_or(path)
}
