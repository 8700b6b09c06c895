//! Collisions of real worktrees, held to what `git merge` says once everything is saved and committed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use fastrand::Rng;
use remit_board::path::ProjectPath;
use remit_board::reply::LineRange;
use remit_worktree::{
    Clash, Collider, Collision, Layer, Side, Staged, Unsaved, Worktree, changes, edits, locate,
    staged_changes,
};

use crate::edits::{self as texts, Pair};
use crate::support::{Repo, configure, git, path, try_git, write};

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

    /// Where the next commit would collide, each file with its first lines.
    fn staged(&self) -> Vec<(String, Option<LineRange>)> {
        let (ours, theirs) = (self.repo.worktree(), self.theirs());
        let changes = staged_changes(&ours, None).unwrap().list;
        let paths: Vec<ProjectPath> = changes.into_iter().map(|change| change.path).collect();
        let staged = Staged::of(&ours, None, &paths).unwrap();
        let none = Texts::new();
        let mine = Side { worktree: &ours, unsaved: &none, staged: Some(&staged) };
        let theirs = Side { worktree: &theirs, unsaved: &none, staged: None };
        let found = Collider::new(&ours).collisions(mine, &paths, theirs).unwrap();
        let first = |one: &Collision| one.clashes.first().map(|clash| clash.ours);
        found.iter().map(|one| (one.path.to_string(), first(one))).collect()
    }
}

fn range(start: u32, end: u32) -> LineRange {
    LineRange { start, end }
}

fn text(text: &str) -> Unsaved {
    Unsaved::Text(Arc::new(text.to_owned()))
}

#[test]
fn saved_and_committed_edits_of_one_line_collide_there_and_nowhere_else() {
    let two = Two::with(&[("f", "a\nb\nc\nd\ne\n"), ("g", "x\n")]);
    two.repo.write("f", "a\nB\nc\nd\ne\n");
    write(&two.there.join("f"), "a\nmine\nc\nd\nE\n");
    let clash = |text: &str| Clash {
        ours: range(2, 2),
        theirs: Some(range(2, 2)),
        their_text: Some(text.to_owned()),
    };
    let expected = |layer, text| vec![Collision { path: path("f"), clashes: vec![clash(text)], layer }];
    assert_eq!(two.saved(), expected(Layer::Saved, "mine\n"));
    git(&two.there, &["commit", "-q", "-a", "-m", "Theirs"]);
    assert_eq!(two.saved(), expected(Layer::Committed, "mine\n"));
    two.repo.commit("Ours");
    assert_eq!(two.saved(), expected(Layer::Committed, "mine\n"));
    let unsaved = Texts::from([(path("f"), text("a\ntyping\nc\nd\n"))]);
    assert_eq!(two.collisions(&Texts::new(), &unsaved), expected(Layer::Unsaved, "typing\n"));
    write(&two.there.join("f"), "a\nb\nc\nd\nE\n");
    assert_eq!(two.saved(), [], "the cause is gone");
}

#[test]
fn of_the_next_commit_what_is_staged_counts_and_not_what_is_on_the_disk() {
    let two =
        Two::with(&[("f", "a\nb\nc\nd\ne\n"), ("apart", "a\nb\nc\nd\ne\n"), ("old", "1\n2\n3\n4\n5\n6\n")]);
    for name in ["f", "apart"] {
        write(&two.there.join(name), "a\nb\nc\nd\nE\n");
    }
    write(&two.there.join("old"), "1\n2\n3\n4\nfive\n6\n");
    two.repo.write("f", "new\na\nb\nc\nd\nmine\n");
    two.repo.write("apart", "A\nb\nc\nd\ne\n");
    two.repo.git(&["mv", "old", "new"]);
    two.repo.write("new", "1\n2\n3\n4\nV\n6\n");
    two.repo.git(&["add", "-A"]);
    two.repo.write("f", "a\nb\nc\nd\ne\n");
    two.repo.write("apart", "a\nb\nc\nd\nmine\n");
    two.repo.write("new", "1\n2\n3\n4\n5\n6\n");
    let on_disk: Vec<String> = two.saved().iter().map(|found| found.path.to_string()).collect();
    assert_eq!(on_disk, ["apart"]);
    assert_eq!(two.staged(), [("f".to_owned(), Some(range(6, 6))), ("new".to_owned(), Some(range(5, 5)))]);
    two.repo.git(&["rm", "-q", "-f", "--cached", "f"]);
    assert_eq!(two.staged()[0], ("f".to_owned(), None), "what the commit would delete collides as a whole");
}

