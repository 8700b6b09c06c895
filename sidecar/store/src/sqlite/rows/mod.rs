//! How state becomes rows and comes back: one small file for each table.
//!
//! The mapping is written out, so that renaming a field of the board's types changes no database.

mod agents;
mod cells;
mod confirmations;
mod cursors;
mod events;
mod handoffs;
mod last_seen;
mod leases;
mod modules;
mod requests;
mod sessions;
mod texts;

pub(super) use cells::{Cells, lines, texts, to_integer};
pub(super) use cursors::{find as find_cursor, put as put_cursor};
pub(super) use events::{
    append as append_event, forget as forget_events, insert as insert_event, range as event_range,
    select as select_events,
};
pub(super) use last_seen::{all as all_last_seen, prune as prune_last_seen, touch};
pub(super) use leases::{all as all_leases, apply as apply_lease};
pub(super) use requests::{forget_before, recall, remember};
pub(super) use texts::{brief, briefs, bundle, notes, write as write_text};

use std::sync::Arc;

use remit_board::{
    board::{Board, Confirmation, Row},
    handoff::Handoff,
    module::Module,
    modules::Modules,
    session::{Agent, Session},
};
use rusqlite::{Connection, Params};

use crate::error::StoreError;

/// A table whose rows the board in memory holds.
pub(super) trait BoardTable: Sized {
    const NAME: &'static str;
    /// The columns that are read, beginning with the one that names the row.
    const COLUMNS: &'static str;

    fn read(cells: &Cells<'_>) -> Result<Self, StoreError>;
    fn write(&self, db: &Connection, revision: u64) -> Result<(), StoreError>;
}

/// Puts every row that changed since the board's revision in its place.
pub(super) fn catch_up(db: &Connection, board: &mut Board) -> Result<(), StoreError> {
    let since = board.revision;
    if since == 0 {
        board.modules = all_modules(db)?;
    } else {
        newer::<Module>(db, since, &mut |row| board.apply(Row::Module(row)))?;
    }
    newer::<Agent>(db, since, &mut |row| board.apply(Row::Agent(row)))?;
    newer::<Session>(db, since, &mut |row| board.apply(Row::Session(row)))?;
    newer::<Handoff>(db, since, &mut |row| board.apply(Row::Handoff(row)))?;
    newer::<Confirmation>(db, since, &mut |row| board.apply(Row::Confirmation(row)))
}

fn all_modules(db: &Connection) -> Result<Modules, StoreError> {
    let mut modules = Vec::new();
    newer::<Module>(db, 0, &mut |module| modules.push(Arc::new(module)))?;
    Ok(modules.into_iter().collect())
}

fn newer<T: BoardTable>(db: &Connection, since: u64, visit: &mut dyn FnMut(T)) -> Result<(), StoreError> {
    let (columns, table) = (T::COLUMNS, T::NAME);
    let mut take = |cells: &Cells<'_>| {
        visit(T::read(cells)?);
        Ok(())
    };
    if since == 0 {
        // In the order of the table instead of the index: loading a whole board is several times faster.
        each(db, table, &format!("SELECT {columns} FROM {table}"), [], &mut take)
    } else {
        let sql = format!("SELECT {columns} FROM {table} WHERE revision > ?1");
        each(db, table, &sql, [to_integer(since)], &mut take)
    }
}

pub(super) fn each(
    db: &Connection,
    table: &'static str,
    sql: &str,
    params: impl Params,
    mut visit: impl FnMut(&Cells<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    while let Some(row) = rows.next()? {
        visit(&Cells { table, row })?;
    }
    Ok(())
}

/// Writes one changed row. The safety profile has no table of its own: it stands beside the revision.
pub(super) fn write(db: &Connection, row: &Row, revision: u64) -> Result<(), StoreError> {
    match row {
        Row::Module(module) => module.write(db, revision),
        Row::Agent(agent) => agent.write(db, revision),
        Row::Session(session) => session.write(db, revision),
        Row::Handoff(handoff) => handoff.write(db, revision),
        Row::Confirmation(confirmation) => confirmation.write(db, revision),
        Row::Safety(_) => Ok(()),
    }
}
