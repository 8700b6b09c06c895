//! Databases with any page damaged, or cut short: a clear answer, nothing lost, and a repair that works.

use std::fs;

use remit_board::{
    board::{Board, LeaseChange, Row, Text},
    decision::Decision,
    ids::Seed,
};
use remit_store::{
    EventFilter, PlanFolder, Steward, Store, StoreError, examine, rebuild, reindex, testing::Sample,
};

use crate::bed::{Disk, commit, options};

const PAGE: usize = 4096;
const START: u64 = 1_000_000_000;

/// A board of every kind of row whose files beside it are current, all in the one file.
fn board_with_files() -> Disk {
    let disk = Disk::with_board();
    let mut store = disk.open();
    let modules = (0..40).map(|n| Row::Module(Sample::module(&format!("m{n}"))));
    let handoff = Sample::handoff("m3", 1);
    let others = [
        Row::Agent(Sample::agent("ann")),
        Row::Session(Sample::session("s-1", "ann")),
        Row::Confirmation(Sample::confirmation("/work", "main")),
        Row::Handoff(handoff.clone()),
    ];
    let descriptions = (0..10).map(|n| Text::Description {
        module: Sample::module_id(&format!("m{n}")),
        text: "long ".repeat(400),
    });
    let bundle = Text::Bundle { handoff: handoff.id, text: "# Go on\n\nHere.\n".to_owned() };
    let leases = vec![LeaseChange::Grant(Sample::lease("m1", "ann", "token"))];
    let texts = descriptions.chain([bundle]).collect();
    commit(&mut store, Decision { texts, leases, ..Sample::decision(modules.chain(others)) });
    assert!(Steward::tend_once(&disk.plan, &mut store).problems.is_empty());
    drop(store);
    let db = rusqlite::Connection::open(disk.plan.database()).unwrap();
    db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA user_version").unwrap();
    drop(db);
    disk
}

/// Without what a rebuild changes by its nature.
fn content(board: &Board) -> Board {
    let mut board = board.clone();
    (board.incarnation, board.revision) = (0, 0);
    board.modules.values_mut().for_each(|row| (row.revision, row.ordinal) = (0, 0));
    board.agents.values_mut().for_each(|row| row.revision = 0);
    board.sessions.values_mut().for_each(|row| row.revision = 0);
    board.handoffs.values_mut().for_each(|row| row.revision = 0);
    board.confirmations.values_mut().for_each(|row| row.revision = 0);
    board
}

fn copy_of(disk: &Disk, database: &[u8]) -> Disk {
    let copy = Disk::empty();
    fs::create_dir_all(copy.plan.bundles()).unwrap();
    for name in ["state.json", "preflight.json", "STATUS.md", "HANDOFFS.md", "handoffs/m3.handoff.md"] {
        fs::copy(disk.plan.path().join(name), copy.plan.path().join(name)).unwrap();
    }
    fs::write(copy.plan.database(), database).unwrap();
    copy
}

fn set_aside(plan: &PlanFolder) -> Vec<std::path::PathBuf> {
    let names = fs::read_dir(plan.path()).unwrap().map(|entry| entry.unwrap().path());
    let mut aside: Vec<_> = names.filter(|path| path.to_string_lossy().contains("damaged-")).collect();
    aside.sort();
    aside
}

/// Repairs it if it has to be, and holds the outcome to the board that it was. Says whether anything was wrong.
fn repaired(disk: &Disk, expected: &Board, damaged: &[u8], what: &str) -> bool {
    let options = options(&disk.clock);
    let found = match examine(&disk.plan, &options) {
        Ok(None) => return false,
        Ok(Some(damage)) => damage,
        Err(StoreError::NoBoard { .. }) => {
            remit_store::Damage { lines: vec!["gone".into()], only_indexes: false }
        }
        Err(error) => panic!("{what}: {error}"),
    };
    assert!(found.lines.iter().all(|line| !line.is_empty()), "{what}");
    if found.only_indexes
        && reindex(&disk.plan, &options).is_ok()
        && examine(&disk.plan, &options).unwrap().is_none()
    {
        return true;
    }
    let rebuilt =
        rebuild(&disk.plan, "fallback", &options, &Seed::new([7; 32])).unwrap().expect("it had to be");
    assert_eq!((rebuilt.modules, rebuilt.missing.is_empty()), (40, false), "{what}: {rebuilt:?}");
    let aside = set_aside(&disk.plan);
    let database = aside.iter().find(|path| path.extension().is_some_and(|ending| ending == "db")).unwrap();
    assert_eq!(fs::read(database).unwrap().len(), damaged.len(), "{what}: the old file is kept whole");
    assert_eq!(examine(&disk.plan, &options).unwrap(), None, "{what}");

    let mut store = disk.open();
    let board = store.read().unwrap().board;
    assert_eq!(content(&board), content(expected), "{what}");
    assert!(board.incarnation > expected.incarnation, "{what}");
    assert!(board.revision >= START && board.revision.is_multiple_of(START), "{what}: {}", board.revision);
    assert_eq!(store.briefs().unwrap().len(), 10, "{what}");
    assert_eq!(
        store.bundle(&Sample::handoff("m3", 1).id).unwrap().as_deref(),
        Some("# Go on\n\nHere.\n"),
        "{what}"
    );
    commit(&mut store, Sample::decision([Row::Module(Sample::module("new"))]));
    let event = store.events(&EventFilter::default()).unwrap().pop().unwrap();
    assert!(event.seq > START && event.revision == board.revision + 1, "{what}: {event:?}");
    assert_eq!(
        rebuild(&disk.plan, "x", &options, &Seed::new([7; 32])).unwrap(),
        None,
        "{what}: what is sound is left alone"
    );
    true
}

