//! Columns, as narrow as what stands in them.

/// Text of people and agents on one line of a terminal: no control character gets through.
pub fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

pub fn table<const N: usize>(head: [&str; N], rows: &[[String; N]]) -> String {
    let mut widths = head.map(|name| name.chars().count());
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut out = format_row(head.map(str::to_owned).iter(), &widths).to_uppercase();
    for row in rows {
        out.push('\n');
        out.push_str(&format_row(row.iter(), &widths));
    }
    out
}

fn format_row<'a>(cells: impl Iterator<Item = &'a String>, widths: &[usize]) -> String {
    let padded: Vec<String> =
        cells.zip(widths).map(|(cell, width)| format!("{:<width$}", plain(cell))).collect();
    padded.join("  ").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["a".to_owned(), "x".to_owned()], ["long".to_owned(), "y\u{1b}[1m".to_owned()]];
        assert_eq!(table(["id", "t"], &rows), "ID    T\na     x\nlong  y [1m");
    }
}
