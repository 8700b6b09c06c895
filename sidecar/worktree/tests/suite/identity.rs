use remit_worktree::{identity, locate};

use crate::support::{Folder, Repo, git};

#[test]
fn clones_share_their_root_commit() {
    let repo = Repo::with(&["a"]);
    let root = repo.git(&["rev-parse", "HEAD"]).trim().to_owned();
    repo.write("a", "new text\n");
    repo.commit("More");
    git(&repo.around.root, &["clone", "-q", "repo", "clone"]);
    let clone = locate(&repo.around.path("clone"), None).unwrap().worktree.unwrap();
    assert_eq!(identity::root_commit(&repo.worktree()).unwrap().as_deref(), Some(root.as_str()));
    assert_eq!(identity::root_commit(&clone).unwrap().as_deref(), Some(root.as_str()));
}

#[test]
fn an_island_branch_does_not_change_the_root_commit() {
    let repo = Repo::with(&["a"]);
    let root = identity::root_commit(&repo.worktree()).unwrap();
    repo.git(&["checkout", "-q", "--orphan", "island"]);
    repo.commit("Island");
    assert_eq!(identity::root_commit(&repo.worktree()).unwrap(), root);
}

#[test]
fn a_shallow_clone_an_empty_repository_and_a_plain_folder_have_no_root_commit() {
    let repo = Repo::with(&["a"]);
    repo.commit("More");
    let url = format!("file://{}", repo.root.display());
    git(&repo.around.root, &["clone", "-q", "--depth", "1", &url, "shallow"]);
    let (empty, folder) = (Repo::new(), Folder::new());
    for root in [&repo.around.path("shallow"), &empty.root, &folder.root] {
        let worktree = locate(root, None).unwrap().worktree.unwrap();
        assert_eq!(identity::root_commit(&worktree).unwrap(), None);
    }
}

#[test]
fn the_user_the_host_and_the_case_of_paths() {
    let repo = Repo::with(&["a"]);
    let worktree = repo.worktree();
    assert_eq!(identity::configured_email(&worktree).unwrap().as_deref(), Some("me@example.org"));
    assert_eq!(identity::configured_name(&worktree).unwrap().as_deref(), Some("Me"));
    repo.git(&["config", "core.ignoreCase", "false"]);
    assert!(!identity::ignores_case(&worktree));
    repo.git(&["config", "core.ignoreCase", "true"]);
    assert!(identity::ignores_case(&worktree));
    assert!(!identity::host_name().is_empty());
}
