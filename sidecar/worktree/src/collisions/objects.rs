//! What commits hold, read once: which files stand in them, their texts, and what two of them have in common.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use remit_board::path::ProjectPath;

use super::content::{Content, MAX_TEXT};
use crate::error::{Result, WorktreeError};
use crate::git::{Git, fields, line};
use crate::merge::{is_binary, merged_text};

/// So many paths are asked about at once: more would not fit on a command line.
pub(super) const AT_ONCE: usize = 500;
const MAX_ENTRIES: usize = 100_000;
const MAX_BYTES: usize = 64 << 20;

pub(super) struct Objects {
    git: Git,
    entries: HashMap<(String, ProjectPath), Entry>,
    texts: HashMap<String, Arc<[u8]>>,
    bytes: usize,
    bases: HashMap<String, Vec<String>>,
}

#[derive(Clone, Debug)]
enum Entry {
    Absent,
    File { id: String, size: u64 },
    Link { id: String },
    Submodule { id: String },
}

impl Objects {
    pub(super) fn new(git: Git) -> Self {
        Self { git, entries: HashMap::new(), texts: HashMap::new(), bytes: 0, bases: HashMap::new() }
    }

    /// The best common ancestors of `commit` and what a merge of `others` would be, the newest first.
    pub(super) fn merge_bases(&mut self, commit: &str, others: &[&str]) -> Result<Vec<String>> {
        if others == [commit] {
            return Ok(vec![commit.to_owned()]);
        }
        let key = format!("{commit} {}", others.join(" "));
        if let Some(known) = self.bases.get(&key) {
            return Ok(known.clone());
        }
        let answer = self.git.ask(&[&["merge-base", "--all", commit], others].concat())?.unwrap_or_default();
        let bases: Vec<String> = String::from_utf8_lossy(&answer).lines().map(str::to_owned).collect();
        self.bases.insert(key, bases.clone());
        Ok(bases)
    }

    /// Reads what `commit` holds at these paths: all at once what would be asked for one by one.
    pub(super) fn load(&mut self, commit: &str, paths: &[ProjectPath]) -> Result<()> {
        self.load_entries(commit, paths)?;
        let entries = paths.iter().filter_map(|path| self.entries.get(&(commit.to_owned(), path.clone())));
        let files = entries.filter_map(|entry| match entry {
            Entry::File { id, size } => Some((id.clone(), *size)),
            _ => None,
        });
        self.read(files.collect())
    }

    /// Reads files of which only the id is known.
    pub(super) fn load_blobs(&mut self, ids: Vec<&str>) -> Result<()> {
        let ids: Vec<&str> = ids.into_iter().filter(|id| !self.texts.contains_key(*id)).collect();
        let sizes = self.ask_about("--batch-check", ids)?;
        let file = |line: &str| {
            let (id, rest) = line.split_once(" blob ")?;
            Some((id.to_owned(), rest.parse().ok()?))
        };
        self.read(String::from_utf8_lossy(&sizes).lines().filter_map(file).collect())
    }

    /// As many as there is room for. What is not read now is read when it is asked for.
    fn read(&mut self, files: BTreeMap<String, u64>) -> Result<()> {
        let mut room = MAX_BYTES.saturating_sub(self.bytes) as u64;
        let fits = |(id, size): &(&String, &u64)| {
            let fits = **size <= MAX_TEXT.min(room) && !self.texts.contains_key(*id);
            room -= if fits { **size } else { 0 };
            fits
        };
        let ids: Vec<&str> = files.iter().filter(fits).map(|(id, _)| id.as_str()).collect();
        let answer = self.ask_about("--batch", ids)?;
        let mut rest = &answer[..];
        while let Some(blob) = Blob::first_of(rest)? {
            rest = blob.rest;
            if let Some(text) = blob.text {
                self.bytes += text.len();
                self.texts.insert(blob.id, text.into());
            }
        }
        Ok(())
    }

