use std::fs;

use remit_worktree::{WorktreeError, locate};

use crate::support::{Folder, Repo, configure, git, path, write};

fn board(root: &std::path::Path) {
    write(&root.join("project-plan/coordination.db"), "");
}

#[test]
fn a_subfolder_leads_to_the_main_worktree() {
    let repo = Repo::with(&["src/deep/a.rs"]);
    let place = locate(&repo.root.join("src/deep"), None).unwrap();
    assert_eq!(place.board_root, repo.root);
    assert_eq!(place.worktree.as_ref().unwrap().root, repo.root);
    assert!(place.worktree.unwrap().is_main());
}

#[test]
fn a_linked_worktree_meets_the_others_on_one_board_and_keeps_its_own_state() {
    let repo = Repo::with(&["a"]);
    repo.git(&["worktree", "add", "-q", "../linked"]);
    let linked = repo.around.path("linked");
    fs::create_dir(linked.join("sub")).unwrap();
    let place = locate(&linked.join("sub"), None).unwrap();
    assert_eq!(place.board_root, repo.root);
    let worktree = place.worktree.clone().unwrap();
    assert_eq!(worktree.root, linked);
    assert!(!worktree.is_main());
    assert_eq!(worktree.head_branch().unwrap().as_deref(), Some("linked"));
    assert_eq!(place.state_dir().unwrap(), repo.root.join(".git/worktrees/linked/remit"));
}

#[test]
fn a_worktree_nested_in_the_tree_is_itself_and_not_the_one_around_it() {
    let repo = Repo::with(&["a"]);
    repo.git(&["worktree", "add", "-q", "trees/inner"]);
    let place = locate(&repo.root.join("trees/inner"), None).unwrap();
    assert_eq!(place.board_root, repo.root);
    assert_eq!(place.worktree.unwrap().root, repo.root.join("trees/inner"));
    assert_eq!(locate(&repo.root.join("trees"), None).unwrap().worktree.unwrap().root, repo.root);
}

#[test]
fn relative_links_between_worktrees_are_followed() {
    let repo = Repo::with(&["a"]);
    repo.git(&["worktree", "add", "-q", "../linked"]);
    let linked = repo.around.path("linked");
    fs::write(linked.join(".git"), "gitdir: ../repo/.git/worktrees/linked\n").unwrap();
    fs::write(repo.root.join(".git/worktrees/linked/gitdir"), "../../../../linked/.git\n").unwrap();
    assert_eq!(locate(&linked, None).unwrap().board_root, repo.root);
    let inside = locate(&repo.root.join(".git/worktrees/linked"), None).unwrap();
    assert_eq!(inside.worktree.unwrap().root, linked);
}

#[test]
fn inside_the_git_directory_the_main_worktree_counts() {
    let repo = Repo::with(&["a"]);
    let place = locate(&repo.root.join(".git/hooks"), None);
    // `git init` makes the folder from a template, which a system may not have.
    let place = place.unwrap_or_else(|_| locate(&repo.root.join(".git"), None).unwrap());
    assert_eq!((place.board_root, place.worktree.unwrap().root), (repo.root.clone(), repo.root.clone()));
}

#[test]
fn a_bare_repository_keeps_its_board_inside() {
    let folder = Folder::new();
    git(&folder.root, &["init", "-q", "--bare", "shared.git"]);
    let bare = folder.path("shared.git");
    for inside in [bare.clone(), bare.join("refs")] {
        let place = locate(&inside, None).unwrap();
        assert_eq!(place.board_root, bare);
        assert_eq!(place.worktree, None);
        assert_eq!(place.common_dir.as_deref(), Some(bare.as_path()));
        assert_eq!(place.state_dir().unwrap(), bare.join("remit"));
    }
}