/// What is not settled is not in the next commit.
#[test]
fn unmerged_files_are_no_part_of_the_next_commit() {
    let two = Two::with(&[("f", "a\n"), ("g", "a\n")]);
    two.repo.git(&["checkout", "-q", "-b", "third"]);
    two.repo.write("f", "third\n");
    two.repo.commit("Third");
    two.repo.git(&["checkout", "-q", "ours"]);
    two.repo.write("f", "ours\n");
    two.repo.commit("Ours");
    assert!(!try_git(&two.repo.root, &["merge", "-q", "third"]).0);
    two.repo.write("g", "mine\n");
    two.repo.git(&["add", "g"]);
    for name in ["f", "g"] {
        write(&two.there.join(name), "theirs\n");
    }
    assert_eq!(two.staged(), [("g".to_owned(), Some(range(1, 1)))]);
}

#[test]
fn where_this_side_deleted_the_line_beside_the_gap_is_told() {
    let two = Two::with(&[("f", "a\nb\nc\n"), ("last", "a\nb\n")]);
    two.repo.write("f", "a\nc\n");
    two.repo.write("last", "a\n");
    write(&two.there.join("f"), "a\nB\nc\n");
    write(&two.there.join("last"), "a\nB\n");
    let ours: Vec<LineRange> = two.saved().iter().map(|found| found.clashes[0].ours).collect();
    assert_eq!(ours, [range(2, 2), range(1, 1)]);
}

#[test]
fn commits_of_others_that_the_other_worktree_merely_has_are_nobodys_change_there() {
    let two = Two::with(&[("f", "a\n")]);
    write(&two.there.join("f"), "b\n");
    git(&two.there, &["-c", "user.email=you@example.org", "commit", "-q", "-a", "-m", "Yours"]);
    two.repo.write("f", "c\n");
    assert_eq!(two.saved(), []);
    write(&two.there.join("f"), "d\n");
    assert_eq!(two.saved().len(), 1);
}

#[test]
fn line_endings_on_the_disk_alone_are_no_change() {
    let two = Two::with(&[("f", "a\nb\n"), (".gitattributes", "* text=auto\n")]);
    two.repo.write("f", "a\r\nB\r\n");
    write(&two.there.join("f"), "a\r\nb\r\n");
    assert_eq!(two.saved(), []);
    write(&two.there.join("f"), "a\r\nc\r\n");
    assert_eq!(two.saved()[0].clashes[0].ours, range(2, 2));
}

#[test]
fn files_that_do_not_merge_by_lines_collide_as_a_whole() {
    let two = Two::with(&[("binary", "a\0"), ("gone", "a\n"), ("lost", "a\n")]);
    two.repo.write("binary", "b\0");
    write(&two.there.join("binary"), "c\0");
    two.repo.write("gone", "b\n");
    fs::remove_file(two.there.join("gone")).unwrap();
    two.repo.remove("lost");
    write(&two.there.join("lost"), "b\n");
    let found = two.saved();
    let names: Vec<&str> = found.iter().map(|found| found.path.as_str()).collect();
    assert_eq!(names, ["binary", "gone", "lost"]);
    assert!(found.iter().all(|found| found.clashes.is_empty()));
}

