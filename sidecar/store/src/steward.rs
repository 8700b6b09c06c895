//! One process at a time writes the files that people read, and tidies up for all.
//!
//! It holds an advisory lock, never one on the database. A window's process keeps the lock as long as it lives; a command
//! tries for it after it has answered, and leaves the work to whoever has it. So that no commit is left out between two
//! of them, a steward that gives the lock back looks at the revision once more, and begins again if it has moved.

mod project;
mod write;

use std::{fs, path::PathBuf, thread, time::Duration};

use remit_board::{retention::Retention, time::Millis};

pub(crate) use write::folder as make_folder;

use crate::{archive, error::StoreError, files::PlanFolder, lock::FileLock, store::Store};

/// What became of one attempt. Nothing in it makes a command fail: the board itself is sound.
#[derive(Debug, Default)]
pub struct Tended {
    /// The revision that the files now show; `None` when another process looks after them, or reading failed.
    pub revision: Option<u64>,
    /// What had to be written.
    pub written: Vec<PathBuf>,
    /// What could not be written or read, in words.
    pub problems: Vec<String>,
}

/// A long-lived process's part in looking after a board.
pub struct Steward {
    plan: PlanFolder,
    lock: Option<FileLock>,
}

/// A command under a storm of commits passes the work on at some time: each of the others tries, too.
const ROUNDS: usize = 16;

/// Up to this size of `state.json`, in bytes, the files are current when a command returns.
const LARGE: u64 = 1 << 20;

/// Larger ones are current within a second.
const GATHERING: Duration = Duration::from_millis(300);

impl Steward {
    pub fn new(plan: &PlanFolder) -> Self {
        Self { plan: plan.clone(), lock: None }
    }

    /// Whether this process is the one that looks after the board.
    pub fn is_in_office(&self) -> bool {
        self.lock.is_some()
    }

    /// Brings the files up to date, if no other process looks after them. To be called after each commit, whoever made
    /// it. The lock is kept.
    pub fn tend(&mut self, store: &mut dyn Store) -> Tended {
        let mut tended = Tended::default();
        if self.take_office(&mut tended) {
            tend(&self.plan, store, &mut tended);
        }
        tended
    }

    /// For quiet moments. With `idle` there is time for more than the most urgent.
    pub fn upkeep(&mut self, store: &mut dyn Store, idle: bool) -> Result<(), StoreError> {
        if self.is_in_office() { store.upkeep(idle) } else { Ok(()) }
    }

    /// Gives the lock back. What was committed in the last moment is not left to nobody.
    pub fn retire(mut self, store: &mut dyn Store) -> Tended {
        match self.lock.take() {
            Some(lock) => {
                drop(lock);
                Self::tend_once(&self.plan, store)
            }
            None => Tended::default(),
        }
    }

    /// A command's part: brings the files up to date unless another process looks after them.
    pub fn tend_once(plan: &PlanFolder, store: &mut dyn Store) -> Tended {
        Self::tend_rounds(plan, store, ROUNDS, Duration::ZERO)
    }

    /// The part of a process that has nothing else to do. Before each round commits may gather for a moment, so that a
    /// storm of them has the files written a few times a second; whoever comes meanwhile finds the lock taken and leaves.
    pub fn tend_until_quiet(plan: &PlanFolder, store: &mut dyn Store) -> Tended {
        Self::tend_rounds(plan, store, usize::MAX, GATHERING)
    }

    /// Whether the files have grown so large that a command should leave them to a process of their own.
    pub fn has_much_to_write(plan: &PlanFolder) -> bool {
        fs::metadata(plan.state_json()).is_ok_and(|file| file.len() > LARGE)
    }

    /// Whether some process holds the office now.
    pub fn is_at_work(plan: &PlanFolder) -> bool {
        FileLock::is_held(&plan.steward_lock()).unwrap_or(false)
    }

    fn tend_rounds(plan: &PlanFolder, store: &mut dyn Store, rounds: usize, gathering: Duration) -> Tended {
        let mut tended = Tended::default();
        for _ in 0..rounds {
            let mut steward = Self::new(plan);
            if !steward.take_office(&mut tended) {
                return tended;
            }
            thread::sleep(gathering);
            tend(plan, store, &mut tended);
            drop(steward);
            let moved = store.read().is_ok_and(|now| Some(now.board.revision) != tended.revision);
            if tended.revision.is_none() || !moved {
                break;
            }
        }
        tended
    }

    fn take_office(&mut self, tended: &mut Tended) -> bool {
        if self.lock.is_none() {
            match FileLock::try_acquire(&self.plan.steward_lock()) {
                Ok(lock) => self.lock = lock,
                Err(error) => tended.problems.push(format!("the steward's lock can't be taken: {error}")),
            }
        }
        self.is_in_office()
    }
}

fn tend(plan: &PlanFolder, store: &mut dyn Store, tended: &mut Tended) {
    // Without a board there is nothing to keep up, and that it is gone was said already.
    let Some(shown) = project::all(plan, store, tended) else { return };
    tended.revision = Some(shown.revision);
    let upkept = store.upkeep(false).and_then(|()| archive_events(plan, store, shown.now));
    tended.problems.extend(upkept.err().map(|error| error.to_string()));
}

fn archive_events(plan: &PlanFolder, store: &mut dyn Store, now: Millis) -> Result<(), StoreError> {
    if archive::is_due(store, now)? {
        archive::prune(plan, store, Retention::default())?;
    }
    Ok(())
}
