//! Opening the database: what every connection is told, and what is refused before a byte is written.

use std::{
    cell::Cell,
    path::Path,
    time::{Duration, Instant},
};

use rusqlite::{Connection, OpenFlags, config::DbConfig};

use super::{Durability, Options, retry::until_free};
use crate::{error::StoreError, file_system::network_name, files::PlanFolder, identity::FileIdentity};

/// "Rmit": tells a board from any other SQLite database.
pub(super) const APPLICATION_ID: i32 = 0x526d_6974;

/// Before 3.51.3, concurrent writers in WAL mode could corrupt a database.
const OLDEST_SAFE_SQLITE: i32 = 3_051_003;

/// A connection, and which file it belongs to.
pub(crate) struct Link {
    pub db: Connection,
    identity: FileIdentity,
    /// When this process last tried to cut the log.
    pub(super) log_care: Cell<Option<Instant>>,
}

impl Link {
    /// Opens the board in `plan`, which must be there and be a board.
    pub fn open(plan: &PlanFolder, options: &Options) -> Result<Self, StoreError> {
        let identity = identify(plan)?;
        let opened = until_free(options.patience, || open_board(plan, options));
        if FileIdentity::of(&plan.database()).is_ok_and(|now| now.is_none()) {
            return Err(no_board(plan));
        }
        let db = opened?;
        if !until_free(options.patience, || is_wal(&db))? {
            wait_for_the_disk(&db)?;
        }
        Ok(Self { db, identity, log_care: Cell::default() })
    }

    /// Whether the board's path still names the file that this connection writes to.
    pub fn is_in_place(&self, plan: &PlanFolder) -> bool {
        matches!(FileIdentity::of(&plan.database()), Ok(Some(now)) if now.is_same_file(self.identity))
    }

    /// Whether the board is kept for a folder that machines share: with a rollback journal, which needs no memory that
    /// processes share.
    pub fn shares_storage(&self) -> Result<bool, StoreError> {
        Ok(!is_wal(&self.db)?)
    }

    /// Refuses to write a log on a disk where it can't be shared.
    pub fn may_be_written(&self, plan: &PlanFolder) -> Result<(), StoreError> {
        match network_name(plan.path()) {
            Some(name) if !self.shares_storage()? => Err(StoreError::NetworkDisk(name)),
            _ => Ok(()),
        }
    }

    pub fn is_read_only(&self) -> bool {
        self.db.is_readonly(rusqlite::MAIN_DB).unwrap_or(false)
    }
}

pub(super) fn no_board(plan: &PlanFolder) -> StoreError {
    StoreError::NoBoard { folder: plan.path().to_owned() }
}

/// Looks at the file without opening it: an empty one is the beginning of a board that nobody finished, and opening it
/// would make SQLite throw away a log beside it.
fn identify(plan: &PlanFolder) -> Result<FileIdentity, StoreError> {
    let found = look_at(plan)?.ok_or_else(|| no_board(plan))?;
    if found.length > 0 {
        return Ok(found);
    }
    let log = FileIdentity::of(&plan.log()).ok().flatten();
    if log.is_some_and(|log| log.length > 0) {
        return Err(StoreError::corrupt("the file is empty, but there is a log beside it"));
    }
    Err(no_board(plan))
}

/// What is at the board's path. A few bytes are no database, but SQLite would take them for a new one.
pub(super) fn look_at(plan: &PlanFolder) -> Result<Option<FileIdentity>, StoreError> {
    const SMALLEST_DATABASE: u64 = 512;
    let found = FileIdentity::of(&plan.database());
    let found = found.map_err(|error| StoreError::io("looking at it failed", &error))?;
    match found {
        Some(file) if (1..SMALLEST_DATABASE).contains(&file.length) => {
            Err(StoreError::corrupt("it is not a database"))
        }
        found => Ok(found),
    }
}

