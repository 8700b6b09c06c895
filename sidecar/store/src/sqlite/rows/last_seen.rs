use std::collections::BTreeMap;

use remit_board::{ids::SessionId, time::Millis};
use rusqlite::{Connection, params};

use super::each;
use crate::error::StoreError;

pub(in crate::sqlite) fn all(db: &Connection) -> Result<BTreeMap<SessionId, Millis>, StoreError> {
    let mut seen = BTreeMap::new();
    each(db, "last_seen", "SELECT session, at FROM last_seen", [], |cells| {
        seen.insert(cells.parsed(0)?, cells.time(1)?);
        Ok(())
    })?;
    Ok(seen)
}

pub(in crate::sqlite) fn touch(db: &Connection, session: &SessionId, now: Millis) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT INTO last_seen (session, at) VALUES (?1, ?2) ON CONFLICT (session) DO UPDATE SET at = ?2",
    )?
    .execute(params![session.as_str(), now.0])?;
    Ok(())
}

pub(in crate::sqlite) fn prune(db: &Connection, before: Millis) -> Result<usize, StoreError> {
    Ok(db.prepare_cached("DELETE FROM last_seen WHERE at < ?1")?.execute([before.0])?)
}
