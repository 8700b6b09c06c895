use remit_worktree::locate;
use remit_worktree::watch::watched_paths;

use crate::support::{Folder, Repo};

#[test]
fn a_linked_worktree_watches_its_own_directory_and_the_common_one() {
    let repo = Repo::with(&["a"]);
    repo.git(&["worktree", "add", "-q", "../linked"]);
    let worktree = locate(&repo.around.path("linked"), None).unwrap().worktree.unwrap();
    let watched = watched_paths(&worktree);
    let (common, own) = (repo.root.join(".git"), repo.root.join(".git/worktrees/linked"));
    for path in [own.join("HEAD"), own.join("index"), common.join("refs/heads"), common.join("info/exclude")]
    {
        assert!(watched.contains(&path), "{}", path.display());
    }
    assert!(!watched.contains(&common.join("index")), "another worktree's index is not this one's");
}

#[test]
fn outside_git_there_is_nothing_to_watch() {
    let folder = Folder::new();
    let worktree = locate(&folder.root, None).unwrap().worktree.unwrap();
    assert!(watched_paths(&worktree).is_empty());
}
