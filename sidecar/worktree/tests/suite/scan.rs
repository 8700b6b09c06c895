use remit_worktree::{locate, scan};

use crate::support::{Folder, Repo, git, paths, write};

#[test]
fn files_packages_and_entry_files() {
    let repo = Repo::with(&[
        "Cargo.toml",
        "crates/core/Cargo.toml",
        "crates/core/src/lib.rs",
        "crates/core/src/net/mod.rs",
        "crates/core/src/net/tcp.rs",
        "py/app/__init__.py",
        "py/pyproject.toml",
    ]);
    repo.write("web/package.json", r#"{"main": "./dist/start.js", "module": "../escape.js"}"#);
    repo.write("web/dist/start.js", "");
    repo.write("odd/package.json", "not json");
    let scan = scan(&repo.worktree());
    let folders: Vec<_> = scan.packages.iter().map(|package| package.folder.as_str()).collect();
    assert_eq!(folders, ["crates/core", "odd", "py", "web"]);
    assert_eq!(
        scan.entry_files,
        paths(&[
            "crates/core/src/lib.rs",
            "crates/core/src/net/mod.rs",
            "py/app/__init__.py",
            "web/dist/start.js"
        ])
    );
    assert_eq!(scan.files.len(), 10);
    assert!(scan.files.is_sorted());
}

#[cfg(unix)]
#[test]
fn what_is_not_the_projects_own_is_left_out() {
    let repo = Repo::with(&["src/main.rs", ".github/ci.yml"]);
    repo.write(".gitignore", "target/\n");
    repo.write("target/main.rs", "");
    repo.write("project-plan/main.rs", "");
    git(&repo.root, &["init", "-q", "clone"]);
    repo.write("clone/main.rs", "");
    repo.git(&["worktree", "add", "-q", "trees/inner"]);
    write(&repo.around.path("outside/main.rs"), "");
    std::os::unix::fs::symlink("../outside", repo.root.join("link")).unwrap();
    assert_eq!(scan(&repo.worktree()).files, paths(&[".github/ci.yml", ".gitignore", "link", "src/main.rs"]));
}

/// A worktree in a folder that the main one ignores is whole.
#[test]
fn rules_above_the_root_do_not_reach_in() {
    let repo = Repo::with(&["a"]);
    repo.write(".gitignore", "trees/\n*\n");
    repo.git(&["worktree", "add", "-q", "trees/inner"]);
    let inner = locate(&repo.root.join("trees/inner"), None).unwrap().worktree.unwrap();
    assert_eq!(scan(&inner).files, paths(&["a"]));
}

#[test]
fn outside_git_the_rules_hold_too() {
    let folder = Folder::new();
    write(&folder.path(".gitignore"), "out/\n");
    write(&folder.path("out/x"), "");
    write(&folder.path("main.go"), "");
    let worktree = locate(&folder.root, None).unwrap().worktree.unwrap();
    assert_eq!(scan(&worktree).entry_files, paths(&["main.go"]));
    assert_eq!(scan(&worktree).files, paths(&[".gitignore", "main.go"]));
}
