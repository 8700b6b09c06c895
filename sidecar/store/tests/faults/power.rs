//! The power goes at any moment of a day: of what was not synced, the disk has any part. The board that is found then is
//! one that there was: with a synced log, or a journal, it has all that was acknowledged.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use remit_board::board::Row;
use remit_store::{Durability, Outcome, Store, testing::Sample};

use crate::{
    board::{Board, Kept, assert_whole, seen, soak},
    day::{Act, Day, acts},
    vfs::{Call, Disk, Fault, Op, mount},
};

/// What was asked of the disk, in order.
#[derive(Clone, Debug)]
enum Entry {
    Made {
        name: PathBuf,
    },
    Written {
        name: PathBuf,
        offset: u64,
        bytes: Vec<u8>,
    },
    Cut {
        name: PathBuf,
        length: u64,
    },
    Synced {
        name: PathBuf,
    },
    Deleted {
        name: PathBuf,
        synced: bool,
    },
    /// The test was answered: from now on the board is known to be so.
    Acknowledged {
        view: String,
    },
}

#[derive(Default)]
struct Recorder(Mutex<Vec<Entry>>);

impl Recorder {
    fn note(&self, entry: Entry) {
        self.0.lock().unwrap().push(entry);
    }
}

impl Disk for Recorder {
    fn before(&self, call: &Call<'_>) -> Result<(), Fault> {
        let name = PathBuf::from(call.path.file_name().unwrap());
        match call.op {
            Op::Open if !call.path.exists() => self.note(Entry::Made { name }),
            Op::Write => self.note(Entry::Written { name, offset: call.offset, bytes: call.bytes.to_vec() }),
            Op::Truncate => self.note(Entry::Cut { name, length: call.offset }),
            Op::Sync => self.note(Entry::Synced { name }),
            Op::Delete => self.note(Entry::Deleted { name, synced: call.offset != 0 }),
            _ => {}
        }
        Ok(())
    }
}

fn record(kept: Kept) -> Vec<Entry> {
    let board = Board::new(kept);
    let recorder = Arc::new(Recorder::default());
    let _mounted = mount(board.folder(), Arc::clone(&recorder) as Arc<dyn Disk>);
    let mut store = Some(board.create().unwrap());
    let mut day = Day::new(&board.clock);
    recorder.note(Entry::Acknowledged { view: day.known() });
    for (n, act) in acts().iter().enumerate() {
        match act {
            Act::Pass { seconds } => board.clock.advance_seconds(*seconds),
            Act::Reopen => store = None,
            _ => {}
        }
        let store = store.get_or_insert_with(|| board.open().unwrap());
        let answered = day.ask(store, n, act).unwrap();
        day.follow(n, act, &answered);
        recorder.note(Entry::Acknowledged { view: day.known() });
    }
    recorder.0.lock().unwrap().clone()
}

/// A file on a disk without power: what is surely on it, and what may be.
#[derive(Clone, Default)]
struct Stored {
    synced: Vec<u8>,
    pending: Vec<Change>,
}

#[derive(Clone)]
enum Change {
    Sector { offset: usize, bytes: Vec<u8> },
    Cut { length: usize },
    Deleted,
}

const SECTOR: usize = 512;

impl Stored {
    /// A disk writes whole sectors, in whatever order.
    fn write(&mut self, offset: usize, bytes: &[u8]) {
        let mut at = 0;
        while at < bytes.len() {
            let length = (SECTOR - (offset + at) % SECTOR).min(bytes.len() - at);
            let bytes = bytes[at..at + length].to_vec();
            self.pending.push(Change::Sector { offset: offset + at, bytes });
            at += length;
        }
    }

    /// What is there when those changes came through that `survives` says; `None` when the file is gone.
    fn after(&self, mut survives: impl FnMut() -> bool) -> Option<Vec<u8>> {
        let mut content = self.synced.clone();
        for change in self.pending.iter().filter(|_| survives()) {
            match change {
                Change::Sector { offset, bytes } => {
                    let end = offset + bytes.len();
                    content.resize(content.len().max(end), 0);
                    content[*offset..end].copy_from_slice(bytes);
                }
                Change::Cut { length } => content.resize(*length, 0),
                Change::Deleted => return None,
            }
        }
        Some(content)
    }

