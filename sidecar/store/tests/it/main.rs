//! What the store promises, kept by every implementation, between processes, and on a bad day.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod archive;
mod bed;
mod contract;
mod damage;
mod model;
mod places;
mod presence;
mod processes;
mod projections;
mod rebuild;
mod steward;
mod watch;
