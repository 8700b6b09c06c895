//! Disks that fail: the n-th write, sync, open or lock goes wrong, or the power goes while half of what was written is on
//! the disk. Whatever was acknowledged stays, whatever was refused leaves nothing behind, and the next call goes on.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod board;
mod day;
mod files;
mod nth;
mod power;
mod presence;
mod vfs;
