//! Columns, as narrow as what stands in them.

/// Text of people and agents on one line of a terminal: no control character gets through.
pub fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// RFC 3339 as people read it: to the second, with a space. What it was when it isn't RFC 3339.
pub fn moment(at: &str) -> String {
    match (at.split_once('T'), at.rsplit_once('.')) {
        (Some((date, _)), Some((seconds, _))) => format!("{date} {}Z", &seconds[date.len() + 1..]),
        _ => at.to_owned(),
    }
}

/// How wide the terminal is, where there is one: what is read by programs is never cut.
fn terminal_width() -> Option<usize> {
    let (width, _) = terminal_size::terminal_size_of(std::io::stdout())?;
    Some(usize::from(width.0))
}

pub fn table<const N: usize>(head: [&str; N], rows: &[[String; N]]) -> String {
    fitted(head, rows, terminal_width())
}

fn fitted<const N: usize>(head: [&str; N], rows: &[[String; N]], width: Option<usize>) -> String {
    let mut widths = head.map(|name| name.chars().count());
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let lines = std::iter::once(format_row(head.map(str::to_owned).iter(), &widths).to_uppercase())
        .chain(rows.iter().map(|row| format_row(row.iter(), &widths)));
    lines.map(|line| cut(line, width)).collect::<Vec<_>>().join("\n")
}

fn format_row<'a>(cells: impl Iterator<Item = &'a String>, widths: &[usize]) -> String {
    let padded: Vec<String> =
        cells.zip(widths).map(|(cell, width)| format!("{:<width$}", plain(cell))).collect();
    padded.join("  ").trim_end().to_owned()
}

/// A line that wraps breaks the columns of all others.
fn cut(line: String, width: Option<usize>) -> String {
    match width {
        Some(width) if line.chars().count() > width => {
            line.chars().take(width.saturating_sub(1)).chain(['…']).collect()
        }
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["a".to_owned(), "x".to_owned()], ["long".to_owned(), "y\u{1b}[1m".to_owned()]];
        assert_eq!(fitted(["id", "t"], &rows, None), "ID    T\na     x\nlong  y [1m");
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let rows = [["a".to_owned(), "a title, and what it says".to_owned()]];
        assert_eq!(fitted(["id", "title"], &rows, Some(12)), "ID  TITLE\na   a title…");
    }

    #[test]
    fn a_moment_is_told_to_the_second() {
        assert_eq!(moment("2026-03-02T17:30:00.123Z"), "2026-03-02 17:30:00Z");
        assert_eq!(moment("soon"), "soon");
    }
}
