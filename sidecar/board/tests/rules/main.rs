//! The rules of the board, played without a disk.

mod claims;
mod findings;
mod handoffs;
mod history;
mod leases;
mod plans;
mod play;
mod sessions;
mod vocabulary;
