//! Boards outlive versions of Remit: older ones are brought up to date, newer ones are left to newer binaries.
//!
//! Migrations only add, so that a reader of the format before goes on working; each that an older *writer* would spoil
//! raises `min_writer`. Before the first byte changes, the board is copied aside by SQLite itself.

use std::{fs, path::Path};

use rusqlite::{Connection, OpenFlags, backup::Backup, params};

use super::{
    Setting,
    connection::{Link, connect},
    guard::{CommitError, Guard},
    meta::Meta,
};
use crate::error::StoreError;

/// The formats that this binary knows.
#[derive(Debug)]
pub(crate) struct Formats {
    /// The one it writes.
    pub current: u32,
    /// The steps that lead to it, oldest first.
    pub migrations: &'static [Migration],
}

/// Leads from format `to - 1` to format `to`.
#[derive(Debug)]
pub(crate) struct Migration {
    pub to: u32,
    /// The oldest format whose writers may still write the board afterwards.
    pub min_writer: u32,
    pub sql: &'static str,
}

/// `schema.sql` makes a new board in the current format; a test holds it to the steps, beginning with format 1.
pub(crate) static FORMATS: Formats = Formats {
    current: 2,
    migrations: &[Migration { to: 2, min_writer: 1, sql: include_str!("formats/2.sql") }],
};

impl Formats {
    /// The oldest format whose writers may write a board of the current one.
    pub fn min_writer(&self) -> u32 {
        self.migrations.iter().map(|step| step.min_writer).max().unwrap_or(1)
    }
}

/// Refuses a board whose writers must know more than we do. Its rows may mean what we can't read, either.
pub(super) fn check_writer(meta: &Meta, formats: &Formats) -> Result<(), StoreError> {
    if meta.min_writer > formats.current {
        return Err(StoreError::SchemaNewer { needed: meta.min_writer, known: formats.current });
    }
    Ok(())
}

/// Brings the board on disk to the current format; does nothing when it is there, or beyond.
pub(super) fn migrate(setting: &Setting, link: &Link) -> Result<(), StoreError> {
    let guard = Guard::write(&link.db, setting.options.patience)?;
    let meta = Meta::read(&link.db)?;
    if meta.format >= setting.formats.current {
        return check_writer(&meta, setting.formats);
    }
    back_up(setting, meta.format)?;
    apply(&link.db, &meta, setting.formats)?;
    guard.commit().map_err(|error| match error {
        CommitError::Failed(error) => error,
        CommitError::Unknown => {
            StoreError::Disk("the board's format was being changed; nothing else was".to_owned())
        }
    })
}

fn apply(db: &Connection, meta: &Meta, formats: &Formats) -> Result<(), StoreError> {
    for step in formats.migrations.iter().filter(|step| step.to > meta.format) {
        db.execute_batch(step.sql)?;
        db.execute(
            "UPDATE meta SET format = ?1, min_writer = max(min_writer, ?2)",
            params![step.to, step.min_writer],
        )?;
    }
    Ok(())
}

/// An older board in the current format, in memory: a question must not change the file.
pub(super) fn current_copy(
    db: &Connection,
    meta: &Meta,
    formats: &Formats,
) -> Result<Connection, StoreError> {
    let mut copy = Connection::open_in_memory()?;
    copy_all(db, &mut copy)?;
    apply(&copy, meta, formats)?;
    Ok(copy)
}

/// Copies what was committed, beside the board. The write lock is held, so nothing can come in between.
fn back_up(setting: &Setting, format: u32) -> Result<(), StoreError> {
    let unfinished = setting.plan.path().join(".backup.tmp");
    let failed = |error: std::io::Error| StoreError::io("backing it up failed", &error);
    remove_if_there(&unfinished).map_err(failed)?;
    let source = connect(&setting.plan.database(), OpenFlags::SQLITE_OPEN_READ_WRITE, &setting.options)?;
    let mut target = Connection::open(&unfinished)?;
    only_for_the_owner(&unfinished).map_err(failed)?;
    copy_all(&source, &mut target)?;
    target.close().map_err(|(_, error)| StoreError::from(error))?;
    fs::rename(&unfinished, setting.plan.backup(format)).map_err(failed)
}

fn copy_all(source: &Connection, target: &mut Connection) -> Result<(), StoreError> {
    let backup = Backup::new(source, target)?;
    const ALL_PAGES: i32 = -1;
    match backup.step(ALL_PAGES)? {
        rusqlite::backup::StepResult::Done => Ok(()),
        _ => Err(StoreError::Locked { waited: std::time::Duration::ZERO }),
    }
}

pub(super) fn remove_if_there(path: &Path) -> std::io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// By path: the file must not be opened outside SQLite. Elsewhere than on Unix the folder's rights hold.
pub(crate) fn only_for_the_owner(path: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

#[cfg(test)]
mod tests;
