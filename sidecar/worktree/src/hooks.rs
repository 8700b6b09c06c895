//! Where git looks for hooks. Linked worktrees share them, and `core.hooksPath` may have put them anywhere.

use std::path::{Path, PathBuf};

use crate::discover::normalized;
use crate::error::Result;
use crate::git::{Git, line};
use crate::worktree::Worktree;

/// The folder that git itself names, whether it is there or not; `None` outside git.
pub fn folder(worktree: &Worktree) -> Result<Option<PathBuf>> {
    if worktree.git.is_none() {
        return Ok(None);
    }
    let answer = Git::inside(worktree).run(&["rev-parse", "--git-path", "hooks"])?;
    Ok(line(&answer).map(|named| normalized(&worktree.root.join(named))))
}

/// Whether git has the file under version control, so that a change of it is everybody's.
pub fn is_tracked(worktree: &Worktree, file: &Path) -> bool {
    let Some(file) = file.strip_prefix(&worktree.root).ok().and_then(Path::to_str) else { return false };
    let answer = Git::inside(worktree).run(&["--literal-pathspecs", "ls-files", "-z", "--", file]);
    answer.is_ok_and(|answer| !answer.is_empty())
}
