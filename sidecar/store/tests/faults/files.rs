//! The database fails under what is written beside it: no event is lost or doubled on its way into the archive, and the
//! files that people read are whole.

use std::{fs, sync::Arc};

use remit_board::{decision::Decision, retention::Retention};
use remit_store::{
    Durability, EventFilter, SqliteStore, Steward, Store,
    archive::{ArchiveLine, entries, prune},
    testing::Sample,
};
use rusqlite::ffi;

use crate::{
    board::{Board, Kept},
    nth::Failing,
    vfs::{Disk, Fault, Op, Written, mount},
};

const EVENTS: u64 = 50;

fn board_with_events() -> (Board, SqliteStore) {
    let board = Board::new(Kept::Log(Durability::Normal));
    let mut store = board.create().unwrap();
    let events = (1..=EVENTS).map(|n| Sample::event(&format!("event {n}"))).collect();
    let decision = Decision { events, ..Sample::decision([]) };
    store.transact(&Sample::request("import-plan"), &mut |_, _, _| Ok(decision.clone())).unwrap();
    (board, store)
}

/// The numbers of the events in the archive, then of those on the board.
fn numbers(board: &Board) -> Vec<u64> {
    let archived = entries(&board.plan).unwrap().into_iter().flat_map(|entry| {
        let text = fs::read_to_string(entry.path).unwrap();
        text.lines().map(|line| serde_json::from_str::<ArchiveLine>(line).unwrap().seq).collect::<Vec<_>>()
    });
    let kept = board.open().unwrap().events(&EventFilter::default()).unwrap();
    archived.chain(kept.into_iter().map(|event| event.seq)).collect()
}

/// Says whether the disk failed on the way.
fn prune_and_tend(op: Op, fault: Fault, nth: usize) -> bool {
    let (board, mut store) = board_with_events();
    let disk = Failing::new(op, fault, nth, false);
    let _mounted = mount(board.folder(), Arc::clone(&disk) as Arc<dyn Disk>);
    // As a process that has just come.
    drop(store);
    store = board.open().or_else(|_| board.open()).unwrap();
    let keep = |max_rows| Retention { max_rows, ..Retention::default() };
    for max_rows in [40, 30, 20] {
        let pruned = prune(&board.plan, &mut store, keep(max_rows));
        let tended = Steward::tend_once(&board.plan, &mut store);
        assert!(pruned.is_ok() && tended.problems.is_empty() || disk.has_struck(), "{pruned:?} {tended:?}");
    }
    disk.while_sound(|| {
        prune(&board.plan, &mut store, keep(10)).unwrap();
        assert_eq!(numbers(&board), (1..=EVENTS).collect::<Vec<_>>(), "each once, in order");
        let tended = Steward::tend_once(&board.plan, &mut store);
        assert_eq!((tended.revision, tended.problems), (Some(1), Vec::new()));
        let shown: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(board.plan.state_json()).unwrap()).unwrap();
        assert_eq!(shown["revision"], 1);
    });
    disk.has_struck()
}

#[test]
fn whatever_fails_each_event_is_in_one_place() {
    for (op, code, written) in [
        (Op::Open, ffi::SQLITE_CANTOPEN, Written::Nothing),
        (Op::Read, ffi::SQLITE_IOERR_READ, Written::Nothing),
        (Op::Write, ffi::SQLITE_FULL, Written::Half),
        (Op::Write, ffi::SQLITE_IOERR_WRITE, Written::All),
        (Op::Sync, ffi::SQLITE_IOERR_FSYNC, Written::Nothing),
        (Op::ShmLock, ffi::SQLITE_IOERR_SHMLOCK, Written::Nothing),
    ] {
        (1..).find(|nth| !prune_and_tend(op, Fault { code, written }, *nth)).unwrap();
    }
}
