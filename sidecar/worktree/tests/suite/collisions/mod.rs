//! Collisions of real worktrees, from one room to the next: on which lines, in the next commit, between windows, while an
//! operation is under way, what only hints at one, and all of it held to `git merge`.

mod by_git;
mod cases;
mod hints;
mod lines;
mod next_commit;
mod under_way;
mod windows;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use remit_board::path::ProjectPath;
use remit_board::reply::LineRange;
use remit_worktree::{Collider, Collision, Side, Unsaved, Worktree, changes, locate};

use crate::support::{Repo, configure, git, try_git, write};

type Texts = BTreeMap<ProjectPath, Unsaved>;

struct Two {
    repo: Repo,
    there: PathBuf,
}

impl Two {
    /// This side on `ours` in the main worktree, the other on `theirs` in a linked one, `main` left where both began.
    fn with(files: &[(&str, &str)]) -> Self {
        let repo = Repo::new();
        files.iter().for_each(|(name, text)| repo.write(name, text));
        repo.commit("Start");
        repo.git(&["checkout", "-q", "-b", "ours"]);
        let there = repo.around.path("there");
        repo.git(&["worktree", "add", "-q", "-b", "theirs", there.to_str().unwrap(), "main"]);
        configure(&there);
        Self { repo, there }
    }

    fn theirs(&self) -> Worktree {
        locate(&self.there, None).unwrap().worktree.unwrap()
    }

    fn collisions(&self, unsaved: &Texts, their_unsaved: &Texts) -> Vec<Collision> {
        let (ours, theirs) = (self.repo.worktree(), self.theirs());
        let mut paths: BTreeSet<ProjectPath> =
            changes(&ours).unwrap().list.into_iter().map(|change| change.path).collect();
        paths.extend(unsaved.keys().cloned());
        let paths: Vec<ProjectPath> = paths.into_iter().collect();
        let ours = Side { worktree: &ours, unsaved, staged: None };
        let theirs = Side { worktree: &theirs, unsaved: their_unsaved, staged: None };
        let mut collider = Collider::new(ours.worktree);
        let found = collider.collisions(ours, &paths, theirs).unwrap();
        assert_eq!(
            collider.collisions(ours, &paths, theirs).unwrap(),
            found,
            "what is remembered says the same"
        );
        found
    }

    fn saved(&self) -> Vec<Collision> {
        self.collisions(&Texts::new(), &Texts::new())
    }

    /// The files that collide in what is saved.
    fn files(&self) -> Vec<String> {
        self.saved()
            .iter()
            .filter(|found| found.merges_at.is_none())
            .map(|found| found.path.to_string())
            .collect()
    }
}

/// Stops in the middle of `command third`, over the first of `files`: the branch `third` has changed them all.
fn stops(root: &Path, command: &[&str], files: &[&str]) {
    let branch = git(root, &["branch", "--show-current"]);
    let commit = |files: &[&str], text: &str| {
        files.iter().for_each(|name| write(&root.join(name), &format!("{text}\n")));
        git(root, &["commit", "-q", "-a", "-m", text]);
    };
    git(root, &["checkout", "-q", "-b", "third"]);
    commit(files, "third");
    git(root, &["checkout", "-q", branch.trim()]);
    commit(&files[..1], branch.trim());
    assert!(!try_git(root, &[command, &["third"]].concat()).0, "{command:?} stops");
}

fn range(start: u32, end: u32) -> LineRange {
    LineRange { start, end }
}

fn text(text: &str) -> Unsaved {
    Unsaved::Text(Arc::new(text.to_owned()))
}

#[test]
fn looking_leaves_no_trace_in_either_worktree() {
    let two = Two::with(&[("f", "one\ntwo\nthree\nfour\nfive\n")]);
    fs::rename(two.repo.root.join("f"), two.repo.root.join("g")).unwrap();
    write(&two.there.join("f"), "one\ntwo\n3\nfour\nfive\n");
    let state = || {
        let objects = git(&two.repo.root, &["count-objects", "-v"]);
        [&two.repo.root, &two.there].map(|root| git(root, &["status", "--porcelain"])).concat() + &objects
    };
    let before = state();
    two.repo.write("g", "one\ntwo\ndrei\nfour\nfive\n");
    let found = two.saved();
    assert_eq!((found[0].path.as_str(), found[0].clashes[0].ours), ("g", range(3, 3)));
    assert_eq!(state(), before);
}
