//! What a module probably owns, told from what changed, how things are named, and where parts of the project begin.
//!
//! These are guesses: each carries its evidence, and nobody is bound by one before a person or an agent confirms it.

mod evidence;
pub(crate) mod fold;
#[cfg(test)]
mod tests;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use remit_board::path::ProjectPath;

pub use evidence::Evidence;
use fold::{Fold, Folded};
use words::Words;

use crate::changes::Change;
use crate::scan::{Package, Scan, folder_of};

/// A word that names more folders than this says nothing about any of them.
const MAX_NAMED: usize = 8;

/// What is known of the module itself.
#[derive(Clone, Copy, Debug)]
pub struct Hints<'a> {
    pub id: &'a str,
    pub title: &'a str,
    pub specialty: Option<&'a str>,
    /// Further words that its people use for it.
    pub words: &'a [&'a str],
}

/// What other modules own.
#[derive(Clone, Copy)]
pub struct Others<'a> {
    pub covers: &'a dyn Fn(&ProjectPath) -> bool,
    /// Whether another's scope reaches to or below a folder, even where it has no files yet.
    pub reaches_into: &'a dyn Fn(&ProjectPath) -> bool,
}

/// A path to own, literal: it must be escaped to become a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub path: ProjectPath,
    pub is_folder: bool,
    pub evidence: Vec<Evidence>,
}

/// Proposes the smallest set of folders and files that covers all of what speaks for the module and nothing else.
pub fn infer(hints: &Hints<'_>, changed: &[Change], scan: &Scan, others: Others<'_>) -> Vec<Proposal> {
    let survey = Survey::of(hints, changed, scan, others);
    let is_closed =
        |folder: &str| ProjectPath::parse(folder).map_or(true, |folder| (others.reaches_into)(&folder));
    let fold =
        Fold { files: &survey.files, wanted: &survey.wanted, units: &survey.units, is_closed: &is_closed };
    fold.run().into_iter().filter_map(|folded| survey.proposal(folded)).collect()
}

/// The finds, by path.
struct Survey<'a> {
    /// On disk or changed, sorted.
    files: Vec<&'a str>,
    changed: BTreeSet<&'a str>,
    packages: BTreeMap<&'a str, &'a Package>,
    named_folders: BTreeMap<&'a str, String>,
    named_files: BTreeMap<&'a str, String>,
    entry_files: BTreeSet<&'a str>,
    wanted: BTreeSet<&'a str>,
    units: BTreeSet<&'a str>,
}

impl<'a> Survey<'a> {
    fn of(hints: &Hints<'_>, changed: &'a [Change], scan: &'a Scan, others: Others<'_>) -> Self {
        let words = Words::of(hints);
        let changed: BTreeSet<&str> = changed
            .iter()
            .filter(|change| !(others.covers)(&change.path))
            .map(|change| change.path.as_str())
            .collect();
        let mut files: Vec<&str> =
            scan.files.iter().map(ProjectPath::as_str).chain(changed.iter().copied()).collect();
        files.sort_unstable();
        files.dedup();
        let mut survey = Self {
            packages: scan.packages.iter().map(|package| (package.folder.as_str(), package)).collect(),
            named_folders: named_folders(&words, &files),
            named_files: named_files(&words, &files),
            entry_files: scan.entry_files.iter().map(ProjectPath::as_str).collect(),
            wanted: BTreeSet::new(),
            units: BTreeSet::new(),
            changed,
            files,
        };
        survey.units = survey.unit_folders();
        survey.wanted = survey.wanted_files(others);
        survey
    }

