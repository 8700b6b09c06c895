//! Which names in the tree speak of a module: its id, and the telling words of its title.

use std::collections::BTreeMap;

use super::Hints;

/// Shorter words stand in too many names.
const MIN_WORD: usize = 3;

/// Words of any task, and folder names of any project.
const COMMON: &str = "add all and app build change clean code common create fix for from feature file files implement improve index \
                      into its lib main make module new other out project refactor remove rewrite source src support test tests \
                      that the this update use with work";

/// The words as they are written, by what names are compared by.
pub(crate) struct Words(BTreeMap<String, String>);

impl Words {
    pub(crate) fn of(hints: &Hints<'_>) -> Self {
        let texts = [hints.id, hints.title, hints.specialty.unwrap_or_default()];
        let texts = texts.into_iter().chain(hints.words.iter().copied());
        let single = texts.flat_map(parts).filter(|word| is_telling(word));
        // The whole id means the module whatever word it is, and so does its last part.
        let whole = [hints.id.rsplit('.').next().unwrap_or_default(), hints.id].map(str::to_lowercase);
        let all = single.chain(whole).map(|word| (key(&word), word));
        Self(all.filter(|(key, _)| !key.is_empty()).collect())
    }

    /// The word that a file's or folder's name is made of.
    pub(crate) fn named_by(&self, name: &str) -> Option<&str> {
        self.0.get(&key(name)).map(String::as_str)
    }
}

fn is_telling(word: &str) -> bool {
    let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
    word.len() >= MIN_WORD && !is_number && !COMMON.split_whitespace().any(|common| common == word)
}

/// Without case, hyphens, underscores and a plural's end.
fn key(name: &str) -> String {
    let plain: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    match plain.strip_suffix('s') {
        Some(singular) if singular.len() >= MIN_WORD => singular.to_owned(),
        _ => plain,
    }
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
        assert_eq!(words.named_by("HttpClient"), Some("http-client"));
        assert_eq!(words.named_by("http_clients"), Some("http-client"));
        assert_eq!(words.named_by("retry"), Some("retry"));
        assert_eq!(words.named_by("Upload"), Some("uploads"));
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
