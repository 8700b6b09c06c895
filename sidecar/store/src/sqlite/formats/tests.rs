//! A board of the first format, made as the first format made it, is brought up to the present one.

use std::{collections::BTreeMap, sync::Barrier, thread};

use remit_board::board::Row;
use tempfile::TempDir;

use super::*;
use crate::{
    files::PlanFolder,
    sqlite::{Options, SqliteStore, connection::APPLICATION_ID, create::SCHEMA},
    store::{EventFilter, Outcome, Store},
    testing::Sample,
};

const FIRST: &str = include_str!("1.sql");

/// What a schema has, whatever the order in which it came to be: columns by table, and every index.
fn shape(db: &Connection) -> (BTreeMap<String, String>, Vec<String>) {
    let columns = "SELECT t.name || '.' || c.name, c.type || c.\"notnull\" || c.pk || t.strict || t.wr \
                   FROM pragma_table_list t, pragma_table_info(t.name) c WHERE t.name NOT LIKE 'sqlite_%'";
    let mut statement = db.prepare(columns).unwrap();
    let columns = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let columns = columns.collect::<Result<_, _>>().unwrap();
    let mut statement = db
        .prepare("SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1")
        .unwrap();
    let indexes = statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    (columns, indexes)
}

fn first_meta() -> Meta {
    Meta {
        format: 1,
        min_writer: 1,
        project: "project".to_owned(),
        incarnation: 7,
        revision: 0,
        event_seq: 0,
        clock: Default::default(),
        safety: Default::default(),
    }
}

/// A board that nobody has touched since the first format, with one module.
fn old_board() -> (TempDir, PlanFolder) {
    let folder = tempfile::tempdir().unwrap();
    let plan = PlanFolder::below(folder.path());
    fs::create_dir_all(plan.path()).unwrap();
    let db = Connection::open(plan.database()).unwrap();
    db.execute_batch(&format!("PRAGMA journal_mode = wal; PRAGMA application_id = {APPLICATION_ID}"))
        .unwrap();
    db.execute_batch(FIRST).unwrap();
    let meta = Meta { revision: 1, event_seq: 1, ..first_meta() };
    meta.insert(&db).unwrap();
    let columns = "id, revision, title, status, priority, owner, created_at, ordinal";
    db.execute(
        &format!("INSERT INTO modules ({columns}) VALUES ('old', 1, 'Old', 'done', 2, NULL, 5, 0)"),
        [],
    )
    .unwrap();
    let event = "INSERT INTO events (seq, at, revision, kind, source, summary) VALUES (1, 5, 1, 'add-module', 'board', 'old')";
    db.execute(event, []).unwrap();
    (folder, plan)
}

fn add(store: &mut SqliteStore, module: &str) -> Result<Outcome, StoreError> {
    let decision = Sample::decision([Row::Module(Sample::module(module))]);
    store.transact(&Sample::request("import-plan"), &mut |_, _, _| Ok(decision.clone()))
}

#[test]
fn the_steps_from_the_first_format_lead_to_what_a_new_board_is_made_with() {
    let [old, new] = [FIRST, SCHEMA].map(|schema| {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(schema).unwrap();
        db
    });
    assert_ne!(shape(&old), shape(&new));
    first_meta().insert(&old).unwrap();
    apply(&old, &first_meta(), &FORMATS).unwrap();
    assert_eq!(shape(&old), shape(&new));
    assert_eq!(Meta::read(&old).unwrap().format, FORMATS.current);
    assert_eq!(Meta::read(&old).unwrap().min_writer, FORMATS.min_writer());
}

#[test]
fn each_step_leads_to_the_format_after_the_one_before() {
    let steps: Vec<u32> = FORMATS.migrations.iter().map(|step| step.to).collect();
    assert_eq!(steps, (2..=FORMATS.current).collect::<Vec<_>>());
    assert!(FORMATS.migrations.iter().all(|step| step.min_writer <= step.to));
}

#[test]
fn eight_writers_at_once_bring_an_old_board_up_to_date_and_lose_nothing() {
    let (_folder, plan) = old_board();
    let start = Barrier::new(8);
    thread::scope(|scope| {
        for n in 0..8 {
            let (plan, start) = (&plan, &start);
            scope.spawn(move || {
                let mut store = SqliteStore::open(plan, Options::default()).unwrap();
                start.wait();
                assert!(matches!(add(&mut store, &format!("m{n}")), Ok(Outcome::Committed { .. })));
            });
        }
    });
    let mut store = SqliteStore::open(&plan, Options::default()).unwrap();
    let board = store.read().unwrap().board;
    assert_eq!((board.revision, board.modules.len(), board.incarnation), (9, 9, 7));
    assert_eq!(board.modules[&Sample::module_id("old")].title, "Old");
    assert_eq!(store.events(&EventFilter::default()).unwrap().first().unwrap().summary, "old");

    let backup = Connection::open(plan.backup(1)).unwrap();
    let sound: String = backup.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!((sound.as_str(), Meta::read(&backup).unwrap().format), ("ok", 1));
    let kept: i64 = backup.query_row("SELECT count(*) FROM modules", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, 1, "it was made before the first byte changed, and by one of them");
}

#[test]
fn whoever_reads_an_old_board_meanwhile_sees_it_before_or_after() {
    let (_folder, plan) = old_board();
    let mut reader = SqliteStore::open(&plan, Options::default()).unwrap();
    assert_eq!(reader.read().unwrap().board.revision, 1);
    add(&mut SqliteStore::open(&plan, Options::default()).unwrap(), "m").unwrap();
    assert_eq!(reader.read().unwrap().board.modules.len(), 2);
    assert!(matches!(add(&mut reader, "n"), Ok(Outcome::Committed { revision: 3, .. })));
}

/// A claim of the version before leaves the new column as it was: nothing of its own gets lost, nor of ours.
#[test]
fn writers_of_the_first_format_may_go_on_after_the_step() {
    let (_folder, plan) = old_board();
    add(&mut SqliteStore::open(&plan, Options::default()).unwrap(), "m").unwrap();
    static OLD: Formats = Formats { current: 1, migrations: &[] };
    let mut old = SqliteStore::open_with(&plan, Options::default(), &OLD).unwrap();
    assert!(matches!(add(&mut old, "n"), Ok(Outcome::Committed { revision: 3, .. })));
    let db = Connection::open(plan.database()).unwrap();
    let meta = Meta::read(&db).unwrap();
    assert_eq!((meta.format, meta.min_writer), (2, 1));
}
