use std::fs;

use proptest::prelude::*;

use super::*;

#[track_caller]
fn marks(disk: &str, text: &str, expected: Option<(u32, u32, u32, u32)>) {
    let range = changed_lines(&as_shown(disk, text), text);
    let found = range.map(|r| (r.start.line, r.start.character, r.end.line, r.end.character));
    assert_eq!(found, expected, "{disk:?} -> {text:?}");
}

#[test]
fn the_changed_lines_are_marked_without_their_indent() {
    marks("a\nb\nc\n", "a\nb\nc\n", None);
    marks("a\nb\nc\n", "a\n  bx\nc\n", Some((1, 2, 1, 4)));
    marks("a\nb\nc\n", "a\nX\nY\nc\n", Some((1, 0, 2, 1)));
    marks("a\nb\nc\nd\n", "a\nB\nc\nD\n", Some((1, 0, 3, 1)));
    marks("", "new", Some((0, 0, 0, 3)));
    marks("a\r\nb\r\n", "a\r\nbx\r\n", Some((1, 0, 1, 2)));
}

#[test]
fn a_line_that_was_only_added_is_marked_alone() {
    marks("a\nb\n", "a\nnew\nb\n", Some((1, 0, 1, 3)));
    marks("a\nb", "a\nb\nnew", Some((2, 0, 2, 3)));
    marks("a\na\n", "a\na\na\n", Some((2, 0, 2, 1)));
    marks("a\nb", "a\nb\n", Some((2, 0, 2, 0)));
}

#[test]
fn where_lines_were_only_taken_away_the_next_one_is_marked() {
    marks("a\nb\nc\n", "a\nc\n", Some((1, 0, 1, 1)));
    marks("a\nb\n", "a\n", Some((1, 0, 1, 0)));
    marks("a\nb\n", "", Some((0, 0, 0, 0)));
}

#[test]
fn columns_are_utf16_units() {
    marks("x\n", "😀 = ü\n", Some((0, 0, 0, 6)));
    marks("\u{3000}😀\n", "\u{3000}😀😀  \n", Some((0, 1, 0, 5)));
}

#[test]
fn a_change_from_the_first_to_the_last_line_of_a_long_file_is_marked_at_its_first() {
    let disk = "line\n".repeat(1000);
    let text = format!("first\n{}last\n", "line\n".repeat(998));
    marks(&disk, &text, Some((0, 0, 0, 5)));
}

#[test]
fn what_an_editor_hides_is_no_change() {
    marks("\u{feff}a\nb\n", "a\nb\n", None);
    marks("a\r\nb\n", "a\nb\n", None);
    marks("a\r\nb\nc\r\n", "a\r\nb\r\nc\r\n", None);
    marks("a\rb", "a\r\nb", None);
    marks("a\r\nb\n", "a\nB\n", Some((1, 0, 1, 1)));
    // All endings of one kind: making them another is a change.
    marks("a\r\nb\r\n", "a\nb\n", Some((0, 0, 1, 1)));
}

proptest! {
    /// The simplest model: whatever lies outside the marked lines is the same in both.
    #[test]
    fn outside_the_marked_lines_the_texts_are_equal(
        disk in prop::collection::vec(prop::sample::select(vec!["a", "b", "😀", ""]), 0..8),
        text in prop::collection::vec(prop::sample::select(vec!["a", "b", "😀", ""]), 0..8),
    ) {
        let (disk, text) = (disk.join("\n"), text.join("\n"));
        match changed_lines(&disk, &text) {
            None => prop_assert_eq!(disk, text),
            Some(range) => {
                let lines = |text: &str| text.split('\n').map(str::to_owned).collect::<Vec<_>>();
                let (disk, text) = (lines(&disk), lines(&text));
                let says_something = |lines: &[String]| lines.iter().filter(|l| !l.is_empty()).cloned().collect::<Vec<_>>();
                let before = says_something(&text[..range.start.line as usize]);
                let after = says_something(&text[(range.end.line as usize + 1).min(text.len())..]);
                let disk = says_something(&disk);
                prop_assert!(disk.starts_with(&before));
                prop_assert!(disk.ends_with(&after));
            }
        }
    }
}