/// Two windows on one worktree: what neither has saved is merged over the disk.
#[test]
fn two_windows_on_one_worktree_collide_in_what_neither_has_saved() {
    let repo = Repo::with(&["f"]);
    repo.write("f", "a\nb\nc\n");
    let worktree = repo.worktree();
    let ours = Texts::from([(path("f"), text("a\nB\nc\n"))]);
    for (unsaved, told) in [
        (edits(b"a\nb\nc\n", "a\nother\nc\n").unwrap(), Some("other\n".to_owned())),
        (edits(b"a\nb\nc\n", "a\nother\nc\n").unwrap().ranges_only(), None),
    ] {
        let theirs = Texts::from([(path("f"), unsaved)]);
        let side = |unsaved| Side { worktree: &worktree, unsaved, staged: None };
        let found = Collider::new(&worktree).collisions(side(&ours), &[path("f")], side(&theirs)).unwrap();
        let clash = Clash { ours: range(2, 2), theirs: Some(range(2, 2)), their_text: told };
        assert_eq!(found, [Collision { path: path("f"), clashes: vec![clash], layer: Layer::Unsaved }]);
        let stale = Texts::from([(path("f"), edits(b"another disk\n", "x\n").unwrap())]);
        let found = Collider::new(&worktree).collisions(side(&ours), &[path("f")], side(&stale)).unwrap();
        assert_eq!(found, [], "edits of another file mean nothing");
    }
}

/// What was resolved in a merge is no edit against the branch that is merged.
#[test]
fn in_the_middle_of_a_merge_what_is_merged_counts_as_had() {
    let two = Two::with(&[("f", "a\n")]);
    two.repo.write("f", "ours\n");
    two.repo.commit("Ours");
    write(&two.there.join("f"), "theirs\n");
    assert_eq!(two.saved().len(), 1);
    git(&two.there, &["commit", "-q", "-a", "-m", "Theirs"]);
    assert_eq!(two.saved().len(), 1);
    try_git(&two.repo.root, &["merge", "-q", "theirs"]);
    assert_eq!(two.saved(), []);
    two.repo.write("f", "ours and theirs\n");
    assert_eq!(two.saved(), []);
    write(&two.there.join("f"), "theirs still\n");
    assert_eq!(two.saved().len(), 1);
}

/// Whoever stopped in the middle edits like everybody else, but for the files that wait to be settled.
#[test]
fn in_the_middle_of_a_rebase_or_a_pick_all_but_the_unmerged_files_count() {
    for stop in [["rebase", "-q"], ["cherry-pick", "--no-gpg-sign"], ["merge", "-q"]] {
        let two = Two::with(&[("stuck", "a\n"), ("free", "a\nb\nc\n")]);
        git(&two.there, &["checkout", "-q", "-b", "third"]);
        write(&two.there.join("stuck"), "third\n");
        git(&two.there, &["commit", "-q", "-a", "-m", "Third"]);
        git(&two.there, &["checkout", "-q", "theirs"]);
        write(&two.there.join("stuck"), "theirs\n");
        git(&two.there, &["commit", "-q", "-a", "-m", "Theirs"]);
        assert!(!try_git(&two.there, &[stop[0], stop[1], "third"]).0, "{stop:?} stops");
        two.repo.write("stuck", "ours\n");
        two.repo.write("free", "a\nB\nc\n");
        assert_eq!(two.saved(), [], "{stop:?}");
        write(&two.there.join("free"), "a\nX\nc\n");
        let found: Vec<String> = two.saved().iter().map(|one| one.path.to_string()).collect();
        assert_eq!(found, ["free"], "{stop:?}");
        write(&two.there.join("stuck"), "settled\n");
        git(&two.there, &["add", "stuck"]);
        let found: Vec<String> = two.saved().iter().map(|one| one.path.to_string()).collect();
        assert_eq!(found, ["free", "stuck"], "{stop:?}: what is settled is an edit again");
    }
}

