//! What a push brings to others, by the lines that git gives its pre-push hook.

use std::collections::BTreeSet;

use remit_board::path::ProjectPath;

use crate::changes::configured_email;
use crate::error::Result;
use crate::git::Git;
use crate::log::commits_outside;
use crate::worktree::Worktree;

/// `<local ref> <local id> <remote ref> <remote id>`: one reference that a push moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefUpdate {
    pub local_ref: String,
    local_id: String,
    remote_id: String,
}

impl RefUpdate {
    /// `None` for a line that is none, and for a reference that is being deleted.
    pub fn parse(line: &str) -> Option<Self> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [local_ref, local_id, _, remote_id] = words.as_slice() else { return None };
        let is_id = |id: &str| id.len() >= 40 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_id(local_id) || !is_id(remote_id) || is_zero(local_id) {
            return None;
        }
        let [local_ref, local_id, remote_id] = [*local_ref, *local_id, *remote_id].map(str::to_owned);
        Some(Self { local_ref, local_id, remote_id })
    }
}

fn is_zero(id: &str) -> bool {
    id.bytes().all(|byte| byte == b'0')
}

/// The paths of this user's commits that `remote` does not have yet.
pub fn pushed_paths(
    worktree: &Worktree,
    remote: &str,
    updates: &[RefUpdate],
) -> Result<BTreeSet<ProjectPath>> {
    let git = Git::inside(worktree);
    let Some(email) = configured_email(worktree)? else { return Ok(BTreeSet::new()) };
    let mut paths = BTreeSet::new();
    for update in updates {
        let commits = commits_outside(&git, &update.local_id, &known_there(&git, remote, update))?;
        let mine = commits.into_iter().filter(|commit| commit.email.eq_ignore_ascii_case(&email));
        let readable = |path: &Vec<u8>| ProjectPath::parse(std::str::from_utf8(path).ok()?).ok();
        paths.extend(
            mine.flat_map(|commit| commit.paths)
                .filter(|path| !worktree.is_board_file(path))
                .filter_map(|path| readable(&path)),
        );
    }
    Ok(paths)
}

/// What the remote had when it was last seen. Its own answer may name a commit that was never fetched.
fn known_there(git: &Git, remote: &str, update: &RefUpdate) -> Vec<String> {
    // Where the remote is given as an address, any remote's branches will do.
    let is_name = !remote.is_empty() && !remote.contains(['/', ':', '*', '?', '[']);
    let mut known = vec![
        "--not".to_owned(),
        if is_name { format!("--remotes={remote}") } else { "--remotes".to_owned() },
    ];
    let is_here = !is_zero(&update.remote_id)
        && git
            .ask(&["rev-parse", "--quiet", "--verify", &format!("{}^{{commit}}", update.remote_id)])
            .is_ok_and(|found| found.is_some());
    if is_here {
        known.push(update.remote_id.clone());
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_lines_that_bring_something_count() {
        let (a, b, none) = ("a".repeat(40), "b".repeat(40), "0".repeat(40));
        let update = RefUpdate::parse(&format!("refs/heads/x {a} refs/heads/y {b}")).unwrap();
        assert_eq!((update.local_ref.as_str(), update.local_id), ("refs/heads/x", a.clone()));
        assert!(RefUpdate::parse(&format!("refs/heads/x {a} refs/heads/y {none}")).is_some());
        for line in [
            format!("(delete) {none} refs/heads/y {b}"),
            format!("x {a} y"),
            format!("x --all y {b}"),
            String::new(),
        ] {
            assert_eq!(RefUpdate::parse(&line), None, "{line}");
        }
    }
}
