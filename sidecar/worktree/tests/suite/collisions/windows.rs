//! Unsaved text of two windows on one worktree.

use remit_worktree::{Clash, Collider, Collision, Layer, Side, edits};

use super::{Texts, range, text};
use crate::support::{Repo, path};

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
