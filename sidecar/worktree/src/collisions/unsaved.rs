//! A window's text that is on no disk yet, as others come to know it: the edits to what is on the disk, with their lines or,
//! where a window keeps these to itself, only with their number.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::content::blob_id;
use crate::merge::{Lines, hunks};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsaved {
    /// The whole text: this process's own window.
    Text(Arc<String>),
    /// Edits to the file whose blob id is `base`; with another file on the disk they mean nothing.
    Edits { base: String, edits: Vec<Edit> },
}

/// Lines of the file on the disk, counted from zero, and what stands in their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub lines: Range<usize>,
    pub new: NewLines,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewLines {
    Text(String),
    Count(usize),
}

/// The edits that make `unsaved` of what is on the disk, and the blob id that says of what; nothing for what is no text.
pub fn edits(disk: &[u8], unsaved: &str) -> Option<Unsaved> {
    // In another encoding every line may differ, and none does.
    std::str::from_utf8(disk).ok()?;
    let base = blob_id(disk)?;
    let unsaved = with_mark(disk, unsaved);
    let lines = Lines::of(&unsaved);
    let edit = |(old, new): (Range<usize>, Range<usize>)| {
        let text = String::from_utf8_lossy(lines.text(&new)).into_owned();
        Edit { lines: old, new: NewLines::Text(text) }
    };
    Some(Unsaved::Edits { base, edits: hunks(disk, &unsaved)?.into_iter().map(edit).collect() })
}

impl Unsaved {
    /// The text over what `disk` reads; nothing where that is not what was edited.
    pub(super) fn over(&self, disk: impl FnOnce() -> Vec<u8>) -> Option<Vec<u8>> {
        match self {
            Unsaved::Text(text) => {
                let disk = disk();
                std::str::from_utf8(&disk).ok().map(|_| with_mark(&disk, text).into_owned())
            }
            Unsaved::Edits { base, edits } => {
                let disk = disk();
                (blob_id(&disk).as_ref() == Some(base)).then(|| applied(&disk, edits))
            }
        }
    }

    pub(super) fn is_private(&self) -> bool {
        let is_count = |edit: &Edit| matches!(edit.new, NewLines::Count(_));
        matches!(self, Unsaved::Edits { edits, .. } if edits.iter().any(is_count))
    }

    /// The same edits without their lines.
    pub fn ranges_only(self) -> Self {
        let Unsaved::Edits { base, edits } = self else { return self };
        let edits = edits.into_iter().map(|edit| Edit { new: edit.new.counted(), ..edit }).collect();
        Unsaved::Edits { base, edits }
    }

    /// How many bytes of text it carries.
    pub fn size(&self) -> usize {
        match self {
            Unsaved::Text(text) => text.len(),
            Unsaved::Edits { edits, .. } => edits.iter().map(|edit| edit.new.size()).sum(),
        }
    }
}

impl NewLines {
    fn counted(self) -> Self {
        match self {
            NewLines::Text(text) => NewLines::Count(Lines::of(text.as_bytes()).count()),
            counted => counted,
        }
    }

    fn size(&self) -> usize {
        match self {
            NewLines::Text(text) => text.len(),
            NewLines::Count(_) => 0,
        }
    }
}

/// Editors show no byte order mark, and write it again.
fn with_mark<'t>(disk: &[u8], text: &'t str) -> Cow<'t, [u8]> {
    const MARK: &str = "\u{feff}";
    match disk.starts_with(MARK.as_bytes()) && !text.starts_with(MARK) {
        true => Cow::Owned([MARK, text].concat().into_bytes()),
        false => Cow::Borrowed(text.as_bytes()),
    }
}

/// Lines that nobody told of are like no other line.
fn applied(disk: &[u8], edits: &[Edit]) -> Vec<u8> {
    let lines = Lines::of(disk);
    let (mut text, mut at, mut untold) = (Vec::new(), 0, 0);
    for edit in edits {
        text.extend_from_slice(lines.text(&(at..edit.lines.start)));
        at = edit.lines.end;
        match &edit.new {
            NewLines::Text(new) => text.extend_from_slice(new.as_bytes()),
            NewLines::Count(count) => {
                let new = (untold..untold + count).map(|n| format!("\u{1}an untold line {n}\n"));
                new.for_each(|line| text.extend_from_slice(line.as_bytes()));
                untold += count;
            }
        }
    }
    text.extend_from_slice(lines.text(&(at..lines.count())));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_make_the_text_again_over_the_file_they_were_made_on() {
        for (disk, text) in
            [("a\nb\nc\n", "a\nB\nc\nd"), ("", "new\n"), ("a", ""), ("a\r\nb", "b"), ("a\n", "a\n")]
        {
            let edits = edits(disk.as_bytes(), text).unwrap();
            assert_eq!(edits.over(|| disk.as_bytes().to_owned()).unwrap(), text.as_bytes(), "{disk:?}");
            assert_eq!(edits.over(|| b"another".to_vec()), None);
        }
    }

    #[test]
    fn what_an_editor_does_not_show_is_no_edit() {
        let text = edits("\u{feff}a\nb\n".as_bytes(), "a\nB\n").unwrap();
        let Unsaved::Edits { edits: changed, .. } = &text else { panic!("{text:?}") };
        assert_eq!(changed.len(), 1);
        assert_eq!(changed[0].lines, 1..2);
        assert_eq!(edits(b"latin \xe4\n", "latin \u{e4}\n"), None);
    }

    #[test]
    fn without_their_lines_only_their_number_is_told() {
        let edits = edits(b"a\nb\nc\n", "a\nsecret\nsecret\nc\n").unwrap();
        assert_eq!((edits.size(), edits.is_private()), (14, false));
        let ranges = edits.ranges_only();
        assert_eq!((ranges.size(), ranges.is_private()), (0, true));
        assert!(!format!("{ranges:?}").contains("secret"));
        let text = String::from_utf8(ranges.over(|| b"a\nb\nc\n".to_vec()).unwrap()).unwrap();
        assert_eq!(text.lines().count(), 4);
    }
}
