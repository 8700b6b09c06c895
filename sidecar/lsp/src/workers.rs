//! The threads on which the face waits for the engine and the disk, so that its own task never does.
//!
//! Each has one thing to do, posts what came of it to the inbox, and ends when the face is gone.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender},
    thread,
    time::{Duration, Instant, SystemTime},
};

use remit_board::{door::Presence, failure::Failure};

use crate::{
    engine::{Door, describe},
    inbox::{Closed, Inbox, Looked, Message},
    unsaved::{self, Check},
};

/// The longest wait for the board; the engine answers earlier when there is news.
const WAIT: Duration = Duration::from_secs(60);
/// After a failure.
const RETRY: Duration = Duration::from_secs(2);
/// While the machine sleeps a timer does too, but a lease runs on: the wall clock is looked at this often.
const NAP: Duration = Duration::from_secs(15);

/// Compares documents with the disk, says what the window has, asks what is wrong: one after the other, in the order
/// given.
pub(crate) struct Looker {
    jobs: Sender<Job>,
}

enum Job {
    Check(Vec<Check>),
    Look(Option<Presence>),
}

impl Looker {
    pub(crate) fn start(door: Door, root: PathBuf, inbox: Inbox) -> Result<Self, Failure> {
        let (jobs, todo) = mpsc::channel();
        spawn("looker", inbox.clone(), move || {
            for job in todo {
                if inbox.post(carry_out(job, &door, &root)).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { jobs })
    }

    /// Answered by `Message::Checked`.
    pub(crate) fn check(&self, checks: Vec<Check>) {
        self.give(Job::Check(checks));
    }

    /// Answered by `Message::Looked`.
    pub(crate) fn look(&self, presence: Option<Presence>) {
        self.give(Job::Look(presence));
    }

    /// Only a thread that ended by a defect takes no job, and that has been told.
    fn give(&self, job: Job) {
        let _ = self.jobs.send(job);
    }
}

fn carry_out(job: Job, door: &Door, root: &Path) -> Message {
    match job {
        Job::Check(checks) => {
            Message::Checked(checks.into_iter().map(|check| unsaved::check(check, root)).collect())
        }
        Job::Look(presence) => {
            let said = presence.map(|presence| (door.presence(presence.clone()), presence));
            let unsaid = said.and_then(|(result, presence)| result.err().map(|failure| (presence, failure)));
            Message::Looked(Looked { unsaid, findings: door.findings() })
        }
    }
}

/// Keeps the window's leases alive until it is dropped.
pub(crate) struct Renewer {
    prompts: Sender<()>,
}

impl Renewer {
    pub(crate) fn start(door: Door, inbox: Inbox) -> Result<Self, Failure> {
        let (prompts, prompted) = mpsc::channel();
        spawn("renewer", inbox.clone(), move || renew(&door, &inbox, &prompted))?;
        Ok(Self { prompts })
    }

    /// Something happened that may call for a renewal earlier than planned.
    pub(crate) fn prompt(&self) {
        let _ = self.prompts.send(());
    }
}

fn renew(door: &Door, inbox: &Inbox, prompted: &Receiver<()>) {
    loop {
        let renewal = door.renew();
        let next_in = renewal.as_ref().map_or(Some(RETRY), |renewal| renewal.next_in);
        if inbox.post(Message::Renewed(renewal)).is_err() || !pause(prompted, next_in) {
            return;
        }
        while prompted.try_recv().is_ok() {}
    }
}

/// Until the time has passed on the wall clock, or somebody prompts; false when nobody is left who could.
fn pause(prompted: &Receiver<()>, time: Option<Duration>) -> bool {
    let Some(time) = time else { return prompted.recv().is_ok() };
    let (due, at_latest) = (SystemTime::now() + time, Instant::now() + time);
    loop {
        let by_wall_clock = due.duration_since(SystemTime::now()).unwrap_or_default();
        let rest = by_wall_clock.min(at_latest.saturating_duration_since(Instant::now()));
        match prompted.recv_timeout(rest.min(NAP)) {
            Ok(()) => return true,
            Err(RecvTimeoutError::Disconnected) => return false,
            Err(RecvTimeoutError::Timeout) if rest <= NAP => return true,
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

/// Posts `Message::Woken` whenever the board may be another.
pub(crate) fn watch_board(door: Door, inbox: Inbox) -> Result<(), Failure> {
    spawn("waiter", inbox.clone(), move || {
        let mut after = None;
        loop {
            let Some(woken) = door.wait(after, WAIT).transpose() else { continue };
            let failed = woken.is_err();
            if let Ok(woken) = &woken {
                after = woken.exists.then_some(woken.revision);
            }
            if let Err(Closed) = inbox.post(Message::Woken(woken)) {
                return;
            }
            if failed {
                thread::sleep(RETRY);
            }
        }
    })
}

/// Posts `Message::Nearby` whenever others may have edited what this window edits.
pub(crate) fn watch_others(door: Door, inbox: Inbox) -> Result<(), Failure> {
    spawn("listener", inbox.clone(), move || {
        let mut after = None;
        loop {
            match door.nearby(after, WAIT) {
                Ok(None) => {}
                // The window's first look is still to come.
                Ok(mark) if after.is_none() => after = mark,
                Ok(mark) => {
                    after = mark;
                    if inbox.post(Message::Nearby).is_err() {
                        return;
                    }
                }
                // A look at the board meets the same trouble, and tells of it.
                Err(_) => thread::sleep(RETRY),
            }
        }
    })
}

fn spawn(name: &'static str, inbox: Inbox, body: impl FnOnce() + Send + 'static) -> Result<(), Failure> {
    let guarded = move || {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(body)) {
            describe(name, panic.as_ref());
            let _ = inbox.post(Message::Broken);
        }
    };
    let thread = thread::Builder::new().name(format!("remit-{name}")).spawn(guarded);
    thread.map(drop).map_err(|error| Failure::internal(format!("no thread for the {name}: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_ends_by_time_by_prompt_or_with_the_face() {
        let (prompts, prompted) = mpsc::channel();
        assert!(pause(&prompted, Some(Duration::ZERO)));
        prompts.send(()).unwrap();
        assert!(pause(&prompted, None));
        prompts.send(()).unwrap();
        assert!(pause(&prompted, Some(Duration::from_secs(3600))));
        drop(prompts);
        assert!(!pause(&prompted, Some(Duration::from_secs(3600))));
        assert!(!pause(&prompted, None));
    }

    #[tokio::test]
    async fn a_defect_in_a_thread_is_told() {
        let (inbox, mut messages) = Inbox::new();
        spawn("looker", inbox, || panic!("a defect")).unwrap();
        assert!(matches!(messages.recv().await, Some(Message::Broken)));
    }
}
