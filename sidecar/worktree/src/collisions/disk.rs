//! What lies on the disk of each worktree, read again only where a file's `stat` says so.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use remit_board::path::ProjectPath;

use super::Side;
use super::content::{Content, MAX_TEXT};
use super::storing::Storing;
use crate::changes::Stamp;
use crate::refs::Head;
use crate::worktree::Worktree;

/// A file that changed so shortly before it was read may have changed again without its time telling.
const RACY: Duration = Duration::from_millis(50);

/// Files that one person has changed; beyond that everything is read anew.
const MAX_KEPT: usize = 10_000;
const MAX_BYTES: usize = 128 << 20;

#[derive(Default)]
pub(super) struct Disk {
    kept: HashMap<PathBuf, (Stamp, Content)>,
    bytes: usize,
    storing: HashMap<PathBuf, Storing>,
}

impl Disk {
    /// The side's own text, saved or not.
    pub(super) fn with_unsaved(&mut self, side: Side<'_>, path: &ProjectPath) -> Content {
        let saved = self.content(side.worktree, path);
        let Some(unsaved) = side.unsaved.get(path) else { return saved };
        let raw = || fs::read(side.worktree.absolute(path)).unwrap_or_default();
        match unsaved.over(raw) {
            Some(text) => Content::File(self.storing(side.worktree).text(path, text).into()),
            None => saved,
        }
    }

    pub(super) fn content(&mut self, worktree: &Worktree, path: &ProjectPath) -> Content {
        let file = worktree.absolute(path);
        let Ok(metadata) = fs::symlink_metadata(&file) else { return Content::Absent };
        if metadata.is_symlink() {
            return link(&file);
        }
        if metadata.is_dir() {
            return submodule(&file);
        }
        let stamp = Stamp::of(&file);
        if let (Some((known, content)), Some(stamp)) = (self.kept.get(&file), stamp)
            && *known == stamp
        {
            return content.clone();
        }
        let content = self.read(worktree, path, &file, metadata.len());
        let age = metadata.modified().ok().and_then(|at| SystemTime::now().duration_since(at).ok());
        if let (Some(stamp), true) = (stamp, age.is_some_and(|age| age > RACY)) {
            self.keep(file, stamp, &content);
        }
        content
    }

    fn read(&mut self, worktree: &Worktree, path: &ProjectPath, file: &Path, size: u64) -> Content {
        let storing = self.storing(worktree);
        if size > MAX_TEXT || storing.is_by_program(path) {
            return storing.id(worktree, path).map_or(Content::Absent, Content::Unread);
        }
        match fs::read(file) {
            Ok(bytes) => Content::File(self.storing(worktree).text(path, bytes).into()),
            Err(_) => Content::Absent,
        }
    }

    fn keep(&mut self, file: PathBuf, stamp: Stamp, content: &Content) {
        let size = content.text().map_or(0, <[u8]>::len);
        if self.kept.len() >= MAX_KEPT || self.bytes + size > MAX_BYTES {
            self.kept.clear();
            self.bytes = 0;
        }
        self.bytes += size;
        self.kept.insert(file, (stamp, content.clone()));
    }

    fn storing(&mut self, worktree: &Worktree) -> &Storing {
        self.storing.entry(worktree.root.clone()).or_insert_with(|| Storing::of(worktree))
    }
}

fn link(file: &Path) -> Content {
    let target = fs::read_link(file).unwrap_or_default();
    Content::Link(target.as_os_str().as_encoded_bytes().into())
}

/// A folder where a file could be is a submodule, by the commit that it has checked out, or nothing that git would store.
fn submodule(folder: &Path) -> Content {
    let head = crate::discover::discover(folder).ok().flatten().filter(|found| {
        found
            .work_tree
            .as_deref()
            .is_some_and(|root| crate::discover::canonical(folder).is_ok_and(|folder| folder == root))
    });
    let head: Option<Head> =
        head.and_then(|found| crate::refs::Refs::of(&found.common_dir).head(&found.git_dir).ok());
    head.and_then(|head| head.oid).map_or(Content::Absent, Content::Submodule)
}
