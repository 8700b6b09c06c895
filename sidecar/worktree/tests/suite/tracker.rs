//! A tracker that hears of single paths answers as a full scan would.

use std::fs;

use remit_worktree::{ChangeTracker, SavedFiles, locate};

use crate::support::{Folder, Repo, git, path, paths, shown, try_git, write};

struct Tracked {
    repo: Repo,
    tracker: ChangeTracker,
}

impl Tracked {
    fn new(repo: Repo) -> Self {
        let tracker = ChangeTracker::start(repo.worktree()).unwrap();
        Self { repo, tracker }
    }

    /// Tells the tracker of these paths; fails unless it then says what a full scan says. Returns whether it was news.
    #[track_caller]
    fn hears(&mut self, named: &[&str]) -> bool {
        let news = self.tracker.refresh_paths(&paths(named)).unwrap();
        self.agrees();
        news
    }

    #[track_caller]
    fn agrees(&self) {
        let full = self.repo.changes();
        assert_eq!(shown(&self.tracker.changes()), shown(&full));
        assert_eq!(self.tracker.changes(), full);
    }
}

#[test]
fn saving_undoing_and_deleting_a_file() {
    let mut tracked = Tracked::new(Repo::with(&["a", "deep/b"]));
    tracked.repo.write("a", "other size\n");
    assert!(tracked.hears(&["a"]));
    assert!(!tracked.hears(&["a"]));
    tracked.repo.write("a", "b\n");
    assert!(!tracked.hears(&["a"]), "modified it was before, too");
    tracked.repo.write("a", "a\n");
    assert!(tracked.hears(&["a"]));
    tracked.repo.remove("deep");
    assert!(tracked.hears(&["deep"]));
    assert_eq!(shown(&tracked.tracker.changes()), ["deep/b Deleted unstaged"]);
}

#[test]
fn new_ignored_and_vanished_files() {
    let mut tracked = Tracked::new(Repo::with(&["a"]));
    tracked.repo.write(".gitignore", "*.log\nout/\n");
    assert!(tracked.hears(&[".gitignore"]));
    tracked.repo.write("new", "");
    tracked.repo.write("x.log", "");
    tracked.repo.write("out/deep/y", "");
    assert!(tracked.hears(&["new", "x.log", "out", "out/deep", "out/deep/y"]));
    tracked.repo.remove("new");
    assert!(tracked.hears(&["new"]));
    tracked.repo.remove(".gitignore");
    assert!(tracked.hears(&[".gitignore"]));
    assert_eq!(shown(&tracked.tracker.changes()).len(), 2);
}

#[test]
fn rules_count_unless_their_folder_is_ignored() {
    let mut tracked = Tracked::new(Repo::with(&["a"]));
    tracked.repo.write(".gitignore", "node_modules/\n");
    assert!(tracked.hears(&[".gitignore"]));
    tracked.repo.write("node_modules/x/.gitignore", "");
    // Not heard of, and so found by a scan only.
    tracked.repo.write("unheard", "");
    assert!(!tracked.tracker.refresh_paths(&paths(&["node_modules/x/.gitignore"])).unwrap());
    tracked.repo.write("new/x", "");
    assert!(tracked.hears(&["new", "unheard"]));
    tracked.repo.write("new/.gitignore", "*\n");
    assert!(tracked.hears(&["new/.gitignore"]), "it ignores itself, too");
}

#[test]
fn folders_made_renamed_and_replaced() {
    let mut tracked = Tracked::new(Repo::with(&["old/a", "old/deep/b", "file"]));
    let root = tracked.repo.root.clone();
    fs::rename(root.join("old"), root.join("new")).unwrap();
    assert!(tracked.hears(&["old", "new"]));
    assert_eq!(tracked.tracker.changes().list.len(), 4);
    fs::rename(root.join("new"), root.join("old")).unwrap();
    assert!(tracked.hears(&["new", "old"]));
    assert_eq!(tracked.tracker.changes().list, []);
    tracked.repo.remove("file");
    tracked.repo.write("file/inside", "");
    assert!(tracked.hears(&["file/inside"]), "the event for the file itself may be lost");
    tracked.repo.write("fresh/x/y", "");
    assert!(tracked.hears(&["fresh"]));
}

