//! What git and the files say: where the board is, what each worktree changed, and what speaks for whose it is.
//!
//! Nothing else in the sidecar runs git or walks files, so what these cost and how they fail is decided here. Nothing here
//! knows modules, owners or the board's database, and nothing here writes.
//!
//! - [`locate`] finds the [`Place`]: the board's folder, and the [`Worktree`] whose changes count.
//! - [`changes`](changes()) and [`staged_changes`] look once; a [`ChangeTracker`] stays current by file events.
//! - [`watch`] names what to watch of git itself; [`worktrees`](worktrees()) lists the repository's other worktrees.
//! - [`Collider`] says where two worktrees, or two windows on one, would collide in a merge, before anybody merges.
//! - [`scan`](scan()) and [`infer`](infer()) find what a module might own, each proposal with its evidence.
//! - [`survey`] finds what the project is made of, for whoever begins with an empty board.
//! - [`bundle_facts`] gathers what a handoff tells; [`identity`] says who and where this is.

mod bundle;
mod changes;
mod collisions;
mod discover;
mod error;
mod git;
pub mod hooks;
pub mod identity;
mod ignored;
mod infer;
mod intake;
mod locate;
mod log;
mod merge;
mod push;
mod refs;
mod scan;
pub mod watch;
mod worktree;
mod worktrees;

pub use bundle::{BundleFacts, CommitFact, FileFact, bundle_facts};
pub use changes::{
    Change, ChangeKind, ChangeTracker, Changes, Operation, SavedFiles, changes, index_of_running_commit,
    staged_changes,
};
pub use collisions::{Clash, Collider, Collision, Edit, Layer, NewLines, Side, Staged, Unsaved, edits};
pub use error::{Result, WorktreeError};
pub use git::version as git_version;
pub use ignored::ignored;
pub use infer::{Evidence, Hints, Others, Proposal, infer};
pub use intake::survey;
pub use locate::{Place, locate};
pub use merge::{Conflict, Merged, merge};
pub use push::{RefUpdate, pushed_paths};
pub use refs::Head;
pub use scan::{Package, Scan, scan};
pub use worktree::{BOARD_DATABASE, BOARD_FOLDER, GitDirs, Worktree};
pub use worktrees::{WorktreeInfo, worktrees};
