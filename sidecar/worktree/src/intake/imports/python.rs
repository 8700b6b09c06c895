//! Python: modules by where they lie below the folders that Python looks in, and relative ones.

use super::{Import, Index};
use crate::{
    intake::{manifests::Ecosystem, tree::Tree, workspaces::Chosen},
    scan::folder_of,
};

pub(super) fn imports(text: &str) -> Vec<Import> {
    let mut found = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        let line = line.split('#').next().unwrap_or_default().trim();
        found.extend(modules(line).into_iter().map(|said| Import { said, line: number }));
    }
    found
}

/// `from a.b import c, d` may mean the modules `a.b.c` and `a.b.d`.
fn modules(line: &str) -> Vec<String> {
    if let Some((module, names)) = line.strip_prefix("from ").and_then(|rest| rest.split_once(" import")) {
        let module = module.trim();
        let names = listed(names.trim_start_matches([' ', '(']));
        let dot = if module.ends_with('.') { "" } else { "." };
        let within: Vec<String> = names.map(|name| format!("{module}{dot}{name}")).collect();
        return if within.is_empty() { vec![module.to_owned()] } else { within };
    }
    line.strip_prefix("import ").map_or_else(Vec::new, |names| listed(names).map(str::to_owned).collect())
}

fn listed(names: &str) -> impl Iterator<Item = &str> {
    let is_name =
        |name: &&str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
    names
        .split(',')
        .filter_map(|name| name.split_whitespace().next())
        .map(|name| name.trim_end_matches(')'))
        .filter(is_name)
}

/// The project's root, its `src`, and the same in each package.
pub(super) fn roots(chosen: &Chosen, tree: &Tree<'_>) -> Vec<String> {
    let packages = chosen.packages.iter().filter(|(_, manifests)| {
        manifests.iter().any(|at| chosen.manifests[*at].ecosystem == Ecosystem::Python)
    });
    let mut roots: Vec<String> = packages.map(|(folder, _)| folder.clone()).chain([String::new()]).collect();
    let sources: Vec<String> = roots.iter().map(|root| below(root, "src")).collect();
    roots.extend(sources.into_iter().filter(|folder| tree.has_folder(folder)));
    roots.sort();
    roots.dedup();
    roots
}

fn below(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

pub(super) fn resolve(index: &Index<'_>, file: &str, said: &str) -> Option<usize> {
    let names = said.trim_start_matches('.');
    let dots = said.len() - names.len();
    if dots > 0 {
        let folder = (1..dots).fold(folder_of(file), |folder, _| folder_of(folder));
        return place(index.tree, folder, names).and_then(|place| index.cut.part_of(&place));
    }
    let mut found: Vec<String> =
        index.python_roots.iter().filter_map(|root| place(index.tree, root, names)).collect();
    // What several folders offer could be either.
    found.dedup();
    match found.as_slice() {
        [only] => index.cut.part_of(only),
        _ => None,
    }
}

/// The folder or file that the longest beginning of the names leads to.
fn place(tree: &Tree<'_>, root: &str, names: &str) -> Option<String> {
    let mut place = None;
    let mut folder = root.to_owned();
    for name in names.split('.').filter(|name| !name.is_empty()) {
        folder = below(&folder, name);
        if tree.has_folder(&folder) && holds_python(tree, &folder) {
            place = Some(folder.clone());
        } else if ["py", "pyi"].iter().any(|ending| tree.has_file(&format!("{folder}.{ending}"))) {
            return Some(folder_of(&folder).to_owned());
        } else {
            break;
        }
    }
    place
}

fn holds_python(tree: &Tree<'_>, folder: &str) -> bool {
    tree.below(folder).iter().take(200).any(|file| file.ends_with(".py"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_import() {
        let text = "import a.b as c, d  # e\nfrom f.g import h, i as j\nfrom . import k\nfrom ..l import (\nfrom m import (n)\nimportant = 1\n";
        let found: Vec<(String, u64)> = imports(text).into_iter().map(|one| (one.said, one.line)).collect();
        let expected = [("a.b", 1), ("d", 1), ("f.g.h", 2), ("f.g.i", 2), (".k", 3), ("..l", 4), ("m.n", 5)];
        assert_eq!(found, expected.map(|(said, line)| (said.to_owned(), line)));
    }
}
