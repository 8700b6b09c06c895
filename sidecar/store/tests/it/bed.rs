//! Where tests lie: a board of their own in a folder of its own, under a clock that stands still.

use std::path::{Path, PathBuf};

use remit_board::{board::Row, decision::Decision};
use remit_store::{
    Options, Outcome, PlanFolder, SqliteStore, Store,
    testing::{MemoryStore, Sample, StillClock},
};
use tempfile::TempDir;

/// One kind of store; every `open` gives another access to the same board.
pub struct Bed {
    pub clock: StillClock,
    open: Box<dyn Fn() -> Box<dyn Store>>,
    _folder: Option<TempDir>,
}

impl Bed {
    pub fn memory() -> Self {
        let clock = StillClock::default();
        let store = MemoryStore::new("project", clock.clock());
        Self { clock, open: Box::new(move || Box::new(store.clone())), _folder: None }
    }

    pub fn sqlite() -> Self {
        let disk = Disk::with_board();
        let Disk { folder, plan, clock, .. } = disk;
        let options = options(&clock);
        let open = move || -> Box<dyn Store> { Box::new(SqliteStore::open(&plan, options.clone()).unwrap()) };
        Self { clock, open: Box::new(open), _folder: Some(folder) }
    }

    pub fn open(&self) -> Box<dyn Store> {
        (self.open)()
    }
}

pub fn options(clock: &StillClock) -> Options {
    Options { clock: clock.clock(), ..Options::default() }
}

/// A folder that may hold a board.
pub struct Disk {
    pub folder: TempDir,
    root: PathBuf,
    pub plan: PlanFolder,
    pub clock: StillClock,
}

impl Disk {
    pub fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("project");
        std::fs::create_dir(&root).unwrap();
        let plan = PlanFolder::below(&root);
        Self { folder, root, plan, clock: StillClock::default() }
    }

    pub fn with_board() -> Self {
        let disk = Self::empty();
        disk.create();
        disk
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn create(&self) -> SqliteStore {
        SqliteStore::create(&self.plan, "project", options(&self.clock)).unwrap().store
    }

    pub fn open(&self) -> SqliteStore {
        SqliteStore::open(&self.plan, options(&self.clock)).unwrap()
    }
}

/// Commits what needs no deciding.
pub fn commit(store: &mut dyn Store, decision: Decision) -> u64 {
    match store.transact(&Sample::request("import-plan"), &mut |_, _, _| Ok(decision.clone())).unwrap() {
        Outcome::Committed { revision, .. } => revision,
        other => panic!("not committed: {other:?}"),
    }
}

pub fn add_module(store: &mut dyn Store, id: &str) -> u64 {
    commit(store, Sample::decision([Row::Module(Sample::module(id))]))
}
