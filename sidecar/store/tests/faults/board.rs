//! A board in a folder of its own, and everything that can be seen of one.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use remit_store::{
    Durability, EventFilter, Options, PlanFolder, SqliteStore, Store, StoreError, testing::StillClock,
};
use tempfile::TempDir;

/// How a board is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    Log(Durability),
    /// The rollback journal of a shared folder.
    Journal,
}

pub struct Board {
    folder: TempDir,
    pub plan: PlanFolder,
    pub clock: StillClock,
    pub kept: Kept,
}

impl Board {
    /// Not made yet.
    pub fn new(kept: Kept) -> Self {
        let folder = memory_folder();
        let plan = PlanFolder::below(folder.path());
        Self { folder, plan, clock: StillClock::default(), kept }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn options(&self) -> Options {
        let durability = match self.kept {
            Kept::Log(durability) => durability,
            Kept::Journal => Durability::Normal,
        };
        let shared_storage = self.kept == Kept::Journal;
        Options { clock: self.clock.clock(), durability, shared_storage, ..Options::default() }
    }

    pub fn create(&self) -> Result<SqliteStore, StoreError> {
        Ok(SqliteStore::create(&self.plan, "project", self.options())?.store)
    }

    pub fn open(&self) -> Result<SqliteStore, StoreError> {
        SqliteStore::open(&self.plan, self.options())
    }

    /// What another process would find if this one died now.
    pub fn as_left_by_the_dead(&self) -> Board {
        let copy = Board { clock: self.clock.clone(), ..Board::new(self.kept) };
        // By a process of its own: closing a database's file would drop this one's locks.
        let copied = Command::new("cp").arg("-R").arg(self.plan.path()).arg(copy.folder()).status();
        assert!(copied.unwrap().success());
        let _ = std::fs::remove_file(copy.plan.path().join("coordination.db-shm"));
        copy
    }
}

/// Whether there is time for everything.
pub fn soak() -> bool {
    std::env::var_os("REMIT_SOAK").is_some()
}

/// Where syncing costs nothing, if there is such a place.
pub fn memory_folder() -> TempDir {
    let memory = PathBuf::from("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() }
}

/// Everything there is to see, apart from the incarnation. `None` where there is no board.
pub fn seen(opened: Result<SqliteStore, StoreError>) -> Option<String> {
    match opened {
        Err(StoreError::NoBoard { .. }) => None,
        opened => Some(view(&mut opened.unwrap())),
    }
}

pub fn view(store: &mut dyn Store) -> String {
    let snapshot = store.read().unwrap();
    let mut board = (*snapshot.board).clone();
    board.incarnation = 0;
    let leases: Vec<String> =
        snapshot.leases.0.values().map(|lease| format!("{lease:?} {}", lease.token.reveal())).collect();
    let events = store.events(&EventFilter::default()).unwrap();
    let texts = store.briefs().unwrap();
    format!("{board:#?}\n{leases:#?}\n{:?}\n{events:#?}\n{texts:?}", snapshot.last_seen)
}

/// By SQLite's own check.
pub fn assert_whole(plan: &PlanFolder) {
    let db = rusqlite::Connection::open(plan.database()).unwrap();
    let verdict: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok");
}
