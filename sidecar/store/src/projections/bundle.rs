use remit_board::handoff::Handoff;

use super::Mark;

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
