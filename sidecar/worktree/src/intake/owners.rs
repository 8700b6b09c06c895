//! CODEOWNERS: whom the project itself names for its parts.

use std::collections::HashMap;

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use remit_board::{intake::Sign, path::ProjectPath};

use super::{parts::Cut, read::Reader, tree::Tree};

/// Where hosts look for it, in their order; the first one counts.
const PLACES: [&str; 4] = [".github/CODEOWNERS", ".gitlab/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

const MAX_RULES: usize = 5_000;
const MAX_OWNERS: usize = 10;

struct Rules {
    file: ProjectPath,
    patterns: Gitignore,
    /// By the pattern; of two that are the same, the later one counts.
    owners: HashMap<String, (Vec<String>, u64)>,
}

pub(super) fn add(cut: &mut Cut<'_>, tree: &Tree<'_>, reader: &mut Reader<'_>) {
    let place = PLACES.iter().find(|place| tree.has_file(place));
    let Some(file) = place.and_then(|place| ProjectPath::parse(place).ok()) else { return };
    let Some(text) = reader.manifest(&file) else { return };
    let rules = Rules::read(file, &text, reader);
    for part in 0..cut.count() {
        let Some((owners, line)) = rules.of(cut.folder(part)).filter(|(owners, _)| !owners.is_empty()) else {
            continue;
        };
        let what = format!("owned by {}", owners.join(", "));
        cut.own(part, owners, Sign { what, path: rules.file.clone(), line: Some(line) });
    }
}

impl Rules {
    fn read(file: ProjectPath, text: &str, reader: &mut Reader<'_>) -> Self {
        let mut builder = GitignoreBuilder::new("");
        let mut owners = HashMap::new();
        let mut broken = 0;
        for (line, number) in text.lines().zip(1..).take(MAX_RULES) {
            let line = line.split(" #").next().unwrap_or_default().trim();
            // GitLab's sections are headings.
            if line.is_empty() || line.starts_with(['#', '[', '^', '!']) {
                continue;
            }
            let (pattern, names) = words(line);
            match builder.add_line(None, &pattern) {
                Ok(_) => drop(owners.insert(pattern, (names, number))),
                Err(_) => broken += 1,
            }
        }
        let patterns = builder.build().unwrap_or_else(|_| {
            broken = owners.len();
            Gitignore::empty()
        });
        if broken > 0 {
            reader.note(format!("{broken} lines of {file} are no patterns"));
        }
        Self { file, patterns, owners }
    }

    /// The last rule that matches the folder counts. The root has no rule of its own.
    fn of(&self, folder: &str) -> Option<(&[String], u64)> {
        if folder.is_empty() {
            return None;
        }
        let found = self.patterns.matched_path_or_any_parents(folder, true);
        let (owners, line) = self.owners.get(found.inner()?.original())?;
        Some((owners, *line))
    }
}

/// The pattern, in which a blank may be escaped, and those who own.
fn words(line: &str) -> (String, Vec<String>) {
    let mut escaped = false;
    let end = line.find(|c: char| {
        let ends = c.is_whitespace() && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    let (pattern, rest) = line.split_at(end.unwrap_or(line.len()));
    let names = rest.split_whitespace().take(MAX_OWNERS).map(|name| name.chars().take(100).collect());
    (pattern.to_owned(), names.collect())
}
