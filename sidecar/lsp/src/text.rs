//! A document's text, kept by the client's incremental edits.
//!
//! Positions are lines and UTF-16 units. Where the lines begin is remembered and mended around each edit, so that
//! typing into a file of a hundred thousand lines does not read it again from the start.

use std::sync::Arc;

use tower_lsp::ls_types::{Position, Range};

#[derive(Clone, Debug)]
pub(crate) struct Text {
    /// Shared with whoever compares it with the disk; an edit meanwhile makes a copy.
    content: Arc<String>,
    line_starts: Vec<usize>,
}

impl Text {
    pub(crate) fn new(content: String) -> Self {
        let line_starts = std::iter::once(0).chain(starts_after_breaks(&content, 0)).collect();
        Self { content: Arc::new(content), line_starts }
    }

    pub(crate) fn content(&self) -> &Arc<String> {
        &self.content
    }

    /// What lies beyond the text counts as its end, as the protocol says.
    pub(crate) fn replace(&mut self, range: Range, new: &str) {
        let from = self.offset(range.start);
        let to = self.offset(range.end).max(from);
        let first = self.line_of(from).saturating_sub(1);
        // Two lines on, the break before the line start lies beyond the edit, whatever the edit joins.
        let last = self.line_of(to) + 2;
        Arc::make_mut(&mut self.content).replace_range(from..to, new);
        self.mend_lines(first, last, new.len() as isize - (to - from) as isize);
    }

    /// From line `first` to line `last`, counted from one by `\n` alone, without the space around what stands there.
    pub(crate) fn lines(&self, first: usize, last: usize) -> Range {
        let is_after_feed = |start: usize| start == 0 || self.content.as_bytes()[start - 1] == b'\n';
        let lines = || (0u32..).zip(&self.line_starts).filter(|(_, start)| is_after_feed(**start));
        let begin = lines().nth(first.saturating_sub(1)).or_else(|| lines().last());
        let (line, start) = begin.map_or((0, 0), |(line, start)| (line, *start));
        let from = Position::new(line, units(indent(self.line_text(start))));
        // The last editor line that belongs to git's line.
        let next = lines().nth(last).map_or(self.line_starts.len() as u32, |(line, _)| line);
        let end = next.saturating_sub(1).max(line);
        let text = self.line_starts.get(end as usize).map_or("", |start| self.line_text(*start));
        Range::new(from, Position::new(end, units(text.trim_end())))
    }

    fn line_text(&self, start: usize) -> &str {
        self.content[start..].split(['\n', '\r']).next().unwrap_or_default()
    }

    /// The lines after `first` and before `last` are found anew, those from `last` on have moved by `shift`.
    fn mend_lines(&mut self, first: usize, last: usize, shift: isize) {
        let moved = |start: &usize| start.saturating_add_signed(shift);
        let last = last.min(self.line_starts.len());
        let after: Vec<usize> = self.line_starts[last..].iter().map(moved).collect();
        let begin = self.line_starts[first];
        let end = after.first().copied().unwrap_or(self.content.len() + 1);
        self.line_starts.truncate(first + 1);
        let found = starts_after_breaks(&self.content[begin..], begin).take_while(|start| *start < end);
        self.line_starts.extend(found);
        self.line_starts.extend(after);
    }

    fn line_of(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset) - 1
    }

    fn offset(&self, position: Position) -> usize {
        let line = position.line as usize;
        let Some(start) = self.line_starts.get(line).copied() else { return self.content.len() };
        let end = self.line_starts.get(line + 1).copied().unwrap_or(self.content.len());
        let line = without_break(&self.content[start..end]);
        start + byte_of_unit(line, position.character as usize)
    }
}

/// Where a line begins in `text`, apart from the first; `base` is added to each.
fn starts_after_breaks(text: &str, base: usize) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().filter_map(move |(at, byte)| match byte {
        b'\n' => Some(base + at + 1),
        b'\r' if bytes.get(at + 1) != Some(&b'\n') => Some(base + at + 1),
        _ => None,
    })
}

fn indent(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}

fn units(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}

pub(crate) fn without_break(line: &str) -> &str {
    line.trim_end_matches(['\n', '\r'])
}

