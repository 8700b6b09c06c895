//! What the next commit would hold, as the pre-commit guard sees it.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use remit_worktree::{changes, index_of_running_commit, locate, staged_changes};

use crate::support::{Repo, git, shown, try_git};

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

/// Installs this very test program as the pre-commit hook; it writes what it sees beside the repository.
fn install_hook(repo: &Repo) {
    let program = std::env::current_exe().unwrap();
    let hook = format!(
        "#!/bin/sh\nSEEN_BY_HOOK='{}' exec '{}' --ignored --exact staged::as_a_hook\n",
        repo.around.path("seen").display(),
        program.display()
    );
    repo.write(".git/hooks/pre-commit", &hook);
    fs::set_permissions(repo.root.join(".git/hooks/pre-commit"), fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
#[ignore = "runs inside the hook that other tests install"]
fn as_a_hook() {
    let seen = std::env::var_os("SEEN_BY_HOOK").unwrap();
    let place = locate(&std::env::current_dir().unwrap(), None).unwrap();
    let worktree = place.worktree.unwrap();
    let index = index_of_running_commit(&worktree);
    let staged = shown(&staged_changes(&worktree, index.as_deref()).unwrap());
    let all = shown(&changes(&worktree).unwrap());
    fs::write(seen, format!("{}\n{staged:?}\n{all:?}\n", worktree.root.display())).unwrap();
}

fn seen_by_hook(repo: &Repo) -> Vec<String> {
    fs::read_to_string(repo.around.path("seen")).unwrap().lines().map(str::to_owned).collect()
}

/// `git commit PATH` and `git commit -a` show their hooks an index that isn't the worktree's own.
#[test]
fn a_hook_sees_the_index_of_the_commit_that_runs() {
    let repo = Repo::with(&["a", "b", "c"]);
    install_hook(&repo);
    let root = repo.root.display().to_string();
    for file in ["a", "b"] {
        repo.write(file, "new text\n");
    }
    repo.git(&["add", "a"]);
    let all = r#"["a Modified staged", "b Modified unstaged"]"#;
    repo.git(&["commit", "-q", "-m", "Only b", "b"]);
    assert_eq!(seen_by_hook(&repo), [&root, r#"["b Modified staged"]"#, all]);
    repo.write("c", "new text\n");
    repo.git(&["commit", "-q", "-a", "-m", "The rest"]);
    let staged = r#"["a Modified staged", "c Modified staged"]"#;
    assert_eq!(seen_by_hook(&repo)[1], staged);
}

/// git sets `GIT_DIR` and more for a hook in a linked worktree; they lead to the right place, and must not be needed.
#[test]
fn a_hook_in_a_linked_worktree_sees_that_worktree() {
    let repo = Repo::with(&["a"]);
    install_hook(&repo);
    repo.git(&["worktree", "add", "-q", "../linked"]);
    let linked = repo.around.path("linked");
    repo.write("a", "in the main worktree\n");
    fs::write(linked.join("a"), "in the linked one\n").unwrap();
    git(&linked, &["commit", "-q", "-a", "-m", "Linked"]);
    let seen = seen_by_hook(&repo);
    assert_eq!(seen[..2], [linked.display().to_string(), r#"["a Modified staged"]"#.to_owned()]);
}
