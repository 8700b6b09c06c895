//! Reading a stranger's files: only regular ones of the project itself, only so much of each, and never a failure.

use std::fs::{self, File};
use std::io::Read;

use remit_board::path::ProjectPath;

use crate::worktree::Worktree;

/// A longer manifest is generated.
const MAX_MANIFEST: u64 = 1 << 20;

/// Imports stand at the head of a file.
const SOURCE_HEAD: u64 = 32 << 10;

/// Who reads the notes needs to see that there are more, not all of them.
const MAX_NOTES: usize = 50;

pub(super) struct Reader<'a> {
    worktree: &'a Worktree,
    notes: Vec<String>,
    unsaid: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(worktree: &'a Worktree) -> Self {
        Self { worktree, notes: Vec::new(), unsaid: 0 }
    }

    pub(super) fn note(&mut self, note: String) {
        if self.notes.len() < MAX_NOTES {
            self.notes.push(note);
        } else {
            self.unsaid += 1;
        }
    }

    pub(super) fn into_notes(mut self) -> Vec<String> {
        match self.unsaid {
            0 => {}
            n => self.notes.push(format!("{n} more notes are left out")),
        }
        self.notes
    }

    /// The whole of a manifest; a note where there is none to read.
    pub(super) fn manifest(&mut self, path: &ProjectPath) -> Option<String> {
        let trouble = match self.bytes(path, MAX_MANIFEST + 1) {
            Some(bytes) if bytes.len() as u64 > MAX_MANIFEST => "is longer than 1 MiB",
            Some(bytes) => match String::from_utf8(bytes) {
                Ok(text) => return Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
                Err(_) => "is not UTF-8",
            },
            None => "is no readable file",
        };
        self.note(format!("{path} {trouble} and was not looked into"));
        None
    }

    /// The beginning of a source file; what is no text of it is left out.
    pub(super) fn head(&self, path: &ProjectPath) -> Option<String> {
        let bytes = self.bytes(path, SOURCE_HEAD)?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Links aren't followed: they may lead out of the project. A pipe would never end.
    fn bytes(&self, path: &ProjectPath, limit: u64) -> Option<Vec<u8>> {
        let file = self.worktree.absolute(path);
        fs::symlink_metadata(&file).ok().filter(fs::Metadata::is_file)?;
        let mut bytes = Vec::new();
        File::open(file).ok()?.take(limit).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }
}