/// A unit inside a surrogate pair counts as the pair's beginning.
fn byte_of_unit(line: &str, unit: usize) -> usize {
    let mut units = 0;
    for (at, character) in line.char_indices() {
        units += character.len_utf16();
        if units > unit {
            return at;
        }
    }
    line.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn range(from: (u32, u32), to: (u32, u32)) -> Range {
        Range::new(Position::new(from.0, from.1), Position::new(to.0, to.1))
    }

    #[track_caller]
    fn check(text: &str, edit: Range, new: &str, expected: &str) {
        let mut text = Text::new(text.to_owned());
        text.replace(edit, new);
        assert_eq!(text.content().as_str(), expected);
        assert_eq!(text.line_starts, Text::new(expected.to_owned()).line_starts);
    }

    #[test]
    fn edits_land_where_the_client_means() {
        check("ab\ncd\n", range((1, 1), (1, 2)), "X", "ab\ncX\n");
        check("ab\ncd\n", range((0, 2), (1, 0)), "", "abcd\n");
        check("ab\r\ncd", range((0, 2), (0, 2)), "!", "ab!\r\ncd");
        check("", range((0, 0), (0, 0)), "new\n", "new\n");
    }

    #[test]
    fn characters_beyond_the_basic_plane_are_two_units() {
        check("a😀b", range((0, 3), (0, 4)), "", "a😀");
        check("😀😀\nü", range((0, 2), (0, 4)), "x", "😀x\nü");
        check("a😀b", range((0, 2), (0, 2)), "x", "ax😀b");
    }

    #[test]
    fn what_lies_beyond_the_text_is_its_end() {
        check("ab\ncd", range((0, 99), (0, 99)), "!", "ab!\ncd");
        check("ab\ncd", range((9, 9), (12, 0)), "!", "ab\ncd!");
        check("ab\ncd", range((1, 1), (0, 1)), "!", "ab\nc!d");
    }

    #[test]
    fn breaks_that_an_edit_joins_or_splits_are_found() {
        check("a\rb", range((1, 0), (1, 0)), "\n", "a\r\nb");
        check("a\r\nb", range((0, 1), (1, 0)), "\r", "a\rb");
        check("a\rx\nb", range((1, 0), (1, 1)), "", "a\r\nb");
    }

    #[test]
    fn lines_are_counted_as_git_counts_them_and_placed_as_the_editor_does() {
        let lines = |text: &str, first, last| Text::new(text.to_owned()).lines(first, last);
        assert_eq!(lines("a\n  b \n\tc😀\nd", 2, 3), range((1, 2), (2, 4)));
        assert_eq!(lines("a\r\nb\r\n", 2, 2), range((1, 0), (1, 1)));
        assert_eq!(lines("a\rb\nc\n", 1, 1), range((0, 0), (1, 1)));
        assert_eq!(lines("a\rb\nc\n", 2, 2), range((2, 0), (2, 1)));
        assert_eq!(lines("a\n", 9, 9), range((1, 0), (1, 0)), "what lies beyond the text is its end");
        assert_eq!(lines("", 1, 1), range((0, 0), (0, 0)));
    }

    fn texts() -> impl Strategy<Value = String> {
        prop::collection::vec(prop::sample::select(vec!["a", "b", "\n", "\r", "\r\n", "ä", "😀", " "]), 0..20)
            .prop_map(|parts| parts.concat())
    }

    /// The simplest model: walk the text unit by unit, and read the lines again from the start.
    fn model_offset(text: &str, position: Position) -> usize {
        let starts = Text::new(text.to_owned()).line_starts;
        let Some(start) = starts.get(position.line as usize) else { return text.len() };
        let (mut at, mut units) = (*start, 0);
        for character in text[*start..].chars() {
            units += character.len_utf16() as u32;
            if matches!(character, '\n' | '\r') || units > position.character {
                break;
            }
            at += character.len_utf8();
        }
        at
    }

    proptest! {
        #[test]
        fn a_chain_of_edits_equals_the_model(
            first in texts(),
            edits in prop::collection::vec((0u32..6, 0u32..6, 0u32..6, 0u32..6, texts()), 1..12),
        ) {
            let mut text = Text::new(first.clone());
            let mut model = first;
            for (line, character, other_line, other_character, new) in edits {
                let edit = range((line, character), (other_line, other_character));
                let from = model_offset(&model, edit.start);
                let to = model_offset(&model, edit.end).max(from);
                model.replace_range(from..to, &new);
                text.replace(edit, &new);
                prop_assert_eq!(text.content().as_str(), model.as_str());
                prop_assert_eq!(&text.line_starts, &Text::new(model.clone()).line_starts);
            }
        }
    }
}
