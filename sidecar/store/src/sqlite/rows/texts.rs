use std::collections::BTreeMap;

use remit_board::{
    board::Text,
    ids::{HandoffId, ModuleId},
};
use rusqlite::{Connection, OptionalExtension, params};

use super::{each, to_integer};
use crate::error::StoreError;

const DESCRIPTION: &str = "description";
const BUNDLE: &str = "bundle";

pub(in crate::sqlite) fn write(db: &Connection, text: &Text, revision: u64) -> Result<(), StoreError> {
    let (kind, id, body) = match text {
        Text::Description { module, text } => (DESCRIPTION, module.as_str(), text),
        Text::Bundle { handoff, text } => (BUNDLE, handoff.as_str(), text),
    };
    db.prepare_cached(
        "INSERT INTO texts (kind, id, revision, body) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT (kind, id) DO UPDATE SET revision = ?3, body = ?4",
    )?
    .execute(params![kind, id, to_integer(revision), body])?;
    Ok(())
}

pub(in crate::sqlite) fn description(
    db: &Connection,
    module: &ModuleId,
) -> Result<Option<String>, StoreError> {
    one(db, DESCRIPTION, module.as_str())
}

pub(in crate::sqlite) fn bundle(db: &Connection, handoff: &HandoffId) -> Result<Option<String>, StoreError> {
    one(db, BUNDLE, handoff.as_str())
}

fn one(db: &Connection, kind: &str, id: &str) -> Result<Option<String>, StoreError> {
    let mut statement = db.prepare_cached("SELECT body FROM texts WHERE kind = ?1 AND id = ?2")?;
    Ok(statement.query_row([kind, id], |row| row.get(0)).optional()?)
}

pub(in crate::sqlite) fn descriptions(db: &Connection) -> Result<BTreeMap<ModuleId, String>, StoreError> {
    let mut found = BTreeMap::new();
    let sql = "SELECT id, body FROM texts WHERE kind = 'description' AND body <> ''";
    each(db, "texts", sql, [], |cells| {
        found.insert(cells.parsed(0)?, cells.string(1)?);
        Ok(())
    })?;
    Ok(found)
}
