//! What is staged, held against what the other side has.

use remit_board::path::ProjectPath;
use remit_board::reply::LineRange;
use remit_worktree::{Collider, Collision, Side, Staged, staged_changes};

use super::{Texts, Two, range, stops};
use crate::support::write;

impl Two {
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
        let collide = found.iter().filter(|one| one.merges_at.is_none());
        collide.map(|one| (one.path.to_string(), first(one))).collect()
    }
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
    assert_eq!(two.files(), ["apart"]);
    assert_eq!(two.staged(), [("f".to_owned(), Some(range(6, 6))), ("new".to_owned(), Some(range(5, 5)))]);
    two.repo.git(&["rm", "-q", "-f", "--cached", "f"]);
    assert_eq!(two.staged()[0], ("f".to_owned(), None), "what the commit would delete collides as a whole");
}

/// What is not settled is not in the next commit.
#[test]
fn unmerged_files_are_no_part_of_the_next_commit() {
    let two = Two::with(&[("f", "a\n"), ("g", "a\n")]);
    stops(&two.repo.root, &["merge", "-q"], &["f"]);
    two.repo.write("g", "mine\n");
    two.repo.git(&["add", "g"]);
    for name in ["f", "g"] {
        write(&two.there.join(name), "theirs\n");
    }
    assert_eq!(two.staged(), [("g".to_owned(), Some(range(1, 1)))]);
}
