//! Go: packages by the path of their module.

use super::{Import, Index};
use crate::intake::tree::join;

pub(super) fn imports(text: &str) -> Vec<Import> {
    let mut in_block = false;
    let mut found = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        let line = line.trim();
        let alone = line.strip_prefix("import ");
        if alone.is_some_and(|rest| rest.trim_start().starts_with('(')) {
            in_block = true;
        } else if line == ")" {
            in_block = false;
        } else if (in_block && !line.starts_with("//")) || alone.is_some() {
            found.extend(quoted(line).map(|said| Import { said: said.to_owned(), line: number }));
        } else if line.starts_with("func ") {
            break;
        }
    }
    found
}

fn quoted(line: &str) -> Option<&str> {
    line.split('"').nth(1).filter(|path| !path.is_empty())
}

pub(super) fn resolve(index: &Index<'_>, said: &str) -> Option<usize> {
    let (folder, rest) = index.go_modules.iter().find_map(|(module, folder)| {
        let rest = said.strip_prefix(module)?;
        (rest.is_empty() || rest.starts_with('/')).then_some((*folder, rest.trim_start_matches('/')))
    })?;
    let place = join(folder, rest)?;
    (place.is_empty() || index.tree.has_folder(&place)).then(|| index.cut.part_of(&place))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_alone_and_in_blocks() {
        let text = "package a\nimport \"b\"\nimport (\n\tc \"x/c\"\n\t// \"no\"\n)\nfunc f() { g(\"h\") }\nimport \"late\"";
        let found: Vec<(String, u64)> = imports(text).into_iter().map(|one| (one.said, one.line)).collect();
        assert_eq!(found, [("b".to_owned(), 2), ("x/c".to_owned(), 4)]);
    }
}
