//! The n-th call of each kind goes wrong, for n = 1, 2, … until a whole day passes without it.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
};

use remit_board::failure::{Code, Failure, Kind};
use remit_board::{board::Text, decision::Decision};
use remit_store::{Durability, Outcome, SqliteStore, Store, StoreError, testing::Sample};
use rusqlite::ffi;

use crate::{
    board::{Board, Kept, assert_whole, seen, soak, view},
    day::{Act, Day, acts},
    vfs::{Call, Disk, Fault, Op, Written, mount},
};

/// A disk on which one call goes wrong, or from one call on each of its kind until somebody mends it.
pub struct Failing {
    op: Op,
    fault: Fault,
    nth: usize,
    lasting: bool,
    seen: AtomicUsize,
    sound: AtomicBool,
    struck: AtomicBool,
}

impl Failing {
    pub fn new(op: Op, fault: Fault, nth: usize, lasting: bool) -> Arc<Self> {
        let (seen, sound, struck) = (AtomicUsize::new(0), AtomicBool::new(false), AtomicBool::new(false));
        Arc::new(Self { op, fault, nth, lasting, seen, sound, struck })
    }

    /// While the test itself looks at the board.
    pub fn while_sound<T>(&self, look: impl FnOnce() -> T) -> T {
        let before = self.sound.swap(true, SeqCst);
        let found = look();
        self.sound.store(before, SeqCst);
        found
    }

    fn mend(&self) {
        let over = self.has_struck();
        self.sound.store(over, SeqCst);
    }

    pub fn has_struck(&self) -> bool {
        self.struck.load(SeqCst)
    }
}

impl Disk for Failing {
    fn before(&self, call: &Call<'_>) -> Result<(), Fault> {
        if call.op != self.op || self.sound.load(SeqCst) {
            return Ok(());
        }
        let n = self.seen.fetch_add(1, SeqCst) + 1;
        if n == self.nth || (self.lasting && n > self.nth) {
            self.struck.store(true, SeqCst);
            return Err(self.fault);
        }
        Ok(())
    }
}

/// It was not done: the answer says so, nothing of it is there, neither now nor for whoever comes after a crash.
fn assert_refused_whole(board: &Board, disk: &Failing, day: Option<&Day>, error: StoreError, context: &str) {
    let failure = Failure::from(error);
    assert_eq!(failure.kind, Kind::Unavailable, "{context}: {failure:?}");
    assert!(failure.hint.is_some() && failure.message.len() > 20, "{context}: {failure:?}");
    assert_ne!(failure.code, Code::Corrupt, "{context}: a disk that fails damages no board: {failure:?}");
    let known = day.map(Day::known);
    disk.while_sound(|| {
        let after_crash = board.as_left_by_the_dead();
        for (found, by) in
            [(board.open(), "another process"), (after_crash.open(), "whoever comes after a crash")]
        {
            let found = seen(found);
            // A board that is being made may be there already, empty.
            let expected = known.clone().or_else(|| found.is_some().then(|| Day::new(&board.clock).known()));
            assert_eq!(found, expected, "{context}: {failure:?}, seen by {by}");
        }
    });
}

/// Asks until it is answered; whatever goes wrong, the very next attempt on a mended disk is answered.
fn until_answered<T>(
    disk: &Failing,
    context: &str,
    mut attempt: impl FnMut() -> Result<Option<T>, StoreError>,
    mut refused: impl FnMut(StoreError),
) -> T {
    for _ in 0..2 {
        match attempt() {
            Ok(Some(answer)) => return answer,
            // Nobody knows; the same request finds out.
            Ok(None) => {}
            Err(error) => refused(error),
        }
        assert!(disk.has_struck(), "{context}: nothing had gone wrong");
        disk.mend();
    }
    attempt().unwrap().unwrap_or_else(|| panic!("{context}: still not answered"))
}

struct Trial<'a> {
    board: &'a Board,
    disk: &'a Failing,
    store: Option<SqliteStore>,
}

impl Trial<'_> {
    fn open(&mut self, day: &Day, context: &str) {
        if self.store.is_none() {
            let opened = until_answered(
                self.disk,
                context,
                || self.board.open().map(Some),
                |error| assert_refused_whole(self.board, self.disk, Some(day), error, context),
            );
            self.store = Some(opened);
        }
    }

    fn act(&mut self, day: &mut Day, n: usize, act: &Act) {
        let context = format!("{n}: {act:?}");
        match act {
            Act::Pass { seconds } => self.board.clock.advance_seconds(*seconds),
            Act::Reopen => self.store = None,
            _ => {}
        }
        self.open(day, &context);
        let store = self.store.as_mut().unwrap();
        let answered = until_answered(
            self.disk,
            &context,
            || match day.ask(store, n, act)? {
                Some(Outcome::Unknown) => Ok(None),
                answered => Ok(Some(answered)),
            },
            |error| assert_refused_whole(self.board, self.disk, Some(day), error, &context),
        );
        day.follow(n, act, &answered);
    }
}

