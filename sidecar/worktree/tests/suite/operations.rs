//! In the middle of a merge, a rebase or a pick, only what conflicts is this user's doing.

use remit_worktree::Operation;

use crate::support::{Repo, try_git};

/// `a` differs on both branches, `b` on the other one only, and here `loose` is edited.
fn diverged() -> Repo {
    let repo = Repo::with(&["a", "b", "loose"]);
    repo.git(&["checkout", "-q", "-b", "other"]);
    repo.write("a", "theirs\n");
    repo.write("b", "theirs\n");
    repo.commit("Theirs");
    repo.git(&["checkout", "-q", "-b", "feature", "main"]);
    repo.write("a", "mine\n");
    repo.commit("Mine");
    repo.write("untracked", "");
    repo
}

fn stopped_at(command: &[&str], operation: Operation) {
    let repo = diverged();
    assert!(!try_git(&repo.root, command).0);
    repo.expect(&["a Conflicted conflicted"]);
    assert_eq!(repo.changes().operation, Some(operation));
    repo.write("a", "resolved\n");
    repo.git(&["add", "a"]);
    repo.expect(&[]);
    assert_eq!(repo.changes().operation, Some(operation));
}

#[test]
fn a_merge() {
    stopped_at(&["merge", "other"], Operation::Merge);
}

#[test]
fn a_rebase() {
    stopped_at(&["rebase", "other"], Operation::Rebase);
}

#[test]
fn a_cherry_pick() {
    stopped_at(&["cherry-pick", "other"], Operation::CherryPick);
}

#[test]
fn a_revert() {
    stopped_at(&["revert", "--no-edit", "other"], Operation::Revert);
}

#[test]
fn a_squash_merge_that_conflicts_is_no_operation_but_its_conflicts_are_told() {
    let repo = diverged();
    assert!(!try_git(&repo.root, &["merge", "--squash", "other"]).0);
    repo.expect(&["a Conflicted conflicted committed", "b Modified staged", "untracked Untracked unstaged"]);
    assert_eq!(repo.changes().operation, None);
}

#[test]
fn one_that_is_done_leaves_no_trace() {
    let repo = diverged();
    assert!(!try_git(&repo.root, &["merge", "other"]).0);
    repo.git(&["merge", "--abort"]);
    repo.expect(&["a Modified committed", "untracked Untracked unstaged"]);
}

#[test]
fn a_linked_worktree_has_operations_of_its_own() {
    let repo = diverged();
    repo.git(&["worktree", "add", "-q", "-b", "third", "../linked", "feature"]);
    assert!(!try_git(&repo.root, &["merge", "other"]).0);
    let linked = remit_worktree::locate(&repo.around.path("linked"), None).unwrap().worktree.unwrap();
    assert_eq!(remit_worktree::changes(&linked).unwrap().operation, None);
}
