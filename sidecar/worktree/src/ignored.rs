//! Which files git keeps its eyes off: what is in them is nobody's business but their owner's.

use std::collections::BTreeSet;

use remit_board::path::ProjectPath;

use crate::error::Result;
use crate::git::{Git, fields};
use crate::worktree::Worktree;

/// Of these paths those that are ignored; a tracked file never is. Outside git nothing is.
pub fn ignored(worktree: &Worktree, paths: &[ProjectPath]) -> Result<BTreeSet<ProjectPath>> {
    if worktree.git.is_none() || paths.is_empty() {
        return Ok(BTreeSet::new());
    }
    // Begun like this, no name is taken for a pattern's magic.
    let input: String = paths.iter().map(|path| format!("./{path}\0")).collect();
    let answer = Git::inside(worktree).ask_about(&["check-ignore", "-z", "--stdin"], input.as_bytes())?;
    let answer = answer.unwrap_or_default();
    let named = fields(&answer).filter_map(|path| path.strip_prefix(b"./"));
    Ok(named.filter_map(|path| ProjectPath::parse(std::str::from_utf8(path).ok()?).ok()).collect())
}