#[test]
fn worktrees_around_a_bare_repository_meet_beside_it_or_inside() {
    for (name, inside) in [(".git", false), (".bare", false), ("code.git", true)] {
        let repo = Repo::with(&["a"]);
        let project = repo.around.path("project");
        fs::create_dir(&project).unwrap();
        git(&project, &["clone", "-q", "--bare", "../repo", name]);
        if name == ".bare" {
            fs::write(project.join(".git"), "gitdir: ./.bare\n").unwrap();
        }
        git(&project.join(name), &["worktree", "add", "-q", "../tree", "main"]);
        let expected = if inside { project.join(name) } else { project.clone() };
        let place = locate(&project.join("tree"), None).unwrap();
        assert_eq!(place.board_root, expected, "{name}");
        assert_eq!(place.worktree.unwrap().root, project.join("tree"));
        if !inside {
            let above = locate(&project, None).unwrap();
            assert_eq!((above.board_root, above.worktree), (expected, None), "{name}");
        }
    }
}

#[test]
fn a_submodule_is_a_repository_of_its_own() {
    let library = Repo::with(&["lib.rs"]);
    let repo = Repo::with(&["a"]);
    repo.git(&["submodule", "add", "-q", library.root.to_str().unwrap(), "vendor/lib"]);
    let inside = repo.root.join("vendor/lib");
    let place = locate(&inside, None).unwrap();
    assert_eq!((&place.board_root, &place.worktree.unwrap().root), (&inside, &inside));
    git(&inside, &["worktree", "add", "-q", "../lib-linked"]);
    assert_eq!(locate(&repo.root.join("vendor/lib-linked"), None).unwrap().board_root, inside);
}

#[test]
fn a_separate_git_directory_is_found_from_its_worktree_and_refused_from_linked_ones() {
    let folder = Folder::new();
    git(&folder.root, &["init", "-q", "-b", "main", "--separate-git-dir", "store", "work"]);
    let work = folder.path("work");
    configure(&work);
    git(&work, &["commit", "-q", "--allow-empty", "-m", "Start"]);
    git(&work, &["worktree", "add", "-q", "../linked"]);
    assert_eq!(locate(&work, None).unwrap().board_root, work);
    let linked = folder.path("linked");
    assert!(matches!(locate(&linked, None), Err(WorktreeError::MainWorktreeUnknown(_))));
    git(&work, &["config", "core.worktree", work.to_str().unwrap()]);
    assert_eq!(locate(&linked, None).unwrap().board_root, work);
}

#[test]
fn outside_git_the_nearest_board_upwards_counts_else_the_folder() {
    let folder = Folder::new();
    let deep = folder.path("a/b/c");
    fs::create_dir_all(&deep).unwrap();
    let place = locate(&deep, None).unwrap();
    assert_eq!((&place.board_root, &place.common_dir), (&deep, &None));
    assert_eq!(place.worktree.unwrap().root, deep);
    board(&folder.path("a"));
    let place = locate(&deep, None).unwrap();
    assert_eq!(place.board_root, folder.path("a"));
    assert_eq!(place.worktree.as_ref().unwrap().root, folder.path("a"));
    let state = place.state_dir().unwrap();
    assert!(state.starts_with(std::env::var_os("HOME").unwrap()), "{}", state.display());
    assert_ne!(locate(&folder.root, None).unwrap().state_dir().unwrap(), state);
}

#[test]
fn project_root_locates_the_board_and_leaves_changes_to_the_current_worktree() {
    let repo = Repo::with(&["a"]);
    repo.git(&["worktree", "add", "-q", "../linked"]);
    let linked = repo.around.path("linked");
    let place = locate(&linked, Some(&repo.root)).unwrap();
    assert_eq!((&place.board_root, &place.worktree.unwrap().root), (&repo.root, &linked));
}

#[test]
fn project_root_of_another_repository_brings_its_own_worktree() {
    let (mine, theirs) = (Repo::with(&["a"]), Repo::with(&["b"]));
    let place = locate(&mine.root, Some(&theirs.root)).unwrap();
    assert_eq!((&place.board_root, &place.worktree.unwrap().root), (&theirs.root, &theirs.root));
}

