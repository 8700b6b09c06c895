//! Who is working where: what makes two clones, two users and two machines tell each other apart.

use crate::changes::default_branch;
use crate::error::Result;
use crate::git::{Git, line};
use crate::worktree::Worktree;

pub use crate::changes::configured_email;

/// The name that this repository's commits are made with.
pub fn configured_name(worktree: &Worktree) -> Result<Option<String>> {
    let git = Git::inside(worktree);
    Ok(git.ask(&["config", "--get", "user.name"])?.as_deref().and_then(line))
}

/// The first commit of the default branch, which all clones of a repository share.
///
/// It walks the branch, so ask it once and not with every command. `None` before the first commit, outside git, and in a
/// shallow clone, which doesn't have it.
pub fn root_commit(worktree: &Worktree) -> Result<Option<String>> {
    let Some(dirs) = worktree.git.as_ref().filter(|dirs| !dirs.common_dir.join("shallow").exists()) else {
        return Ok(None);
    };
    let default = default_branch(dirs)?.map(|default| default.oid);
    let Some(tip) = default.or(dirs.refs().head(&dirs.git_dir)?.oid) else { return Ok(None) };
    let answer = Git::inside(worktree).run(&["rev-list", "--first-parent", "--max-parents=0", &tip, "--"])?;
    Ok(line(&answer))
}

/// Whether paths that differ in case only are the same file here (`core.ignorecase`), by reading one small file.
pub fn ignores_case(worktree: &Worktree) -> bool {
    let Some(dirs) = &worktree.git else { return cfg!(any(windows, target_os = "macos")) };
    let config = git2::Config::open(&dirs.common_dir.join("config"));
    config.and_then(|config| config.get_bool("core.ignorecase")).unwrap_or(false)
}

/// The machine's name, for people to recognise.
pub fn host_name() -> String {
    let name = os_host_name();
    if name.is_empty() { "localhost".to_owned() } else { name }
}

#[cfg(unix)]
fn os_host_name() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

#[cfg(not(unix))]
fn os_host_name() -> String {
    std::env::var("COMPUTERNAME").unwrap_or_default()
}
