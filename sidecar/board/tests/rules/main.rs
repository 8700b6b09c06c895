//! The rules of the board, played without a disk.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod claims;
mod cursors;
mod editor;
mod findings;
mod graph;
mod handoffs;
mod history;
mod intake;
mod leases;
mod modes;
mod moves;
mod plans;
mod play;
mod ranking;
mod sessions;
mod signals;
mod soundness;
mod vocabulary;
