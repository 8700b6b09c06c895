use std::{fs, path::Path};

use remit_board::handoff::Handoff;

use super::Mark;

/// The handoff that a bundle's file is of, and the text that it was made from.
pub(crate) fn read(file: &Path) -> Option<(String, String)> {
    let content = fs::read_to_string(file).ok()?;
    let (_mark, rest) = content.split_once('\n')?;
    let (handoff, text) = rest.strip_prefix("<!-- handoff ")?.split_once(" -->\n")?;
    Some((handoff.to_owned(), text.to_owned()))
}

/// A module's newest bundle. The rule that made it has escaped what people wrote; control characters must not get
/// past a terminal, whoever wrote them.
pub(crate) fn render(mark: Mark, handoff: &Handoff, text: &str) -> String {
    let mut out = mark.comment();
    out.push_str(&format!("<!-- handoff {} -->\n", handoff.id));
    out.extend(text.chars().map(|c| if c.is_control() && c != '\n' && c != '\t' { ' ' } else { c }));
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out
}