#[test]
fn what_the_other_worktree_is_merging_in_is_no_edit_of_theirs() {
    let two = Two::with(&[("stuck", "a\n"), ("brought", "a\n")]);
    git(&two.there, &["checkout", "-q", "-b", "third"]);
    write(&two.there.join("stuck"), "third\n");
    write(&two.there.join("brought"), "third\n");
    git(&two.there, &["commit", "-q", "-a", "-m", "Third"]);
    git(&two.there, &["checkout", "-q", "theirs"]);
    write(&two.there.join("stuck"), "theirs\n");
    git(&two.there, &["commit", "-q", "-a", "-m", "Theirs"]);
    assert!(!try_git(&two.there, &["merge", "-q", "third"]).0);
    two.repo.write("brought", "ours\n");
    assert_eq!(two.saved(), []);
    write(&two.there.join("brought"), "third, and theirs\n");
    assert_eq!(two.saved()[0].layer, Layer::Saved);
}

/// What the side that stopped sees.
#[test]
fn this_side_in_the_middle_of_a_rebase_is_told_of_all_but_its_unmerged_files() {
    let two = Two::with(&[("stuck", "a\n"), ("free", "a\nb\nc\n")]);
    two.repo.git(&["checkout", "-q", "-b", "third"]);
    two.repo.write("stuck", "third\n");
    two.repo.commit("Third");
    two.repo.git(&["checkout", "-q", "ours"]);
    two.repo.write("stuck", "ours\n");
    two.repo.commit("Ours");
    assert!(!try_git(&two.repo.root, &["rebase", "-q", "third"]).0);
    two.repo.write("free", "a\nB\nc\n");
    write(&two.there.join("stuck"), "theirs\n");
    write(&two.there.join("free"), "a\nX\nc\n");
    let (ours, theirs, none) = (two.repo.worktree(), two.theirs(), Texts::new());
    let side = |worktree| Side { worktree, unsaved: &none, staged: None };
    let paths = [path("free"), path("stuck")];
    let found = Collider::new(&ours).collisions(side(&ours), &paths, side(&theirs)).unwrap();
    let found: Vec<&str> = found.iter().map(|one| one.path.as_str()).collect();
    assert_eq!(found, ["free"]);
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

/// What became of a generated file on its two sides.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Edited,
    MovedHere,
    MovedThere,
    MovedAlike,
    MovedApart,
    LostHere,
    LostThere,
    MovedHereLostThere,
    New,
}

const FATES: [Fate; 14] = [
    Fate::Edited,
    Fate::Edited,
    Fate::Edited,
    Fate::Edited,
    Fate::Edited,
    Fate::MovedHere,
    Fate::MovedThere,
    Fate::MovedAlike,
    Fate::MovedApart,
    Fate::LostHere,
    Fate::LostThere,
    Fate::MovedHereLostThere,
    Fate::New,
    Fate::Edited,
];

/// A generated file: what it was, and what each side has, under which name.
struct Case {
    name: String,
    pair: Pair,
    fate: Fate,
    layers: [usize; 2],
}

const COMMITTED: usize = 0;
const SAVED: usize = 1;

impl Case {
    fn new(rng: &mut Rng, n: usize) -> Self {
        let fate = FATES[rng.usize(..FATES.len())];
        let name = format!("d{}/{n}.txt", n % 7);
        let layers = [rng.usize(..3), rng.usize(..3)];
        Self { pair: texts::pair(rng, &format!("file {n} line")), name, fate, layers }
    }

    fn base(&self) -> Option<(&str, &[u8])> {
        (!matches!(self.fate, Fate::New)).then_some((self.name.as_str(), &self.pair.base[..]))
    }

