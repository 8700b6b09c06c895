//! Noticing a commit of another process, at once and without asking all the time.
//!
//! A file event alone is a race: it comes with the write to the log, *before* the commit can be seen, so that 3 to 13 %
//! of commits were noticed only with the next one. Hence: after an event look several times within 30 ms, and poll
//! slowly behind that, for what events miss. The *folder* is watched, as the log file comes and goes.

mod events;
mod eye;
mod schedule;

use std::{
    sync::{Arc, Condvar, Mutex, PoisonError},
    time::Instant,
};

use self::{events::FolderEvents, eye::Eye, schedule::Schedule};
use crate::files::PlanFolder;

/// What woke the waiter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Somebody committed: a revision, or bookkeeping alone.
    Committed,
    /// There is a board where there was none.
    Appeared,
    /// Another board is there than before.
    Replaced,
    /// The board is gone.
    Vanished,
    /// Somebody called `Waker::wake`.
    Interrupted,
    /// Nothing happened.
    Deadline,
}

/// Watches one board, present or not. Make it *before* reading the board: whatever is committed from then on wakes.
pub struct CommitWatch {
    signal: Arc<Signal>,
    events: FolderEvents,
    eye: Eye,
    schedule: Schedule,
}

/// Ends another thread's wait.
#[derive(Clone)]
pub struct Waker(Arc<Signal>);

impl Waker {
    /// The wait that goes on now, or else the next one, returns `Change::Interrupted`.
    pub fn wake(&self) {
        self.0.raise(|raised| raised.interrupted = true);
    }
}

impl CommitWatch {
    pub fn new(plan: &PlanFolder) -> Self {
        let signal = Arc::new(Signal::default());
        let mut events = FolderEvents::new(plan, Arc::clone(&signal));
        let mut eye = Eye::new(plan);
        eye.look();
        events.aim();
        // A board that came between looking and watching is found by the first wait.
        Self { signal, events, eye, schedule: Schedule::default() }
    }

    pub fn waker(&self) -> Waker {
        Waker(Arc::clone(&self.signal))
    }

    /// Returns at the first change since the wait before, or at `deadline`. A change that came before the call counts,
    /// however close the deadline.
    pub fn wait(&mut self, deadline: Instant) -> Change {
        loop {
            if let Some(change) = self.look() {
                return change;
            }
            let now = Instant::now();
            if now >= deadline {
                return if self.signal.take().interrupted { Change::Interrupted } else { Change::Deadline };
            }
            let next = self.schedule.next(now, self.events.poll_interval());
            let raised = self.signal.wait_until(next.min(deadline));
            if raised.interrupted {
                return Change::Interrupted;
            }
            if raised.file_event {
                self.schedule.file_event(Instant::now());
            }
        }
    }

    fn look(&mut self) -> Option<Change> {
        let change = self.eye.look();
        if change.is_some_and(|change| change != Change::Committed) || !self.eye.sees_a_board() {
            self.events.aim();
        }
        change
    }
}

#[derive(Default)]
struct Signal {
    raised: Mutex<Raised>,
    changed: Condvar,
}

#[derive(Clone, Copy, Default)]
struct Raised {
    file_event: bool,
    interrupted: bool,
}

impl Signal {
    fn raise(&self, what: impl FnOnce(&mut Raised)) {
        what(&mut self.raised.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_one();
    }

    fn take(&self) -> Raised {
        std::mem::take(&mut self.raised.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn wait_until(&self, moment: Instant) -> Raised {
        let mut raised = self.raised.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let left = moment.saturating_duration_since(Instant::now());
            if raised.file_event || raised.interrupted || left.is_zero() {
                return std::mem::take(&mut raised);
            }
            raised = self.changed.wait_timeout(raised, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}
