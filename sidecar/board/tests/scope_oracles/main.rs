//! Path scopes held against things that share no code with them: a naive model, automata, `globset`, and plain
//! enumeration of paths. `REMIT_SOAK=1` runs a hundred times as many cases.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod dfa;
mod generate;
mod matching;
mod model;
mod overlapping;
mod spelling;
