//! What windows have changed is worth no trouble: a disk that fails may lose it, never the wit of whoever asks.

use std::sync::Arc;

use remit_board::{
    failure::{Failure, Kind},
    ids::SessionId,
    time::Millis,
};
use remit_store::{Durability, PresenceDb, PresenceRow, PresenceState, StoreError};
use rusqlite::ffi;

use crate::{
    board::{Board, Kept},
    nth::Failing,
    vfs::{Disk, Fault, Op, Written, mount},
};

fn row(path: &str) -> PresenceRow {
    PresenceRow { path: path.parse().unwrap(), state: PresenceState::Unsaved, since: Millis(1), edits: None }
}

fn assert_clear(error: StoreError) {
    let failure = Failure::from(error);
    assert!(failure.kind == Kind::Unavailable && failure.hint.is_some(), "{failure:?}");
}

/// Says whether the disk failed on the way.
fn play(op: Op, fault: Fault, nth: usize) -> bool {
    let board = Board::new(Kept::Log(Durability::Normal));
    drop(board.create().unwrap());
    let disk = Failing::new(op, fault, nth, false);
    let _mounted = mount(board.folder(), Arc::clone(&disk) as Arc<dyn Disk>);
    let [ann, ben]: [SessionId; 2] = ["ann", "ben"].map(|name| name.parse().unwrap());
    let [mut hers, mut his] = [PresenceDb::new(&board.plan), PresenceDb::new(&board.plan)];
    for n in 0..4 {
        let path = format!("src/{n}.rs");
        for (presence, session) in [(&mut hers, &ann), (&mut his, &ben)] {
            // Whoever publishes does so again soon; only one call fails.
            if let Err(error) = presence.publish(session, "/work", None, &[row(&path)]) {
                assert_clear(error);
                presence.publish(session, "/work", None, &[row(&path)]).unwrap();
            }
        }
        match hers.all() {
            Ok(told) => {
                assert!(told.len() <= 2);
                assert!(told.iter().all(|one| one.worktree == "/work" && one.rows.len() == 1), "{told:?}");
            }
            Err(error) => assert_clear(error),
        }
    }
    disk.while_sound(|| {
        // A disk that fails once costs nobody's words.
        let told = his.all().unwrap();
        let of = |session: &SessionId| told.iter().find(|one| one.session == *session);
        assert_eq!(of(&ben).map(|one| &one.rows[..]), Some(&[row("src/3.rs")][..]), "{nth}: {told:?}");
        assert_eq!(of(&ann).map(|one| &one.rows[..]), Some(&[row("src/3.rs")][..]), "{nth}: {told:?}");
        hers.withdraw(&ann).unwrap();
        his.withdraw(&ben).unwrap();
        assert_eq!(PresenceDb::new(&board.plan).all().unwrap(), []);
    });
    disk.has_struck()
}

#[test]
fn each_call_of_each_kind_fails_once() {
    for (op, code, written) in [
        (Op::Open, ffi::SQLITE_CANTOPEN, Written::Nothing),
        (Op::Read, ffi::SQLITE_IOERR_READ, Written::Nothing),
        (Op::Write, ffi::SQLITE_FULL, Written::Half),
        (Op::Write, ffi::SQLITE_IOERR_WRITE, Written::All),
        (Op::Truncate, ffi::SQLITE_IOERR_TRUNCATE, Written::Nothing),
        (Op::Lock, ffi::SQLITE_IOERR_LOCK, Written::Nothing),
        (Op::ShmMap, ffi::SQLITE_IOERR_SHMMAP, Written::Nothing),
        (Op::ShmLock, ffi::SQLITE_IOERR_SHMLOCK, Written::Nothing),
    ] {
        (1..).find(|nth| !play(op, Fault { code, written }, *nth)).unwrap();
    }
}
