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

/// What git may do to files on their way into the repository, as far as its settings and attributes speak of it at all.
#[derive(Clone, Debug, Default)]
pub(crate) struct Conversions {
    everywhere: Powers,
    /// By folder, each with a slash at its end: what the attributes in it may do to what lies below.
    below: Vec<(String, Powers)>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Powers {
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
        let configured = Powers { line_endings: settings.converts_line_endings, ..Powers::default() };
        let outside = [worktree.root.join(ATTRIBUTES), dirs.common_dir.join("info/attributes")];
        let outside = outside.into_iter().chain(settings.attributes_files());
        let everywhere = outside.fold(configured, |so_far, file| so_far.and(Powers::given_by(&file)));
        let inside = index.paths_named(ATTRIBUTES).filter_map(os_path);
        let below = inside.filter_map(|path| {
            let folder = path.to_str()?.strip_suffix(ATTRIBUTES)?.to_owned();
            Some((folder, Powers::given_by(&worktree.root.join(path))))
        });
        Self { everywhere, below: below.filter(|(_, powers)| *powers != Powers::default()).collect() }
    }

    pub(crate) fn verdict(&self, path: &str, file: &Path, entry: &Tracked) -> Verdict {
        let powers = self.at(path);
        if powers.drivers || fs::metadata(file).map_or(true, |metadata| metadata.len() > MAX_READ) {
            return Verdict::AskGit;
        }
        let Ok(bytes) = fs::read(file) else { return Verdict::AskGit };
        if powers.may_change(&bytes) {
            return Verdict::AskGit;
        }
        match Oid::hash_object(ObjectType::Blob, &bytes) {
            Ok(oid) if oid == entry.oid => Verdict::Same,
            Ok(_) => Verdict::Different,
            Err(_) => Verdict::AskGit,
        }
    }

    fn at(&self, path: &str) -> Powers {
        let above = self.below.iter().filter(|(folder, _)| path.starts_with(folder.as_str()));
        above.fold(self.everywhere, |so_far, (_, powers)| so_far.and(*powers))
    }
}

impl Powers {
    fn given_by(attributes: &Path) -> Self {
        let text = fs::read(attributes).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let speaks_of = |words: &[&str]| words.iter().any(|word| text.contains(word));
        Self {
            drivers: speaks_of(&["filter", "working-tree-encoding"]),
            line_endings: speaks_of(&["text", "eol", "crlf"]),
            ident: speaks_of(&["ident"]),
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            drivers: self.drivers || other.drivers,
            line_endings: self.line_endings || other.line_endings,
            ident: self.ident || other.ident,
        }
    }

    /// Line endings are only ever changed where there is a carriage return, `$Id$` only where it stands.
    fn may_change(self, bytes: &[u8]) -> bool {
        (self.line_endings && bytes.contains(&b'\r'))
            || (self.ident && bytes.windows(3).any(|window| window == b"$Id"))
    }
}
