use remit_board::path::ProjectPath;
use remit_worktree::{Hints, Others, infer, scan};

use crate::support::Repo;

/// The proposals for a module, one line each, on a repository where others own the paths below `taken`.
fn proposals(repo: &Repo, id: &str, title: &str, taken: &[&str]) -> Vec<String> {
    let covers = |path: &ProjectPath| taken.iter().any(|taken| is_at_or_below(path.as_str(), taken));
    let reaches = |folder: &ProjectPath| {
        taken
            .iter()
            .any(|taken| is_at_or_below(taken, folder.as_str()) || is_at_or_below(folder.as_str(), taken))
    };
    let hints = Hints { id, title, specialty: None, words: &[] };
    let others = Others { covers: &covers, reaches_into: &reaches };
    let worktree = repo.worktree();
    let proposals = infer(&hints, &repo.changes().list, &scan(&worktree), others);
    let line = |proposal: &remit_worktree::Proposal| {
        let slash = if proposal.is_folder { "/" } else { "" };
        let evidence: Vec<String> = proposal.evidence.iter().map(ToString::to_string).collect();
        format!("{}{slash}: {}", proposal.path, evidence.join("; "))
    };
    proposals.iter().map(line).collect()
}

fn is_at_or_below(path: &str, folder: &str) -> bool {
    path == folder || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

fn workspace() -> Repo {
    Repo::with(&[
        "Cargo.toml",
        "README.md",
        "crates/auth/Cargo.toml",
        "crates/auth/src/lib.rs",
        "crates/auth/src/token.rs",
        "crates/http/Cargo.toml",
        "crates/http/src/lib.rs",
        "crates/http/src/retry/mod.rs",
        "crates/http/src/retry/policy.rs",
        "crates/http/src/retry/timer.rs",
        "docs/auth.md",
        "docs/http.md",
    ])
}

#[test]
fn a_folder_named_like_the_module_is_proposed_whole_with_its_evidence() {
    assert_eq!(
        proposals(&workspace(), "auth", "Tokens", &[]),
        [
            "crates/auth/: folder crates/auth is named like the module: \"auth\"; \
             file crates/auth/src/token.rs is named like the module: \"tokens\"; \
             package with crates/auth/Cargo.toml; entry file crates/auth/src/lib.rs",
            "docs/auth.md: file docs/auth.md is named like the module: \"auth\"",
        ]
    );
}

#[test]
fn changed_files_are_proposed_and_folded_where_they_are_all_there_is() {
    let repo = workspace();
    for file in ["policy.rs", "timer.rs"] {
        repo.write(&format!("crates/http/src/retry/{file}"), "new text\n");
    }
    repo.write("README.md", "new text\n");
    assert_eq!(
        proposals(&repo, "m-17", "Be patient", &[]),
        [
            "README.md: changed: 1 file in this worktree",
            "crates/http/src/retry/: changed: 2 files in this worktree; entry file crates/http/src/retry/mod.rs",
        ]
    );
}

#[test]
fn what_others_own_is_left_out_and_keeps_folders_from_being_folded() {
    let repo = workspace();
    repo.write("crates/auth/src/token.rs", "new text\n");
    let taken = ["crates/auth/src/token.rs", "docs"];
    assert_eq!(
        proposals(&repo, "auth", "", &taken),
        [
            "crates/auth/Cargo.toml: folder crates/auth is named like the module: \"auth\"",
            "crates/auth/src/lib.rs: folder crates/auth is named like the module: \"auth\"; \
             entry file crates/auth/src/lib.rs",
        ]
    );
}

/// Another's scope may name files that nobody has written yet.
#[test]
fn a_folder_that_anothers_scope_reaches_into_is_not_proposed_whole() {
    let found = proposals(&workspace(), "auth", "", &["crates/auth/src/new", "docs"]);
    let paths: Vec<_> = found.iter().filter_map(|line| line.split(": ").next()).collect();
    assert_eq!(paths, ["crates/auth/Cargo.toml", "crates/auth/src/lib.rs", "crates/auth/src/token.rs"]);
}

#[test]
fn deleted_files_and_literal_names_are_proposed_as_they_are() {
    let repo = Repo::with(&["app/[id]/page.tsx", "app/[id]/other.tsx", "old/gone.rs", "old/kept.rs"]);
    repo.write("app/[id]/page.tsx", "new text\n");
    repo.remove("old/gone.rs");
    assert_eq!(
        proposals(&repo, "m-1", "", &[]),
        [
            "app/[id]/page.tsx: changed: 1 file in this worktree",
            "old/gone.rs: changed: 1 file in this worktree"
        ]
    );
}

#[test]
fn without_any_sign_nothing_is_proposed() {
    assert_eq!(proposals(&workspace(), "m-1", "Fix the main test of the source", &[]), Vec::<String>::new());
}
