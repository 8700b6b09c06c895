//! The rules of the board, as pure functions.
//!
//! No I/O, no clock, no thread, no async, no SQL: time, randomness and facts are arguments. The same inputs give
//! the same decision, so every rule is tested without a disk and a recorded history can be replayed and checked.

pub mod board;
pub mod bundle;
pub mod command;
pub mod cursor;
pub mod decide;
pub mod decision;
pub mod door;
pub mod event;
pub mod failure;
pub mod findings;
pub mod handoff;
pub mod ids;
pub mod intake;
pub mod markdown;
pub mod mode;
pub mod module;
pub mod modules;
pub mod path;
pub mod rank;
pub mod reply;
pub mod retention;
pub mod scope;
pub mod session;
pub mod signal;
pub mod soundness;
pub mod time;
pub mod view;
pub mod words;
