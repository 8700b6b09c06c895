//! Files that are no board, or no whole one: a clear error, and not one byte changed.

use std::fs;

use remit_board::{
    board::{LeaseChange, Row, Text},
    decision::Decision,
    failure::{Code, Failure},
};
use remit_store::{EventFilter, Options, SqliteStore, Steward, Store, StoreError, testing::Sample};

use crate::bed::{Disk, add_module, commit, options};

fn failure(error: StoreError) -> Failure {
    let failure = Failure::from(error);
    assert!(failure.hint.is_some(), "{failure:?} says what to do");
    failure
}

/// Neither opened nor made a board of, and left as it is.
fn assert_refused_untouched(disk: &Disk, what: &str) {
    let before = fs::read(disk.plan.database()).unwrap();
    let opened =
        SqliteStore::open(&disk.plan, Options::default()).and_then(|mut store| store.read().map(drop));
    assert_eq!(failure(opened.unwrap_err()).code, Code::Corrupt, "{what}");
    let created = SqliteStore::create(&disk.plan, "project", Options::default()).and_then(|mut made| {
        assert!(!made.created, "{what}");
        made.store.read().map(drop)
    });
    assert_eq!(failure(created.unwrap_err()).code, Code::Corrupt, "{what}");
    assert_eq!(fs::read(disk.plan.database()).unwrap(), before, "{what}");
}

/// A board whose log was moved into the database file, so that all of it is in one file.
fn board_in_one_file() -> Disk {
    let disk = Disk::with_board();
    let mut store = disk.open();
    let modules = (0..40).map(|n| Row::Module(Sample::module(&format!("m{n}"))));
    let rows = modules.chain([Row::Agent(Sample::agent("ann")), Row::Session(Sample::session("s-1", "ann"))]);
    let texts = (0..10).map(|n| Text::Description {
        module: Sample::module_id(&format!("m{n}")),
        text: "long ".repeat(400),
    });
    let leases = vec![LeaseChange::Grant(Sample::lease("m1", "ann", "token"))];
    commit(&mut store, Decision { texts: texts.collect(), leases, ..Sample::decision(rows) });
    drop(store);
    let db = rusqlite::Connection::open(disk.plan.database()).unwrap();
    db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA user_version").unwrap();
    drop(db);
    disk
}

#[test]
fn a_text_file_is_no_board() {
    let disk = Disk::empty();
    fs::create_dir(disk.plan.path()).unwrap();
    fs::write(disk.plan.database(), "not a database, but long enough to be taken for one\n".repeat(40))
        .unwrap();
    assert_refused_untouched(&disk, "text");
}

#[test]
fn another_programs_database_is_no_board() {
    for pragma in ["PRAGMA application_id = 7", "PRAGMA application_id = 0"] {
        let disk = Disk::empty();
        fs::create_dir(disk.plan.path()).unwrap();
        let db = rusqlite::Connection::open(disk.plan.database()).unwrap();
        db.execute_batch(&format!("CREATE TABLE notes (text); {pragma}")).unwrap();
        drop(db);
        assert_refused_untouched(&disk, pragma);
    }
}

#[test]
fn a_truncated_board_is_no_board() {
    let whole = fs::read(board_in_one_file().plan.database()).unwrap();
    for length in [1, 50, 100, 4096, whole.len() / 2, whole.len() - 4096] {
        let disk = Disk::empty();
        fs::create_dir(disk.plan.path()).unwrap();
        fs::write(disk.plan.database(), &whole[..length]).unwrap();
        assert_refused_untouched(&disk, &format!("{length} bytes"));
    }
}

#[test]
fn an_empty_file_beside_a_log_is_not_begun_anew() {
    let disk = Disk::with_board();
    add_module(&mut disk.open(), "a");
    fs::write(disk.plan.database(), "").unwrap();
    let log = disk.plan.path().join("coordination.db-wal");
    let before = fs::read(&log).unwrap();
    assert!(!before.is_empty());
    let error = SqliteStore::open(&disk.plan, Options::default()).err().unwrap();
    assert_eq!(failure(error).code, Code::Corrupt);
    assert_eq!(fs::read(&log).unwrap(), before, "the log may be all that is left");
}

/// Any answer is right but a panic, or a wrong board without an error from a page that matters to it.
#[test]
fn a_board_with_any_page_damaged_gives_errors_and_no_panic() {
    let whole = fs::read(board_in_one_file().plan.database()).unwrap();
    const PAGE: usize = 4096;
    let mut noticed = 0;
    for page in 0..whole.len() / PAGE {
        for filling in [0x00, 0xff, 0x41] {
            let disk = Disk::empty();
            fs::create_dir(disk.plan.path()).unwrap();
            let mut damaged = whole.clone();
            damaged[page * PAGE..(page + 1) * PAGE].fill(filling);
            fs::write(disk.plan.database(), damaged).unwrap();
            noticed += usize::from(use_everything(&disk).is_err());
        }
    }
    assert!(noticed > whole.len() / PAGE, "most pages matter: {noticed}");
}

