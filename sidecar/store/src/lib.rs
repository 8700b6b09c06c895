//! The board on disk.
//!
//! Everybody who works on a repository meets on one board: a folder `project-plan` that many processes read and write
//! at once, that may vanish under them, lie on a full disk, or have been written by a newer version. This crate is where
//! all of that ends: above it there is a [`Store`] with transactions, revisions and a clock, and nothing knows of SQLite.
//!
//! - [`Store`] is the contract; [`SqliteStore`] keeps it on disk, `testing::MemoryStore` in memory, with faults.
//! - [`CommitWatch`] wakes when somebody else has committed.
//! - [`PresenceDb`] says what windows have changed and not committed: a file of its own, so that typing wakes no board.
//! - [`archive`] is where events go that the board lets go of.
//! - [`Steward`] writes what people and agents read: `STATUS.md`, `HANDOFFS.md`, `state.json`, the bundles.

pub mod archive;
pub mod clock;
mod error;
mod file_system;
mod files;
mod identity;
mod lock;
mod news;
mod presence;
mod projections;
mod sqlite;
mod steward;
mod store;
mod watch;

#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use clock::Clock;
pub use error::StoreError;
pub use file_system::network_name;
pub use files::PlanFolder;
pub use lock::FileLock;
pub use news::current_notifications;
pub use presence::{PresenceDb, PresenceEdit, PresenceEdits, PresenceRow, PresenceState, SessionPresence};
pub use sqlite::{
    Created, Damage, Durability, Health, Options, Rebuilt, SqliteStore, examine, rebuild, reindex,
};
pub use steward::{Steward, Tended};
pub use store::{CursorRule, EventFilter, Outcome, Request, Rule, Snapshot, Store};
pub use watch::{Change, CommitWatch, Waker};
