//! Text of people and agents inside markdown, so that it can't become structure, a link, or an instruction.

/// One line of text: control characters become spaces, markup is escaped.
pub fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '!' | '~' | '&' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    escape_leading_list_marker(out.trim())
}

fn escape_leading_list_marker(text: &str) -> String {
    let number = text
        .split_once(['.', ')'])
        .is_some_and(|(head, _)| !head.is_empty() && head.bytes().all(|b| b.is_ascii_digit()));
    if number {
        return text.replacen('.', "\\.", 1);
    }
    match text.chars().next() {
        Some('-' | '+' | '=') => format!("\\{text}"),
        _ => text.to_owned(),
    }
}

/// Several lines, each quoted, so that it is plain that somebody said them.
pub fn paragraph(text: &str) -> String {
    text.lines().map(|one| format!("> {}", line(one))).collect::<Vec<_>>().join("\n")
}

/// A code span, whatever backticks the text holds.
pub fn code(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let fence = "`".repeat(longest_run_of_backticks(&text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A block of text as it stands, whatever it holds.
pub fn block(text: &str) -> String {
    let fence = "`".repeat(longest_run_of_backticks(text).max(2) + 1);
    format!("{fence}\n{}\n{fence}", text.trim_end_matches(['\n', '\r']))
}

/// A block of commands for a shell.
pub fn fenced(text: &str) -> String {
    let fence = "`".repeat(longest_run_of_backticks(text).max(2) + 1);
    format!("{fence}sh\n{text}\n{fence}")
}

fn longest_run_of_backticks(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_only_text() {
        assert_eq!(line("# a | <b> [c](d)\n`e`"), "\\# a \\| \\<b\\> \\[c\\](d) \\`e\\`");
        assert_eq!(line("- item"), "\\- item");
        assert_eq!(line("1. item"), "1\\. item");
        assert_eq!(paragraph("a\n# b"), "> a\n> \\# b");
    }

    #[test]
    fn code_spans_survive_backticks() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(fenced("a\n```\nb"), "````sh\na\n```\nb\n````");
    }
}
