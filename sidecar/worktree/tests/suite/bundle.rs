use remit_board::path::ProjectPath;
use remit_worktree::{BundleFacts, bundle_facts};

use crate::support::{Repo, git};

fn facts(repo: &Repo) -> BundleFacts {
    bundle_facts(&repo.worktree(), None, &|path: &ProjectPath| path.as_str().starts_with("mine/")).unwrap()
}

fn files(facts: &BundleFacts) -> Vec<String> {
    let number = |lines: Option<u64>| lines.map_or("-".to_owned(), |lines| lines.to_string());
    let line = |fact: &remit_worktree::FileFact| {
        format!("{} +{} -{}", fact.path, number(fact.insertions), number(fact.deletions))
    };
    facts.files.iter().map(line).collect()
}

#[test]
fn the_scopes_files_commits_and_loose_ends() {
    let repo = Repo::with(&["mine/a", "mine/b", "theirs/c"]);
    repo.git(&["checkout", "-q", "-b", "feature"]);
    repo.write("mine/a", "one\ntwo\n");
    repo.commit("Change a");
    repo.write("theirs/c", "x\n");
    repo.commit("Change c");
    repo.write("mine/b", "mine/b\nmore\n");
    repo.write("mine/new", "one\ntwo\nthree");
    std::fs::write(repo.root.join("mine/picture"), b"\0\x01").unwrap();
    repo.write("theirs/new", "");
    let facts = facts(&repo);
    assert_eq!(files(&facts), ["mine/a +2 -1", "mine/b +1 -0", "mine/new +3 -0", "mine/picture +- --"]);
    let subjects: Vec<_> = facts.commits.iter().map(|commit| commit.subject.as_str()).collect();
    assert_eq!(subjects, ["Change a"]);
    let loose: Vec<_> = facts.uncommitted.iter().map(|change| change.path.as_str()).collect();
    assert_eq!(loose, ["mine/b", "mine/new", "mine/picture"]);
    assert_eq!(facts.branch.as_deref(), Some("feature"));
    assert_eq!(facts.head.as_deref(), Some(repo.git(&["rev-parse", "HEAD"]).trim()));
    assert_eq!(facts.base.as_deref(), Some(repo.git(&["rev-parse", "main"]).trim()));
    assert!(repo.git(&["rev-parse", &facts.commits[0].short_oid]).len() >= 40);
}

/// What came after `begun`, in the words of its commits.
fn since(repo: &Repo, begun: &str) -> (Vec<String>, bool) {
    let mine = |path: &ProjectPath| path.as_str().starts_with("mine/");
    let facts = bundle_facts(&repo.worktree(), Some(begun), &mine).unwrap();
    (facts.commits.into_iter().map(|commit| commit.subject).collect(), facts.since_begun)
}

fn head(repo: &Repo) -> String {
    repo.git(&["rev-parse", "HEAD"]).trim().to_owned()
}

fn change(repo: &Repo, path: &str, subject: &str) {
    repo.write(path, subject);
    repo.commit(subject);
}

#[test]
fn on_the_default_branch_the_work_is_what_came_since_it_was_begun() {
    let repo = Repo::with(&["mine/a"]);
    change(&repo, "mine/a", "Before");
    let begun = head(&repo);
    change(&repo, "mine/a", "After");
    assert_eq!(since(&repo, &begun), (vec!["After".to_owned()], true));
    assert!(facts(&repo).commits.is_empty(), "without that, nothing tells it from what was there");
    // Pushed in between: what the remote has counts no less.
    repo.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    repo.git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"]);
    assert_eq!(since(&repo, &begun), (vec!["After".to_owned()], true));
}

#[test]
fn on_a_branch_the_work_is_no_more_than_what_the_branch_has_for_its_own() {
    let repo = Repo::with(&["mine/a", "mine/b"]);
    let start = head(&repo);
    repo.git(&["checkout", "-q", "-b", "feature"]);
    change(&repo, "mine/a", "Of the module before");
    let begun = head(&repo);
    change(&repo, "mine/a", "Mine");
    assert_eq!(since(&repo, &begun), (vec!["Mine".to_owned()], true), "one branch, two modules");
    assert_eq!(since(&repo, &start).0.len(), 2);

    // Begun at the start, then rebased over what somebody else did to main.
    repo.git(&["checkout", "-q", "main"]);
    change(&repo, "mine/b", "Somebody else's");
    repo.git(&["checkout", "-q", "feature"]);
    repo.git(&["rebase", "-q", "main"]);
    assert_eq!(since(&repo, &start), (vec!["Mine".to_owned(), "Of the module before".to_owned()], false));
}

#[test]
fn a_commit_that_is_not_there_any_more_is_as_good_as_none() {
    let repo = Repo::with(&["mine/a"]);
    assert_eq!(since(&repo, &"0123456789".repeat(4)), (Vec::new(), false));
    assert_eq!(since(&repo, "--help"), (Vec::new(), false));
}

#[test]
fn before_the_first_commit_and_with_a_detached_head() {
    let repo = Repo::new();
    repo.write("mine/a", "one\n");
    repo.git(&["add", "-A"]);
    assert_eq!(files(&facts(&repo)), ["mine/a +1 -0"]);
    assert_eq!(facts(&repo).head, None);
    repo.commit("Start");
    git(&repo.root, &["checkout", "-q", "--detach"]);
    repo.write("mine/a", "two\n");
    let facts = facts(&repo);
    assert_eq!(files(&facts), ["mine/a +1 -1"]);
    assert_eq!(facts.branch, None);
}
