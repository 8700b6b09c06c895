//! JavaScript and TypeScript: siblings by their package names, and relative paths that lead into another part.

use super::{Import, Index};
use crate::{
    intake::{manifests::Ecosystem, tree::join},
    scan::folder_of,
};

/// What may stand before the name of a module.
const BEFORE: [&str; 5] = ["from", "import", "require(", "import(", "export * from"];

/// Most lines have none of them.
const WORDS: [&str; 3] = ["from", "import", "require("];

/// Endings that a source leaves out or writes as those of what it is compiled to.
const ENDINGS: [&str; 8] = [".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts"];

pub(super) fn imports(text: &str) -> Vec<Import> {
    let mut found = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        let line = line.trim();
        if WORDS.iter().any(|word| line.contains(word)) && !line.starts_with("//") && !line.starts_with('*') {
            found
                .extend(modules(line).into_iter().map(|said| Import { said: said.to_owned(), line: number }));
        }
    }
    found
}

fn modules(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = line[from..].find(['"', '\'']).map(|at| from + at) {
        let quote = &line[start..=start];
        let Some(len) = line[start + 1..].find(quote) else { break };
        let before = line[..start].trim_end();
        if BEFORE.iter().any(|word| ends_with_word(before, word)) {
            found.push(&line[start + 1..start + 1 + len]);
        }
        from = start + len + 2;
    }
    found
}

fn ends_with_word(text: &str, word: &str) -> bool {
    let before = text.strip_suffix(word).map(|rest| rest.chars().next_back());
    before.is_some_and(|c| c.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '_' | '$' | '.')))
}

pub(super) fn resolve(index: &Index<'_>, file: &str, said: &str) -> Option<usize> {
    if said.starts_with('.') {
        let place = join(folder_of(file), said)?;
        return is_source(index, &place).then(|| index.cut.part_of(&place))?;
    }
    let name = package_name(said)?;
    index.cut.part_of(index.names.folder(Ecosystem::Npm, name)?)
}

/// A folder, or a file under any ending. A manifest or other data is nobody's work.
fn is_source(index: &Index<'_>, place: &str) -> bool {
    if place.ends_with(".json") {
        return false;
    }
    let stem = ENDINGS.iter().find_map(|ending| place.strip_suffix(ending)).unwrap_or(place);
    let start = format!("{stem}.");
    let at = index.tree.files.partition_point(|file| *file < start.as_str());
    index.tree.has_folder(place) || index.tree.files.get(at).is_some_and(|file| file.starts_with(&start))
}

/// `@acme/core/x` is of `@acme/core`, `core/x` of `core`.
fn package_name(said: &str) -> Option<&str> {
    let mut slashes = said.match_indices('/').map(|(at, _)| at);
    let end = if said.starts_with('@') { slashes.nth(1) } else { slashes.next() };
    Some(&said[..end.unwrap_or(said.len())]).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_import() {
        let text = "import a from 'a';\nexport * from \"./b\"; import('c')\nconst d = require('d'), e = \"e\";\n// from 'f'\n} from '@g/h/i'\nimport 'j'\nArray.from('k')";
        let found: Vec<(String, u64)> = imports(text).into_iter().map(|one| (one.said, one.line)).collect();
        let expected = [("a", 1), ("./b", 2), ("c", 2), ("d", 3), ("@g/h/i", 5), ("j", 6)];
        assert_eq!(found, expected.map(|(said, line)| (said.to_owned(), line)));
        assert_eq!(package_name("@g/h/i"), Some("@g/h"));
        assert_eq!(package_name("a/b"), Some("a"));
    }
}
