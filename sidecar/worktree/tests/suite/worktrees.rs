use std::fs;

use remit_worktree::{locate, worktrees};

use crate::support::{Folder, Repo, configure, git};

#[test]
fn all_worktrees_with_their_heads() {
    let repo = Repo::with(&["a"]);
    repo.git(&["worktree", "add", "-q", "-b", "feature/x", "../feature"]);
    repo.git(&["worktree", "add", "-q", "--detach", "../loose"]);
    repo.git(&["pack-refs", "--all"]);
    let oid = repo.git(&["rev-parse", "HEAD"]).trim().to_owned();
    let place = locate(&repo.around.path("loose"), None).unwrap();
    let all = worktrees(&place).unwrap();
    let told: Vec<_> = all
        .iter()
        .map(|info| (info.name.as_str(), info.is_main, info.head.branch.as_deref(), info.head.oid.as_deref()))
        .collect();
    let oid = Some(oid.as_str());
    assert_eq!(
        told,
        [
            ("repo", true, Some("main"), oid),
            ("feature", false, Some("feature/x"), oid),
            ("loose", false, None, oid)
        ]
    );
    assert_eq!(all[2].worktree, place.worktree.unwrap());
    assert_eq!(all[0].worktree, repo.worktree());
}

#[test]
fn missing_and_locked_worktrees_are_told_apart() {
    let repo = Repo::with(&["a"]);
    for name in ["gone", "kept"] {
        repo.git(&["worktree", "add", "-q", &format!("../{name}")]);
    }
    repo.git(&["worktree", "lock", "--reason", "on a stick", "../kept"]);
    for name in ["gone", "kept"] {
        fs::remove_dir_all(repo.around.path(name)).unwrap();
    }
    let all = worktrees(&repo.place()).unwrap();
    let told: Vec<_> =
        all.iter().map(|info| (info.missing, info.locked.as_deref(), info.is_prunable())).collect();
    assert_eq!(told, [(false, None, false), (true, None, true), (true, Some("on a stick"), false)]);
}

#[test]
fn a_bare_repository_lists_its_linked_worktrees_only() {
    let repo = Repo::with(&["a"]);
    git(&repo.around.root, &["clone", "-q", "--bare", "repo", "bare.git"]);
    let bare = repo.around.path("bare.git");
    assert!(worktrees(&locate(&bare, None).unwrap()).unwrap().is_empty());
    git(&bare, &["worktree", "add", "-q", "../tree", "main"]);
    let names: Vec<_> =
        worktrees(&locate(&bare, None).unwrap()).unwrap().into_iter().map(|info| info.name).collect();
    assert_eq!(names, ["tree"]);
}

#[test]
fn without_commits_and_without_git() {
    let repo = Repo::new();
    let all = worktrees(&repo.place()).unwrap();
    assert_eq!((all.len(), all[0].head.branch.as_deref(), &all[0].head.oid), (1, Some("main"), &None));
    let folder = Folder::new();
    let place = locate(&folder.root, None).unwrap();
    let all = worktrees(&place).unwrap();
    assert_eq!((all.len(), &all[0].worktree.root, all[0].is_main), (1, &folder.root, true));
}

/// Reftable keeps no files that could be read, so git is asked.
#[test]
fn heads_are_known_in_a_reftable_repository() {
    let folder = Folder::new();
    git(&folder.root, &["init", "-q", "-b", "main", "--ref-format=reftable", "repo"]);
    let root = folder.path("repo");
    configure(&root);
    git(&root, &["commit", "-q", "--allow-empty", "-m", "Start"]);
    git(&root, &["worktree", "add", "-q", "-b", "side", "../linked"]);
    let all = worktrees(&locate(&root, None).unwrap()).unwrap();
    let branches: Vec<_> = all.iter().map(|info| info.head.branch.as_deref()).collect();
    assert_eq!(branches, [Some("main"), Some("side")]);
    assert!(all.iter().all(|info| info.head.oid.is_some()));
}
