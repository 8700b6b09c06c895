//! What no rule reads, by kind and by the id of what it is told of.

use std::collections::BTreeMap;

use remit_board::{
    board::Text,
    handoff::Notes,
    ids::{HandoffId, ModuleId},
    module::Brief,
};
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::{Cells, each, to_integer};
use crate::error::StoreError;

const DESCRIPTION: &str = "description";
const ACCEPTANCE: &str = "acceptance";
const VERIFY: &str = "verify";
const BUNDLE: &str = "bundle";
const NOTES: &str = "notes";

/// Notes as they are kept: a JSON object.
#[derive(Serialize, Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Kept {
    acceptance: Vec<String>,
    verify: Vec<String>,
    decisions: Vec<String>,
    open_questions: Vec<String>,
}

pub(in crate::sqlite) fn write(db: &Connection, text: &Text, revision: u64) -> Result<(), StoreError> {
    let (kind, id, body) = match text {
        Text::Description { module, text } => (DESCRIPTION, module.as_str(), text.clone()),
        Text::Acceptance { module, items } => (ACCEPTANCE, module.as_str(), json(items)?),
        Text::Verify { module, items } => (VERIFY, module.as_str(), json(items)?),
        Text::Bundle { handoff, text } => (BUNDLE, handoff.as_str(), text.clone()),
        Text::Notes { handoff, notes } => (NOTES, handoff.as_str(), json(&kept(notes))?),
    };
    db.prepare_cached(
        "INSERT INTO texts (kind, id, revision, body) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT (kind, id) DO UPDATE SET revision = ?3, body = ?4",
    )?
    .execute(params![kind, id, to_integer(revision), body])?;
    Ok(())
}

fn kept(notes: &Notes) -> Kept {
    let Notes { acceptance, verify, decisions, open_questions } = notes.clone();
    Kept { acceptance, verify, decisions, open_questions }
}

fn json(content: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(content)
        .map_err(|error| StoreError::Defect(format!("a text can't be written: {error}")))
}

pub(in crate::sqlite) fn brief(db: &Connection, module: &ModuleId) -> Result<Brief, StoreError> {
    let mut brief = Brief::default();
    let sql =
        "SELECT id, kind, body FROM texts WHERE kind IN ('description', 'acceptance', 'verify') AND id = ?1";
    each(db, "texts", sql, [module.as_str()], |cells| tell(&mut brief, cells))?;
    Ok(brief)
}

pub(in crate::sqlite) fn briefs(db: &Connection) -> Result<BTreeMap<ModuleId, Brief>, StoreError> {
    let mut found: BTreeMap<ModuleId, Brief> = BTreeMap::new();
    let sql = "SELECT id, kind, body FROM texts WHERE kind IN ('description', 'acceptance', 'verify')";
    each(db, "texts", sql, [], |cells| tell(found.entry(cells.parsed(0)?).or_default(), cells))?;
    found.retain(|_, brief| *brief != Brief::default());
    Ok(found)
}

fn tell(brief: &mut Brief, cells: &Cells<'_>) -> Result<(), StoreError> {
    match cells.string(1)?.as_str() {
        DESCRIPTION => brief.description = cells.string(2)?,
        ACCEPTANCE => brief.acceptance = cells.texts(2)?,
        _ => brief.verify = cells.texts(2)?,
    }
    Ok(())
}

pub(in crate::sqlite) fn notes(db: &Connection) -> Result<BTreeMap<HandoffId, Notes>, StoreError> {
    let mut found = BTreeMap::new();
    each(db, "texts", "SELECT id, body FROM texts WHERE kind = 'notes'", [], |cells| {
        let Kept { acceptance, verify, decisions, open_questions } =
            serde_json::from_str(&cells.string(1)?).map_err(|error| cells.flaw(error))?;
        found.insert(cells.parsed(0)?, Notes { acceptance, verify, decisions, open_questions });
        Ok(())
    })?;
    Ok(found)
}

pub(in crate::sqlite) fn bundle(db: &Connection, handoff: &HandoffId) -> Result<Option<String>, StoreError> {
    let mut statement = db.prepare_cached("SELECT body FROM texts WHERE kind = ?1 AND id = ?2")?;
    Ok(statement.query_row([BUNDLE, handoff.as_str()], |row| row.get(0)).optional()?)
}