    /// `side` 0 is ours.
    fn state(&self, side: usize) -> Option<(String, &[u8])> {
        let moved = |suffix: &str| self.name.replace(".txt", suffix);
        let name = match (self.fate, side) {
            (Fate::LostHere, 0) | (Fate::LostThere | Fate::MovedHereLostThere, 1) => return None,
            (Fate::MovedHere | Fate::MovedHereLostThere, 0) | (Fate::MovedThere, 1) => moved(".moved"),
            (Fate::MovedAlike, _) => moved(".moved"),
            (Fate::MovedApart, 0) => moved(".here"),
            (Fate::MovedApart, _) => moved(".there"),
            _ => self.name.clone(),
        };
        Some((name, if side == 0 { &self.pair.ours } else { &self.pair.theirs }))
    }

    /// Only what keeps its place can be unsaved.
    fn is_unsaved(&self, side: usize) -> bool {
        self.layers[side] > SAVED && matches!(self.fate, Fate::Edited)
    }

    fn put(&self, root: &Path, side: usize) {
        let state = self.state(side);
        if let Some((old, _)) = self.base()
            && state.as_ref().is_none_or(|(name, _)| name != old)
        {
            fs::remove_file(root.join(old)).unwrap();
        }
        if let Some((name, text)) = state {
            fs::create_dir_all(root.join(&name).parent().unwrap()).unwrap();
            fs::write(root.join(name), text).unwrap();
        }
    }
}

fn put_layer(cases: &[Case], root: &Path, side: usize, is_in: impl Fn(&Case) -> bool) {
    cases.iter().filter(|case| is_in(case)).for_each(|case| case.put(root, side));
}

fn unsaved(cases: &[Case], side: usize) -> Texts {
    let unsaved = cases.iter().filter(|case| case.is_unsaved(side));
    let entry = |case: &Case| {
        let (name, now) = case.state(side)?;
        let now = std::str::from_utf8(now).unwrap();
        let told = if side == 0 { text(now) } else { edits(&case.pair.base, now)? };
        Some((path(&name), told))
    };
    unsaved.filter_map(entry).collect()
}

/// Per path of this side: the blocks of conflict as texts of both sides, none for a file in conflict as a whole.
type Blocks = BTreeMap<String, Vec<(String, String)>>;

fn told(cases: &[Case], found: &[Collision]) -> Blocks {
    let mut blocks = Blocks::new();
    for collision in found {
        let name = collision.path.as_str();
        let case = cases
            .iter()
            .find(|case| case.name == name || case.state(0).is_some_and(|(mine, _)| mine == name));
        let case = case.unwrap();
        let lines = |side: usize, range: LineRange| {
            let text = case.state(side).map(|(_, text)| text).unwrap_or_default();
            let lines: Vec<&[u8]> = text.split_inclusive(|&byte| byte == b'\n').collect();
            plain(&lines[range.start as usize - 1..(range.end as usize).min(lines.len())].concat())
        };
        let block = |clash: &Clash| {
            let theirs = clash.theirs.map_or_else(String::new, |range| lines(1, range));
            let told = clash.their_text.as_deref().unwrap_or_default();
            assert!(told.is_empty() || plain(told.as_bytes()) == theirs, "{told:?} {theirs:?}");
            (lines(0, clash.ours), theirs)
        };
        blocks.insert(name.to_owned(), collision.clashes.iter().map(block).collect());
    }
    blocks
}

fn plain(text: &[u8]) -> String {
    let lines = String::from_utf8_lossy(text);
    lines.split_inclusive('\n').map(|line| line.trim_end_matches(['\r', '\n'])).collect::<Vec<_>>().join("\n")
}

