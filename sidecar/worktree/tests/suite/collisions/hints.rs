//! What both sides edit and git merges: told, where this side's lines come nearest to the other's, and as nothing more.

use remit_board::reply::LineRange;
use remit_worktree::{Collider, Layer, Side, edits};

use super::{Texts, Two, range, text};
use crate::support::{Repo, git, path, write};

const BASE: &str = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";

fn edited(line: usize, to: &str) -> String {
    BASE.replace(&format!("{line}\n"), to)
}

impl Two {
    /// Of each file that merges, where.
    fn hints(&self, unsaved: &Texts, their_unsaved: &Texts) -> Vec<(String, LineRange, Layer)> {
        let found = self.collisions(unsaved, their_unsaved);
        assert!(found.iter().all(|one| one.clashes.is_empty()));
        let hint = |one: &remit_worktree::Collision| Some((one.path.to_string(), one.merges_at?, one.layer));
        found.iter().filter_map(hint).collect()
    }
}

#[test]
fn edits_apart_are_told_where_this_side_comes_nearest_to_the_other() {
    let two = Two::with(&[("f", BASE)]);
    two.repo.write("f", &edited(2, "two\n").replace("6\n", "new\nsix\n"));
    write(&two.there.join("f"), &edited(9, "nine\n"));
    let none = Texts::new();
    let hint = |at, layer| [("f".to_owned(), at, layer)];
    assert_eq!(two.hints(&none, &none), hint(range(6, 7), Layer::Saved));
    git(&two.there, &["commit", "-q", "-a", "-m", "Theirs"]);
    assert_eq!(two.hints(&none, &none), hint(range(6, 7), Layer::Committed));
    let theirs = Texts::from([(path("f"), text(&edited(4, "four\n")))]);
    assert_eq!(two.hints(&none, &theirs), hint(range(2, 2), Layer::Unsaved), "of two as near the first");
    let theirs = Texts::from([(path("f"), text(&edited(1, "one\n1\n")))]);
    let typed = Texts::from([(path("f"), text(&edited(3, "")))]);
    assert_eq!(two.hints(&typed, &theirs), hint(range(3, 3), Layer::Unsaved), "what follows the gap");
}

#[test]
fn the_same_edit_on_both_sides_is_told_only_beside_another() {
    let two = Two::with(&[("f", BASE)]);
    let none = Texts::new();
    two.repo.write("f", &edited(5, "five\n"));
    write(&two.there.join("f"), &edited(5, "five\n"));
    assert_eq!(two.hints(&none, &none), []);
    two.repo.write("f", BASE);
    assert_eq!(two.hints(&none, &none), [], "only the other side's");
    two.repo.write("f", &edited(5, "five\n").replace("9\n", "nine\n"));
    assert_eq!(two.hints(&none, &none), [("f".to_owned(), range(5, 5), Layer::Saved)]);
}

#[test]
fn a_renamed_file_is_told_by_the_name_that_it_has_here() {
    let two = Two::with(&[("old", BASE)]);
    two.repo.git(&["mv", "old", "new"]);
    two.repo.write("new", &edited(2, "two\n"));
    write(&two.there.join("old"), &edited(8, "eight\n"));
    let none = Texts::new();
    assert_eq!(two.hints(&none, &none), [("new".to_owned(), range(2, 2), Layer::Saved)]);
}

#[test]
fn two_windows_on_one_worktree_hint_at_nothing() {
    let repo = Repo::with(&["f"]);
    repo.write("f", BASE);
    let worktree = repo.worktree();
    let ours = Texts::from([(path("f"), text(&edited(2, "two\n")))]);
    let theirs = Texts::from([(path("f"), edits(BASE.as_bytes(), &edited(8, "eight\n")).unwrap())]);
    let side = |unsaved| Side { worktree: &worktree, unsaved, staged: None };
    assert_eq!(Collider::new(&worktree).collisions(side(&ours), &[path("f")], side(&theirs)).unwrap(), []);
}
