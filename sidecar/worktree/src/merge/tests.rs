//! The merge held to git's own: what it would leave in the file is, byte for byte, what `git merge` leaves in the file.

use std::{fs, path::Path, process::Command};

use fastrand::Rng;

use super::*;

#[path = "../../tests/suite/edits.rs"]
mod edits;
use edits::Pair;

fn merged(base: &str, ours: &str, theirs: &str) -> Merged {
    merge(base.as_bytes(), ours.as_bytes(), theirs.as_bytes())
}

fn conflicts(blocks: &[(Range<usize>, Range<usize>)]) -> Merged {
    let conflict = |(ours, theirs): &(Range<usize>, Range<usize>)| Conflict {
        ours: ours.clone(),
        theirs: theirs.clone(),
    };
    Merged::Conflicts(blocks.iter().map(conflict).collect())
}

#[test]
fn edits_apart_merge_and_edits_that_touch_collide() {
    assert_eq!(merged("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n"), Merged::Clean { nearest: 0..1 });
    assert_eq!(merged("a\nb\nc\n", "A\nb\nc\n", "a\nB\nc\n"), conflicts(&[(0..2, 0..2)]));
    assert_eq!(merged("a\nb\n", "a\nx\nb\n", "a\ny\nb\n"), conflicts(&[(1..2, 1..2)]));
}

#[test]
fn the_same_edit_on_both_sides_is_none() {
    assert_eq!(merged("a\nb\n", "a\nx\n", "a\nx\n"), Merged::Chosen);
    assert_eq!(merged("a\nb\nc\n", "x\nb\nC\n", "x\nb\nc\n"), Merged::Clean { nearest: 0..1 });
}

#[test]
fn of_several_edits_that_merge_the_one_nearest_to_theirs_is_told() {
    let base = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
    let nearest = |ours: &str, theirs: &str| match merged(base, ours, theirs) {
        Merged::Clean { nearest } => nearest,
        other => panic!("{other:?}"),
    };
    assert_eq!(nearest("one\n2\n3\n4\n5\n6\nnew\nseven\n8\n9\n", "1\n2\n3\n4\n5\n6\n7\n8\nnine\n"), 6..8);
    assert_eq!(nearest("1\n2\nthree\n4\n5\n6\n7\n8\nnine\n", "one\n2\n3\n4\n5\n6\n7\n8\n9\n"), 2..3);
    assert_eq!(nearest("1\n2\n3\n4\n5\n7\n8\n9\n", "1\n2\n3\n4\n5\n6\n7\n8\n9\nten\n"), 5..5);
}

#[test]
fn a_side_that_deleted_has_no_lines() {
    assert_eq!(merged("a\nb\nc\n", "a\nc\n", "a\nB\nc\n"), conflicts(&[(1..1, 1..2)]));
}

#[test]
fn new_files_collide_in_all_that_they_do_not_share() {
    assert_eq!(merged("", "a\nx\n", "a\ny\n"), conflicts(&[(1..2, 1..2)]));
}

#[test]
fn a_missing_last_break_and_other_breaks_are_edits() {
    assert_eq!(merged("a\nb\n", "a\nb", "a\nc\n"), conflicts(&[(1..2, 1..2)]));
    assert_eq!(merged("a\nb\n", "a\r\nb\r\n", "a\nc\n"), conflicts(&[(0..2, 0..2)]));
}

#[test]
fn what_is_no_text_collides_as_a_whole() {
    assert_eq!(merged("a\0", "b\0", "c\0"), Merged::Whole);
    assert_eq!(merged("a\0", "b\0", "a\0"), Merged::Chosen);
    let long = "x".repeat(MAX_BYTES + 1);
    assert_eq!(merged("a", &long, "b"), Merged::Whole);
}

/// Such a text made the diff itself give up: it is told of as a whole, and nothing hangs or falls.
#[test]
fn texts_made_to_be_slow_end() {
    let text = |salt: usize| (0..20_000).map(|n| format!("{}\n", (n * salt) % 97)).collect::<String>();
    let _ = merged(&text(3), &text(5), &text(7));
}

fn git(folder: &Path, arguments: &[&str]) -> bool {
    let mut command = Command::new("git");
    command
        .current_dir(folder)
        .args(["-c", "core.autocrlf=false", "-c", "merge.renames=false"])
        .args(arguments);
    command.env("HOME", folder).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    for name in ["GIT_AUTHOR", "GIT_COMMITTER"] {
        command.env(format!("{name}_NAME"), "Me").env(format!("{name}_EMAIL"), "me@example.org");
    }
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "XDG_CONFIG_HOME"] {
        command.env_remove(name);
    }
    command.output().unwrap().status.success()
}

/// What `git merge` makes of every pair, all in one merge.
fn merged_by_git(pairs: &[Pair]) -> Vec<Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let name = |n: usize| root.join(format!("{n}.txt"));
    let commit = |text: &dyn Fn(&Pair) -> Vec<u8>| {
        pairs.iter().enumerate().for_each(|(n, pair)| fs::write(name(n), text(pair)).unwrap());
        assert!(git(root, &["add", "-A"]) && git(root, &["commit", "-q", "--allow-empty", "-m", "x"]));
    };
    assert!(git(root, &["init", "-q", "-b", "main"]));
    commit(&|pair| pair.base.clone());
    assert!(git(root, &["checkout", "-q", "-b", "theirs"]));
    commit(&|pair| pair.theirs.clone());
    assert!(git(root, &["checkout", "-q", "main"]));
    commit(&|pair| pair.ours.clone());
    git(root, &["merge", "-q", "theirs"]);
    (0..pairs.len()).map(|n| fs::read(name(n)).unwrap()).collect()
}

/// Names and line breaks of markers are git's own taste, as is the break that it gives to a last line before one.
fn plain(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let mut plain = String::new();
    let mut inside = false;
    for line in text.split_inclusive('\n') {
        let marker = ["<<<<<<<", "=======", ">>>>>>>"].into_iter().find(|marker| line.starts_with(marker));
        inside = marker.map_or(inside, |marker| marker != ">>>>>>>");
        match marker {
            Some(marker) => plain.push_str(marker),
            None if inside => plain.push_str(line.trim_end_matches(['\r', '\n'])),
            None => plain.push_str(line),
        }
        plain.push_str(if marker.is_some() || inside { "\n" } else { "" });
    }
    plain
}

#[test]
fn every_generated_pair_merges_as_git_merges_it() {
    let count = if std::env::var_os("REMIT_SOAK").is_some_and(|value| value == "1") { 20_000 } else { 600 };
    let mut rng = Rng::with_seed(20_260_731);
    let pairs: Vec<Pair> = (0..count).map(|_| edits::pair(&mut rng, "")).collect();
    let mut in_conflict = 0;
    for (pair, by_git) in pairs.iter().zip(merged_by_git(&pairs)) {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (ours, expected) = (plain(&merged_text(&pair.base, &pair.ours, &pair.theirs)), plain(&by_git));
        in_conflict += usize::from(expected.contains("<<<<<<<"));
        assert_eq!(
            ours,
            expected,
            "base {:?}\nours {:?}\ntheirs {:?}",
            text(&pair.base),
            text(&pair.ours),
            text(&pair.theirs)
        );
    }
    assert!(in_conflict * 4 > count, "only {in_conflict} of {count} pairs are in conflict");
}
