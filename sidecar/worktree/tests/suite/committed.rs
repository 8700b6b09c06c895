//! What counts of what was committed.

use std::path::Path;

use remit_worktree::{changes, locate};

use crate::support::{Repo, configure, git, shown, try_git};

fn on_branch(files: &[&str]) -> Repo {
    let repo = Repo::with(files);
    repo.git(&["checkout", "-q", "-b", "feature"]);
    repo
}

fn commit_as(root: &Path, email: &str, message: &str) {
    git(root, &["add", "-A"]);
    git(root, &["-c", &format!("user.email={email}"), "commit", "-q", "-m", message]);
}

#[test]
fn own_commits_since_the_merge_base_count() {
    let repo = on_branch(&["a", "b", "gone"]);
    repo.write("a", "new text\n");
    repo.write("new", "");
    repo.git(&["rm", "-q", "gone"]);
    repo.commit("Work");
    repo.write("a", "edited again\n");
    repo.expect(&["a Modified unstaged committed", "gone Deleted committed", "new Added committed"]);
}

#[test]
fn on_the_default_branch_itself_nothing_is_ahead() {
    let repo = Repo::with(&["a"]);
    repo.write("a", "new text\n");
    repo.commit("Work");
    repo.expect(&[]);
}

#[test]
fn others_commits_do_not_count() {
    let repo = on_branch(&["a", "b"]);
    repo.write("a", "theirs\n");
    commit_as(&repo.root, "you@example.org", "Theirs");
    repo.write("b", "mine\n");
    commit_as(&repo.root, "ME@example.org", "Mine");
    repo.expect(&["b Modified committed"]);
}

#[test]
fn what_came_in_from_the_default_branch_does_not_count() {
    let repo = on_branch(&["a", "b"]);
    repo.write("a", "mine\n");
    repo.commit("Mine");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("b", "also by me, but on main\n");
    repo.commit("Main");
    repo.git(&["checkout", "-q", "feature"]);
    repo.expect(&["a Modified committed"]);
    repo.git(&["merge", "-q", "--no-edit", "main"]);
    repo.expect(&["a Modified committed"]);
}

#[test]
fn of_a_merge_only_what_differs_from_all_parents_counts() {
    let repo = on_branch(&["a", "b", "c"]);
    repo.write("a", "mine\n");
    repo.commit("Mine");
    repo.git(&["checkout", "-q", "-b", "other", "main"]);
    repo.write("a", "theirs\n");
    repo.write("b", "theirs\n");
    commit_as(&repo.root, "you@example.org", "Theirs");
    repo.git(&["checkout", "-q", "feature"]);
    assert!(!try_git(&repo.root, &["merge", "other"]).0);
    repo.write("a", "resolved\n");
    repo.write("c", "smuggled in\n");
    repo.commit("Merge other");
    repo.expect(&["a Modified committed", "c Modified committed"]);
}

#[test]
fn what_came_and_went_again_is_no_change() {
    let repo = on_branch(&["a"]);
    repo.write("a", "new text\n");
    repo.write("short-lived", "");
    repo.commit("There");
    repo.write("a", "a\n");
    repo.remove("short-lived");
    repo.commit("And back");
    repo.expect(&[]);
}

#[test]
fn the_default_branch_is_the_remotes_before_the_local_one() {
    let upstream = Repo::with(&["a"]);
    upstream.git(&["branch", "-m", "trunk"]);
    git(&upstream.around.root, &["clone", "-q", "repo", "clone"]);
    let clone = upstream.around.path("clone");
    configure(&clone);
    git(&clone, &["branch", "main"]);
    std::fs::write(clone.join("a"), "new text\n").unwrap();
    git(&clone, &["commit", "-q", "-a", "-m", "Not pushed"]);
    git(&clone, &["branch", "-f", "main"]);
    let seen = || shown(&changes(&locate(&clone, None).unwrap().worktree.unwrap()).unwrap());
    assert_eq!(seen(), ["a Modified committed"]);
    git(&clone, &["push", "-q", "origin", "HEAD:refs/heads/pushed"]);
    git(&clone, &["update-ref", "refs/remotes/origin/trunk", "HEAD"]);
    assert_eq!(seen(), Vec::<String>::new());
}

#[test]
fn without_main_and_master_the_main_worktrees_branch_is_the_default() {
    let repo = Repo::with(&["a"]);
    repo.git(&["branch", "-m", "trunk"]);
    repo.git(&["worktree", "add", "-q", "-b", "feature", "../linked"]);
    let linked = repo.around.path("linked");
    std::fs::write(linked.join("a"), "new text\n").unwrap();
    git(&linked, &["commit", "-q", "-a", "-m", "Work"]);
    let worktree = locate(&linked, None).unwrap().worktree.unwrap();
    assert_eq!(shown(&changes(&worktree).unwrap()), ["a Modified committed"]);
    repo.expect(&[]);
}

#[test]
fn a_detached_head_counts_like_a_branch() {
    let repo = Repo::with(&["a", "b"]);
    repo.git(&["checkout", "-q", "--detach"]);
    repo.write("a", "new text\n");
    repo.commit("Loose");
    repo.write("b", "new text\n");
    repo.expect(&["a Modified committed", "b Modified unstaged"]);
    assert_eq!(repo.worktree().head_branch().unwrap(), None);
}

#[test]
fn a_history_without_a_merge_base_counts_from_its_beginning() {
    let repo = Repo::with(&["a"]);
    repo.git(&["checkout", "-q", "--orphan", "island"]);
    repo.write("own", "");
    repo.commit("Island");
    repo.expect(&["a Added committed", "own Added committed"]);
}

#[test]
fn odd_names_survive_the_log() {
    let repo = on_branch(&["a"]);
    repo.write("quo\"te and ünicode", "");
    repo.write("line\nbreak", "");
    repo.commit("Odd");
    repo.expect(&["quo\"te and ünicode Added committed"]);
    assert_eq!(repo.changes().unreadable, ["line\nbreak"]);
}

#[test]
fn the_board_is_not_in_commits_either() {
    let repo = on_branch(&["a"]);
    repo.write("project-plan/STATUS.md", "");
    repo.commit("Share the board");
    repo.expect(&[]);
}
