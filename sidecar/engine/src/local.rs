//! The engine for a board on this machine: what it keeps between calls, and the two calls that decide and answer.

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use remit_board::{
    board::Board,
    command::{Asking, Command, Query},
    door::{Engine, Outcome, Presence, Renewal, Woken},
    failure::Failure,
    findings::LiveScopes,
    ids::{HostId, SessionId},
    reply::{Answer, Reply},
    scope::CaseRule,
};
use remit_store::{Options, PlanFolder, PresenceDb, Snapshot, SqliteStore, Steward, Store, StoreError};
use remit_worktree::{Collider, Place};

use crate::{
    given_out::GivenOut, place, presence::WindowPresence, tokens::TokenKeep, wait::Waiter, window::Window,
};

/// Nobody at an editor waits longer for a board that somebody keeps locked.
const WINDOW_PATIENCE: Duration = Duration::from_secs(5);
/// Whoever waits for the board in a window lets those through in between who only want to read it.
const TURN: Duration = Duration::from_millis(500);
const BETWEEN_TURNS: Duration = Duration::from_millis(2);

pub struct LocalEngine {
    pub(crate) place: Place,
    pub(crate) plan: PlanFolder,
    pub(crate) host: HostId,
    pub(crate) case: CaseRule,
    pub(crate) tokens: TokenKeep,
    pub(crate) given_out: GivenOut,
    /// Opened by the first call that needs it, and again after the board was made or replaced.
    store: Mutex<Option<SqliteStore>>,
    scopes: Mutex<Option<Arc<KeptScopes>>>,
    pub(crate) presence: Mutex<WindowPresence>,
    pub(crate) presence_db: Mutex<PresenceDb>,
    /// The one that waits for others' words: it must not keep anybody from saying theirs.
    pub(crate) listening: Mutex<PresenceDb>,
    /// Made by the first look at what others edit.
    pub(crate) collider: Mutex<Option<Collider>>,
    pub(crate) waiter: Mutex<Option<Waiter>>,
    pub(crate) steward: Mutex<Steward>,
    /// `None` for a command line.
    pub(crate) window: Option<Window>,
}

/// The live scopes of one revision.
struct KeptScopes {
    incarnation: u64,
    revision: u64,
    scopes: LiveScopes,
}

impl LocalEngine {
    /// The door for one command, from the current folder.
    pub fn open(project_root: Option<&Path>) -> Result<Self, Failure> {
        let current = place::current_folder()?;
        Self::at(&current, project_root, None)
    }

    pub(crate) fn at(
        folder: &Path,
        project_root: Option<&Path>,
        window: Option<Window>,
    ) -> Result<Self, Failure> {
        let place = remit_worktree::locate(folder, project_root).map_err(place::failure)?;
        let state = place.state_dir().map_err(place::failure)?;
        let ignore_case = place.worktree.as_ref().is_some_and(remit_worktree::identity::ignores_case);
        let plan = PlanFolder::below(&place.board_root);
        Ok(Self {
            host: place::this_host(),
            case: CaseRule::of_ignore_case(ignore_case),
            tokens: TokenKeep::in_state(&state),
            given_out: GivenOut::in_state(&state),
            store: Mutex::default(),
            scopes: Mutex::default(),
            presence: Mutex::default(),
            presence_db: Mutex::new(PresenceDb::new(&plan)),
            listening: Mutex::new(PresenceDb::new(&plan)),
            collider: Mutex::default(),
            waiter: Mutex::default(),
            steward: Mutex::new(Steward::new(&plan)),
            plan,
            window,
            place,
        })
    }

    pub(crate) fn board_folder(&self) -> &Path {
        self.plan.path()
    }

    /// Runs `work` on the store.
    pub(crate) fn with_store<T>(
        &self,
        work: impl FnOnce(&mut SqliteStore) -> Result<T, StoreError>,
    ) -> Result<T, Failure> {
        Ok(self.on_store(work)?)
    }

