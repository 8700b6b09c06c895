//! Ids for parts: short, the same for the same project, and never another module's.

use std::collections::{BTreeMap, BTreeSet};

use super::Part;
use crate::{board::Board, ids::ModuleId};

/// Leaves room for a number behind it.
const MAX_STEM: usize = 100;

/// For the project's root where nothing else gives it a name.
const ROOT: &str = "project";

/// One id for each part, in their order. Parts that are called the same are told apart by their folders.
pub(super) fn ids(parts: &[Part], board: &Board, taken_by: &[Option<ModuleId>]) -> Vec<ModuleId> {
    let mut same_name: BTreeMap<String, usize> = BTreeMap::new();
    for part in parts {
        *same_name.entry(stem(&part.name)).or_default() += 1;
    }
    let mut given: BTreeSet<ModuleId> = taken_by.iter().flatten().cloned().collect();
    let mut ids = Vec::with_capacity(parts.len());
    for (part, known) in parts.iter().zip(taken_by) {
        let id = known.clone().unwrap_or_else(|| {
            let is_free = |id: &ModuleId| !given.contains(id) && !board.modules.contains_key(id);
            let by_name = stem(&part.name);
            let alone = same_name.get(&by_name) == Some(&1);
            first_free(alone.then_some(by_name), &by_folder(part), is_free)
        });
        given.insert(id.clone());
        ids.push(id);
    }
    ids
}

/// The id that a part would have if nothing else were on the board.
pub(super) fn plain_id(part: &Part) -> Option<ModuleId> {
    stem(&part.name).parse().ok()
}

fn by_folder(part: &Part) -> String {
    part.folder.as_ref().map_or_else(|| stem(&part.name), |folder| stem(folder.as_str()))
}

fn first_free(name: Option<String>, folder: &str, is_free: impl Fn(&ModuleId) -> bool) -> ModuleId {
    let numbered = (2..).map(|n: u64| format!("{folder}-{n}"));
    let texts = name.into_iter().chain([folder.to_owned()]).chain(numbered);
    texts
        .filter_map(|text| text.parse::<ModuleId>().ok())
        .find(is_free)
        .expect("a stem of allowed characters and a number that is free make an id")
}

/// `@acme/UI Kit` becomes `acme-ui-kit`.
fn stem(name: &str) -> String {
    let mut stem = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        let allowed = c.is_ascii_alphanumeric() || (matches!(c, '.' | '_') && !stem.is_empty());
        if allowed {
            stem.push(c);
        } else if !stem.is_empty() && !stem.ends_with('-') {
            stem.push('-');
        }
        if stem.len() >= MAX_STEM {
            break;
        }
    }
    let stem = stem.trim_end_matches(['-', '.', '_']);
    if stem.is_empty() { ROOT.to_owned() } else { stem.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn any_name_becomes_an_id() {
        for (name, id) in [
            ("acme_core", "acme_core"),
            ("@acme/UI Kit", "acme-ui-kit"),
            (".github", "github"),
            ("a--b..", "a-b"),
            ("日本", "project"),
            ("", "project"),
            ("node.js", "node.js"),
        ] {
            assert_eq!(stem(name), id, "{name}");
        }
        assert_eq!(stem(&"x".repeat(10_000)).len(), 100);
    }
}