#[test]
fn staging_committing_and_switching_are_noticed_without_an_event_for_their_files() {
    let mut tracked = Tracked::new(Repo::with(&["a", "b"]));
    tracked.repo.write("a", "new text\n");
    assert!(tracked.hears(&["a"]));
    tracked.repo.git(&["add", "a"]);
    assert!(tracked.tracker.head_or_index_changed().unwrap());
    tracked.agrees();
    tracked.repo.git(&["checkout", "-q", "-b", "feature"]);
    tracked.repo.git(&["commit", "-q", "-m", "Work"]);
    assert!(tracked.hears(&[]));
    assert_eq!(shown(&tracked.tracker.changes()), ["a Modified committed"]);
    tracked.repo.git(&["branch", "-f", "main"]);
    assert!(tracked.tracker.head_or_index_changed().unwrap());
    assert_eq!(tracked.tracker.changes().list, []);
}

#[test]
fn rules_that_lie_in_gits_directory_are_noticed() {
    let mut tracked = Tracked::new(Repo::with(&["a"]));
    tracked.repo.write("private", "");
    assert!(tracked.hears(&["private"]));
    tracked.repo.write(".git/info/exclude", "private\n");
    assert!(tracked.tracker.head_or_index_changed().unwrap());
    tracked.agrees();
    assert_eq!(tracked.tracker.changes().list, []);
    tracked.repo.git(&["config", "core.fileMode", "false"]);
    tracked.repo.git(&["update-index", "--chmod=+x", "a"]);
    tracked.tracker.head_or_index_changed().unwrap();
    tracked.agrees();
}

/// git rewrites its index only to remember when files were last seen, for instance at every `git status` of an editor.
#[test]
fn an_index_that_says_the_same_costs_no_scan() {
    let mut tracked = Tracked::new(Repo::with(&["a", "b"]));
    tracked.repo.write("b", "new text\n");
    try_git(&tracked.repo.root, &["update-index", "-q", "--refresh", "--force-write-index"]);
    assert!(!tracked.tracker.head_or_index_changed().unwrap());
    assert_eq!(tracked.tracker.changes().list, [], "no scan, so nothing is known of b yet");
    assert!(tracked.hears(&["b"]));
}

#[test]
fn line_endings_and_filters_are_git_s_to_judge() {
    let repo = Repo::new();
    repo.write(".gitattributes", "*.txt text\n*.up filter=up\n");
    repo.git(&["config", "filter.up.clean", "tr a-z A-Z"]);
    repo.write("a.txt", "one\r\ntwo\r\n");
    repo.write("b.up", "SHOUT\n");
    repo.commit("Start");
    let mut tracked = Tracked::new(repo);
    tracked.repo.write("b.up", "shout\n");
    assert!(!tracked.hears(&["b.up"]), "the filter makes it the same");
    tracked.repo.write("a.txt", "one\r\ntwo\r\n");
    assert!(!tracked.hears(&["a.txt"]), "saved again, and stored without the carriage returns as before");
    tracked.repo.write("a.txt", "one\r\nTWO\r\n");
    assert!(tracked.hears(&["a.txt"]));
}

#[cfg(unix)]
#[test]
fn modes_links_and_what_lies_behind_them() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let mut tracked = Tracked::new(Repo::with(&["a", "folder/b"]));
    let root = tracked.repo.root.clone();
    fs::set_permissions(root.join("a"), fs::Permissions::from_mode(0o755)).unwrap();
    assert!(tracked.hears(&["a"]));
    fs::set_permissions(root.join("a"), fs::Permissions::from_mode(0o600)).unwrap();
    assert!(tracked.hears(&["a"]));
    tracked.repo.remove("a");
    symlink("folder/b", root.join("a")).unwrap();
    assert!(tracked.hears(&["a"]));
    let outside = tracked.repo.around.path("outside");
    write(&outside.join("b"), "");
    tracked.repo.remove("folder");
    symlink(&outside, root.join("folder")).unwrap();
    assert!(tracked.hears(&["folder/b"]));
    assert_eq!(
        shown(&tracked.tracker.changes())[1..],
        ["folder Untracked unstaged", "folder/b Deleted unstaged"]
    );
}

#[test]
fn nested_worktrees_other_repositories_and_submodules() {
    let library = Repo::with(&["lib.rs"]);
    let repo = Repo::with(&["a"]);
    repo.git(&["submodule", "add", "-q", library.root.to_str().unwrap(), "sub"]);
    repo.commit("Add a submodule");
    let mut tracked = Tracked::new(repo);
    tracked.repo.git(&["worktree", "add", "-q", "trees/inner"]);
    assert!(!tracked.hears(&["trees", "trees/inner", "trees/inner/a", "trees/inner/.git"]));
    git(&tracked.repo.root, &["init", "-q", "clone"]);
    tracked.repo.write("clone/x", "");
    assert!(tracked.hears(&["clone/x"]));
    tracked.repo.remove("clone/.git");
    assert!(tracked.hears(&["clone/.git/HEAD"]));
    assert_eq!(shown(&tracked.tracker.changes()), ["clone/x Untracked unstaged"]);
    tracked.repo.write("sub/lib.rs", "edited\n");
    assert!(tracked.hears(&["sub/lib.rs"]));
    assert_eq!(shown(&tracked.tracker.changes())[1..], ["sub Modified unstaged"]);
}

