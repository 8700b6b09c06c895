//! Noticing that others edit what is edited here: by what their windows say, and by a look at their files from afar.
//!
//! Words cost next to nothing to look for and are looked for often. Files of worktrees in which no sidecar runs are looked
//! at less often, and only those that this window has changed, too.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
    thread,
    time::{Duration, Instant},
};

use remit_board::{door::Outcome, failure::Failure, path::ProjectPath};

use crate::local::{LocalEngine, lock};

const LISTEN_EVERY: Duration = Duration::from_millis(200);
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Looking may take this part of the time, however many files and worktrees there are. On a busy machine a look of a few
/// files takes 20 ms, and nobody should hear of a collision much later for that.
const REST: u32 = 200;
/// More changed files than these are not watched from afar; a look that is made anyhow still sees them.
const MAX_PATHS: usize = 1000;

impl LocalEngine {
    pub(crate) fn wait_for_others(&self, after: Option<u64>, timeout: Duration) -> Outcome<Option<u64>> {
        let end = Instant::now() + timeout;
        let mut looked = (Instant::now(), self.look_from_afar());
        let mut next_look = looked.0 + LOOK_EVERY;
        loop {
            let mark = match self.listen() {
                Ok(pulse) => hash(&(pulse, looked.1)),
                Err(failure) => return Outcome::failed(None, failure),
            };
            if Some(mark) != after {
                return Outcome::of(Ok(Some(mark)));
            }
            let now = Instant::now();
            if now >= end {
                return Outcome::of(Ok(None));
            }
            thread::sleep(LISTEN_EVERY.min(end - now));
            if Instant::now() >= next_look {
                let begun = Instant::now();
                self.expire_presence();
                looked = (begun, self.look_from_afar());
                next_look = begun + LOOK_EVERY.max(begun.elapsed() * REST);
            }
        }
    }

    fn listen(&self) -> Result<u64, Failure> {
        let me = self.window.as_ref().and_then(|window| window.me()).and_then(|me| me.session_id);
        Ok(lock(&self.listening).pulse(me.as_ref())?)
    }

    /// Another number once one of the files in question is another in some worktree.
    fn look_from_afar(&self) -> u64 {
        let paths: Vec<ProjectPath> =
            lock(&self.presence).concerned.iter().take(MAX_PATHS).cloned().collect();
        if paths.is_empty() {
            return 0;
        }
        let mine = self.place.worktree.as_ref().map(|worktree| &worktree.root);
        // Of this worktree only what somebody could change under unsaved text.
        let edited: Vec<ProjectPath> = lock(&self.presence).bases.keys().cloned().collect();
        let worktrees = remit_worktree::worktrees(&self.place).unwrap_or_default();
        let mut seen = Vec::new();
        if let Some(worktree) = &self.place.worktree {
            seen.extend(edited.iter().map(|path| stamp(&worktree.absolute(path))));
        }
        for info in worktrees.iter().filter(|info| !info.missing && Some(&info.worktree.root) != mine) {
            seen.push(hash(&(&info.worktree.root, &info.head.oid, &info.head.branch)));
            seen.extend(paths.iter().map(|path| stamp(&info.worktree.absolute(path))));
        }
        hash(&seen)
    }

    /// What a window said goes with the process that said it.
    pub(crate) fn expire_presence(&self) {
        let said = lock(&self.listening).all().unwrap_or_default();
        let Some(snapshot) = (!said.is_empty()).then(|| self.snapshot().ok()).flatten() else { return };
        let live = self.live_sessions(&snapshot);
        for dead in said.iter().filter(|said| !live.contains(&said.session)) {
            // What could not be taken away now is looked at again soon, and counts for nobody until then.
            let _ = lock(&self.listening).withdraw(&dead.session);
        }
    }
}

fn stamp(file: &Path) -> u64 {
    let metadata = fs::symlink_metadata(file).ok();
    hash(&metadata.map(|metadata| (metadata.len(), metadata.modified().ok())))
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
