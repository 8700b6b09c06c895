//! Making a board, however many processes want to make it at the same moment.

use std::{fs, io::Write};

use remit_board::board::SafetyProfile;
use rusqlite::{Connection, OpenFlags};

use super::{
    Options,
    connection::{
        APPLICATION_ID, application_id, connect, is_blank, look_at, set_journal, wait_for_the_disk,
    },
    formats::{FORMATS, only_for_the_owner},
    guard::{CommitError, Guard},
    meta::Meta,
    retry::until_free,
};
use crate::{error::StoreError, file_system::network_name, files::PlanFolder, identity::FileIdentity};

pub(super) const SCHEMA: &str = include_str!("schema.sql");

/// Says whether it was this call that made the board. SQLite's own lock decides who does: the others find it made.
/// Killed at any point, it leaves no board or a whole one.
pub(super) fn create(plan: &PlanFolder, project: &str, options: &Options) -> Result<bool, StoreError> {
    make_folder(plan).map_err(|error| StoreError::io("making the folder project-plan failed", &error))?;
    let mode = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    until_free(options.patience, || {
        look_at(plan)?;
        let db = connect(&plan.database(), mode, options)?;
        protect_if_new(plan)?;
        if !is_unmade(&db)? {
            return Ok(false);
        }
        // A journal that came back after a power cut would take the new board with it.
        wait_for_the_disk(&db)?;
        match network_name(plan.path()) {
            Some(name) if !options.shared_storage => return Err(StoreError::NetworkDisk(name)),
            _ => set_journal(&db, options.shared_storage)?,
        }
        fill(&db, project, options)
    })
}

/// `*` in a `.gitignore` of its own keeps the board out of git; one that is there was put there on purpose.
fn make_folder(plan: &PlanFolder) -> std::io::Result<()> {
    fs::create_dir_all(plan.path())?;
    match fs::File::create_new(plan.gitignore()) {
        Ok(mut file) => file.write_all(b"*\n"),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// The board holds lease tokens. SQLite gives the log the same rights as the database.
fn protect_if_new(plan: &PlanFolder) -> Result<(), StoreError> {
    let is_new = matches!(FileIdentity::of(&plan.database()), Ok(Some(found)) if found.length == 0);
    if is_new {
        only_for_the_owner(&plan.database())
            .map_err(|error| StoreError::io("restricting its access rights failed", &error))?;
    }
    Ok(())
}

/// Whether it is blank is read first: somebody may make the board between the two looks, and what is no longer blank then
/// has its mark.
fn is_unmade(db: &Connection) -> Result<bool, StoreError> {
    let blank = is_blank(db)?;
    match application_id(db)? {
        APPLICATION_ID => Ok(false),
        0 if blank => Ok(true),
        _ => Err(StoreError::corrupt("it is a database, but not a board")),
    }
}

fn fill(db: &Connection, project: &str, options: &Options) -> Result<bool, StoreError> {
    let guard = Guard::write(db, options.patience)?;
    if !is_unmade(db)? {
        return Ok(false);
    }
    db.execute_batch(SCHEMA)?;
    db.execute_batch(&format!("PRAGMA application_id = {APPLICATION_ID}"))?;
    first(project, options).insert(db)?;
    match guard.commit() {
        Ok(()) => Ok(true),
        Err(CommitError::Failed(error)) => Err(error),
        Err(CommitError::Unknown) => {
            Err(StoreError::Disk("the board was being made, and may be there, empty".to_owned()))
        }
    }
}

/// The incarnation is the time of making, so that a board made anew is never mistaken for the one before it.
fn first(project: &str, options: &Options) -> Meta {
    let now = options.clock.now(Default::default());
    Meta {
        format: FORMATS.current,
        min_writer: FORMATS.min_writer(),
        project: project.to_owned(),
        incarnation: u64::try_from(now.0).unwrap_or(1).max(1),
        revision: 0,
        event_seq: 0,
        clock: now,
        safety: SafetyProfile::default(),
    }
}
