use remit_board::path::ProjectPath;
use remit_worktree::{BundleFacts, bundle_facts};

use crate::support::{Repo, git};

fn facts(repo: &Repo) -> BundleFacts {
    bundle_facts(&repo.worktree(), &|path: &ProjectPath| path.as_str().starts_with("mine/")).unwrap()
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
