//! Asking again until there is an answer: any question that can be answered by *nothing* can be watched.
//!
//! Whoever watches sleeps until somebody commits or a lease runs out: nothing else changes an answer.

use std::time::{Duration, Instant};

use remit_board::{
    command::{Asking, Events, Query},
    door::Outcome,
    failure::{Code, Failure},
    reply::Answer,
    words,
};
use remit_store::CommitWatch;

use crate::local::LocalEngine;

/// Longer than anybody waits, and short enough for every clock.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 3600);

impl LocalEngine {
    pub(crate) fn watch(&self, asking: &Asking, query: Query, seconds: u64) -> Outcome<Answer> {
        let end = Instant::now() + Duration::from_secs(seconds).min(LONGEST);
        // Made before the board is read: whatever is committed from then on wakes.
        let mut commits = CommitWatch::new(&self.plan);
        let query = match self.beginning_now(query) {
            Ok(query) => query,
            Err(failure) => return Outcome::failed(None, failure),
        };
        loop {
            let outcome = self.answer(asking, query.clone());
            if !holds_nothing(&outcome) {
                return outcome;
            }
            let next_expiry = match self.next_expiry() {
                Ok(next_expiry) => next_expiry,
                Err(failure) => return Outcome::failed(outcome.revision, failure),
            };
            if Instant::now() >= end {
                return Outcome::failed(outcome.revision, ran_out(seconds));
            }
            commits.wait(end.min(next_expiry));
        }
    }

    /// There always are events; who watches them without saying from where wants those that come.
    fn beginning_now(&self, query: Query) -> Result<Query, Failure> {
        Ok(match query {
            Query::Events(Events { mut which }) if which.since.is_none() && which.cursor_id.is_none() => {
                which.since = Some(self.snapshot()?.last_event);
                Query::Events(Events { which })
            }
            query => query,
        })
    }
}

fn holds_nothing(outcome: &Outcome<Answer>) -> bool {
    match &outcome.result {
        Ok(answer) => answer.holds_nothing(),
        Err(failure) => failure.code == Code::Nothing,
    }
}

fn ran_out(seconds: u64) -> Failure {
    Failure::new(
        Code::Nothing,
        format!("nothing came within {}; nothing was changed", words::duration(seconds)),
    )
    .hint("ask again, or wait longer with --watch-seconds")
}