/// What git left in the work tree and its index, under this side's names.
fn by_git(root: &Path, cases: &[Case]) -> Blocks {
    let unmerged = git(root, &["ls-files", "-u", "-z"]);
    let mut stages: BTreeMap<String, BTreeSet<char>> = BTreeMap::new();
    for entry in unmerged.split('\0').filter(|entry| !entry.is_empty()) {
        let (columns, name) = entry.split_once('\t').unwrap();
        stages.entry(name.to_owned()).or_default().extend(columns.chars().last());
    }
    let mut blocks = Blocks::new();
    for (name, stages) in stages {
        let is_at = |case: &&Case, side| case.state(side).is_some_and(|(at, _)| at == name);
        let case = cases.iter().find(|case| case.name == name || is_at(case, 0) || is_at(case, 1)).unwrap();
        // Of a file with two new names only these are told of, and one that the other side renamed by this side's name.
        if stages.iter().eq(&['1']) {
            continue;
        }
        let is_theirs = name != case.name && is_at(&case, 1) && !is_at(&case, 0);
        let mine = case.state(0).filter(|_| is_theirs).map_or(name.clone(), |(mine, _)| mine);
        let by_lines = stages.contains(&'2') && stages.contains(&'3');
        let found = if by_lines { marked(&fs::read(root.join(&name)).unwrap()) } else { Vec::new() };
        blocks.insert(mine, found);
    }
    blocks
}

fn marked(text: &[u8]) -> Vec<(String, String)> {
    let mut blocks: Vec<[Vec<u8>; 2]> = Vec::new();
    let mut side = None;
    for line in text.split_inclusive(|&byte| byte == b'\n') {
        if line.starts_with(b"<<<<<<< ") {
            blocks.push(Default::default());
            side = Some(0);
        } else if side.is_some() && line.starts_with(b"=======") {
            side = Some(1);
        } else if side.is_some() && line.starts_with(b">>>>>>> ") {
            side = None;
        } else if let (Some(side), Some(block)) = (side, blocks.last_mut()) {
            block[side].extend(line);
        }
    }
    blocks.into_iter().map(|[ours, theirs]| (plain(&ours), plain(&theirs))).collect()
}

/// Where this side has no lines in a block, the line beside it is told of: then only the other side's are compared.
fn compare(cases: &[Case], found: &[Collision], expected: &Blocks) {
    let mut told = told(cases, found);
    for (name, blocks) in expected {
        for (at, (ours, _)) in blocks.iter().enumerate() {
            if ours.is_empty()
                && let Some(block) = told.get_mut(name).and_then(|told| told.get_mut(at))
            {
                block.0.clear();
            }
        }
    }
    let names = cases.iter().flat_map(|case| {
        let here = case.state(0).map(|(name, _)| name).filter(|name| *name != case.name);
        [Some(case.name.clone()), here].into_iter().flatten().map(move |name| (name, case))
    });
    for (name, case) in names {
        let text = |text: &[u8]| String::from_utf8_lossy(text).into_owned();
        assert_eq!(
            told.get(&name),
            expected.get(&name),
            "{name} {:?}\nbase {:?}\nours {:?}\ntheirs {:?}",
            case.fate,
            text(&case.pair.base),
            text(&case.pair.ours),
            text(&case.pair.theirs)
        );
    }
}

fn count() -> usize {
    if std::env::var_os("REMIT_SOAK").is_some_and(|value| value == "1") { 2000 } else { 200 }
}

fn merge_all(two: &Two, cases: &[Case]) -> Blocks {
    for (side, root) in [&two.repo.root, &two.there].into_iter().enumerate() {
        put_layer(cases, root, side, |case| case.is_unsaved(side));
        git(root, &["add", "-A"]);
        git(root, &["commit", "-q", "--allow-empty", "-m", "All"]);
    }
    try_git(&two.repo.root, &["-c", "merge.directoryRenames=false", "merge", "-q", "theirs"]);
    by_git(&two.repo.root, cases)
}

/// Commits what is committed, saves what is saved, and says what is found.
fn lay_out(two: &Two, cases: &[Case]) -> Vec<Collision> {
    for (side, root) in [&two.repo.root, &two.there].into_iter().enumerate() {
        put_layer(cases, root, side, |case| !case.is_unsaved(side) && case.layers[side] == COMMITTED);
        git(root, &["add", "-A"]);
        git(root, &["commit", "-q", "--allow-empty", "-m", "Some"]);
        put_layer(cases, root, side, |case| !case.is_unsaved(side) && case.layers[side] != COMMITTED);
    }
    two.collisions(&unsaved(cases, 0), &unsaved(cases, 1))
}

