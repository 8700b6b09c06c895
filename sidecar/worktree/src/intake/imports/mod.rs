//! Which parts use which, by the imports at the heads of their sources.

mod go;
mod python;
mod rust;
mod script;

use std::collections::HashMap;

use remit_board::{intake::Sign, path::ProjectPath};

use super::{manifests::Ecosystem, parts::Cut, read::Reader, resolve::Names, tree::Tree, workspaces::Chosen};
use crate::scan::{file_name, folder_of};

/// So many source files are looked into, evenly over the parts.
const MAX_SOURCES: usize = 20_000;

/// What a small share is rounded up to.
const LEAST_SHARE: usize = 20;

/// More readers only contend for the disk.
const THREADS: usize = 2;

/// What a source file imports, as it says it.
#[derive(Debug, PartialEq, Eq)]
struct Import {
    said: String,
    line: u64,
}

#[derive(Clone, Copy)]
enum Language {
    Rust,
    Script,
    Python,
    Go,
}

fn language(file: &str) -> Option<Language> {
    Some(match file.rsplit_once('.')?.1 {
        "rs" => Language::Rust,
        "js" | "jsx" | "mjs" | "cjs" | "ts" | "tsx" | "mts" | "cts" | "vue" | "svelte" | "astro" => {
            Language::Script
        }
        "py" | "pyi" => Language::Python,
        "go" => Language::Go,
        _ => return None,
    })
}

/// All that names are looked up in.
struct Index<'a> {
    cut: &'a Cut<'a>,
    tree: &'a Tree<'a>,
    names: &'a Names<'a>,
    /// Crates by the names that sources call them.
    crates: HashMap<String, &'a str>,
    /// Go's modules with their folders, the longest path first.
    go_modules: Vec<(&'a str, &'a str)>,
    /// Folders in which Python looks for modules.
    python_roots: Vec<String>,
}

struct Use {
    part: usize,
    needs: usize,
    sign: Sign,
}

pub(super) fn add(cut: &mut Cut<'_>, chosen: &Chosen, tree: &Tree<'_>, reader: &mut Reader<'_>) {
    let names = Names::of(chosen);
    let (sources, left_out) = sources(cut, tree);
    if left_out > 0 {
        reader.note(format!("{left_out} source files beyond {MAX_SOURCES} were not searched for imports"));
    }
    let uses = {
        let index = Index::of(cut, chosen, tree, &names);
        let reader: &Reader<'_> = reader;
        in_parallel(&sources, |(path, language)| index.uses(path, *language, reader))
    };
    uses.into_iter().for_each(|one| cut.import(one.part, one.needs, one.sign));
}

/// In the order of paths; of each part those that stand highest.
fn sources<'a>(cut: &Cut<'_>, tree: &Tree<'a>) -> (Vec<(&'a ProjectPath, Language)>, usize) {
    let mut by_part: Vec<Vec<(&ProjectPath, Language)>> = (0..cut.count()).map(|_| Vec::new()).collect();
    for path in tree.paths {
        let known = language(file_name(path)).zip(cut.part_of(folder_of(path.as_str())));
        if let Some((language, part)) = known {
            by_part[part].push((path, language));
        }
    }
    let all: usize = by_part.iter().map(Vec::len).sum();
    let share = (MAX_SOURCES / by_part.len().max(1)).max(LEAST_SHARE);
    if all > MAX_SOURCES {
        for sources in &mut by_part {
            sources.sort_by_key(|(path, _)| path.segments().count());
            sources.truncate(share);
        }
    }
    let chosen: Vec<_> = by_part.into_iter().flatten().collect();
    let left_out = all - chosen.len();
    (chosen, left_out)
}

fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> Vec<R> + Sync) -> Vec<R> {
    let share = items.len().div_ceil(THREADS).max(1);
    std::thread::scope(|scope| {
        let running: Vec<_> = items
            .chunks(share)
            .map(|mine| scope.spawn(|| mine.iter().flat_map(&work).collect::<Vec<R>>()))
            .collect();
        running.into_iter().flat_map(|one| one.join().unwrap_or_default()).collect()
    })
}

impl<'a> Index<'a> {
    fn of(cut: &'a Cut<'a>, chosen: &'a Chosen, tree: &'a Tree<'a>, names: &'a Names<'a>) -> Self {
        let crates = names.of_ecosystem(Ecosystem::Cargo);
        let mut go_modules: Vec<_> = names.of_ecosystem(Ecosystem::Go).collect();
        go_modules.sort_by_key(|(path, _)| std::cmp::Reverse(path.len()));
        Self {
            cut,
            tree,
            names,
            crates: crates.map(|(name, folder)| (name.replace('-', "_"), folder)).collect(),
            go_modules,
            python_roots: python::roots(chosen, tree),
        }
    }

    fn uses(&self, path: &ProjectPath, language: Language, reader: &Reader<'_>) -> Vec<Use> {
        let file = path.as_str();
        let (Some(part), Some(text)) = (self.cut.part_of(folder_of(file)), reader.head(path)) else {
            return Vec::new();
        };
        let imports = match language {
            Language::Rust => rust::imports(&text),
            Language::Script => script::imports(&text),
            Language::Python => python::imports(&text),
            Language::Go => go::imports(&text),
        };
        let found = imports.into_iter().filter_map(|import| {
            let needs = self.resolve(part, file, language, &import.said).filter(|needs| *needs != part)?;
            let what = format!("imports {}", import.said.chars().take(100).collect::<String>());
            Some(Use { part, needs, sign: Sign { what, path: path.clone(), line: Some(import.line) } })
        });
        found.collect()
    }

    fn resolve(&self, part: usize, file: &str, language: Language, said: &str) -> Option<usize> {
        match language {
            Language::Rust => rust::resolve(self, part, file, said),
            Language::Script => script::resolve(self, file, said),
            Language::Python => python::resolve(self, file, said),
            Language::Go => go::resolve(self, said),
        }
    }
}
