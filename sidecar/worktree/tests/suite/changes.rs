//! What lies in the work tree and the index.

use std::fs;

use remit_worktree::{changes, locate};

use crate::support::{Folder, Repo, git, shown, write};

#[test]
fn every_kind_of_change() {
    let repo = Repo::with(&[
        "deleted",
        "edited",
        "moved",
        "staged",
        "staged_and_edited",
        "still",
        "unstaged_delete",
    ]);
    repo.git(&["rm", "-q", "deleted"]);
    repo.write("edited", "new text\n");
    repo.git(&["mv", "moved", "renamed"]);
    repo.write("staged", "new text\n");
    repo.write("staged_and_edited", "first\n");
    repo.write("added", "text\n");
    repo.git(&["add", "staged", "staged_and_edited", "added"]);
    repo.write("staged_and_edited", "second\n");
    repo.write("folder/untracked", "text\n");
    repo.write("intended", "text\n");
    repo.git(&["add", "-N", "intended"]);
    repo.remove("unstaged_delete");
    repo.git(&["rm", "-q", "--cached", "still"]);
    repo.expect(&[
        "added Added staged",
        "deleted Deleted staged",
        "edited Modified unstaged",
        "folder/untracked Untracked unstaged",
        "intended Added unstaged",
        "moved Deleted staged",
        "renamed Added staged",
        "staged Modified staged",
        "staged_and_edited Modified staged unstaged",
        "still Untracked staged unstaged",
        "unstaged_delete Deleted unstaged",
    ]);
}

#[test]
fn a_clean_tree_and_ignored_files_are_no_change() {
    let repo = Repo::with(&["a"]);
    repo.write(".gitignore", "target/\n*.log\n");
    repo.commit("Ignore");
    repo.write("target/out", "");
    repo.write("deep/x.log", "");
    repo.write(".git/info/exclude", "private\n");
    repo.write("private", "");
    repo.expect(&[]);
}

#[test]
fn without_commits() {
    let repo = Repo::new();
    repo.expect(&[]);
    repo.write("staged", "");
    repo.git(&["add", "staged"]);
    repo.write("loose", "");
    repo.expect(&["loose Untracked unstaged", "staged Added staged"]);
}

#[test]
fn outside_git_nothing_is_compared() {
    let folder = Folder::new();
    fs::write(folder.path("a"), "").unwrap();
    let worktree = locate(&folder.root, None).unwrap().worktree.unwrap();
    assert_eq!(shown(&changes(&worktree).unwrap()), Vec::<String>::new());
}

#[test]
fn from_a_subfolder_paths_are_still_the_roots() {
    let repo = Repo::with(&["sub/a"]);
    repo.write("sub/a", "new text\n");
    let worktree = locate(&repo.root.join("sub"), None).unwrap().worktree.unwrap();
    assert_eq!(shown(&changes(&worktree).unwrap()), ["sub/a Modified unstaged"]);
}

#[test]
fn the_board_is_never_anybodys_change() {
    let repo = Repo::with(&["part/a"]);
    repo.write("project-plan/state.json", "");
    repo.write("project-planning.md", "");
    repo.git(&["add", "-f", "project-plan"]);
    repo.expect(&["project-planning.md Untracked unstaged"]);
    repo.write("part/project-plan/coordination.db", "");
    let own = locate(&repo.root.join("part"), None).unwrap().worktree.unwrap();
    assert_eq!(shown(&changes(&own).unwrap()), ["project-planning.md Untracked unstaged"]);
}

#[test]
fn nested_worktrees_are_never_anybodys_change_and_other_repositories_are_one_path() {
    let repo = Repo::with(&["a"]);
    repo.git(&["worktree", "add", "-q", "trees/inner"]);
    repo.write("trees/inner/new", "");
    repo.write("trees/note", "");
    git(&repo.root, &["init", "-q", "clone"]);
    repo.write("clone/file", "");
    repo.expect(&["clone Untracked unstaged", "trees/note Untracked unstaged"]);
    repo.git(&["-c", "advice.addEmbeddedRepo=false", "add", "trees/inner"]);
    repo.expect(&["clone Untracked unstaged", "trees/note Untracked unstaged"]);
}

