//! Whether a document's text differs from the disk, and where.
//!
//! What an editor shows is never quite what the file holds: it drops a byte order mark, makes mixed line endings
//! uniform and decodes other encodings. None of that is a change. Nor is it one when the *file* moves under a document
//! that nobody has typed into: the editor is about to load it again.

use std::{
    borrow::Cow,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use remit_board::path::ProjectPath;
use tower_lsp::ls_types::{Position, Range};

use crate::text::without_break;

/// Larger files are not read; their text counts as changed from the first edit to the next save.
const LARGEST: u64 = 64 << 20;
/// A change of more lines is marked at its first line alone.
const MOST_LINES: usize = 30;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Saved,
    Unsaved,
    /// Behind a symbolic link, or no file: none of the project's.
    Foreign,
}

#[derive(Clone, Debug)]
pub(crate) struct Check {
    pub(crate) path: ProjectPath,
    pub(crate) text: Arc<String>,
    pub(crate) version: i32,
    /// The text as it last was one with the disk, or else the disk's as it was found.
    pub(crate) settled: Option<Arc<String>>,
    /// With the first comparison: the text that the document came with, before anything was typed.
    pub(crate) opened: Option<Arc<String>>,
    /// The client has just written it.
    pub(crate) written: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Checked {
    pub(crate) path: ProjectPath,
    pub(crate) version: i32,
    pub(crate) standing: Standing,
    pub(crate) settled: Option<Arc<String>>,
    /// Where a message about the document should stand.
    pub(crate) place: Range,
}

enum Disk {
    Text(String),
    /// Not there, too large or not UTF-8: the text can't be compared with it.
    Incomparable,
    Foreign,
}

/// Reads the file; not for the task that owns the face.
pub(crate) fn check(check: Check, root: &Path) -> Checked {
    let text = check.text.as_str();
    let disk = read(root, &check.path);
    let settled = check.settled.or_else(|| found(&disk, check.opened?));
    let untouched = settled.as_ref() == Some(&check.text);
    let (standing, place) = match disk {
        Disk::Foreign => (Standing::Foreign, first_line(text)),
        Disk::Text(disk) => match changed_lines(&as_shown(&disk, text), text) {
            None => (Standing::Saved, first_line(text)),
            Some(_) if untouched && !check.written => (Standing::Saved, first_line(text)),
            Some(place) => (Standing::Unsaved, place),
        },
        Disk::Incomparable if untouched || check.written || settled.is_none() => {
            (Standing::Saved, first_line(text))
        }
        Disk::Incomparable => (Standing::Unsaved, first_line(text)),
    };
    let settled = if standing == Standing::Saved { Some(check.text) } else { settled };
    Checked { path: check.path, version: check.version, standing, settled, place }
}

/// The file as the document found it. Text that came unsaved, restored from before, was made of that, or of something older: what
/// changed in between is not known, and whatever others change from now on is held against the file as it was found.
fn found(disk: &Disk, opened: Arc<String>) -> Option<Arc<String>> {
    let Disk::Text(disk) = disk else { return None };
    let shown = as_shown(disk, &opened);
    Some(if shown == opened.as_str() { opened } else { Arc::new(shown.into_owned()) })
}

fn read(root: &Path, path: &ProjectPath) -> Disk {
    let mut file = PathBuf::from(root);
    let mut size = 0;
    for segment in path.as_str().split('/') {
        file.push(segment);
        match fs::symlink_metadata(&file) {
            Ok(meta) if meta.is_symlink() => return Disk::Foreign,
            Ok(meta) => size = meta.len(),
            Err(_) => return Disk::Incomparable,
        }
    }
    if !file.is_file() {
        return Disk::Foreign;
    }
    if size > LARGEST {
        return Disk::Incomparable;
    }
    fs::read_to_string(&file).map_or(Disk::Incomparable, Disk::Text)
}

/// The disk's text as an editor shows it: without byte order mark, and with `text`'s line endings if its own are mixed.
fn as_shown<'d>(disk: &'d str, text: &str) -> Cow<'d, str> {
    let disk = disk.strip_prefix('\u{feff}').filter(|_| !text.starts_with('\u{feff}')).unwrap_or(disk);
    if !has_mixed_breaks(disk) {
        return Cow::Borrowed(disk);
    }
    let unix = disk.replace("\r\n", "\n").replace('\r', "\n");
    Cow::Owned(if text.contains("\r\n") { unix.replace('\n', "\r\n") } else { unix })
}

