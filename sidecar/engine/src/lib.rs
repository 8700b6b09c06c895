//! The one door to a board on this machine: gathers evidence, decides, commits, wakes.
//!
//! Evidence is gathered before a transaction and never under a lock; the rules in `remit-board` decide on it; the
//! store commits; whoever waits is woken. Faces know this crate by `trait Engine` alone.

mod answer;
mod bootstrap;
mod caller;
mod collisions;
mod doctor;
mod evidence;
mod given_out;
pub mod guard;
mod infer;
mod local;
mod mutate;
mod nearby;
mod next;
mod place;
mod presence;
mod retention;
mod shared;
mod signals;
mod steward;
mod tokens;
mod uninstall;
mod validate;
mod wait;
mod watching;
mod window;
mod window_lock;

pub use local::LocalEngine;
pub use place::project_path;
pub use uninstall::Uninstalled;
pub use window::open_window;
