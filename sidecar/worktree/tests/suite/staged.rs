//! What the next commit would hold, as the pre-commit guard sees it.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use remit_worktree::staged_changes;

use crate::support::{Repo, shown, try_git};

fn staged(repo: &Repo) -> Vec<String> {
    shown(&staged_changes(&repo.worktree(), None).unwrap())
}

#[test]
fn the_index_alone_counts() {
    let repo = Repo::with(&["a", "b", "gone"]);
    repo.write("a", "new text\n");
    repo.write("new", "");
    repo.git(&["add", "a", "new"]);
    repo.git(&["rm", "-q", "gone"]);
    repo.write("b", "not staged\n");
    repo.write("project-plan/x", "");
    repo.git(&["add", "-f", "project-plan"]);
    assert_eq!(staged(&repo), ["a Modified staged", "gone Deleted staged", "new Added staged"]);
}

#[test]
fn before_the_first_commit() {
    let repo = Repo::new();
    repo.write("a", "");
    repo.git(&["add", "a"]);
    assert_eq!(staged(&repo), ["a Added staged"]);
}

#[test]
fn in_a_merge_only_what_differs_from_all_parents() {
    let repo = Repo::with(&["a", "b", "c", "d"]);
    repo.git(&["checkout", "-q", "-b", "other"]);
    for file in ["a", "b"] {
        repo.write(file, "theirs\n");
    }
    repo.commit("Theirs");
    repo.git(&["checkout", "-q", "main"]);
    for file in ["a", "c"] {
        repo.write(file, "mine\n");
    }
    repo.commit("Mine");
    assert!(!try_git(&repo.root, &["merge", "other"]).0);
    assert_eq!(staged(&repo), ["a Conflicted conflicted"]);
    repo.write("a", "resolved\n");
    repo.write("d", "smuggled in\n");
    repo.git(&["add", "-A"]);
    assert_eq!(staged(&repo), ["a Modified staged", "d Modified staged"]);
}

/// `git commit PATH` and `git commit -a` show their hooks an index that isn't the worktree's own. The hook copies what
/// it was shown, so that it can be read after the commit, too.
#[test]
fn a_hook_sees_the_index_of_the_commit_that_runs() {
    let repo = Repo::with(&["a", "b"]);
    repo.write(".git/hooks/pre-commit", "#!/bin/sh\ncp \"$GIT_INDEX_FILE\" .git/shown\nexit 1\n");
    fs::set_permissions(repo.root.join(".git/hooks/pre-commit"), fs::Permissions::from_mode(0o755)).unwrap();
    repo.write("a", "new text\n");
    repo.write("b", "new text\n");
    repo.git(&["add", "a"]);
    assert!(!try_git(&repo.root, &["commit", "-m", "Only b", "b"]).0);
    let shown_index = repo.root.join(".git/shown");
    assert_eq!(shown(&staged_changes(&repo.worktree(), Some(&shown_index)).unwrap()), ["b Modified staged"]);
    assert_eq!(staged(&repo), ["a Modified staged"]);
}
