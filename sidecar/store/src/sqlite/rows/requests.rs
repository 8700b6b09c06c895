use remit_board::{ids::RequestId, time::Millis};
use rusqlite::{Connection, OptionalExtension, params};

use super::to_integer;
use crate::{
    error::StoreError,
    store::{REQUESTS_ARE_KEPT_FOR_MS, Request},
};

/// A request that was committed before. Its reply may hold a lease token: the database is its owner's alone.
pub(in crate::sqlite) struct Remembered {
    pub fingerprint: String,
    pub revision: u64,
    pub reply: String,
}

fn agent(request: &Request) -> &str {
    request.agent.as_ref().map_or("", |agent| agent.as_str())
}

pub(in crate::sqlite) fn recall(
    db: &Connection,
    request: &Request,
    id: &RequestId,
    now: Millis,
) -> Result<Option<Remembered>, StoreError> {
    let oldest = now.0.saturating_sub(REQUESTS_ARE_KEPT_FOR_MS);
    let mut statement = db.prepare_cached(
        "SELECT fingerprint, revision, reply FROM requests WHERE agent = ?1 AND id = ?2 AND at >= ?3",
    )?;
    let found = statement.query_row(params![agent(request), id.as_str(), oldest], |row| {
        Ok(Remembered {
            fingerprint: row.get(0)?,
            revision: u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0),
            reply: row.get(2)?,
        })
    });
    Ok(found.optional()?)
}

pub(in crate::sqlite) fn remember(
    db: &Connection,
    request: &Request,
    id: &RequestId,
    revision: u64,
    now: Millis,
    reply: &str,
) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT INTO requests (agent, id, fingerprint, revision, at, reply) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
         ON CONFLICT (agent, id) DO UPDATE SET fingerprint = ?3, revision = ?4, at = ?5, reply = ?6",
    )?
    .execute(params![
        agent(request),
        id.as_str(),
        request.fingerprint,
        to_integer(revision),
        now.0,
        reply
    ])?;
    Ok(())
}

pub(in crate::sqlite) fn forget_before(db: &Connection, before: Millis) -> Result<usize, StoreError> {
    Ok(db.prepare_cached("DELETE FROM requests WHERE at < ?1")?.execute([before.0])?)
}
