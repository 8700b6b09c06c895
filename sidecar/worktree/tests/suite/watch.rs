use remit_worktree::locate;
use remit_worktree::watch::{GitEvent, git_event, watch_points};

use crate::support::{Folder, Repo};

#[test]
fn what_git_writes_is_watched_and_understood() {
    let repo = Repo::with(&["a"]);
    let worktree = repo.worktree();
    let event = |name: &str| git_event(&worktree, &repo.root.join(".git").join(name));
    for name in [
        "HEAD",
        "index",
        "MERGE_HEAD",
        "rebase-merge",
        "packed-refs",
        "refs/heads/a/b",
        "refs/remotes/origin/x",
    ] {
        assert_eq!(event(name), Some(GitEvent::HeadOrIndex), "{name}");
    }
    for name in ["info/exclude", "config"] {
        assert_eq!(event(name), Some(GitEvent::Rules), "{name}");
    }
    assert_eq!(event("worktrees/x"), Some(GitEvent::Worktrees));
    for name in
        ["index.lock", "refs/heads/main.lock", "COMMIT_EDITMSG", "logs/HEAD", "objects/ab", "remit/tokens"]
    {
        assert_eq!(event(name), None, "{name}");
    }
    assert_eq!(git_event(&worktree, &repo.root.join("src/HEAD")), None);
}

#[test]
fn a_linked_worktree_watches_its_own_directory_and_the_common_one() {
    let repo = Repo::with(&["a"]);
    repo.git(&["worktree", "add", "-q", "../linked"]);
    let worktree = locate(&repo.around.path("linked"), None).unwrap().worktree.unwrap();
    let own = repo.root.join(".git/worktrees/linked");
    let points = watch_points(&worktree);
    let watched = |folder| points.iter().any(|point| point.folder == folder);
    assert!(
        watched(own.clone()) && watched(repo.root.join(".git")) && watched(repo.root.join(".git/refs/heads"))
    );
    assert!(points.iter().all(|point| point.folder.is_dir()));
    assert_eq!(git_event(&worktree, &own.join("index")), Some(GitEvent::HeadOrIndex));
    // Another worktree's index is not this one's.
    assert_eq!(git_event(&worktree, &repo.root.join(".git/index")), None);
    assert_eq!(git_event(&worktree, &repo.root.join(".git/worktrees/other/index")), None);
}

#[test]
fn outside_git_there_is_nothing_to_watch() {
    let folder = Folder::new();
    let worktree = locate(&folder.root, None).unwrap().worktree.unwrap();
    assert_eq!(watch_points(&worktree), []);
}