/// Says whether there was such a call in the whole day.
fn play(kept: Kept, op: Op, fault: Fault, nth: usize, lasting: bool) -> bool {
    let board = Board::new(kept);
    let disk = Failing::new(op, fault, nth, lasting);
    let _mounted = mount(board.folder(), Arc::clone(&disk) as Arc<dyn Disk>);
    let store = until_answered(
        &disk,
        "making it",
        || board.create().map(Some),
        |error| assert_refused_whole(&board, &disk, None, error, "making it"),
    );
    let mut trial = Trial { board: &board, disk: &disk, store: Some(store) };
    let mut day = Day::new(&board.clock);
    for (n, act) in acts().iter().enumerate() {
        trial.act(&mut day, n, act);
    }
    disk.while_sound(|| {
        assert_eq!(seen(board.open()), Some(day.known()));
        assert_whole(&board.plan);
        let after_crash = board.as_left_by_the_dead();
        assert_eq!(seen(after_crash.open()), Some(day.known()));
    });
    disk.has_struck()
}

const LOG: Kept = Kept::Log(Durability::Normal);
const SYNCED_LOG: Kept = Kept::Log(Durability::Full);

/// At least `calls` of the kind are made on the way: else it is not the disk that is tried.
fn fails_at_each(op: Op, code: i32, written: Written, kept: &[Kept], calls: usize) {
    // What is called often fails at each call in `npm run soak`, else at one in some.
    let step = if soak() { 1 } else { (calls / 8).max(1) };
    for kept in kept {
        for lasting in [false, true] {
            let fault = Fault { code, written };
            let last = (1..).step_by(step).find(|nth| !play(*kept, op, fault, *nth, lasting)).unwrap();
            assert!(last > calls, "only {last} calls of {op:?} with {kept:?}");
        }
    }
}

#[test]
fn opening_a_file() {
    fails_at_each(Op::Open, ffi::SQLITE_CANTOPEN, Written::Nothing, &[LOG, Kept::Journal], 5);
}

#[test]
fn reading() {
    fails_at_each(Op::Read, ffi::SQLITE_IOERR_READ, Written::Nothing, &[LOG, Kept::Journal], 80);
}

#[test]
fn asking_for_a_length() {
    fails_at_each(Op::Size, ffi::SQLITE_IOERR_FSTAT, Written::Nothing, &[LOG, Kept::Journal], 10);
}

#[test]
fn writing_to_a_full_disk() {
    fails_at_each(Op::Write, ffi::SQLITE_FULL, Written::Half, &[LOG], 100);
}

#[test]
fn writing_a_journal_to_a_full_disk() {
    fails_at_each(Op::Write, ffi::SQLITE_FULL, Written::Half, &[Kept::Journal], 100);
}

#[test]
fn writing_nothing() {
    fails_at_each(Op::Write, ffi::SQLITE_IOERR_WRITE, Written::Nothing, &[LOG, Kept::Journal], 100);
}

/// The disk says no, and has it all the same.
#[test]
fn writing_in_silence() {
    fails_at_each(Op::Write, ffi::SQLITE_IOERR_WRITE, Written::All, &[LOG, Kept::Journal], 100);
}

#[test]
fn cutting_a_file() {
    fails_at_each(Op::Truncate, ffi::SQLITE_IOERR_TRUNCATE, Written::Nothing, &[LOG], 2);
}

#[test]
fn syncing() {
    fails_at_each(Op::Sync, ffi::SQLITE_IOERR_FSYNC, Written::Nothing, &[LOG, SYNCED_LOG, Kept::Journal], 5);
}

#[test]
fn deleting() {
    fails_at_each(Op::Delete, ffi::SQLITE_IOERR_DELETE, Written::Nothing, &[Kept::Journal], 5);
}

#[test]
fn locking() {
    fails_at_each(Op::Lock, ffi::SQLITE_IOERR_LOCK, Written::Nothing, &[LOG, Kept::Journal], 8);
}

#[test]
fn mapping_the_index_of_the_log() {
    for code in [ffi::SQLITE_IOERR_SHMMAP, ffi::SQLITE_IOERR_SHMSIZE] {
        fails_at_each(Op::ShmMap, code, Written::Nothing, &[LOG], 2);
    }
}

#[test]
fn locking_the_index_of_the_log() {
    fails_at_each(Op::ShmLock, ffi::SQLITE_IOERR_SHMLOCK, Written::Nothing, &[LOG], 20);
}

/// The commit stands in the log already when its index can't grow any more, but nobody has seen it yet.
#[test]
fn a_log_whose_index_can_not_grow() {
    let text = Text::Description { module: Sample::module_id("large"), text: "x".repeat(17 << 20) };
    let large = Decision { texts: vec![text], ..Sample::decision([]) };
    let mut struck = 0;
    for nth in 1.. {
        let board = Board::new(LOG);
        let mut store = board.create().unwrap();
        let before = view(&mut store);
        drop(store);
        let fault = Fault { code: ffi::SQLITE_IOERR_SHMSIZE, written: Written::Nothing };
        let disk = Failing::new(Op::ShmMap, fault, nth, true);
        let _mounted = mount(board.folder(), Arc::clone(&disk) as Arc<dyn Disk>);
        let answered = board.open().and_then(|mut store| {
            store.transact(&Sample::request("edit-module"), &mut |_, _, _| Ok(large.clone()))
        });
        disk.mend();
        let after_crash = seen(board.as_left_by_the_dead().open()).unwrap();
        match answered {
            Ok(Outcome::Committed { .. }) => {
                assert_ne!(after_crash, before);
                break;
            }
            Ok(Outcome::Unknown) => {}
            answered => {
                let failure = Failure::from(answered.unwrap_err());
                assert_eq!(
                    (failure.code, &after_crash),
                    (Code::DiskFull, &before),
                    "{nth}: nothing was changed"
                );
            }
        }
        struck += 1;
    }
    assert!(struck > 1);
}