#[test]
fn a_submodule_is_one_path() {
    let library = Repo::with(&["lib.rs"]);
    let repo = Repo::with(&["a"]);
    repo.git(&["submodule", "add", "-q", library.root.to_str().unwrap(), "vendor/lib"]);
    repo.commit("Add a submodule");
    repo.expect(&[]);
    repo.write("vendor/lib/lib.rs", "edited\n");
    repo.write("vendor/lib/other.rs", "");
    repo.expect(&["vendor/lib Modified unstaged"]);
}

#[cfg(unix)]
#[test]
fn links_are_paths_and_are_not_followed() {
    let repo = Repo::with(&["a"]);
    let outside = repo.around.path("outside");
    write(&outside.join("secret"), "");
    std::os::unix::fs::symlink(&outside, repo.root.join("link")).unwrap();
    repo.expect(&["link Untracked unstaged"]);
    repo.commit("Add a link");
    write(&outside.join("more"), "");
    repo.expect(&[]);
}

#[test]
fn files_outside_a_sparse_checkout_are_not_deleted() {
    let repo = Repo::with(&["in/a", "out/b"]);
    repo.git(&["sparse-checkout", "set", "--cone", "in"]);
    assert!(!repo.root.join("out/b").exists());
    repo.write("in/a", "new text\n");
    repo.expect(&["in/a Modified unstaged"]);
    repo.git(&["sparse-checkout", "set", "--cone", "--sparse-index", "in"]);
    repo.expect(&["in/a Modified unstaged"]);
}

#[test]
fn odd_names_are_read_and_unownable_ones_are_told() {
    let repo = Repo::with(&["a"]);
    for name in ["with space", "quo\"te", "back\\slash", "ümläut", "-dash", ":colon", "[id]"] {
        repo.write(name, "");
    }
    repo.write("line\nbreak", "");
    repo.expect(&[
        "-dash Untracked unstaged",
        ":colon Untracked unstaged",
        "[id] Untracked unstaged",
        "back\\slash Untracked unstaged",
        "quo\"te Untracked unstaged",
        "with space Untracked unstaged",
        "ümläut Untracked unstaged",
    ]);
    assert_eq!(repo.changes().unreadable, ["line\nbreak"]);
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_not_utf8_are_told() {
    use std::os::unix::ffi::OsStrExt;
    let repo = Repo::with(&["a"]);
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9");
    fs::write(repo.root.join(name), "").unwrap();
    assert_eq!(repo.changes().unreadable, ["caf\u{fffd}"]);
    repo.git(&["add", "-A"]);
    assert_eq!(repo.changes().unreadable, ["caf\u{fffd}"]);
    assert_eq!(repo.changes().list, []);
}

#[test]
fn a_file_that_became_a_folder_and_back() {
    let repo = Repo::with(&["a", "b/c"]);
    repo.remove("a");
    repo.write("a/inside", "");
    repo.remove("b");
    repo.write("b", "");
    repo.expect(&[
        "a Deleted unstaged",
        "a/inside Untracked unstaged",
        "b Untracked unstaged",
        "b/c Deleted unstaged",
    ]);
}

#[test]
fn the_users_own_settings_change_nothing() {
    let repo = Repo::with(&["moved", "sub/x"]);
    for setting in [
        "status.showUntrackedFiles=no",
        "status.branch=true",
        "status.renames=copies",
        "diff.renames=copies",
        "diff.relative=true",
        "core.quotePath=true",
        "color.ui=always",
        "status.short=true",
    ] {
        let (name, value) = setting.split_once('=').unwrap();
        repo.git(&["config", name, value]);
    }
    repo.git(&["mv", "moved", "renamed"]);
    repo.write("sub/ü", "");
    repo.expect(&["moved Deleted staged", "renamed Added staged", "sub/ü Untracked unstaged"]);
}

#[test]
fn a_damaged_head_is_an_error_and_no_clean_tree() {
    let repo = Repo::with(&["a"]);
    let worktree = repo.worktree();
    repo.write(".git/HEAD", "garbage\n");
    assert!(changes(&worktree).is_err());
}

#[test]
fn a_removed_worktree_is_an_error_that_names_it() {
    let repo = Repo::with(&["a"]);
    repo.git(&["worktree", "add", "-q", "../linked"]);
    let linked = repo.around.path("linked");
    let worktree = locate(&linked, None).unwrap().worktree.unwrap();
    fs::remove_dir_all(&linked).unwrap();
    let error = changes(&worktree).unwrap_err().to_string();
    assert!(error.contains("linked"), "{error}");
}