    /// Runs `work`, which changes the board, as soon as nobody else does.
    pub(crate) fn change_store<T>(
        &self,
        mut work: impl FnMut(&mut SqliteStore) -> Result<T, StoreError>,
    ) -> Result<T, Failure> {
        let begun = Instant::now();
        loop {
            match self.on_store(&mut work) {
                Err(StoreError::Locked { .. }) if begun.elapsed() < self.patience() => {
                    thread::sleep(BETWEEN_TURNS);
                }
                Err(StoreError::Locked { .. }) => {
                    return Err(StoreError::Locked { waited: begun.elapsed() }.into());
                }
                result => return Ok(result?),
            }
        }
    }

    fn patience(&self) -> Duration {
        if self.window.is_some() { WINDOW_PATIENCE } else { Options::default().patience }
    }

    /// A board that is gone or replaced is opened anew next time.
    fn on_store<T>(
        &self,
        work: impl FnOnce(&mut SqliteStore) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut slot = lock(&self.store);
        let store = match &mut *slot {
            Some(store) => store,
            none => {
                let patience = if self.window.is_some() { TURN } else { self.patience() };
                let options = Options { patience, ..Options::default() };
                none.insert(SqliteStore::open(&self.plan, options)?)
            }
        };
        let result = work(store);
        if matches!(result, Err(StoreError::NoBoard { .. } | StoreError::Corrupt(_) | StoreError::Disk(_))) {
            *slot = None;
        }
        result
    }

    /// The next access opens the board anew.
    pub(crate) fn close_store(&self) {
        *lock(&self.store) = None;
    }

    pub(crate) fn snapshot(&self) -> Result<Snapshot, Failure> {
        self.with_store(Store::read)
    }

    pub(crate) fn live_sessions(&self, snapshot: &Snapshot) -> BTreeSet<SessionId> {
        crate::caller::live_sessions(self.board_folder(), &self.host, snapshot)
    }

    /// Does `work` with the index of the board's live scopes, which is made once a revision.
    pub(crate) fn with_scopes<T>(&self, board: &Board, work: impl FnOnce(&LiveScopes) -> T) -> T {
        let kept = lock(&self.scopes).clone();
        let fits =
            |kept: &Arc<KeptScopes>| (kept.incarnation, kept.revision) == (board.incarnation, board.revision);
        let kept = kept.filter(fits).unwrap_or_else(|| {
            let scopes = LiveScopes::of(board, self.case);
            let fresh =
                Arc::new(KeptScopes { incarnation: board.incarnation, revision: board.revision, scopes });
            *lock(&self.scopes) = Some(Arc::clone(&fresh));
            fresh
        });
        work(&kept.scopes)
    }
}

/// A panic in another call must not make every later one panic: what is guarded is rebuilt from the board.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Engine for LocalEngine {
    fn execute(&self, asking: &Asking, command: Command) -> Outcome<Reply> {
        match command {
            Command::Bootstrap(bootstrap) => self.bootstrap(&bootstrap),
            Command::InferPaths(infer) => self.infer_paths(asking, &infer),
            Command::PruneEvents(prune) => self.prune_events(asking, prune),
            Command::ReapSessions(reap) => self.reap_sessions(asking, reap),
            Command::Validate(validate) => self.validate(asking, validate),
            command => {
                self.introduce(asking);
                self.mutate(asking, command)
            }
        }
    }

    fn query(&self, asking: &Asking, query: Query) -> Outcome<Answer> {
        match query.watch_seconds() {
            Some(seconds) => self.watch(asking, query, seconds),
            None => self.answer(asking, query),
        }
    }

    fn renew(&self) -> Outcome<Renewal> {
        self.renew_window()
    }

    fn presence(&self, presence: Presence) -> Outcome<()> {
        self.note_presence(presence)
    }

    fn nearby(&self, after: Option<u64>, timeout: Duration) -> Outcome<Option<u64>> {
        self.wait_for_others(after, timeout)
    }

    fn wait(&self, after: Option<u64>, timeout: Duration) -> Outcome<Option<Woken>> {
        self.wait_for_board(after, timeout)
    }
}
