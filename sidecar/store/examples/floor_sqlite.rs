//! The floor under a one-shot command: a process that opens an SQLite database, commits one small change, and leaves.
//!
//! `floor_sqlite make FILE` makes the database, `floor_sqlite FILE N` changes row N of it. It knows nothing of boards and
//! shares no code with the store, so that what it takes is what SQLite and the disk take.

use std::{env, process::ExitCode};

use rusqlite::{Connection, config::DbConfig, params};

const ROWS: u32 = 1000;

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let done = match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["make", file] => make(file),
        [file, row] => change(file, row),
        _ => return ExitCode::from(2),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn make(file: &str) -> rusqlite::Result<()> {
    let mut db = Connection::open(file)?;
    db.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    let all = db.transaction()?;
    all.execute_batch(
        "CREATE TABLE meta (revision INTEGER NOT NULL);
         CREATE TABLE modules (id TEXT PRIMARY KEY, revision INTEGER NOT NULL, status TEXT NOT NULL, owner TEXT) WITHOUT ROWID;
         CREATE TABLE events (seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, module TEXT NOT NULL);
         INSERT INTO meta VALUES (0);",
    )?;
    for row in 0..ROWS {
        all.execute("INSERT INTO modules VALUES (?1, 0, 'todo', NULL)", [format!("module-{row}")])?;
    }
    all.commit()
}

fn change(file: &str, row: &str) -> rusqlite::Result<()> {
    let mut db = Connection::open(file)?;
    // As the store does: the last process to leave would else move the log into the database.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    db.execute_batch("PRAGMA synchronous = NORMAL")?;
    let one = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let id = format!("module-{row}");
    let revision: i64 =
        one.query_row("UPDATE meta SET revision = revision + 1 RETURNING revision", [], |row| row.get(0))?;
    one.execute(
        "UPDATE modules SET status = 'in-progress', owner = 'agent-1', revision = ?1 WHERE id = ?2",
        params![revision, id],
    )?;
    one.execute("INSERT INTO events (kind, module) VALUES ('claim', ?1)", [id])?;
    one.commit()
}
