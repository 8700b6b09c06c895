//! What a long-lived process does for the others now and then.

use std::fs;

use remit_board::time::Millis;
use rusqlite::Connection;

use super::{
    Options, Setting,
    guard::{CommitError, Guard},
    meta::Meta,
    rows,
};
use crate::{error::StoreError, store::REQUESTS_ARE_KEPT_FOR_MS};

/// A log that is worth moving into the database while others wait for nothing.
const LARGE_LOG: u64 = 512 * 1024;

/// A session that was not seen for so long is not shown as seen at all.
const SEEN_IS_KEPT_FOR_MS: i64 = 90 * 24 * 3600 * 1000;

pub(super) fn upkeep(setting: &Setting, db: &Connection, idle: bool) -> Result<(), StoreError> {
    let now = setting.options.clock.now(Meta::read(db)?.clock);
    forget_old(db, &setting.options, now)?;
    if fs::metadata(setting.plan.log()).is_ok_and(|log| log.len() > LARGE_LOG) {
        move_log(db, idle)?;
    }
    Ok(())
}

/// Every write wakes every watcher: it is made only when there is something to forget.
fn forget_old(db: &Connection, options: &Options, now: Millis) -> Result<(), StoreError> {
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
    let guard = Guard::write(db, options.patience)?;
    rows::forget_before(db, requests)?;
    rows::prune_last_seen(db, seen)?;
    match guard.commit() {
        Err(CommitError::Failed(error)) => Err(error),
        // Forgotten or not: the next time will tell.
        Ok(()) | Err(CommitError::Unknown) => Ok(()),
    }
}

/// When idle the log is also cut, so that the next process to open the board has nothing to read.
fn move_log(db: &Connection, idle: bool) -> Result<(), StoreError> {
    let how = if idle { "TRUNCATE" } else { "PASSIVE" };
    match db.query_row(&format!("PRAGMA wal_checkpoint({how})"), [], |_| Ok(())).map_err(StoreError::from) {
        // Somebody is reading or writing: then this is not the moment.
        Err(error) if error.is_locked() => Ok(()),
        answer => answer,
    }
}
