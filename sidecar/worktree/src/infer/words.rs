//! Which names in the tree speak of a module: its id, and the telling words of its title.

use std::collections::BTreeSet;

use super::Hints;

/// Shorter words stand in too many names.
const MIN_WORD: usize = 3;

/// Words of any task, and folder names of any project.
const COMMON: [&str; 44] = [
    "add",
    "all",
    "and",
    "app",
    "build",
    "change",
    "clean",
    "code",
    "common",
    "create",
    "fix",
    "for",
    "from",
    "feature",
    "file",
    "files",
    "implement",
    "improve",
    "index",
    "into",
    "its",
    "lib",
    "main",
    "make",
    "module",
    "new",
    "other",
    "out",
    "project",
    "refactor",
    "remove",
    "rewrite",
    "source",
    "src",
    "support",
    "test",
    "tests",
    "that",
    "the",
    "this",
    "update",
    "use",
    "with",
    "work",
];

pub(crate) struct Words {
    /// Names that mean this module by themselves: its whole id, and the id's last part.
    whole: BTreeSet<String>,
    single: BTreeSet<String>,
}

impl Words {
    pub(crate) fn of(hints: &Hints<'_>) -> Self {
        let whole = [hints.id, hints.id.rsplit(['.', '/']).next().unwrap_or_default()];
        let texts = [hints.id, hints.title, hints.specialty.unwrap_or_default()];
        let single = texts
            .into_iter()
            .chain(hints.words.iter().copied())
            .flat_map(parts)
            .filter(|word| is_telling(word));
        Self {
            whole: whole.into_iter().map(plain).filter(|word| !word.is_empty()).collect(),
            single: single.collect(),
        }
    }

    /// The word that a file's or folder's name is made of, whatever its case, hyphens and underscores.
    pub(crate) fn named_by(&self, name: &str) -> Option<&str> {
        let name = plain(name);
        self.whole.get(&name).or_else(|| self.single.get(&name)).map(String::as_str)
    }
}

fn is_telling(word: &str) -> bool {
    word.len() >= MIN_WORD && !COMMON.contains(&word) && !word.bytes().all(|byte| byte.is_ascii_digit())
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The words of `fooBar-baz_qux`.
fn parts(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for c in text.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && after_lower) {
            words.push(String::new());
        }
        if let (true, Some(word)) = (c.is_alphanumeric(), words.last_mut()) {
            word.extend(c.to_lowercase());
        }
        after_lower = c.is_lowercase();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(id: &str, title: &str) -> Words {
        Words::of(&Hints { id, title, specialty: None, words: &[] })
    }

    #[test]
    fn names_are_recognised_whatever_their_spelling() {
        let words = words("http-client", "Rewrite the retryPolicy of uploads");
        assert_eq!(words.named_by("HttpClient"), Some("httpclient"));
        assert_eq!(words.named_by("http_client"), Some("httpclient"));
        assert_eq!(words.named_by("retry"), Some("retry"));
        assert_eq!(words.named_by("Uploads"), Some("uploads"));
        assert_eq!(words.named_by("the"), None);
        assert_eq!(words.named_by("rewrite"), None);
        assert_eq!(words.named_by("of"), None);
    }

    #[test]
    fn a_common_name_counts_when_it_is_the_id() {
        assert_eq!(words("tests", "").named_by("tests"), Some("tests"));
        assert_eq!(words("ui", "").named_by("ui"), Some("ui"));
        assert_eq!(words("auth", "More tests").named_by("tests"), None);
    }
}