fn open_board(plan: &PlanFolder, options: &Options) -> Result<Connection, StoreError> {
    let path = plan.database();
    match connect(&path, OpenFlags::SQLITE_OPEN_READ_WRITE, options).and_then(|db| recognise(db, plan)) {
        // Without its log and the right to make one, SQLite reads no board; but without a log nothing is missing.
        Err(StoreError::ReadOnly(_)) if path.is_file() && !plan.log().exists() => {
            recognise(connect_frozen(&path, options)?, plan)
        }
        answer => answer,
    }
}

pub(crate) fn connect(path: &Path, mode: OpenFlags, options: &Options) -> Result<Connection, StoreError> {
    if rusqlite::version_number() < OLDEST_SAFE_SQLITE {
        return Err(StoreError::Defect(format!(
            "SQLite {} is too old to share a board",
            rusqlite::version()
        )));
    }
    configure(Connection::open_with_flags(path, mode | OpenFlags::SQLITE_OPEN_NO_MUTEX)?, options)
}

/// For a folder in which nothing can be written: SQLite makes neither log nor lock and takes the file as it stands.
fn connect_frozen(path: &Path, options: &Options) -> Result<Connection, StoreError> {
    let uri = format!("file:{}?immutable=1", escape_for_uri(path));
    let mode =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    configure(Connection::open_with_flags(uri, mode)?, options)
}

fn escape_for_uri(path: &Path) -> String {
    let mut escaped = String::new();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                escaped.push(char::from(*byte))
            }
            other => escaped.push_str(&format!("%{other:02x}")),
        }
    }
    escaped
}

fn configure(db: Connection, options: &Options) -> Result<Connection, StoreError> {
    // Our own retry waits instead.
    db.busy_timeout(Duration::ZERO)?;
    // The last one to leave would else move the whole log into the database: 2 to 20 ms at the end of a command.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    // A plan that may depend on the values bound to it would be made twice, which costs a command more than it gains.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    db.set_prepared_statement_cache_capacity(64);
    let synchronous = match options.durability {
        Durability::Normal => "NORMAL",
        Durability::Full => "FULL",
    };
    db.execute_batch(&format!("PRAGMA synchronous = {synchronous}"))?;
    Ok(db)
}

pub(super) fn is_wal(db: &Connection) -> Result<bool, StoreError> {
    let mode: String = db.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
    Ok(mode == "wal")
}

/// A rollback journal keeps the board sound through a power cut only when each commit waits for the disk; and the commit only
/// when the journal's end is on the disk, too.
pub(super) fn wait_for_the_disk(db: &Connection) -> Result<(), StoreError> {
    Ok(db.execute_batch("PRAGMA synchronous = EXTRA")?)
}

/// Changes between the log and the rollback journal, for everybody from now on. Nobody else may have the board open.
pub(super) fn set_journal(db: &Connection, shared_storage: bool) -> Result<(), StoreError> {
    let wanted = if shared_storage { "delete" } else { "wal" };
    let now: String = db.query_row(&format!("PRAGMA journal_mode = {wanted}"), [], |row| row.get(0))?;
    if now == wanted { Ok(()) } else { Err(StoreError::Locked { waited: Duration::ZERO }) }
}

/// Lets only boards through. Reading the id is also the first access to the file, where a damaged one shows.
fn recognise(db: Connection, plan: &PlanFolder) -> Result<Connection, StoreError> {
    match application_id(&db)? {
        APPLICATION_ID => Ok(db),
        0 if is_blank(&db)? => Err(no_board(plan)),
        // Made between the two looks.
        0 if application_id(&db)? == APPLICATION_ID => Ok(db),
        _ => Err(StoreError::corrupt("it is a database, but not a board")),
    }
}

pub(super) fn application_id(db: &Connection) -> Result<i32, StoreError> {
    Ok(db.query_row("PRAGMA application_id", [], |row| row.get(0))?)
}

/// A database without tables: a board that somebody began to make.
pub(super) fn is_blank(db: &Connection) -> Result<bool, StoreError> {
    Ok(db.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get(0))?)
}