#[test]
fn a_merge_begins_and_ends() {
    let repo = Repo::with(&["a", "b"]);
    repo.git(&["checkout", "-q", "-b", "other"]);
    repo.write("a", "theirs\n");
    repo.write("b", "theirs\n");
    repo.commit("Theirs");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("a", "mine\n");
    repo.commit("Mine");
    repo.write("loose", "");
    let mut tracked = Tracked::new(repo);
    assert!(!try_git(&tracked.repo.root, &["merge", "other"]).0);
    assert!(tracked.hears(&["a", "b"]));
    assert_eq!(shown(&tracked.tracker.changes()), ["a Conflicted conflicted"]);
    tracked.repo.write("a", "still with marks\n");
    assert!(!tracked.hears(&["a"]));
    tracked.repo.git(&["merge", "--abort"]);
    assert!(tracked.hears(&["a"]));
    assert_eq!(shown(&tracked.tracker.changes()), ["loose Untracked unstaged"]);
}

#[test]
fn a_sparse_checkout() {
    let repo = Repo::with(&["in/a", "out/b"]);
    repo.git(&["sparse-checkout", "set", "--cone", "in"]);
    let mut tracked = Tracked::new(repo);
    assert!(!tracked.hears(&["out/b", "out"]));
    tracked.repo.write("out/b", "here it is\n");
    assert!(tracked.hears(&["out/b"]));
    // libgit2 can't read an index that leaves out whole folders.
    tracked.repo.remove("out");
    tracked.repo.git(&["sparse-checkout", "set", "--cone", "--sparse-index", "in"]);
    tracked.tracker.head_or_index_changed().unwrap();
    tracked.agrees();
    tracked.repo.write("in/a", "new text\n");
    assert!(tracked.hears(&["in/a"]));
    tracked.repo.git(&["add", "in/a"]);
    assert!(tracked.hears(&[]));
}

#[test]
fn the_board_and_git_itself_are_no_paths_of_the_project() {
    let mut tracked = Tracked::new(Repo::with(&["a"]));
    tracked.repo.write("project-plan/state.json", "");
    tracked.repo.write(".git/anything", "");
    assert!(!tracked.hears(&["project-plan", "project-plan/state.json", ".git", ".git/anything"]));
}

#[test]
fn a_hundred_new_folders_at_once() {
    let mut tracked = Tracked::new(Repo::with(&["a"]));
    let folders: Vec<String> = (0..100).map(|n| format!("new{n}")).collect();
    folders.iter().for_each(|folder| tracked.repo.write(&format!("{folder}/x"), ""));
    let named: Vec<&str> = folders.iter().map(String::as_str).collect();
    assert!(tracked.hears(&named));
    assert_eq!(tracked.tracker.changes().list.len(), 100);
}

#[test]
fn a_repository_without_commits_gets_its_first() {
    let mut tracked = Tracked::new(Repo::new());
    tracked.repo.write("a", "");
    assert!(tracked.hears(&["a"]));
    tracked.repo.git(&["add", "a"]);
    assert!(tracked.hears(&[]));
    tracked.repo.commit("Start");
    assert!(tracked.hears(&[]));
    assert_eq!(tracked.tracker.changes().list, []);
}

#[test]
fn a_tracker_can_move_to_a_worker_thread() {
    let tracked = Tracked::new(Repo::with(&["a"]));
    let mut tracker = tracked.tracker;
    let handle = std::thread::spawn(move || tracker.rescan().unwrap());
    assert!(!handle.join().unwrap());
}

#[test]
fn outside_git_what_was_saved_is_what_changed() {
    let folder = Folder::new();
    fs::write(folder.path("a"), "").unwrap();
    let worktree = locate(&folder.root, None).unwrap().worktree.unwrap();
    let mut tracker = ChangeTracker::start(worktree.clone()).unwrap();
    assert_eq!(tracker.changes().list, []);
    assert!(tracker.refresh_paths(&paths(&["a", "gone", "project-plan/x"])).unwrap());
    assert!(!tracker.refresh_paths(&paths(&["a"])).unwrap());
    assert_eq!(shown(&tracker.changes()), ["a Modified unstaged", "gone Deleted unstaged"]);
    let mut saved = SavedFiles::default();
    assert!(saved.note(&worktree, &path("a")));
    assert!(saved.forget(&path("a")));
    assert_eq!(saved.changes().list, []);
}
