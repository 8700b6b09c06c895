//! Whether a file's bytes are what the index holds, where its `stat` leaves that open.
//!
//! git compares what it *would store*: after line endings, `$Id$` and filter drivers. Where none of these can have a say, the
//! bytes decide here; where one might, git is asked.

use std::fs;
use std::path::Path;

use git2::{ObjectType, Oid};

use super::index::{IndexCopy, Tracked};
use super::settings::Settings;
use super::status::os_path;
use crate::worktree::{GitDirs, Worktree};

const ATTRIBUTES: &str = ".gitattributes";

/// Larger files are left to git, which reads them without holding them.
const MAX_READ: u64 = 16 << 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Same,
    Different,
    AskGit,
}

/// What git may do to files on their way into the repository: what its settings and attributes speak of at all.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Conversions {
    /// Programs and encodings, whose work can't be foreseen from the bytes of a file.
    drivers: bool,
    line_endings: bool,
    ident: bool,
}

impl Conversions {
    pub(crate) fn in_force(
        worktree: &Worktree,
        dirs: &GitDirs,
        index: &IndexCopy,
        settings: &Settings,
    ) -> Self {
        let inside = index.paths_named(ATTRIBUTES).filter_map(os_path).map(|path| worktree.root.join(path));
        let outside = [worktree.root.join(ATTRIBUTES), dirs.common_dir.join("info/attributes")];
        let files = inside.chain(outside).chain(settings.attributes_files());
        let configured = Self { line_endings: settings.converts_line_endings, ..Self::default() };
        files.fold(configured, |so_far, file| so_far.with(&file))
    }

    fn with(self, attributes: &Path) -> Self {
        let text = fs::read(attributes).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let speaks_of = |words: &[&str]| words.iter().any(|word| text.contains(word));
        Self {
            drivers: self.drivers || speaks_of(&["filter", "working-tree-encoding"]),
            line_endings: self.line_endings || speaks_of(&["text", "eol", "crlf"]),
            ident: self.ident || speaks_of(&["ident"]),
        }
    }

    pub(crate) fn verdict(self, file: &Path, entry: &Tracked) -> Verdict {
        if self.drivers || fs::metadata(file).map_or(true, |metadata| metadata.len() > MAX_READ) {
            return Verdict::AskGit;
        }
        let Ok(bytes) = fs::read(file) else { return Verdict::AskGit };
        if self.may_change(&bytes) {
            return Verdict::AskGit;
        }
        match Oid::hash_object(ObjectType::Blob, &bytes) {
            Ok(oid) if oid == entry.oid => Verdict::Same,
            Ok(_) => Verdict::Different,
            Err(_) => Verdict::AskGit,
        }
    }

    /// Line endings are only ever changed where there is a carriage return, `$Id$` only where it stands.
    fn may_change(self, bytes: &[u8]) -> bool {
        (self.line_endings && bytes.contains(&b'\r'))
            || (self.ident && bytes.windows(3).any(|window| window == b"$Id"))
    }
}
