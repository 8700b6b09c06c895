//! A store without a disk, for tests of everything above the store: it loses answers on request, and runs every rule
//! twice, so that one with a memory or a will of its own is found out.

mod clock;
mod memory;
mod samples;

pub use clock::StillClock;
pub use memory::{Fault, MemoryStore};
pub use samples::Sample;
