//! Boards that are not there, go away, come back, can't be written, or lie on a full disk.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use remit_board::failure::{Code, Failure};
use remit_store::{
    EventFilter, Options, PlanFolder, SqliteStore, Steward, Store, StoreError, testing::Sample,
};

use crate::{
    bed::{Disk, add_module, options},
    processes::process,
};

fn code(error: StoreError) -> Code {
    let failure = Failure::from(error);
    assert!(failure.hint.is_some(), "{failure:?} says what to do");
    failure.code
}

fn refused(store: &mut dyn Store) -> Code {
    code(store.transact(&Sample::request("claim"), &mut |_, _, _| Ok(Sample::decision([]))).unwrap_err())
}

fn files_in(folder: &Path) -> BTreeMap<PathBuf, (u64, std::time::SystemTime)> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    files
        .map(|file| (file.path(), file.metadata().map(|m| (m.len(), m.modified().unwrap())).unwrap()))
        .collect()
}

#[test]
fn a_new_board_is_its_owners_alone_and_out_of_git() {
    let disk = Disk::with_board();
    add_module(&mut disk.open(), "a");
    assert_eq!(fs::read_to_string(disk.plan.gitignore()).unwrap(), "*\n");
    #[cfg(unix)]
    for file in ["coordination.db", "coordination.db-wal", "coordination.db-shm"] {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(disk.plan.path().join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[test]
fn a_gitignore_that_is_there_stays() {
    let disk = Disk::empty();
    fs::create_dir(disk.plan.path()).unwrap();
    fs::write(disk.plan.gitignore(), "*.db\n").unwrap();
    disk.create();
    assert_eq!(fs::read_to_string(disk.plan.gitignore()).unwrap(), "*.db\n");
}

#[test]
fn a_board_is_made_once() {
    let disk = Disk::empty();
    let first = SqliteStore::create(&disk.plan, "one", options(&disk.clock)).unwrap();
    assert!(first.created);
    let mut again = SqliteStore::create(&disk.plan, "two", options(&disk.clock)).unwrap();
    assert!(!again.created);
    assert_eq!(again.store.read().unwrap().board.project, "one");
}

#[test]
fn opening_makes_nothing() {
    let disk = Disk::empty();
    assert_eq!(code(SqliteStore::open(&disk.plan, Options::default()).err().unwrap()), Code::NoBoard);
    assert!(!disk.plan.path().exists());

    fs::create_dir(disk.plan.path()).unwrap();
    assert_eq!(code(SqliteStore::open(&disk.plan, Options::default()).err().unwrap()), Code::NoBoard);
    assert!(files_in(disk.plan.path()).is_empty());

    fs::write(disk.plan.database(), "").unwrap();
    assert_eq!(code(SqliteStore::open(&disk.plan, Options::default()).err().unwrap()), Code::NoBoard);
    assert_eq!(files_in(disk.plan.path()).len(), 1, "no log beside a file that is no board yet");
    let mut store = disk.create();
    assert_eq!(add_module(&mut store, "a"), 1, "and such a file does not stand in a new board's way");
}

#[test]
fn reading_writes_nothing() {
    let disk = Disk::with_board();
    let watcher = {
        let mut store = disk.open();
        add_module(&mut store, "a");
        rusqlite::Connection::open(disk.plan.database()).unwrap()
    };
    let version = || watcher.query_row("PRAGMA data_version", [], |row| row.get::<_, i64>(0)).unwrap();
    let (before, commits) = (files_in(disk.plan.path()), version());

    let mut store = disk.open();
    let snapshot = store.read().unwrap();
    store.events(&EventFilter::default()).unwrap();
    store.briefs().unwrap();
    store.brief(&Sample::module_id("a")).unwrap();
    drop(store);

    assert_eq!(snapshot.board.revision, 1);
    assert_eq!(version(), commits);
    let mut after = files_in(disk.plan.path());
    // Readers mark in shared memory how far they have read.
    let shared = disk.plan.path().join("coordination.db-shm");
    after.insert(shared.clone(), before[&shared]);
    assert_eq!(after, before);
}

#[test]
fn a_board_that_goes_away_under_a_process_is_not_made_again() {
    let disk = Disk::with_board();
    let mut store = disk.open();
    add_module(&mut store, "a");
    fs::remove_dir_all(disk.plan.path()).unwrap();

    assert_eq!(refused(&mut store), Code::NoBoard);
    assert_eq!(code(store.read().unwrap_err()), Code::NoBoard);
    assert_eq!(code(store.events(&EventFilter::default()).unwrap_err()), Code::NoBoard);
    assert!(!disk.plan.path().exists());

    add_module(&mut disk.create(), "b");
    let board = store.read().unwrap().board;
    assert_eq!(board.modules.keys().map(|id| id.as_str()).collect::<Vec<_>>(), ["b"]);
    assert_eq!(add_module(&mut store, "c"), 2);
}

#[test]
fn a_board_that_is_replaced_is_read_from_the_beginning() {
    let (disk, other) = (Disk::with_board(), Disk::with_board());
    let mut store = disk.open();
    for module in ["a", "b", "c"] {
        add_module(&mut store, module);
    }
    add_module(&mut other.open(), "x");
    fs::rename(disk.plan.path(), disk.root().join("old")).unwrap();
    fs::rename(other.plan.path(), disk.plan.path()).unwrap();

    assert_eq!(add_module(&mut store, "y"), 2);
    let board = store.read().unwrap().board;
    assert_eq!(board.modules.keys().map(|id| id.as_str()).collect::<Vec<_>>(), ["x", "y"]);
}

#[test]
fn a_rebuilt_board_is_read_from_the_beginning() {
    let disk = Disk::with_board();
    let mut store = disk.open();
    add_module(&mut store, "a");
    add_module(&mut store, "b");
    let rebuild =
        "DELETE FROM modules WHERE id = 'a'; UPDATE meta SET incarnation = 5, revision = 1000000000";
    rusqlite::Connection::open(disk.plan.database()).unwrap().execute_batch(rebuild).unwrap();

    let board = store.read().unwrap().board;
    assert_eq!((board.incarnation, board.revision), (5, 1_000_000_000));
    assert_eq!(board.modules.len(), 1);
    assert_eq!(add_module(&mut store, "c"), 1_000_000_001);
}

#[test]
fn a_board_that_stays_locked_is_given_up() {
    let disk = Disk::with_board();
    let blocker = rusqlite::Connection::open(disk.plan.database()).unwrap();
    let patience = Duration::from_millis(50);
    let mut store = SqliteStore::open(&disk.plan, Options { patience, ..options(&disk.clock) }).unwrap();
    blocker.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(refused(&mut store), Code::Locked);
    assert_eq!(store.read().unwrap().board.revision, 0, "reading goes on");
    blocker.execute_batch("ROLLBACK").unwrap();
    assert_eq!(add_module(&mut store, "a"), 1);
}

#[test]
fn a_folder_that_can_not_be_made_is_read_only_or_no_folder() {
    let disk = Disk::empty();
    fs::write(disk.plan.path(), "in the way").unwrap();
    let error = SqliteStore::create(&disk.plan, "project", Options::default()).err().unwrap();
    assert_eq!(code(error), Code::Corrupt);
    assert_eq!(code(SqliteStore::open(&disk.plan, Options::default()).err().unwrap()), Code::NoBoard);
    assert_eq!(fs::read_to_string(disk.plan.path()).unwrap(), "in the way");
}

/// The role of a process that owns the files but may not write them. Root may, so it plays nobody.
pub fn use_read_only(plan: &PlanFolder) {
    let mut store = SqliteStore::open(plan, Options::default()).expect("reads");
    assert_eq!(store.read().unwrap().board.modules.len(), 1);
    assert_eq!(store.events(&EventFilter::default()).unwrap().len(), 1);
    assert_eq!(refused(&mut store), Code::ReadOnly);
    assert_eq!(store.read().unwrap().board.revision, 1);
    let tended = Steward::tend_once(plan, &mut store);
    assert!(tended.written.is_empty());
    assert_eq!(tended.problems.len(), 1, "{:?}", tended.problems);
}

#[cfg(unix)]
fn assert_usable_read_only(disk: &Disk) {
    use std::os::unix::{
        fs::{PermissionsExt, chown},
        process::CommandExt,
    };
    const NOBODY: u32 = 65534;
    let is_root = rustix::process::geteuid().is_root();
    let restrict = |path: &Path, mode: u32| {
        if is_root {
            chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
        }
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    files_in(disk.plan.path()).keys().for_each(|file| restrict(file, 0o400));
    restrict(disk.plan.path(), 0o500);
    fs::set_permissions(disk.root(), fs::Permissions::from_mode(0o755)).unwrap();

    let mut user: Command = process("use read-only", disk.root(), "");
    if is_root {
        user.uid(NOBODY).gid(NOBODY);
    }
    let status = user.status().expect("the test binary can be run by everybody");
    fs::set_permissions(disk.plan.path(), fs::Permissions::from_mode(0o700)).unwrap();
    assert!(status.success());
}

#[test]
#[cfg(unix)]
fn a_read_only_folder_is_read_with_its_log() {
    let disk = Disk::with_board();
    add_module(&mut disk.open(), "a");
    assert!(disk.plan.path().join("coordination.db-wal").exists());
    assert_usable_read_only(&disk);
}

#[test]
#[cfg(unix)]
fn a_read_only_folder_is_read_without_a_log() {
    let disk = Disk::with_board();
    add_module(&mut disk.open(), "a");
    // Closing the last connection moves the log into the database, as a copy of a board would have it.
    drop(
        rusqlite::Connection::open(disk.plan.database())
            .and_then(|db| db.execute_batch("PRAGMA wal_checkpoint; SELECT 1 FROM meta").map(|()| db)),
    );
    assert!(!disk.plan.path().join("coordination.db-wal").exists());
    assert_usable_read_only(&disk);
}

/// A file system of its own with little room; `None` where this process may not mount.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(at: &Path, size: &str) -> Option<Self> {
        let options = format!("size={size}");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(at).output();
        mounted.is_ok_and(|output| output.status.success()).then(|| Self(at.to_owned()))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_changes_nothing_and_is_forgotten_when_there_is_room() {
    let disk = Disk::empty();
    let Some(_small) = SmallDisk::mount(disk.root(), "1m") else {
        // Without the right to mount, the unit test with a limited number of pages stands alone.
        return;
    };
    let mut store = disk.create();
    let ballast = disk.root().join("ballast");
    let mut committed = 0;
    let text = "x".repeat(20_000);
    let failure = loop {
        let texts = vec![remit_board::board::Text::Description {
            module: Sample::module_id(&format!("m{committed}")),
            text: text.clone(),
        }];
        let decision = remit_board::decision::Decision { texts, ..Sample::decision([]) };
        match store.transact(&Sample::request("fill"), &mut |_, _, _| Ok(decision.clone())) {
            Ok(_) => committed += 1,
            Err(error) => break error,
        }
        if committed == 5 {
            fs::write(&ballast, vec![0; 300_000]).unwrap();
        }
    };
    assert_eq!(code(failure), Code::DiskFull);
    assert!(committed > 5);
    assert_eq!(store.read().unwrap().board.revision, committed);
    let tended = Steward::tend_once(&disk.plan, &mut store);
    assert!(!tended.problems.is_empty(), "{tended:?}");

    fs::remove_file(&ballast).unwrap();
    assert_eq!(add_module(&mut store, "after"), committed + 1);
    assert_eq!(disk.open().read().unwrap().board.revision, committed + 1);
    let tended = Steward::tend_once(&disk.plan, &mut store);
    assert!(tended.problems.is_empty(), "{tended:?}");
}
