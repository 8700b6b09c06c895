//! Unsaved text of two windows on one worktree.

use remit_worktree::{Clash, Collider, Collision, Layer, Side, edits};

use super::{Texts, range, text};
use crate::support::{Repo, path};

/// What the disk has by now is merged over what the window last read.
#[test]
fn a_file_that_changed_under_unsaved_text_collides_where_both_edited_it() {
    let repo = Repo::with(&["f"]);
    let worktree = repo.worktree();
    let mut collider = Collider::new(&worktree);
    let mut look = |base: &str, text: &str| collider.under_unsaved(&worktree, &path("f"), base, text);
    for (base, disk, text) in [
        ("a\nb\nc\n", "a\nb\nc\n", "a\nB\nc\n"),
        ("a\nb\nc\n", "a\nB\nc\n", "a\nB\nc\n"),
        ("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n"),
        // What an editor shows of these files is the base.
        ("a\nb\nc\n", "\u{feff}a\r\nb\r\nc\r\n", "a\nB\nc\n"),
        ("a\r\nb\r\nc\r\n", "a\r\nb\nc\r\n", "a\r\nB\r\nc\r\n"),
    ] {
        repo.write("f", disk);
        assert_eq!(look(base, text), None, "{disk:?}");
    }
    repo.write("f", "new\r\na\r\ntheirs\r\nc\r\n");
    let found = look("a\nb\nc\n", "a\nmine\nc\n").unwrap();
    let clash =
        Clash { ours: range(2, 2), theirs: Some(range(3, 3)), their_text: Some("theirs\n".to_owned()) };
    assert_eq!((found.clashes, found.layer), (vec![clash], Layer::Saved));
    repo.remove("f");
    assert_eq!(look("a\nb\nc\n", "a\nmine\nc\n").unwrap().clashes, [], "gone, as a whole");
}

/// Two windows on one worktree: what neither has saved is merged over the disk.
#[test]
fn two_windows_on_one_worktree_collide_in_what_neither_has_saved() {
    let repo = Repo::with(&["f"]);
    repo.write("f", "a\nb\nc\n");
    let worktree = repo.worktree();
    let ours = Texts::from([(path("f"), text("a\nB\nc\n"))]);
    for (unsaved, told) in [
        (edits(b"a\nb\nc\n", "a\nother\nc\n").unwrap(), Some("other\n".to_owned())),
        (edits(b"a\nb\nc\n", "a\nother\nc\n").unwrap().ranges_only(), None),
    ] {
        let theirs = Texts::from([(path("f"), unsaved)]);
        let side = |unsaved| Side { worktree: &worktree, unsaved, staged: None };
        let found = Collider::new(&worktree).collisions(side(&ours), &[path("f")], side(&theirs)).unwrap();
        let clash = Clash { ours: range(2, 2), theirs: Some(range(2, 2)), their_text: told };
        let collision =
            |clashes| Collision { path: path("f"), clashes, merges_at: None, layer: Layer::Unsaved };
        assert_eq!(found, [collision(vec![clash])]);
        let stale = Texts::from([(path("f"), edits(b"another disk\n", "x\n").unwrap())]);
        let found = Collider::new(&worktree).collisions(side(&ours), &[path("f")], side(&stale)).unwrap();
        assert_eq!(found, [], "edits of another file mean nothing");
    }
}
