//! Collisions held to what `git merge` says once everything is saved and committed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use fastrand::Rng;
use remit_board::reply::LineRange;
use remit_worktree::{Clash, Collision};

use super::Two;
use super::cases::{COMMITTED, Case, Fate, SAVED, put_layer, unsaved};
use crate::edits::{self as texts, Pair};
use crate::support::{git, try_git};

/// Per path of this side: the blocks of conflict as texts of both sides, none for a file in conflict as a whole.
type Blocks = BTreeMap<String, Vec<(String, String)>>;

fn told(cases: &[Case], found: &[Collision]) -> Blocks {
    let mut blocks = Blocks::new();
    for collision in found.iter().filter(|one| one.merges_at.is_none()) {
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

/// The names of the files that merge though both sides have edited them.
fn hints(found: &[Collision]) -> BTreeSet<String> {
    found.iter().filter(|one| one.merges_at.is_some()).map(|one| one.path.to_string()).collect()
}

/// What is in no conflict, and not as one side had it, or both.
fn merged_from_both(cases: &[Case], expected: &Blocks) -> BTreeSet<String> {
    let name = |case: &Case| {
        let [(mine, ours), (_, theirs)] = [case.state(0)?, case.state(1)?];
        let base = case.base()?.1;
        let is_conflict = [&case.name, &mine].into_iter().any(|name| expected.contains_key(name));
        let is_chosen = base == ours || base == theirs || ours == theirs;
        (!is_conflict && !is_chosen).then_some(mine)
    };
    cases.iter().filter_map(name).collect()
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
    let merged = merged_from_both(&cases, &expected);
    assert!(merged.len() * 20 > cases.len(), "only {} of {} merge", merged.len(), cases.len());
    assert_eq!(hints(&found), merged);
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
    assert_eq!(
        hints(&found),
        hints(&found).difference(&expected.keys().cloned().collect()).cloned().collect()
    );
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
