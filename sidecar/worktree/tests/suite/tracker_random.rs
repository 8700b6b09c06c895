//! Random histories of edits, folders, links, staging and commits: after each step the tracker, told only what a watcher of
//! files would tell, says what a full scan says.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use remit_worktree::ChangeTracker;

use crate::support::{Repo, paths, shown, try_git};

const FILES: [&str; 9] =
    ["a.txt", "b.txt", "d", "d/b.txt", "d/e/c.txt", "d/x.log", "out/y", "link", "link/z"];

const FOLDERS: [&str; 4] = ["d", "d/e", "out", "new"];

/// Some of the same size, so that only their bytes tell them apart; some that git converts.
const TEXTS: [&str; 6] = ["one\n", "two\n", "one\r\n", "a longer text\n", "", "$Id$"];

const RULES: [(&str, &str); 4] = [
    (".gitignore", "*.log\nout/\n"),
    (".gitignore", "!*.log\n"),
    (".gitattributes", "* text=auto\n"),
    ("d/.gitignore", "*\n"),
];

#[derive(Clone, Debug)]
enum Step {
    Write(&'static str, &'static str),
    Remove(&'static str),
    Rename(&'static str, &'static str),
    Link(&'static str, &'static str),
    Executable(&'static str, bool),
    Rule(usize),
    Git(Vec<&'static str>),
}

fn step() -> impl Strategy<Value = Step> {
    let file = || proptest::sample::select(&FILES[..]);
    let folder = || proptest::sample::select(&FOLDERS[..]);
    let git = move |before: &'static [&'static str]| {
        file().prop_map(move |file| Step::Git([before, &["--", file]].concat()))
    };
    let whole = proptest::sample::select(vec![
        vec!["add", "-A"],
        vec!["commit", "-q", "-m", "Step"],
        vec!["commit", "-q", "-a", "-m", "All"],
        vec!["reset", "-q", "--hard"],
        vec!["reset", "-q"],
        vec!["checkout", "-q", "-B", "feature"],
        vec!["checkout", "-q", "main"],
        vec!["stash", "-q"],
        vec!["update-index", "-q", "--refresh"],
    ]);
    prop_oneof![
        6 => (file(), proptest::sample::select(&TEXTS[..])).prop_map(|(file, text)| Step::Write(file, text)),
        2 => file().prop_map(Step::Remove),
        1 => folder().prop_map(Step::Remove),
        1 => (folder(), folder()).prop_map(|(from, to)| Step::Rename(from, to)),
        1 => (file(), file()).prop_map(|(from, to)| Step::Rename(from, to)),
        1 => (file(), folder()).prop_map(|(link, target)| Step::Link(link, target)),
        1 => (file(), any::<bool>()).prop_map(|(file, on)| Step::Executable(file, on)),
        1 => (0..RULES.len()).prop_map(Step::Rule),
        2 => git(&["add"]),
        1 => git(&["add", "-N"]),
        1 => git(&["rm", "-q", "--cached"]),
        1 => git(&["checkout", "-q"]),
        3 => whole.prop_map(Step::Git),
    ]
}

/// Takes the step and returns the paths that a watcher would name. Steps that can't be taken do nothing.
fn take(repo: &Repo, step: &Step) -> Vec<&'static str> {
    match step {
        Step::Write(file, text) => named(file, write_through(&repo.root, file, text)),
        Step::Remove(path) | Step::Executable(path, _) if is_behind_link(&repo.root, path) => Vec::new(),
        Step::Rename(from, to) if is_behind_link(&repo.root, from) || is_behind_link(&repo.root, to) => {
            Vec::new()
        }
        Step::Remove(path) => named(path, remove(&repo.root.join(path))),
        Step::Rename(from, to) if fs::rename(repo.root.join(from), repo.root.join(to)).is_ok() => {
            vec![from, to]
        }
        Step::Rename(..) => Vec::new(),
        Step::Link(link, target) => named(link, link_to(&repo.root.join(link), target)),
        Step::Executable(file, on) => named(file, set_executable(&repo.root.join(file), *on)),
        Step::Rule(rule) => named(RULES[*rule].0, write_through(&repo.root, RULES[*rule].0, RULES[*rule].1)),
        Step::Git(arguments) => run(repo, arguments),
    }
}

fn named(path: &'static str, done: bool) -> Vec<&'static str> {
    if done { vec![path] } else { Vec::new() }
}

/// Nothing happens through a link: what lies behind it has events of its own there.
fn is_behind_link(root: &Path, path: &str) -> bool {
    Path::new(path).ancestors().skip(1).any(|above| above != Path::new("") && root.join(above).is_symlink())
}

fn write_through(root: &Path, file: &str, text: &str) -> bool {
    let above = Path::new(file).parent().unwrap();
    let is_link = root.join(file).is_symlink();
    !is_link
        && !is_behind_link(root, file)
        && fs::create_dir_all(root.join(above)).is_ok()
        && fs::write(root.join(file), text).is_ok()
}

fn remove(path: &Path) -> bool {
    fs::remove_file(path).is_ok() || fs::remove_dir_all(path).is_ok()
}

#[cfg(unix)]
fn link_to(link: &Path, target: &str) -> bool {
    std::os::unix::fs::symlink(target, link).is_ok()
}

#[cfg(not(unix))]
fn link_to(_: &Path, _: &str) -> bool {
    false
}

#[cfg(unix)]
fn set_executable(file: &Path, on: bool) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let is_file = file.symlink_metadata().is_ok_and(|found| found.is_file());
    is_file && fs::set_permissions(file, fs::Permissions::from_mode(if on { 0o755 } else { 0o644 })).is_ok()
}

#[cfg(not(unix))]
fn set_executable(_: &Path, _: bool) -> bool {
    false
}

/// git may rewrite any file, and a watcher then names those.
fn run(repo: &Repo, arguments: &[&'static str]) -> Vec<&'static str> {
    try_git(&repo.root, arguments);
    let touches_files = ["reset", "checkout", "stash"].contains(&arguments[0]);
    if touches_files {
        [&FILES[..], &[".gitignore", ".gitattributes", "d/.gitignore"]].concat()
    } else {
        Vec::new()
    }
}

/// `PROPTEST_CASES` makes it longer.
fn config() -> ProptestConfig {
    let cases =
        if std::env::var_os("PROPTEST_CASES").is_some() { ProptestConfig::default().cases } else { 24 };
    ProptestConfig { cases, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn single_paths_lead_to_the_same_answer_as_a_full_scan(steps in proptest::collection::vec(step(), 1..14)) {
        let repo = Repo::with(&["a.txt", "d/b.txt", "d/e/c.txt"]);
        let mut tracker = ChangeTracker::start(repo.worktree()).unwrap();
        for (n, step) in steps.iter().enumerate() {
            let events = take(&repo, step);
            tracker.refresh_paths(&paths(&events)).unwrap();
            let full = repo.changes();
            prop_assert_eq!(shown(&tracker.changes()), shown(&full), "after step {} of {:?}", n, steps);
        }
    }
}
