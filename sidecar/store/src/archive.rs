//! Where events go when the board lets go of them: `archive/events/*.jsonl`, one line an event.
//!
//! A line is never lost and never doubled, wherever the process is killed. Lines are appended in the order of their numbers
//! and are on the disk before their rows are deleted; so the last whole line of a file says which rows are in it
//! already, and what follows that line was never finished and is written again.

mod file;
mod line;

use std::{io, time::Duration};

use remit_board::{cursor::EventRange, event::Event, retention::Retention, time::Millis};

pub use file::{ArchiveEntry, entries};
pub use line::ArchiveLine;

use self::file::ArchiveFile;
use crate::{
    error::StoreError,
    files::PlanFolder,
    lock::FileLock,
    store::{EventFilter, Store},
};

/// So many rows are read, written and deleted at once: others wait no longer than that takes.
const BATCH: u64 = 2000;

/// Another process that archives is soon done with its batch.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is about to be done. Tests stop before each step, as a killed process would, and tear what is written.
pub enum Step<'a> {
    Open,
    CutTail,
    Write(&'a mut Vec<u8>),
    Sync,
    Forget,
}

type Before<'a> = dyn FnMut(Step<'_>) -> io::Result<()> + 'a;

/// Archives what the policy lets go of, then takes it from the board. Says how many events went.
pub fn prune(plan: &PlanFolder, store: &mut dyn Store, policy: Retention) -> Result<u64, StoreError> {
    prune_with(plan, store, policy, &mut |_| Ok(()))
}

/// The same, with something to be done before each step.
pub fn prune_with(
    plan: &PlanFolder,
    store: &mut dyn Store,
    policy: Retention,
    before: &mut Before<'_>,
) -> Result<u64, StoreError> {
    let lock = FileLock::acquire_within(&plan.archive_lock(), PATIENCE);
    let Some(_lock) = lock.map_err(failed)? else {
        return Err(StoreError::Locked { waited: PATIENCE });
    };
    let snapshot = store.read()?;
    let (incarnation, now) = (snapshot.board.incarnation, snapshot.now);
    drop(snapshot);
    let range = store.event_range()?;
    let mut gone = 0;
    loop {
        let batch = next_batch(store, policy, range, now)?;
        let Some(last) = batch.last() else { return Ok(gone) };
        for events in batch.chunk_by(|one, next| file::begins(one.seq) == file::begins(next.seq)) {
            put_aside(plan, incarnation, events, before).map_err(failed)?;
        }
        before(Step::Forget).map_err(failed)?;
        store.forget_events(last.seq)?;
        gone += batch.len() as u64;
    }
}

/// Whether the steward has something to archive: looked at after every commit, so it must cost next to nothing.
pub fn is_due(store: &mut dyn Store, now: Millis) -> Result<bool, StoreError> {
    let range = store.event_range()?;
    let oldest = store.events(&EventFilter { limit: Some(1), ..EventFilter::default() })?;
    let policy = Retention::default().with_slack();
    Ok(oldest.first().is_some_and(|oldest| policy.lets_go(oldest, range, now)))
}

/// The oldest events that have to go. One that may stay keeps all behind it.
fn next_batch(
    store: &mut dyn Store,
    policy: Retention,
    range: EventRange,
    now: Millis,
) -> Result<Vec<Event>, StoreError> {
    let filter = EventFilter { limit: Some(BATCH), ..EventFilter::default() };
    let mut events = store.events(&filter)?;
    let going = events.iter().take_while(|event| policy.lets_go(event, range, now)).count();
    events.truncate(going);
    Ok(events)
}

/// Brings the events, all of one file, to the disk, apart from those that a killed process brought there before.
fn put_aside(
    plan: &PlanFolder,
    incarnation: u64,
    events: &[Event],
    before: &mut Before<'_>,
) -> io::Result<()> {
    let Some(first) = events.first() else { return Ok(()) };
    before(Step::Open)?;
    let mut file = ArchiveFile::open(plan, incarnation, first.seq)?;
    before(Step::CutTail)?;
    let archived = file.cut_unfinished_tail(first.seq)?;
    let mut text = Vec::new();
    for event in events.iter().filter(|event| archived.is_none_or(|last| event.seq > last)) {
        serde_json::to_writer(&mut text, &ArchiveLine::of(event))?;
        text.push(b'\n');
    }
    before(Step::Write(&mut text))?;
    file.append(&text)?;
    before(Step::Sync)?;
    file.sync(plan)
}

fn failed(error: io::Error) -> StoreError {
    match StoreError::io("archiving events failed", &error) {
        StoreError::Corrupt(_) => StoreError::Archive(error.to_string()),
        told => told,
    }
}
