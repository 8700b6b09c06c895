//! Folding against brute force: all sets of folders and files, the smallest that is allowed.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::fold::{Fold, Folded};

fn fold(files: &[&str], wanted: &[&str], units: &[&str], closed: &[&str]) -> Vec<String> {
    let mut files: Vec<&str> = files.iter().chain(wanted).copied().collect();
    files.sort_unstable();
    files.dedup();
    let fold = Fold {
        files: &files,
        wanted: &wanted.iter().copied().collect(),
        units: &units.iter().copied().collect(),
        is_closed: &|folder| closed.contains(&folder),
    };
    fold.run().into_iter().map(shown).collect()
}

fn shown(folded: Folded) -> String {
    format!("{}{}", folded.path, if folded.is_folder { "/" } else { "" })
}

#[test]
fn the_topmost_wholly_wanted_folder_stands_for_its_files() {
    let files = ["a/b/1", "a/b/2", "a/c/3", "d/4"];
    assert_eq!(fold(&files, &["a/b/1", "a/b/2", "a/c/3"], &[], &[]), ["a/"]);
    assert_eq!(fold(&files, &["a/b/1", "a/b/2"], &[], &[]), ["a/b/"]);
    assert_eq!(fold(&files, &["a/b/1", "a/c/3"], &[], &[]), ["a/b/1", "a/c/3"]);
}

#[test]
fn a_single_file_stays_a_file_unless_its_folder_is_a_unit() {
    assert_eq!(fold(&["a/b/1", "c"], &["a/b/1"], &[], &[]), ["a/b/1"]);
    assert_eq!(fold(&["a/b/1", "c"], &["a/b/1"], &["a/b"], &[]), ["a/b/"]);
}

#[test]
fn the_root_is_never_proposed() {
    assert_eq!(fold(&["a/1", "b"], &["a/1", "b"], &[], &[]), ["a/1", "b"]);
}

#[test]
fn a_closed_folder_is_not_proposed_but_open_ones_in_it_are() {
    assert_eq!(fold(&["a/b/1", "a/b/2", "a/3"], &["a/b/1", "a/b/2", "a/3"], &[], &["a"]), ["a/3", "a/b/"]);
}

#[test]
fn names_that_begin_alike_are_told_apart() {
    let files = ["a-b/1", "a.rs", "a/1", "a/2", "ab/1"];
    assert_eq!(fold(&files, &["a/1", "a/2", "a.rs"], &[], &[]), ["a.rs", "a/"]);
}

#[test]
fn a_deleted_file_and_the_folder_in_its_place() {
    assert_eq!(fold(&["a/1", "a/2", "b"], &["a", "a/1", "a/2"], &[], &[]), ["a", "a/"]);
}

/// Every folder and file that may be proposed, and every set of them that covers what is wanted: the smallest one's size.
fn smallest(files: &BTreeSet<String>, wanted: &BTreeSet<String>, closed: &BTreeSet<String>) -> usize {
    let folders = files.iter().flat_map(|file| file.match_indices('/').map(|(at, _)| file[..at].to_owned()));
    let allowed = folders.filter(|folder| {
        let below = |path: &&String| path.starts_with(&format!("{folder}/"));
        files.iter().filter(below).all(|file| wanted.contains(file))
            && !closed.iter().any(|closed| closed == folder || below(&closed))
    });
    let candidates: BTreeSet<String> = allowed.collect();
    let candidates: Vec<String> = candidates.into_iter().collect();
    (0u32..1 << candidates.len())
        .map(|set| {
            let chosen: Vec<&String> = candidates
                .iter()
                .enumerate()
                .filter(|(n, _)| set & (1 << n) != 0)
                .map(|(_, folder)| folder)
                .collect();
            let covered = |file: &String| chosen.iter().any(|folder| file.starts_with(&format!("{folder}/")));
            chosen.len() + wanted.iter().filter(|file| !covered(file)).count()
        })
        .min()
        .unwrap()
}

fn some_path() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(vec!["a", "b"]), 0..3)
        .prop_flat_map(|folders| (Just(folders), proptest::sample::select(vec!["x", "y", "z"])))
        .prop_map(|(folders, file)| folders.into_iter().chain([file]).collect::<Vec<_>>().join("/"))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn covers_all_that_is_wanted_nothing_else_and_by_the_fewest_paths(
        files in proptest::collection::btree_map(some_path(), any::<bool>(), 1..12),
        closed in proptest::collection::btree_set(proptest::sample::select(vec!["a", "b", "a/a", "a/b", "b/a"]), 0..3),
    ) {
        let names: BTreeSet<String> = files.keys().cloned().collect();
        let wanted: BTreeSet<String> = files.iter().filter(|(_, wanted)| **wanted).map(|(file, _)| file.clone()).collect();
        let closed: BTreeSet<String> = closed.into_iter().map(str::to_owned).collect();
        let reaches = |folder: &str| {
            closed.iter().any(|closed| closed == folder || closed.starts_with(&format!("{folder}/")))
        };
        let sorted: Vec<&str> = names.iter().map(String::as_str).collect();
        let wanted_names: BTreeSet<&str> = wanted.iter().map(String::as_str).collect();
        let fold = Fold { files: &sorted, wanted: &wanted_names, units: &BTreeSet::new(), is_closed: &reaches };
        let found = fold.run();

        let covers = |file: &String| found.iter().any(|folded| {
            *file == folded.path || (folded.is_folder && file.starts_with(&format!("{}/", folded.path)))
        });
        for file in &names {
            prop_assert_eq!(covers(file), wanted.contains(file), "{} by {:?}", file, found);
        }
        prop_assert!(found.iter().all(|folded| !folded.is_folder || !reaches(&folded.path)));
        prop_assert_eq!(found.len(), smallest(&names, &wanted, &closed), "{:?}", found);
    }
}
