//! A text by its lines, as git counts them: each ends with `\n`, the last one perhaps without.

use std::ops::Range;

pub(crate) struct Lines<'a> {
    text: &'a [u8],
    /// Where each line begins, and the text's end.
    bounds: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(crate) fn of(text: &'a [u8]) -> Self {
        let breaks = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
        let mut bounds: Vec<usize> = std::iter::once(0).chain(breaks).collect();
        if bounds.last() != Some(&text.len()) {
            bounds.push(text.len());
        }
        Self { text, bounds }
    }

    pub(crate) fn count(&self) -> usize {
        self.bounds.len() - 1
    }

    pub(crate) fn text(&self, lines: &Range<usize>) -> &'a [u8] {
        let bound = |line: usize| self.bounds.get(line).copied().unwrap_or(self.text.len());
        let start = bound(lines.start);
        &self.text[start..bound(lines.end).max(start)]
    }

    /// Whether a line ends with `\r\n`; of a last line without an end the one before it tells. Nothing, where none does.
    pub(crate) fn has_return(&self, line: usize) -> Option<bool> {
        let text = |line: usize| self.text(&(line..line + 1));
        let ended = |line: usize| text(line).ends_with(b"\n").then(|| text(line).ends_with(b"\r\n"));
        ended(line).or_else(|| ended(line.checked_sub(1)?))
    }
}
