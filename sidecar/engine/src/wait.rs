//! Waking at a commit of anybody, at the end of a lease, or when the time is up.

use std::time::{Duration, Instant};

use remit_board::{
    door::{Outcome, Woken},
    failure::{Code, Failure},
    module::Lease,
};
use remit_store::{Change, CommitWatch, PlanFolder, Snapshot};

use crate::{
    local::{LocalEngine, lock},
    steward::IDLE,
};

/// Far less than the second within which the files beside the database follow it.
const TEND_AFTER: Duration = Duration::from_millis(25);

impl LocalEngine {
    pub(crate) fn wait_for_board(&self, after: Option<u64>, timeout: Duration) -> Outcome<Option<Woken>> {
        let end = Instant::now() + timeout;
        let mut waiter = lock(&self.waiter);
        // Made before the board is read: whatever is committed from then on wakes.
        let waiter = waiter.get_or_insert_with(|| Waiter::new(&self.plan));
        loop {
            if waiter.tend_at.is_some_and(|due| due <= Instant::now()) {
                waiter.tend_at = None;
                self.tend();
            }
            let now = match self.look() {
                Ok(now) => now,
                Err(failure) => return Outcome::failed(None, failure),
            };
            if now.revision() != after {
                waiter.tend_soon();
                return now.woken(false);
            }
            let deadline = end.min(now.next_expiry()).min(Instant::now() + IDLE);
            let change = waiter.watch.wait(waiter.tend_at.map_or(deadline, |due| due.min(deadline)));
            match change {
                Change::Committed => {
                    let then = match self.look() {
                        Ok(then) => then,
                        Err(failure) => return Outcome::failed(None, failure),
                    };
                    waiter.tend_soon();
                    return then.woken(then.revision() == after);
                }
                Change::Deadline if Instant::now() >= now.next_expiry() => return now.woken(true),
                Change::Deadline if Instant::now() >= end => return Outcome::done(now.revision(), None),
                Change::Deadline if waiter.tend_at.is_some() => {}
                Change::Deadline => self.upkeep(true),
                Change::Appeared | Change::Replaced | Change::Vanished | Change::Interrupted => {}
            }
        }
    }

    /// When the next lease will run out, or so far away that it makes no difference.
    pub(crate) fn next_expiry(&self) -> Result<Instant, Failure> {
        Ok(self.look()?.next_expiry())
    }

    fn look(&self) -> Result<Look, Failure> {
        match self.snapshot() {
            Ok(snapshot) => Ok(Look { read_at: Instant::now(), snapshot: Some(snapshot) }),
            Err(failure) if failure.code == Code::NoBoard => {
                Ok(Look { read_at: Instant::now(), snapshot: None })
            }
            Err(failure) => Err(failure),
        }
    }
}

/// What stays between two waits.
pub(crate) struct Waiter {
    watch: CommitWatch,
    tend_at: Option<Instant>,
}

impl Waiter {
    fn new(plan: &PlanFolder) -> Self {
        Self { watch: CommitWatch::new(plan), tend_at: None }
    }

    /// Whoever was woken looks at the board first; and of commits that come in crowds not each has its own files.
    fn tend_soon(&mut self) {
        self.tend_at.get_or_insert(Instant::now() + TEND_AFTER);
    }
}

/// The board as the waiter saw it.
struct Look {
    read_at: Instant,
    snapshot: Option<Snapshot>,
}

impl Look {
    fn revision(&self) -> Option<u64> {
        self.snapshot.as_ref().map(|snapshot| snapshot.board.revision)
    }

    /// When the next lease that still runs will run out, on this process's clock.
    fn next_expiry(&self) -> Instant {
        let far = self.read_at + Duration::from_secs(3600);
        let Some(snapshot) = &self.snapshot else { return far };
        let running = snapshot.leases.0.values().filter(|lease| !lease.is_expired(snapshot.now));
        let left = |lease: &Lease| Duration::from_millis((lease.expires_at.0 - snapshot.now.0).max(0) as u64);
        running.map(left).min().map_or(far, |left| self.read_at + left.min(Duration::from_secs(3600)))
    }

    fn woken(&self, volatile: bool) -> Outcome<Option<Woken>> {
        let revision = self.revision();
        let woken = Woken { exists: revision.is_some(), revision: revision.unwrap_or(0), volatile };
        Outcome::done(revision, Some(woken))
    }
}