    fn sync(&mut self) {
        self.synced = self.after(|| true).unwrap_or_default();
        self.pending.clear();
    }
}

#[derive(Default)]
struct Files(BTreeMap<PathBuf, Stored>);

impl Files {
    fn apply(&mut self, entry: &Entry) {
        match entry {
            Entry::Made { name } => drop(self.0.insert(name.clone(), Stored::default())),
            Entry::Written { name, offset, bytes } => {
                self.file(name).write(usize::try_from(*offset).unwrap(), bytes);
            }
            Entry::Cut { name, length } => {
                self.file(name).pending.push(Change::Cut { length: usize::try_from(*length).unwrap() });
            }
            Entry::Synced { name } => self.file(name).sync(),
            Entry::Deleted { name, synced: true } => drop(self.0.remove(name)),
            Entry::Deleted { name, synced: false } => self.file(name).pending.push(Change::Deleted),
            Entry::Acknowledged { .. } => {}
        }
    }

    fn file(&mut self, name: &Path) -> &mut Stored {
        self.0.entry(name.to_owned()).or_default()
    }

    fn lay_out(&self, folder: &Path, mut survives: impl FnMut() -> bool) {
        fs::create_dir(folder).unwrap();
        for (name, file) in &self.0 {
            if let Some(content) = file.after(&mut survives) {
                fs::write(folder.join(name), content).unwrap();
            }
        }
    }
}

/// Of what was pending: nothing, all of it, or whatever the dice say.
fn dice(cut: usize, throw: usize) -> impl FnMut() -> bool {
    let mut random = fastrand::Rng::with_seed((cut * 31 + throw) as u64);
    move || match throw {
        0 => false,
        1 => true,
        _ => random.bool(),
    }
}

/// The views before the cut, of which the last was acknowledged, and the one that was being made.
fn known_at(entries: &[Entry], cut: usize) -> (Vec<&String>, Option<&String>) {
    (views(&entries[..cut]).collect(), views(&entries[cut..]).next())
}

fn views(entries: &[Entry]) -> impl Iterator<Item = &String> {
    entries.iter().filter_map(|entry| match entry {
        Entry::Acknowledged { view } => Some(view),
        _ => None,
    })
}

fn check(kept: Kept, files: &Files, entries: &[Entry], cut: usize, throw: usize) {
    let context = format!("{kept:?}, power cut before {cut} of {}, throw {throw}", entries.len());
    let board = Board::new(kept);
    files.lay_out(board.plan.path(), dice(cut, throw));
    let (known, coming) = known_at(entries, cut);
    let found = seen(board.open());
    let keeps_all = kept != Kept::Log(Durability::Normal);
    let possible = if keeps_all { &known[known.len().saturating_sub(1)..] } else { &known[..] };
    match &found {
        None => assert!(known.is_empty(), "{context}: the board is lost"),
        Some(found) => {
            assert!(possible.contains(&found) || coming == Some(found), "{context}: {found}");
            assert_whole(&board.plan);
        }
    }
    let mut store = board.create().unwrap();
    let next = Sample::decision([Row::Module(Sample::module("next"))]);
    let outcome = store.transact(&Sample::request("next"), &mut |_, _, _| Ok(next.clone()));
    assert!(matches!(outcome, Ok(Outcome::Committed { .. })), "{context}: {outcome:?}");
}

fn cut_the_power(kept: Kept) {
    let entries = record(kept);
    let (every, throws) = if soak() { (1, 12) } else { (5, 3) };
    let mut files = Files::default();
    for (cut, entry) in entries.iter().enumerate() {
        if cut % every == 0 {
            (0..throws).for_each(|throw| check(kept, &files, &entries, cut, throw));
        }
        files.apply(entry);
    }
    assert!(entries.len() > 200);
}

#[test]
fn a_log_may_lose_the_last_commits_and_nothing_else() {
    cut_the_power(Kept::Log(Durability::Normal));
}

#[test]
fn a_synced_log_loses_nothing() {
    cut_the_power(Kept::Log(Durability::Full));
}

#[test]
fn a_journal_loses_nothing() {
    cut_the_power(Kept::Journal);
}
