//! A commit elsewhere wakes, always and soon.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    process::Stdio,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use remit_board::board::LeaseChange;
use remit_store::{Change, CommitWatch, Options, PlanFolder, SqliteStore, Steward, testing::Sample};

use crate::{
    bed::{Disk, add_module, commit},
    processes::process,
};

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(10)
}

fn at_once() -> Instant {
    Instant::now()
}

#[test]
fn commits_wake_and_reading_does_not() {
    let disk = Disk::with_board();
    let mut store = disk.open();
    let mut watch = CommitWatch::new(&disk.plan);
    assert_eq!(watch.wait(at_once()), Change::Deadline);

    add_module(&mut store, "a");
    assert_eq!(watch.wait(soon()), Change::Committed);
    assert_eq!(watch.wait(at_once()), Change::Deadline, "once for each");

    commit(&mut store, Sample::bookkeeping(vec![LeaseChange::Grant(Sample::lease("a", "ann", "t"))]));
    assert_eq!(watch.wait(soon()), Change::Committed, "a renewed lease is news, too");

    let mut other = disk.open();
    remit_store::Store::read(&mut other).unwrap();
    Steward::tend_once(&disk.plan, &mut other);
    assert_eq!(watch.wait(Instant::now() + Duration::from_millis(50)), Change::Deadline);
}

#[test]
fn what_came_between_two_waits_is_not_missed() {
    let disk = Disk::with_board();
    let mut store = disk.open();
    let mut watch = CommitWatch::new(&disk.plan);
    for module in ["a", "b", "c"] {
        add_module(&mut store, module);
    }
    assert_eq!(watch.wait(at_once()), Change::Committed);
    assert_eq!(watch.wait(at_once()), Change::Deadline);
}

#[test]
fn a_board_appears_vanishes_and_is_replaced() {
    let disk = Disk::empty();
    let mut watch = CommitWatch::new(&disk.plan);
    assert_eq!(watch.wait(at_once()), Change::Deadline);
    fs::create_dir(disk.plan.path()).unwrap();
    assert_eq!(watch.wait(at_once()), Change::Deadline, "a folder is no board yet");

    let mut store = disk.create();
    assert_eq!(watch.wait(soon()), Change::Appeared);
    add_module(&mut store, "a");
    assert_eq!(watch.wait(soon()), Change::Committed);

    fs::remove_dir_all(disk.plan.path()).unwrap();
    assert_eq!(watch.wait(soon()), Change::Vanished);
    assert_eq!(watch.wait(at_once()), Change::Deadline);

    drop(store);
    let mut store = disk.create();
    assert_eq!(watch.wait(soon()), Change::Appeared);
    add_module(&mut store, "a");
    assert_eq!(watch.wait(soon()), Change::Committed, "the new folder is watched");

    let other = Disk::with_board();
    fs::rename(disk.plan.path(), disk.root().join("old")).unwrap();
    fs::rename(other.plan.path(), disk.plan.path()).unwrap();
    assert_eq!(watch.wait(soon()), Change::Replaced);
    add_module(&mut disk.open(), "b");
    assert_eq!(watch.wait(soon()), Change::Committed);
}

#[test]
fn a_waker_ends_the_wait_of_another_thread() {
    let disk = Disk::with_board();
    let mut watch = CommitWatch::new(&disk.plan);
    let waker = watch.waker();
    let waiting = std::thread::spawn(move || {
        let change = watch.wait(soon());
        (change, watch)
    });
    waker.wake();
    let (change, mut watch) = waiting.join().unwrap();
    assert_eq!(change, Change::Interrupted);
    assert_eq!(watch.wait(at_once()), Change::Deadline);

    waker.wake();
    assert_eq!(watch.wait(soon()), Change::Interrupted, "also when nobody waits yet");
}

/// The role of a process that commits once for each line that it is given, and says when it had done so.
pub fn commit_on_demand(plan: &PlanFolder) {
    let mut store = SqliteStore::open(plan, Options::default()).unwrap();
    let mut said = std::io::stderr();
    let mut lines = std::io::stdin().lines();
    while let Some(Ok(module)) = lines.next() {
        add_module(&mut store, &module);
        writeln!(said, "{}", micros_since_1970()).unwrap();
    }
}

fn micros_since_1970() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros()
}

/// Each is demanded after the one before was seen: one that is noticed only with the next would be waited for in vain.
#[test]
fn every_commit_of_another_process_is_seen_and_most_at_once() {
    let disk = Disk::with_board();
    let mut watch = CommitWatch::new(&disk.plan);
    let mut other = process("commit on demand", disk.root(), "");
    let mut other = other.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut demand = other.stdin.take().unwrap();
    let mut done = BufReader::new(other.stderr.take().unwrap()).lines();
    let mut delays = Vec::new();
    for n in 0..60 {
        writeln!(demand, "m{n}").unwrap();
        assert_eq!(watch.wait(soon()), Change::Committed);
        let seen = micros_since_1970();
        let committed: u128 = done.next().unwrap().unwrap().parse().unwrap();
        delays.push(seen.saturating_sub(committed));
        // SQLite beginning its log anew may look like one commit more.
        while watch.wait(at_once()) == Change::Committed {}
    }
    drop(demand);
    assert!(other.wait().unwrap().success());
    delays.sort_unstable();
    let median = Duration::from_micros(delays[30] as u64);
    assert!(median < Duration::from_millis(60), "slower than polling alone would be: {median:?}");
}