#[test]
fn a_board_with_any_page_header_damaged_is_rebuilt_from_the_files_beside_it() {
    let disk = board_with_files();
    let expected = disk.open().read().unwrap().board;
    let whole = fs::read(disk.plan.database()).unwrap();
    let mut noticed = 0;
    for page in 0..whole.len() / PAGE {
        for filling in [0x00, 0xff] {
            let mut damaged = whole.clone();
            // The first page begins with the file's own header.
            let header = if page == 0 { 0..108 } else { page * PAGE..page * PAGE + 12 };
            damaged[header].fill(filling);
            let copy = copy_of(&disk, &damaged);
            noticed +=
                usize::from(repaired(&copy, &expected, &damaged, &format!("page {page} by {filling:x}")));
        }
    }
    assert!(noticed > whole.len() / PAGE, "damaged headers are noticed: {noticed}");
}

#[test]
fn a_board_that_was_cut_short_is_rebuilt() {
    let disk = board_with_files();
    let expected = disk.open().read().unwrap().board;
    let whole = fs::read(disk.plan.database()).unwrap();
    for length in [0, 1, 100, 600, PAGE, PAGE + 1, whole.len() / 2, whole.len() - PAGE] {
        let copy = copy_of(&disk, &whole[..length]);
        if length == 0 {
            fs::remove_file(copy.plan.database()).unwrap();
            fs::write(copy.plan.database(), "").unwrap();
        }
        assert!(repaired(&copy, &expected, &whole[..length], &format!("{length} bytes")), "{length}");
    }
}

#[test]
fn a_row_that_makes_no_sense_is_damage_and_indexes_are_made_again() {
    let disk = board_with_files();
    let expected = disk.open().read().unwrap().board;
    let db = rusqlite::Connection::open(disk.plan.database()).unwrap();
    db.execute_batch("UPDATE modules SET status = 'nonsense' WHERE id = 'm3'").unwrap();
    drop(db);
    let length = fs::metadata(disk.plan.database()).unwrap().len();
    assert!(repaired(&disk, &expected, &vec![0; length as usize], "nonsense"));
}

#[test]
fn numbers_go_on_above_all_that_anybody_can_have_seen() {
    let disk = board_with_files();
    fs::create_dir_all(disk.plan.event_archive()).unwrap();
    let lines = "{\"seq\":2000000005,\"revision\":7}\n{\"seq\":20000000";
    fs::write(disk.plan.event_archive().join("a.jsonl"), lines).unwrap();
    let mark = "<!-- remit: revision 3000000001 of board 9999999999999. Written";
    fs::write(disk.plan.status(), mark).unwrap();
    fs::write(disk.plan.database(), "x".repeat(5_000)).unwrap();
    rebuild(&disk.plan, "project", &options(&disk.clock), &Seed::new([7; 32])).unwrap().unwrap();
    let snapshot = disk.open().read().unwrap();
    assert_eq!((snapshot.board.revision, snapshot.last_event), (4_000_000_000, 3_000_000_000));
    assert_eq!(snapshot.board.incarnation, 10_000_000_000_000);
}

#[test]
fn without_any_file_beside_it_an_empty_board_is_made_and_says_so() {
    let disk = Disk::empty();
    fs::create_dir(disk.plan.path()).unwrap();
    fs::write(disk.plan.database(), "x".repeat(5_000)).unwrap();
    fs::write(disk.plan.state_json(), "{\"revision\": 3, \"modules\": 7").unwrap();
    let rebuilt =
        rebuild(&disk.plan, "project", &options(&disk.clock), &Seed::new([7; 32])).unwrap().unwrap();
    assert_eq!(rebuilt.modules, 0);
    assert!(rebuilt.missing.iter().any(|what| what.contains("state.json can't be read")), "{rebuilt:?}");
    assert_eq!(disk.open().read().unwrap().board.project, "project");
    let kept = set_aside(&disk.plan);
    assert!(kept.iter().any(|path| fs::read(path).unwrap().starts_with(b"xxx")), "{kept:?}");
    assert!(kept.iter().any(|path| fs::read(path).unwrap().starts_with(b"{\"revision\": 3")), "{kept:?}");
}

#[test]
fn one_entry_that_makes_no_sense_costs_no_other() {
    let disk = board_with_files();
    let state = fs::read_to_string(disk.plan.state_json()).unwrap();
    fs::write(disk.plan.state_json(), state.replacen("\"status\":\"todo\"", "\"status\":\"odd\"", 1))
        .unwrap();
    fs::write(disk.plan.database(), "x".repeat(5_000)).unwrap();
    let rebuilt =
        rebuild(&disk.plan, "project", &options(&disk.clock), &Seed::new([7; 32])).unwrap().unwrap();
    assert_eq!(rebuilt.modules, 39);
    assert!(
        rebuilt.missing.iter().any(|what| what.starts_with("the module m0, which makes no sense")),
        "{rebuilt:?}"
    );
}