#[test]
fn whatever_is_committed_saved_or_typed_collides_where_git_merge_says() {
    let mut rng = Rng::with_seed(4);
    let cases: Vec<Case> = (0..count()).map(|n| Case::new(&mut rng, n)).collect();
    let two = Two::with(&[(".gitattributes", "* -text\n")]);
    git(&two.there, &["checkout", "-q", "--detach"]);
    two.repo.git(&["checkout", "-q", "main"]);
    for (name, text) in cases.iter().filter_map(Case::base) {
        two.repo.write(name, std::str::from_utf8(text).unwrap());
    }
    two.repo.commit("Files");
    two.repo.git(&["checkout", "-q", "-B", "ours"]);
    git(&two.there, &["checkout", "-q", "-B", "theirs", "main"]);
    let found = lay_out(&two, &cases);
    let expected = merge_all(&two, &cases);
    assert!(expected.len() * 3 > cases.len(), "only {} of {} in conflict", expected.len(), cases.len());
    compare(&cases, &found, &expected);
}

/// Both branches have merged each other's beginnings: git then merges the two ancestors first.
#[test]
fn with_several_ancestors_the_lines_are_those_of_git_merge_too() {
    let mut rng = Rng::with_seed(5);
    let two = Two::with(&[(".gitattributes", "* -text\n")]);
    let chains: Vec<[Pair; 3]> = (0..count()).map(|_| chain(&mut rng)).collect();
    let commit = |parents: &[&str], text: &dyn Fn(&[Pair; 3]) -> Vec<u8>| {
        for (n, chain) in chains.iter().enumerate() {
            fs::write(two.repo.root.join(format!("{n}.txt")), text(chain)).unwrap();
        }
        two.repo.git(&["add", "-A"]);
        let tree = two.repo.git(&["write-tree"]);
        let mut arguments = vec!["commit-tree", tree.trim(), "-m", "x"];
        parents.iter().for_each(|parent| arguments.extend(["-p", parent]));
        two.repo.git(&arguments).trim().to_owned()
    };
    let root = commit(&["main"], &|[first, ..]| first.base.clone());
    let (one, other) = (
        commit(&[&root], &|[first, ..]| first.ours.clone()),
        commit(&[&root], &|[first, ..]| first.theirs.clone()),
    );
    let left = commit(&[&one, &other], &|[_, left, _]| left.base.clone());
    let right = commit(&[&other, &one], &|[_, _, right]| right.base.clone());
    two.repo.git(&["reset", "-q", "--hard", &left]);
    git(&two.there, &["reset", "-q", "--hard", &right]);
    let case = |(n, [_, left, right]): (usize, [Pair; 3])| Case {
        name: format!("{n}.txt"),
        pair: Pair { base: left.base, ours: left.ours, theirs: right.theirs },
        fate: Fate::Edited,
        layers: [COMMITTED, SAVED],
    };
    let cases: Vec<Case> = chains.into_iter().enumerate().map(case).collect();
    let found = lay_out(&two, &cases);
    let expected = merge_all(&two, &cases);
    assert!(expected.len() * 4 > cases.len(), "only {} of {} in conflict", expected.len(), cases.len());
    compare(&cases, &found, &expected);
}

/// Two edits of a text, and what either side made of both. Who changes nothing beyond them has no change to answer for.
fn chain(rng: &mut Rng) -> [Pair; 3] {
    loop {
        let first = texts::pair(rng, "");
        let left = texts::pair_of(rng, &first.ours);
        let from = if rng.bool() { &first.theirs } else { &first.ours };
        let right = texts::pair_of(rng, from);
        if left.ours != left.base && right.theirs != right.base {
            return [first, left, right];
        }
    }
}
