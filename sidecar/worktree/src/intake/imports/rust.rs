//! Rust: `use sibling::…`, `extern crate sibling`, and `use crate::folder::…` within a package that was cut.

use super::{Import, Index};
use crate::{intake::tree::join, scan::folder_of};

pub(super) fn imports(text: &str) -> Vec<Import> {
    text.lines()
        .zip(1..)
        .filter_map(|(line, number)| Some(Import { said: said(line)?, line: number }))
        .collect()
}

/// The first two names: the crate, and what may be a folder in it.
fn said(line: &str) -> Option<String> {
    let line = line.trim_start();
    let line = match line.strip_prefix("pub") {
        Some(rest) if rest.starts_with(' ') => rest.trim_start(),
        Some(rest) => rest.strip_prefix('(')?.split_once(')')?.1.trim_start(),
        None => line,
    };
    let path = line.strip_prefix("use ").or_else(|| line.strip_prefix("extern crate "))?;
    let path = path.trim().trim_start_matches("::");
    let names = path.split("::").map(|part| part.split(|c: char| !(c.is_alphanumeric() || c == '_')).next());
    let names: Vec<&str> = names.map_while(|name| name.filter(|name| !name.is_empty())).take(2).collect();
    (!names.is_empty()).then(|| names.join("::"))
}

/// A crate counts only where the manifest needs it: others of its name come from the registry.
pub(super) fn resolve(index: &Index<'_>, part: usize, file: &str, said: &str) -> Option<usize> {
    let (first, second) = said.split_once("::").unwrap_or((said, ""));
    if first != "crate" {
        let needs = index.cut.part_of(index.crates.get(first)?)?;
        return index.cut.declares(part, needs).then_some(needs);
    }
    let mut folder = folder_of(file);
    while !folder.is_empty() && !index.tree.has_file(&format!("{folder}/Cargo.toml")) {
        folder = folder_of(folder);
    }
    let place = join(folder, &format!("src/{second}"))?;
    index.tree.has_folder(&place).then(|| index.cut.part_of(&place))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crate_and_its_first_name() {
        let text = "use acme_core::net::tcp;\n// use no\n  pub(crate) use crate::web::{a};\nextern crate log;\nuse {a, b};\npub use ::x as y;";
        let found: Vec<(String, u64)> = imports(text).into_iter().map(|one| (one.said, one.line)).collect();
        let expected = [("acme_core::net", 1), ("crate::web", 3), ("log", 4), ("x", 6)];
        assert_eq!(found, expected.map(|(said, line)| (said.to_owned(), line)));
    }
}