    /// Folders that are wanted as a whole: named like the module, or packages of which at least half was changed.
    fn unit_folders(&self) -> BTreeSet<&'a str> {
        let named = self.named_folders.keys().copied();
        let packages = self.packages.keys().copied().filter(|folder| self.is_mostly_changed(folder));
        named.chain(packages).collect()
    }

    fn is_mostly_changed(&self, folder: &str) -> bool {
        let changed = self.changed.iter().filter(|path| is_below(path, folder)).count();
        changed > 1 && changed * 2 >= self.below(folder).len()
    }

    fn wanted_files(&self, others: Others<'_>) -> BTreeSet<&'a str> {
        let in_units = self.units.iter().flat_map(|unit| self.below(unit)).copied();
        let named = self.named_files.keys().copied();
        let mut wanted: BTreeSet<&str> = in_units.chain(named).chain(self.entries_beside_changes()).collect();
        wanted.retain(|path| ProjectPath::parse(path).is_ok_and(|path| !(others.covers)(&path)));
        wanted.extend(&self.changed);
        wanted
    }

    /// Who changes files of a part changes what its entry file shows. In a package's top folder it shows everybody's.
    fn entries_beside_changes(&self) -> impl Iterator<Item = &'a str> {
        let folders: BTreeSet<&str> = self.changed.iter().map(|path| folder_of(path)).collect();
        let is_part = |folder: &str| {
            !folder.is_empty()
                && !self.packages.contains_key(folder)
                && !self.packages.contains_key(folder_of(folder))
        };
        let is_top_source = |folder: &str| folder_of(folder).is_empty() && file_name_of(folder) == "src";
        self.entry_files.iter().copied().filter(move |entry| {
            let folder = folder_of(entry);
            folders.contains(folder) && is_part(folder) && !is_top_source(folder)
        })
    }

    /// The files below a folder, which lie together in sorted order.
    fn below(&self, folder: &str) -> &[&'a str] {
        let start = format!("{folder}/");
        let from = self.files.partition_point(|path| *path < start.as_str());
        let len = self.files[from..].partition_point(|path| path.starts_with(&start));
        &self.files[from..from + len]
    }

    fn proposal(&self, folded: Folded) -> Option<Proposal> {
        let path = ProjectPath::parse(&folded.path).ok()?;
        let evidence = self.evidence(path.as_str());
        Some(Proposal { path, is_folder: folded.is_folder, evidence })
    }

    fn evidence(&self, path: &str) -> Vec<Evidence> {
        let here = |other: &str| other == path || is_below(other, path);
        let literal = |path: &str| ProjectPath::parse(path).ok();
        let changed = self.changed.iter().filter(|changed| here(changed)).count();
        let mut evidence: Vec<Evidence> =
            (changed > 0).then_some(Evidence::Changed { files: changed }).into_iter().collect();
        let folders = self.named_folders.iter().filter(|(folder, _)| here(folder) || is_below(path, folder));
        evidence.extend(folders.filter_map(|(folder, word)| {
            Some(Evidence::FolderName { folder: literal(folder)?, word: word.clone() })
        }));
        let files = self.named_files.iter().filter(|(file, _)| here(file));
        evidence.extend(files.filter_map(|(file, word)| {
            Some(Evidence::FileName { file: literal(file)?, word: word.clone() })
        }));
        let package = self.packages.get(path).map(|package| package.manifest.clone());
        evidence.extend(package.map(|manifest| Evidence::Package { manifest }));
        evidence.extend(self.top_entry(path).and_then(literal).map(|file| Evidence::EntryFile { file }));
        evidence
    }

    /// The entry file that stands highest: those below it begin parts of the part.
    fn top_entry(&self, path: &str) -> Option<&'a str> {
        let here = self.entry_files.iter().copied().filter(|entry| *entry == path || is_below(entry, path));
        here.min_by_key(|entry| entry.matches('/').count())
    }
}

fn named_folders<'a>(words: &Words, files: &[&'a str]) -> BTreeMap<&'a str, String> {
    let mut seen = BTreeSet::new();
    let mut by_word: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for folder in files.iter().map(|path| folder_of(path)) {
        if !seen.insert(folder) {
            continue;
        }
        if let Some((named, word)) = topmost_named(words, folder) {
            by_word.entry(word).or_default().insert(named);
        }
    }
    by_word.retain(|_, folders| folders.len() <= MAX_NAMED);
    by_word
        .into_iter()
        .flat_map(|(word, folders)| folders.into_iter().map(move |folder| (folder, word.clone())))
        .collect()
}

fn topmost_named<'a>(words: &Words, folder: &'a str) -> Option<(&'a str, String)> {
    let ends = folder.match_indices('/').map(|(at, _)| at).chain([folder.len()]);
    ends.map(|end| &folder[..end]).find_map(|above| {
        let word = words.named_by(file_name_of(above))?;
        Some((above, word.to_owned()))
    })
}

/// `auth.rs`, and `auth.test.ts` too.
fn named_files<'a>(words: &Words, files: &[&'a str]) -> BTreeMap<&'a str, String> {
    let mut by_word: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for file in files {
        let stem = file_name_of(file).split('.').next().unwrap_or_default();
        if let Some(word) = words.named_by(stem) {
            by_word.entry(word).or_default().push(file);
        }
    }
    by_word.retain(|_, files| files.len() <= MAX_NAMED);
    by_word
        .into_iter()
        .flat_map(|(word, files)| files.into_iter().map(move |file| (file, word.to_owned())))
        .collect()
}

fn file_name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}
