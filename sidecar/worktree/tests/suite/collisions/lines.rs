//! Which lines of which files collide.

use std::fs;

use remit_board::reply::LineRange;
use remit_worktree::{Clash, Collision, Layer};

use super::{Texts, Two, range, text};
use crate::support::{git, path, write};

#[test]
fn saved_and_committed_edits_of_one_line_collide_there_and_nowhere_else() {
    let two = Two::with(&[("f", "a\nb\nc\nd\ne\n"), ("g", "x\n")]);
    two.repo.write("f", "a\nB\nc\nd\ne\n");
    write(&two.there.join("f"), "a\nmine\nc\nd\nE\n");
    let clash = |text: &str| Clash {
        ours: range(2, 2),
        theirs: Some(range(2, 2)),
        their_text: Some(text.to_owned()),
    };
    let expected =
        |layer, text| vec![Collision { path: path("f"), clashes: vec![clash(text)], merges_at: None, layer }];
    assert_eq!(two.saved(), expected(Layer::Saved, "mine\n"));
    git(&two.there, &["commit", "-q", "-a", "-m", "Theirs"]);
    assert_eq!(two.saved(), expected(Layer::Committed, "mine\n"));
    two.repo.commit("Ours");
    assert_eq!(two.saved(), expected(Layer::Committed, "mine\n"));
    let unsaved = Texts::from([(path("f"), text("a\ntyping\nc\nd\n"))]);
    assert_eq!(two.collisions(&Texts::new(), &unsaved), expected(Layer::Unsaved, "typing\n"));
    write(&two.there.join("f"), "a\nb\nc\nd\nE\n");
    assert_eq!(two.files(), [""; 0], "the cause is gone");
}

#[test]
fn where_this_side_deleted_the_line_beside_the_gap_is_told() {
    let two = Two::with(&[("f", "a\nb\nc\n"), ("last", "a\nb\n")]);
    two.repo.write("f", "a\nc\n");
    two.repo.write("last", "a\n");
    write(&two.there.join("f"), "a\nB\nc\n");
    write(&two.there.join("last"), "a\nB\n");
    let ours: Vec<LineRange> = two.saved().iter().map(|found| found.clashes[0].ours).collect();
    assert_eq!(ours, [range(2, 2), range(1, 1)]);
}

#[test]
fn commits_of_others_that_the_other_worktree_merely_has_are_nobodys_change_there() {
    let two = Two::with(&[("f", "a\n")]);
    write(&two.there.join("f"), "b\n");
    git(&two.there, &["-c", "user.email=you@example.org", "commit", "-q", "-a", "-m", "Yours"]);
    two.repo.write("f", "c\n");
    assert_eq!(two.saved(), []);
    write(&two.there.join("f"), "d\n");
    assert_eq!(two.saved().len(), 1);
}

#[test]
fn line_endings_on_the_disk_alone_are_no_change() {
    let two = Two::with(&[("f", "a\nb\n"), (".gitattributes", "* text=auto\n")]);
    two.repo.write("f", "a\r\nB\r\n");
    write(&two.there.join("f"), "a\r\nb\r\n");
    assert_eq!(two.saved(), []);
    write(&two.there.join("f"), "a\r\nc\r\n");
    assert_eq!(two.saved()[0].clashes[0].ours, range(2, 2));
}

#[test]
fn files_that_do_not_merge_by_lines_collide_as_a_whole() {
    let two = Two::with(&[("binary", "a\0"), ("gone", "a\n"), ("lost", "a\n")]);
    two.repo.write("binary", "b\0");
    write(&two.there.join("binary"), "c\0");
    two.repo.write("gone", "b\n");
    fs::remove_file(two.there.join("gone")).unwrap();
    two.repo.remove("lost");
    write(&two.there.join("lost"), "b\n");
    let found = two.saved();
    let names: Vec<&str> = found.iter().map(|found| found.path.as_str()).collect();
    assert_eq!(names, ["binary", "gone", "lost"]);
    assert!(found.iter().all(|found| found.clashes.is_empty()));
}
