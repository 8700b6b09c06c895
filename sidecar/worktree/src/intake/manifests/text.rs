//! Looking up words in a text that is a program rather than data, or whose parser tells no lines.

/// The first line on which the word stands as a whole, counted from 1.
pub(super) fn line_of(text: &str, word: &str) -> Option<u64> {
    if word.is_empty() {
        return None;
    }
    text.lines().zip(1..).find(|(line, _)| stands_in(line, word)).map(|(_, number)| number)
}

fn stands_in(line: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/' | '@');
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

/// The texts between quotes on a line, of either kind.
pub(super) fn quoted(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some(start) = rest.find(['"', '\'']) {
        let quote = &rest[start..start + 1];
        let Some(len) = rest[start + 1..].find(quote) else { break };
        found.push(&rest[start + 1..start + 1 + len]);
        rest = &rest[start + len + 2..];
    }
    found
}

/// The quoted text behind `key`, such as `app: "x"` or `name = 'x'`.
pub(super) fn quoted_after<'t>(line: &'t str, key: &str) -> Option<&'t str> {
    let rest = line.split_once(key)?.1.trim_start().trim_start_matches(['=', ':', '(']).trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest[1..].split_once(quote).map(|(text, _)| text)
}

/// Lines with their numbers, without what stands behind a comment's sign.
pub(super) fn code_lines<'t>(
    text: &'t str,
    comment: &'static str,
) -> impl Iterator<Item = (&'t str, u64)> + use<'t> {
    let lines = text.lines().map(move |line| line.split(comment).next().unwrap_or_default().trim());
    lines.zip(1..).filter(|(line, _)| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole() {
        assert_eq!(line_of("core-x = 1\ncore = 2\n", "core"), Some(2));
        assert_eq!(line_of("\"@a/core\": 1", "@a/core"), Some(1));
        assert_eq!(line_of("score", "core"), None);
    }

    #[test]
    fn quotes_of_both_kinds() {
        assert_eq!(quoted(r#"include(":a", ':b') "open"#), [":a", ":b"]);
        assert_eq!(quoted_after("gem 'x', path: \"../x\"", "path"), Some("../x"));
        assert_eq!(quoted_after("name = x", "name"), None);
        assert_eq!(quoted("é\"ü\"é"), ["ü"]);
    }
}
