use remit_board::cursor::{Cursor, Standing};
use rusqlite::{Connection, params};

use super::{each, to_integer};
use crate::error::StoreError;

/// A reader without an agent has the agent ''.
fn agent(cursor: &Cursor) -> &str {
    cursor.agent.as_ref().map_or("", |agent| agent.as_str())
}

pub(in crate::sqlite) fn find(db: &Connection, cursor: &Cursor) -> Result<Option<Standing>, StoreError> {
    let mut standing = None;
    let sql = "SELECT seq, incarnation FROM cursors WHERE agent = ?1 AND stream = ?2 AND id = ?3";
    let key = [agent(cursor), cursor.stream.as_str(), cursor.id.as_str()];
    each(db, "cursors", sql, key, |cells| {
        standing = Some(Standing { seq: cells.number(0)?, incarnation: cells.number(1)? });
        Ok(())
    })?;
    Ok(standing)
}

pub(in crate::sqlite) fn put(db: &Connection, cursor: &Cursor, standing: Standing) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT INTO cursors (agent, stream, id, seq, incarnation) VALUES (?1, ?2, ?3, ?4, ?5) \
         ON CONFLICT (agent, stream, id) DO UPDATE SET seq = ?4, incarnation = ?5",
    )?
    .execute(params![
        agent(cursor),
        cursor.stream.as_str(),
        cursor.id.as_str(),
        to_integer(standing.seq),
        to_integer(standing.incarnation),
    ])?;
    Ok(())
}