#[test]
fn project_root_outside_git_brings_no_repository() {
    let (mine, plain) = (Repo::with(&["a"]), Folder::new());
    let place = locate(&mine.root, Some(&plain.root)).unwrap();
    assert_eq!((&place.board_root, &place.common_dir), (&plain.root, &None));
    assert_eq!(place.worktree.unwrap().root, plain.root);
}

#[test]
fn a_folder_with_its_own_board_is_its_own_place_inside_a_repository() {
    let repo = Repo::with(&["part/a"]);
    board(&repo.root.join("part"));
    let place = locate(&repo.root.join("part"), None).unwrap();
    assert_eq!(place.board_root, repo.root.join("part"));
    assert_eq!(place.worktree.unwrap().root, repo.root);
    assert_eq!(locate(&repo.root, Some("part".as_ref())).unwrap().board_root, repo.root.join("part"));
    assert_eq!(locate(&repo.root, None).unwrap().board_root, repo.root);
}

#[test]
fn a_broken_link_and_a_missing_folder_are_said_in_a_sentence() {
    let folder = Folder::new();
    fs::write(folder.path(".git"), "gitdir: /nowhere/at/all\n").unwrap();
    let error = locate(&folder.root, None).unwrap_err();
    assert!(matches!(error, WorktreeError::BrokenGitFile { .. }));
    assert!(error.to_string().contains("/nowhere/at/all"));
    let error = locate(&folder.root, Some("absent".as_ref())).unwrap_err();
    assert!(matches!(error, WorktreeError::NoSuchFolder(_)));
}

#[test]
fn a_broken_repository_here_does_not_hide_a_board_named_elsewhere() {
    let (broken, repo) = (Folder::new(), Repo::with(&["a"]));
    fs::write(broken.path(".git"), "gitdir: /nowhere\n").unwrap();
    assert_eq!(locate(&broken.root, Some(&repo.root)).unwrap().board_root, repo.root);
}

#[test]
fn paths_are_written_from_the_root_wherever_they_are_named() {
    let repo = Repo::with(&["src/a.rs"]);
    let worktree = repo.worktree();
    let src = repo.root.join("src");
    assert_eq!(worktree.project_path(&src, "a.rs".as_ref()).unwrap(), path("src/a.rs"));
    assert_eq!(worktree.project_path(&src, "../new/./b.rs".as_ref()).unwrap(), path("new/b.rs"));
    assert_eq!(worktree.project_path("/".as_ref(), &src).unwrap(), path("src"));
    let refused = |named: &str| worktree.project_path(&src, named.as_ref()).unwrap_err();
    assert!(matches!(refused("../../other"), WorktreeError::OutsideProject { .. }));
    assert!(matches!(refused(".."), WorktreeError::ProjectRoot(_)));
    assert!(matches!(refused("a\nb"), WorktreeError::Path(_)));
}

#[cfg(unix)]
#[test]
fn links_are_resolved_inside_the_project_and_never_out_of_it() {
    use std::os::unix::fs::symlink;
    let repo = Repo::with(&["src/a.rs"]);
    let outside = repo.around.path("outside");
    fs::create_dir(&outside).unwrap();
    symlink("src", repo.root.join("inner")).unwrap();
    symlink(&outside, repo.root.join("outer")).unwrap();
    symlink(&repo.root, repo.around.path("alias")).unwrap();
    let worktree = repo.worktree();
    let of = |named: &str| worktree.project_path(&repo.root, named.as_ref());
    assert_eq!(of("inner/a.rs").unwrap(), path("src/a.rs"));
    assert_eq!(of("inner").unwrap(), path("inner"));
    assert!(matches!(of("outer/x"), Err(WorktreeError::OutsideProject { .. })));
    assert_eq!(of("outer").unwrap(), path("outer"));
    assert_eq!(of("../alias/src/a.rs").unwrap(), path("src/a.rs"));
    assert_eq!(locate(&repo.around.path("alias"), None).unwrap().board_root, repo.root);
}