fn has_mixed_breaks(text: &str) -> bool {
    let pairs = text.matches("\r\n").count();
    let returns = text.matches('\r').count();
    pairs != returns || (pairs > 0 && text.matches('\n').count() != pairs)
}

/// From the first line of `text` that differs to the last; `None` for equal texts.
fn changed_lines(disk: &str, text: &str) -> Option<Range> {
    if disk == text {
        return None;
    }
    let common = disk.bytes().zip(text.bytes()).take_while(|(a, b)| a == b).count();
    let begin = match line_break(&text.as_bytes()[common..]).filter(|_| common == disk.len()) {
        // The last line only got its break: it is what follows that was typed.
        Some(length) => common + length,
        None => line_start(text.as_bytes(), common),
    };
    let tail = common_tail(&disk.as_bytes()[begin.min(disk.len())..], &text.as_bytes()[begin..]);
    let end = text.len() - tail;
    let first = text.as_bytes()[..begin].iter().filter(|byte| **byte == b'\n').count();
    // Where lines were only taken away, the one that stands there now is marked.
    let end = if end == begin { line_end(text.as_bytes(), begin) } else { end };
    Some(mark(&text[begin..end], first))
}

fn line_break(text: &[u8]) -> Option<usize> {
    [b"\r\n".as_slice(), b"\n"].iter().find(|end| text.starts_with(end)).map(|end| end.len())
}

fn line_start(text: &[u8], at: usize) -> usize {
    text[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1)
}

fn line_end(text: &[u8], at: usize) -> usize {
    text[at..].iter().position(|byte| *byte == b'\n').map_or(text.len(), |length| at + length + 1)
}

/// How many bytes of whole lines both end with.
fn common_tail(a: &[u8], b: &[u8]) -> usize {
    let equal = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let tail = &b[b.len() - equal..];
    let at_line_start = |text: &[u8]| text.len() == equal || text[text.len() - equal - 1] == b'\n';
    if at_line_start(a) && at_line_start(b) { equal } else { equal - line_end(tail, 0) }
}

/// The first line that says something.
fn first_line(text: &str) -> Range {
    let line = text.lines().position(|line| !line.trim().is_empty());
    let begin = line.unwrap_or(0);
    one_line(text.lines().nth(begin).unwrap_or(""), begin)
}

/// `lines` stand at `first`; blank ones at their ends are left out.
fn mark(lines: &str, first: usize) -> Range {
    let lines: Vec<&str> = lines.split_inclusive('\n').map(without_break).collect();
    let says_something = |line: &&str| !line.trim().is_empty();
    let Some(skip) = lines.iter().position(says_something) else {
        return one_line(lines.first().unwrap_or(&""), first);
    };
    let last = lines.iter().rposition(says_something).unwrap_or(skip);
    let from = one_line(lines[skip], first + skip);
    if last - skip >= MOST_LINES {
        from
    } else {
        Range::new(from.start, one_line(lines[last], first + last).end)
    }
}

fn one_line(line: &str, number: usize) -> Range {
    let number = u32::try_from(number).unwrap_or(u32::MAX);
    let indent = &line[..line.len() - line.trim_start().len()];
    let column =
        |text: &str| Position::new(number, u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX));
    Range::new(column(indent), column(line.trim_end()))
}

#[cfg(test)]
#[path = "unsaved/tests.rs"]
mod tests;
