//! What the next commit would hold: what the pre-commit guard judges.

use std::path::{Path, PathBuf};

use super::base::name_status;
use super::model::{Layers, Uncommitted, overlay};
use super::{ChangeKind, Changes, Operation};
use crate::discover::canonical;
use crate::error::Result;
use crate::git::Git;
use crate::worktree::Worktree;

/// What differs between the index and the head. During a merge only paths that differ from *all* parents count: the
/// others were somebody's commit already.
///
/// `index` is for hooks of a running commit ([`index_of_running_commit`]); `None` is the worktree's own.
pub fn staged_changes(worktree: &Worktree, index: Option<&Path>) -> Result<Changes> {
    let Some(dirs) = &worktree.git else { return Ok(Changes::default()) };
    let mut git = Git::inside(worktree);
    if let Some(index) = index {
        git = git.with_index(index.to_owned());
    }
    let mut staged = name_status(&git.run(&against(None))?);
    for parent in merge_parents(&dirs.git_dir) {
        let other = name_status(&git.run(&against(Some(&parent)))?);
        staged.retain(|path, _| other.contains_key(path));
    }
    staged.retain(|path, _| !worktree.is_board_file(path));
    let mut found = Uncommitted::default();
    for (path, kind) in staged {
        found.merge(path, layers(kind));
    }
    Ok(overlay(&found, &Default::default(), Operation::under_way(&dirs.git_dir)))
}

/// The index that git shows to the hooks of `git commit -a` and `git commit PATH`, by `GIT_INDEX_FILE`.
///
/// git makes it in the worktree's own git directory; a name that leads elsewhere belongs to another repository's hook.
pub fn index_of_running_commit(worktree: &Worktree) -> Option<PathBuf> {
    let named = worktree.root.join(std::env::var_os("GIT_INDEX_FILE")?);
    let folder = canonical(named.parent()?).ok()?;
    let own = &worktree.git.as_ref()?.git_dir;
    (folder == *own && named.exists()).then_some(named)
}

fn against(parent: Option<&str>) -> Vec<&str> {
    let mut command = vec!["diff", "--cached", "-z", "--no-renames", "--no-ext-diff", "--name-status"];
    command.extend(parent);
    command.push("--");
    command
}

/// What is being merged into the head.
pub(crate) fn merge_parents(git_dir: &Path) -> Vec<String> {
    let heads = std::fs::read_to_string(git_dir.join("MERGE_HEAD")).unwrap_or_default();
    heads.lines().map(str::to_owned).collect()
}

fn layers(kind: ChangeKind) -> Layers {
    match kind {
        ChangeKind::Conflicted => Layers::CONFLICTED,
        kind => Layers { staged: Some(kind), ..Layers::default() },
    }
}
