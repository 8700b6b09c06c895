//! What only the inside can arrange: other formats, and a disk of few pages.

use std::fs;

use remit_board::{
    board::{Row, Text},
    decision::Decision,
};
use tempfile::TempDir;

use super::{formats::Migration, *};
use crate::testing::Sample;

/// As if two formats had followed the present one; the writers of the first are still welcome.
static LATER: Formats = Formats {
    current: 4,
    migrations: &[
        Migration { to: 3, min_writer: 1, sql: "ALTER TABLE modules ADD COLUMN mood TEXT" },
        Migration {
            to: 4,
            min_writer: 3,
            sql: "CREATE TABLE moods (id TEXT) STRICT; UPDATE modules SET mood = 'good'",
        },
    ],
};

static BROKEN: Formats = Formats {
    current: 3,
    migrations: &[Migration {
        to: 3,
        min_writer: 3,
        sql: "CREATE TABLE moods (id TEXT); SELECT no_such_function()",
    }],
};

fn board() -> (TempDir, PlanFolder, SqliteStore) {
    let folder = tempfile::tempdir().unwrap();
    let plan = PlanFolder::below(folder.path());
    let mut store = SqliteStore::create(&plan, "project", Options::default()).unwrap().store;
    add(&mut store, "a").unwrap();
    (folder, plan, store)
}

fn add(store: &mut SqliteStore, module: &str) -> Result<Outcome, StoreError> {
    let decision = Sample::decision([Row::Module(Sample::module(module))]);
    store.transact(&Sample::request("import-plan"), &mut |_, _, _| Ok(decision.clone()))
}

fn later(plan: &PlanFolder) -> SqliteStore {
    SqliteStore::open_with(plan, Options::default(), &LATER).unwrap()
}

fn format_on_disk(plan: &PlanFolder) -> (u32, u32) {
    let db = Connection::open(plan.database()).unwrap();
    let meta = Meta::read(&db).unwrap();
    (meta.format, meta.min_writer)
}

#[test]
fn a_question_reads_an_older_board_without_changing_it() {
    let (_folder, plan, _) = board();
    let mut store = later(&plan);
    assert_eq!(store.read().unwrap().board.modules.len(), 1);
    assert_eq!(store.events(&EventFilter::default()).unwrap().len(), 1);
    let mood = store
        .reading(|db, _, _| Ok(db.query_row("SELECT mood FROM modules", [], |row| row.get::<_, String>(0))?));
    assert_eq!(mood.unwrap(), "good");
    assert_eq!(format_on_disk(&plan), (2, 1));
    assert!(!plan.backup(2).exists());
}

#[test]
fn the_first_mutation_brings_an_older_board_up_to_date_after_a_backup() {
    let (_folder, plan, mut old) = board();
    let mut store = later(&plan);
    store.read().unwrap();
    assert!(matches!(add(&mut store, "b"), Ok(Outcome::Committed { revision: 2, .. })));
    assert_eq!(format_on_disk(&plan), (4, 3));
    assert!(matches!(add(&mut store, "c"), Ok(Outcome::Committed { revision: 3, .. })));
    assert_eq!(later(&plan).read().unwrap().board.modules.len(), 3);

    assert_eq!(format_in(&plan.backup(2)), 2);
    let kept: i64 = Connection::open(plan.backup(2))
        .unwrap()
        .query_row("SELECT count(*) FROM modules", [], |row| row.get(0))
        .unwrap();
    assert_eq!(kept, 1, "the backup is the board as it was");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(plan.backup(2)).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert!(matches!(add(&mut old, "d"), Err(StoreError::SchemaNewer { needed: 3, known: 2 })));
}

fn format_in(path: &std::path::Path) -> u32 {
    Meta::read(&Connection::open(path).unwrap()).unwrap().format
}

#[test]
fn a_migration_that_fails_leaves_the_board_as_it_was() {
    let (_folder, plan, mut old) = board();
    let mut store = SqliteStore::open_with(&plan, Options::default(), &BROKEN).unwrap();
    assert!(matches!(add(&mut store, "b"), Err(StoreError::Defect(_))));
    assert_eq!(format_on_disk(&plan), (2, 1));
    assert!(matches!(add(&mut old, "c"), Ok(Outcome::Committed { revision: 2, .. })));
    let tables: i64 = Connection::open(plan.database())
        .unwrap()
        .query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'moods'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(tables, 0);
}

#[test]
fn a_refused_mutation_leaves_the_new_format_behind_and_nothing_else() {
    let (_folder, plan, _) = board();
    let mut store = later(&plan);
    let refusal = remit_board::failure::Failure::invalid("no");
    let outcome = store.transact(&Sample::request("claim"), &mut |_, _, _| Err(refusal.clone())).unwrap();
    assert_eq!(outcome, Outcome::Refused { revision: 1, refusal });
    assert_eq!(store.read().unwrap().board.modules.len(), 1);
}

/// SQLite has rolled back by itself when the error arrives; a ROLLBACK of ours would be an error of its own.
#[test]
fn a_full_disk_leaves_the_board_whole_and_usable() {
    let (_folder, plan, mut store) = board();
    let pages = |store: &SqliteStore, pragma: &str| -> i64 {
        store.link.as_ref().unwrap().db.query_row(pragma, [], |row| row.get(0)).unwrap()
    };
    let now = pages(&store, "PRAGMA page_count");
    pages(&store, &format!("PRAGMA max_page_count = {}", now + 3));

    let text = Text::Description { module: Sample::module_id("a"), text: "x".repeat(100_000) };
    let rows = [Row::Module(Sample::module("b"))];
    let large = Decision { texts: vec![text], ..Sample::decision(rows) };
    let full = store.transact(&Sample::request("edit-module"), &mut |_, _, _| Ok(large.clone()));
    assert!(matches!(full, Err(StoreError::DiskFull)), "{full:?}");
    let board = store.read().unwrap().board;
    assert_eq!((board.revision, board.modules.len()), (1, 1));
    assert!(
        matches!(add(&mut store, "c"), Ok(Outcome::Committed { revision: 2, .. })),
        "a small one still fits"
    );

    pages(&store, "PRAGMA max_page_count = 100000");
    let outcome = store.transact(&Sample::request("edit-module"), &mut |_, _, _| Ok(large.clone()));
    assert!(matches!(outcome, Ok(Outcome::Committed { revision: 3, .. })));
    let mut other = SqliteStore::open(&plan, Options::default()).unwrap();
    assert_eq!(other.read().unwrap().board, store.read().unwrap().board);
}

#[test]
fn a_rule_that_panics_leaves_the_board_open_to_others() {
    let (_folder, plan, mut store) = board();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _ = store.transact(&Sample::request("claim"), &mut |_, _, _| panic!("a defect in a rule"));
    }));
    assert!(panicked.is_err());
    let mut other = SqliteStore::open(&plan, Options::default()).unwrap();
    assert!(matches!(add(&mut other, "b"), Ok(Outcome::Committed { revision: 2, .. })));
    assert!(matches!(add(&mut store, "c"), Ok(Outcome::Committed { revision: 3, .. })));
}

#[test]
fn a_commit_copies_no_board_that_nobody_has_kept() {
    let (_folder, _plan, mut store) = board();
    let address = |store: &mut SqliteStore| std::sync::Arc::as_ptr(&store.read().unwrap().board);
    let before = address(&mut store);
    add(&mut store, "b").unwrap();
    assert_eq!(address(&mut store), before);
    let kept = store.read().unwrap();
    add(&mut store, "c").unwrap();
    assert_eq!(kept.board.revision, 2);
    assert_ne!(address(&mut store), before);
}
