//! The language server face: what an editor's window shows and does, over one door to the board.
//!
//! It decides nothing about ownership. It tells the engine what the window has open and changed, shows what the
//! engine finds as diagnostics, and passes commands and queries on. `PROTOCOL.md` says what it speaks beyond the
//! Language Server Protocol.
//!
//! One task (`face`) owns the state. Handlers (`server`), threads (`workers`) and watchers (`watch`, `lifetime`) only
//! post to its inbox, and it never waits for the client: what the client is to hear goes to the outbox, from which a
//! task of its own sends.

mod actions;
mod board;
mod collisions;
mod deadline;
mod diagnostics;
mod documents;
mod engine;
mod face;
mod folders;
mod frames;
mod inbox;
mod input;
mod lifetime;
mod news;
mod opening;
mod outbox;
mod pace;
pub mod protocol;
mod requests;
mod server;
mod session;
mod text;
mod troubles;
mod unsaved;
mod uri;
mod watch;
mod window;
mod workers;

pub use session::{Ended, run, serve};
