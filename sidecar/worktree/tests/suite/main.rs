//! The crate on real repositories: every odd place, and git itself as the oracle.

#![allow(clippy::unwrap_used)]

mod bundle;
mod changes;
mod collisions;
mod committed;
mod edits;
mod identity;
mod infer;
mod intake;
mod locate;
mod operations;
mod scan;
#[cfg(unix)]
mod staged;
mod support;
mod tracker;
mod tracker_random;
mod watch;
mod worktrees;
