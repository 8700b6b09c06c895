//! What a long-lived process does for the others now and then.

use std::{
    fs,
    time::{Duration, Instant},
};

use remit_board::time::Millis;
use rusqlite::Connection;

use super::{
    Setting,
    connection::Link,
    formats::check_writer,
    guard::{CommitError, Guard},
    meta::Meta,
    rows,
};
use crate::{error::StoreError, store::REQUESTS_ARE_KEPT_FOR_MS};

/// The first process to open a board reads the whole log, which is not noticed up to this length.
///
/// SQLite's own checkpoint does not help there: how much of the log is in the database already is known only as long
/// as some process has the board open, so that commands one after the other would move the same log each time and
/// never begin it anew.
const LONG_LOG: u64 = 512 * 1024;

/// Cutting the log needs a moment in which nobody writes; under load it is not tried at each commit.
const BETWEEN_ATTEMPTS: Duration = Duration::from_secs(1);

/// A session that was not seen for so long is not shown as seen at all.
const SEEN_IS_KEPT_FOR_MS: i64 = 90 * 24 * 3600 * 1000;

/// Moves a long log into the database; when idle any log, so that the next process has nothing to read.
pub(super) fn shorten_log(setting: &Setting, link: &Link, idle: bool) -> Result<(), StoreError> {
    let length = fs::metadata(setting.plan.log()).map_or(0, |log| log.len());
    let tried_lately = link.log_care.get().is_some_and(|tried| tried.elapsed() < BETWEEN_ATTEMPTS);
    if length <= if idle { 0 } else { LONG_LOG } || tried_lately {
        return Ok(());
    }
    link.log_care.set(Some(Instant::now()));
    match link.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(StoreError::from) {
        // Somebody is reading or writing: then this is not the moment.
        Err(error) if error.is_locked() => Ok(()),
        answer => answer,
    }
}

/// Every write wakes every watcher: it is made only when there is something to forget.
pub(super) fn forget_old(setting: &Setting, db: &Connection) -> Result<(), StoreError> {
    let meta = Meta::read(db)?;
    check_writer(&meta, setting.formats)?;
    let now = setting.options.clock.now(meta.clock);
    let requests = Millis(now.0.saturating_sub(REQUESTS_ARE_KEPT_FOR_MS));
    let seen = Millis(now.0.saturating_sub(SEEN_IS_KEPT_FOR_MS));
    let any: bool = db.query_row(
        "SELECT EXISTS (SELECT 1 FROM requests WHERE at < ?1) OR EXISTS (SELECT 1 FROM last_seen WHERE at < ?2)",
        [requests.0, seen.0],
        |row| row.get(0),
    )?;
    if !any {
        return Ok(());
    }
    let guard = Guard::write(db, setting.options.patience)?;
    rows::forget_before(db, requests)?;
    rows::prune_last_seen(db, seen)?;
    match guard.commit() {
        Err(CommitError::Failed(error)) => Err(error),
        // Forgotten or not: the next time will tell.
        Ok(()) | Err(CommitError::Unknown) => Ok(()),
    }
}

/// Takes the oldest events away, up to and with `up_to`.
pub(super) fn forget_events(setting: &Setting, db: &Connection, up_to: u64) -> Result<(), StoreError> {
    let guard = Guard::write(db, setting.options.patience)?;
    check_writer(&Meta::read(db)?, setting.formats)?;
    rows::forget_events(db, up_to)?;
    match guard.commit() {
        Err(CommitError::Failed(error)) => Err(error),
        // Whether they are still there is seen by the next look.
        Ok(()) | Err(CommitError::Unknown) => Ok(()),
    }
}