    fn ask_about(&self, form: &str, ids: Vec<&str>) -> Result<Vec<u8>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let asked: String = ids.iter().map(|id| format!("{id}\n")).collect();
        Ok(self.git.ask_about(&["cat-file", form], asked.as_bytes())?.unwrap_or_default())
    }

    fn load_entries(&mut self, commit: &str, paths: &[ProjectPath]) -> Result<()> {
        let unknown = |path: &&ProjectPath| !self.entries.contains_key(&(commit.to_owned(), (*path).clone()));
        let unknown: Vec<ProjectPath> = paths.iter().filter(unknown).cloned().collect();
        if self.entries.len() + unknown.len() > MAX_ENTRIES {
            self.entries.clear();
        }
        for paths in unknown.chunks(AT_ONCE) {
            self.list(commit, paths)?;
        }
        Ok(())
    }

    /// A path of which nothing is said is not there, or is a folder.
    fn list(&mut self, commit: &str, paths: &[ProjectPath]) -> Result<()> {
        let names: Vec<&str> = paths.iter().map(ProjectPath::as_str).collect();
        let command = ["--literal-pathspecs", "ls-tree", "-z", "-l", "--full-tree", commit, "--"];
        let answer = self.git.run(&[&command[..], &names].concat())?;
        for path in paths {
            self.entries.insert((commit.to_owned(), path.clone()), Entry::Absent);
        }
        for field in fields(&answer) {
            let (path, entry) = parse(field)?;
            if let (Some(path), Some(entry)) = (path, entry) {
                self.entries.insert((commit.to_owned(), path), entry);
            }
        }
        Ok(())
    }

    fn content(&mut self, commit: &str, path: &ProjectPath) -> Result<Content> {
        self.load_entries(commit, std::slice::from_ref(path))?;
        let entry = self.entries.get(&(commit.to_owned(), path.clone())).cloned();
        Ok(match entry.unwrap_or(Entry::Absent) {
            Entry::Absent => Content::Absent,
            Entry::File { id, size } if size > MAX_TEXT => Content::Unread(id),
            Entry::File { id, .. } => Content::File(self.text(&id)?),
            Entry::Link { id } => Content::Link(self.text(&id)?),
            Entry::Submodule { id } => Content::Submodule(id),
        })
    }

    /// A file of which only the id is known, read if it may be.
    pub(super) fn blob(&mut self, id: &str) -> Result<Content> {
        if let Some(text) = self.texts.get(id) {
            return Ok(Content::File(Arc::clone(text)));
        }
        let size = line(&self.git.run(&["cat-file", "-s", id])?).and_then(|size| size.parse().ok());
        match size {
            Some(0..=MAX_TEXT) => Ok(Content::File(self.text(id)?)),
            _ => Ok(Content::Unread(id.to_owned())),
        }
    }

    pub(super) fn text(&mut self, id: &str) -> Result<Arc<[u8]>> {
        if let Some(text) = self.texts.get(id) {
            return Ok(Arc::clone(text));
        }
        let text: Arc<[u8]> = self.git.run(&["cat-file", "blob", id])?.into();
        if self.bytes + text.len() > MAX_BYTES {
            self.texts.clear();
            self.bytes = 0;
        }
        self.bytes += text.len();
        self.texts.insert(id.to_owned(), Arc::clone(&text));
        Ok(text)
    }

    /// What stands in the merge base. Of several ancestors git first makes one, by merging them in turn, oldest first.
    pub(super) fn base(&mut self, bases: &[String], path: &ProjectPath) -> Result<Content> {
        let mut oldest_first = bases.iter().rev();
        let Some(first) = oldest_first.next() else { return Ok(Content::Absent) };
        let mut merged = self.content(first, path)?;
        let mut so_far = vec![first.as_str()];
        for next in oldest_first {
            // In git's order: of ancestors of one second it is what decides.
            let below = match so_far[..] {
                [only] => self.merge_bases(only, &[next])?,
                _ => self.merge_bases(next, &so_far)?,
            };
            let below = self.base(&below, path)?;
            merged = virtual_ancestor(below, merged, self.content(next, path)?);
            so_far.push(next);
        }
        Ok(merged)
    }
}

/// What can't be merged stays as it was before both.
fn virtual_ancestor(base: Content, one: Content, other: Content) -> Content {
    if one == other || base == other {
        return one;
    }
    if base == one {
        return other;
    }
    match (base.text_or_none(), one.text(), other.text()) {
        (Some(before), Some(one), Some(other))
            if ![before, one, other].iter().any(|text| is_binary(text)) =>
        {
            Content::File(merged_text(before, one, other).into())
        }
        _ => base,
    }
}

struct Blob<'a> {
    id: String,
    /// Nothing, where the object is missing.
    text: Option<&'a [u8]>,
    rest: &'a [u8],
}

impl<'a> Blob<'a> {
    /// `id type size\ntext\n`, or `id missing\n`.
    fn first_of(answer: &'a [u8]) -> Result<Option<Self>> {
        let Some(end) = answer.iter().position(|byte| *byte == b'\n') else { return Ok(None) };
        let head = String::from_utf8_lossy(&answer[..end]);
        let unknown = || WorktreeError::GitAnswer { command: "cat-file", answer: head.clone().into_owned() };
        let rest = &answer[end + 1..];
        let mut columns = head.split_ascii_whitespace();
        let id = columns.next().ok_or_else(unknown)?.to_owned();
        let Some(size) = columns.nth(1) else { return Ok(Some(Self { id, text: None, rest })) };
        let size: usize = size.parse().map_err(|_| unknown())?;
        let text = rest.get(..size).ok_or_else(unknown)?;
        Ok(Some(Self { id, text: Some(text), rest: rest.get(size + 1..).unwrap_or_default() }))
    }
}

/// `mode type id size\tpath`; only what is a path of the project counts.
fn parse(line: &[u8]) -> Result<(Option<ProjectPath>, Option<Entry>)> {
    let unknown = || WorktreeError::GitAnswer {
        command: "ls-tree",
        answer: String::from_utf8_lossy(line).into_owned(),
    };
    let text = std::str::from_utf8(line).map_err(|_| unknown())?;
    let (columns, path) = text.split_once('\t').ok_or_else(unknown)?;
    let mut columns = columns.split_ascii_whitespace();
    let (Some(mode), Some(_), Some(id), Some(size)) =
        (columns.next(), columns.next(), columns.next(), columns.next())
    else {
        return Err(unknown());
    };
    let id = id.to_owned();
    let entry = match mode {
        "120000" => Some(Entry::Link { id }),
        "160000" => Some(Entry::Submodule { id }),
        "040000" => None,
        _ => Some(Entry::File { id, size: size.parse().unwrap_or(u64::MAX) }),
    };
    Ok((ProjectPath::parse(path).ok(), entry))
}
