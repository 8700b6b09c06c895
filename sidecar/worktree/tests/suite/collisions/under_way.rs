//! In the middle of a merge, a rebase or a pick, on either side.

use remit_worktree::{Collider, Layer, Side};

use super::{Texts, Two, stops};
use crate::support::{git, path, try_git, write};

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
    for command in [["rebase", "-q"], ["cherry-pick", "--no-gpg-sign"], ["merge", "-q"]] {
        let two = Two::with(&[("stuck", "a\n"), ("free", "a\nb\nc\n")]);
        stops(&two.there, &command, &["stuck"]);
        two.repo.write("stuck", "ours\n");
        two.repo.write("free", "a\nB\nc\n");
        assert_eq!(two.saved(), [], "{command:?}");
        write(&two.there.join("free"), "a\nX\nc\n");
        assert_eq!(two.files(), ["free"], "{command:?}");
        write(&two.there.join("stuck"), "settled\n");
        git(&two.there, &["add", "stuck"]);
        assert_eq!(two.files(), ["free", "stuck"], "{command:?}: what is settled is an edit again");
    }
}

#[test]
fn what_the_other_worktree_is_merging_in_is_no_edit_of_theirs() {
    let two = Two::with(&[("stuck", "a\n"), ("brought", "a\n")]);
    stops(&two.there, &["merge", "-q"], &["stuck", "brought"]);
    two.repo.write("brought", "ours\n");
    assert_eq!(two.saved(), []);
    write(&two.there.join("brought"), "third, and theirs\n");
    assert_eq!(two.saved()[0].layer, Layer::Saved);
}

/// What the side that stopped sees.
#[test]
fn this_side_in_the_middle_of_a_rebase_is_told_of_all_but_its_unmerged_files() {
    let two = Two::with(&[("stuck", "a\n"), ("free", "a\nb\nc\n")]);
    stops(&two.repo.root, &["rebase", "-q"], &["stuck"]);
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