struct Place {
    folder: tempfile::TempDir,
    settled: Option<Arc<String>>,
    is_open: bool,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), settled: None, is_open: false }
    }

    fn disk(&self, path: &str, content: &[u8]) {
        let file = self.folder.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, content).unwrap();
    }

    fn sees(&mut self, path: &str, text: &str, written: bool) -> Standing {
        let is_first = !std::mem::replace(&mut self.is_open, true);
        let checked = check(
            Check {
                path: ProjectPath::parse(path).unwrap(),
                text: Arc::new(text.to_owned()),
                version: 1,
                settled: self.settled.clone(),
                opened: is_first.then(|| Arc::new(text.to_owned())),
                written,
            },
            self.folder.path(),
        );
        self.settled = checked.settled;
        checked.standing
    }
}

#[test]
fn typing_and_saving() {
    let mut place = Place::new();
    place.disk("a b/[id].rs", b"one\n");
    assert_eq!(place.sees("a b/[id].rs", "one\n", false), Standing::Saved);
    assert_eq!(place.sees("a b/[id].rs", "two\n", false), Standing::Unsaved);
    assert_eq!(place.sees("a b/[id].rs", "one\n", false), Standing::Saved, "undone");
    place.disk("a b/[id].rs", b"two\n");
    assert_eq!(place.sees("a b/[id].rs", "two\n", true), Standing::Saved);
}

#[test]
fn a_document_restored_with_unsaved_text_is_unsaved_from_the_start() {
    let mut place = Place::new();
    place.disk("a", b"one\n");
    assert_eq!(place.sees("a", "restored\n", false), Standing::Unsaved);
    assert_eq!(place.settled.as_deref().map(String::as_str), Some("one\n"));
    place.disk("a", b"two\n");
    assert_eq!(place.sees("a", "restored, and more\n", false), Standing::Unsaved);
    assert_eq!(place.settled.as_deref().map(String::as_str), Some("one\n"), "as it was found");
    fs::remove_file(place.folder.path().join("a")).unwrap();
    assert_eq!(place.sees("a", "restored\n", false), Standing::Unsaved, "also when it is deleted");
}

#[test]
fn a_document_is_made_of_the_file_as_the_editor_shows_it() {
    for (disk, text, found) in [
        ("\u{feff}one\r\n", "one, typed\r\n", "one\r\n"),
        ("a\r\nb\n", "a\r\nB\r\n", "a\r\nb\r\n"),
        ("same\n", "same\n", "same\n"),
    ] {
        let mut place = Place::new();
        place.disk("a", disk.as_bytes());
        place.sees("a", text, false);
        assert_eq!(place.settled.as_deref().map(String::as_str), Some(found));
    }
}

#[test]
fn a_file_that_moves_under_an_untouched_document_is_not_this_windows_change() {
    let mut place = Place::new();
    place.disk("a", b"one\n");
    assert_eq!(place.sees("a", "one\n", false), Standing::Saved);
    place.disk("a", b"written by somebody else\n");
    assert_eq!(place.sees("a", "one\n", false), Standing::Saved);
    assert_eq!(place.sees("a", "one, typed\n", false), Standing::Unsaved);
}

#[test]
fn text_that_can_not_be_compared_is_changed_from_an_edit_to_the_next_save() {
    let mut place = Place::new();
    place.disk("latin1", b"caf\xe9\n");
    assert_eq!(place.sees("latin1", "caf\u{fffd}\n", false), Standing::Saved);
    assert_eq!(place.sees("latin1", "caf\u{fffd}!\n", false), Standing::Unsaved);
    assert_eq!(place.sees("latin1", "caf\u{fffd}!\n", true), Standing::Saved);
    let mut place = Place::new();
    assert_eq!(place.sees("deleted", "text\n", false), Standing::Saved);
    assert_eq!(place.sees("deleted", "text!\n", false), Standing::Unsaved);
}

#[cfg(unix)]
#[test]
fn symbolic_links_and_folders_are_not_followed() {
    let mut place = Place::new();
    place.disk("real/file", b"one\n");
    std::os::unix::fs::symlink("real", place.folder.path().join("link")).unwrap();
    std::os::unix::fs::symlink("real/file", place.folder.path().join("file")).unwrap();
    for path in ["link/file", "file", "real"] {
        assert_eq!(place.sees(path, "one\n", false), Standing::Foreign, "{path}");
    }
}