fn use_everything(disk: &Disk) -> Result<(), Failure> {
    let mut store = SqliteStore::open(&disk.plan, options(&disk.clock)).map_err(failure)?;
    let read = store.read().map(drop).map_err(failure);
    let wrote = store
        .transact(&Sample::request_with_id("ann", "r", "f"), &mut |_, _, _| {
            Ok(Sample::decision([Row::Module(Sample::module("new"))]))
        })
        .map(drop)
        .map_err(failure);
    let texts = store.briefs().map(drop).map_err(failure);
    let events = store.events(&EventFilter::default()).map(drop).map_err(failure);
    let tended = Steward::tend_once(&disk.plan, &mut store);
    let upkeep = store.upkeep(true).map_err(failure);
    let files = if tended.problems.is_empty() { Ok(()) } else { Err(Failure::internal("projections")) };
    read.and(wrote).and(texts).and(events).and(upkeep).and(files)
}

#[test]
fn a_row_that_makes_no_sense_is_named() {
    for (change, table, id) in [
        ("UPDATE modules SET status = 'nonsense' WHERE id = 'm3'", "modules", "m3"),
        ("UPDATE modules SET priority = 9 WHERE id = 'm4'", "modules", "m4"),
        ("UPDATE modules SET owned_paths = '../x' WHERE id = 'm5'", "modules", "m5"),
        ("UPDATE modules SET depends_on = 'm1' || char(10) || '-' WHERE id = 'm6'", "modules", "m6"),
        ("UPDATE modules SET id = 'not an id' WHERE id = 'm7'", "modules", "not an id"),
        ("UPDATE sessions SET epoch = -1", "sessions", "s-1"),
        ("UPDATE leases SET holder = ''", "leases", "m1"),
        ("UPDATE meta SET safety = 'reckless'", "meta", "1"),
    ] {
        let disk = board_in_one_file();
        rusqlite::Connection::open(disk.plan.database()).unwrap().execute_batch(change).unwrap();
        let mut store = disk.open();
        let refusal = failure(store.read().unwrap_err());
        assert_eq!(refusal.code, Code::InvalidBoard, "{change}: {refusal:?}");
        assert!(refusal.message.contains(table) && refusal.message.contains(id), "{change}: {refusal:?}");
        let again = failure(store.read().unwrap_err());
        assert_eq!(again, refusal, "it does not get better by asking twice");
        let wrote = store.transact(&Sample::request("claim"), &mut |_, _, _| Ok(Sample::decision([])));
        assert_eq!(failure(wrote.unwrap_err()).code, Code::InvalidBoard);
    }
}

#[test]
fn a_board_without_its_revision_is_corrupt() {
    let disk = board_in_one_file();
    rusqlite::Connection::open(disk.plan.database()).unwrap().execute_batch("DELETE FROM meta").unwrap();
    assert_eq!(failure(disk.open().read().unwrap_err()).code, Code::Corrupt);
}

#[test]
fn a_board_that_needs_a_newer_writer_is_left_alone() {
    let disk = Disk::with_board();
    let mut store = disk.open();
    add_module(&mut store, "a");
    let db = rusqlite::Connection::open(disk.plan.database()).unwrap();
    db.execute_batch("UPDATE meta SET format = 99, min_writer = 98").unwrap();
    let wrote = store.transact(&Sample::request("claim"), &mut |_, _, _| panic!("nothing is decided"));
    let refusal = failure(wrote.unwrap_err());
    assert_eq!(refusal.code, Code::SchemaNewer);
    assert!(refusal.hint.unwrap().contains("restart this window"));
    assert_eq!(failure(store.read().unwrap_err()).code, Code::SchemaNewer);
    assert_eq!(failure(disk.open().read().unwrap_err()).code, Code::SchemaNewer);
}

#[test]
fn a_newer_board_that_lets_us_write_keeps_what_we_do_not_know() {
    let disk = Disk::with_board();
    let mut store = disk.open();
    add_module(&mut store, "a");
    let db = rusqlite::Connection::open(disk.plan.database()).unwrap();
    db.execute_batch(
        "UPDATE meta SET format = 2; ALTER TABLE modules ADD COLUMN mood TEXT; UPDATE modules SET mood = 'good'; \
         CREATE TABLE more (x)",
    )
    .unwrap();
    assert_eq!(add_module(&mut store, "a"), 2);
    assert_eq!(add_module(&mut disk.open(), "b"), 3);
    let mood: String = db.query_row("SELECT mood FROM modules WHERE id = 'a'", [], |row| row.get(0)).unwrap();
    assert_eq!(mood, "good");
    let format: u32 = db.query_row("SELECT format FROM meta", [], |row| row.get(0)).unwrap();
    assert_eq!(format, 2);
}
