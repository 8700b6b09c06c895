//! A window's door: registered while its sidecar lives, its leases renewed, the same session after a restart.

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use remit_board::{
    command::{Asking, Command, Heartbeat, InitAgent},
    decide::{Caller, DoneBefore, Situation, renew_window},
    decision::Decision,
    door::{Engine, Outcome, Renewal, WindowDoor, WindowSpec},
    failure::{Code, Failure},
    ids::{ModuleId, Seed, ThreadKey},
    module::Lease,
    reply::{Kept, Me, Reply},
    session::SessionKind,
    time::Millis,
};
use remit_store::{Outcome as Stored, Request, Snapshot, Store};

use crate::{
    local::{LocalEngine, lock},
    window_lock::WindowLock,
};

/// A window without leases still says now and then that it is here.
const AT_LEAST_EVERY: Duration = Duration::from_secs(300);
const AT_MOST_EVERY: Duration = Duration::from_millis(200);

pub struct Window {
    spec: WindowSpec,
    state: Mutex<State>,
    /// Held while the window registers: of two registrations the first would be stale.
    registering: Mutex<()>,
}

#[derive(Default)]
struct State {
    lock: Option<WindowLock>,
    me: Option<Me>,
    /// The board that the window is registered on; another one must be told afresh.
    incarnation: u64,
    held: BTreeSet<ModuleId>,
}

/// A lease is renewed when a third of its time has gone: there are two more chances before it runs out.
fn third(lease: &Lease) -> Duration {
    Duration::from_secs(lease.ttl_seconds) / 3
}

fn due_in(lease: &Lease, now: Millis) -> Duration {
    let left = Duration::from_millis((lease.expires_at.0 - now.0).max(0) as u64);
    left.saturating_sub(third(lease) * 2)
}

impl Window {
    pub fn new(spec: WindowSpec) -> Self {
        Self { spec, state: Mutex::default(), registering: Mutex::default() }
    }

    /// Who the window is on the board, once it is registered.
    pub fn me(&self) -> Option<Me> {
        lock(&self.state).me.clone()
    }

    /// A window's leases run as long as its settings say, unless the command says otherwise.
    pub(crate) fn set_lease_time(&self, command: &mut Command) {
        let ttl = match command {
            Command::Claim(claim) => &mut claim.terms.ttl_seconds,
            Command::ClaimNext(next) => &mut next.terms.ttl_seconds,
            Command::ClaimPaths(paths) => &mut paths.terms.ttl_seconds,
            Command::StartReview(review) => &mut review.ttl_seconds,
            Command::ClaimReviewNext(next) => &mut next.ttl_seconds,
            Command::ClaimHandoff(handoff) => &mut handoff.ttl_seconds,
            _ => return,
        };
        *ttl = ttl.or(self.spec.lease_seconds);
    }

    /// Notes what a command of this window took or gave up, so that a loss can be told from a gift.
    pub(crate) fn note(&self, reply: &Reply, gave_up: bool) {
        let held = &mut lock(&self.state).held;
        match reply {
            Reply::Claimed(claimed) => drop(held.insert(claimed.module.id.clone())),
            Reply::ModuleChanged(changed) if gave_up => drop(held.remove(&changed.module.id)),
            _ => {}
        }
    }
}

/// Opens the door for an editor's window. Where there is no board yet nothing is written.
pub fn open_window(project_root: Option<&Path>, spec: WindowSpec) -> Result<WindowDoor, Failure> {
    let folder = spec.folder.clone();
    let engine = LocalEngine::at(&folder, project_root, Some(Window::new(spec)))?;
    let Some(worktree) = engine.place.worktree.clone() else {
        return Err(Failure::invalid(format!(
            "{} is a bare repository: it has no files to watch",
            folder.display()
        ))
        .hint("open one of its worktrees"));
    };
    let renewal = engine.renew_window();
    if let Err(failure) = &renewal.result
        && failure.code == Code::SchemaNewer
    {
        return Err(failure.clone());
    }
    let window_id = engine.window.as_ref().and_then(|window| window.me()?.window_id);
    let watch = remit_worktree::watch::watched_paths(&worktree);
    let board = engine.board_folder().to_owned();
    let engine = Arc::new(engine) as Arc<dyn Engine>;
    Ok(WindowDoor { engine, window_id, worktree: worktree.root, board, watch })
}

impl LocalEngine {
    pub(crate) fn renew_window(&self) -> Outcome<Renewal> {
        let Some(window) = &self.window else { return Outcome::done(None, Renewal::default()) };
        let snapshot = match self.snapshot() {
            Ok(snapshot) => snapshot,
            Err(failure) if failure.code == Code::NoBoard => {
                *lock(&window.state) = State::default();
                return Outcome::done(None, Renewal::default());
            }
            Err(failure) => return Outcome::failed(None, failure),
        };
        let revision = Some(snapshot.board.revision);
        let result = match self.is_registered(window, &snapshot) {
            true => self.renew_leases(window, &snapshot),
            false => self.register_once(window),
        };
        Outcome { revision, result }
    }

    fn is_registered(&self, window: &Window, snapshot: &Snapshot) -> bool {
        let state = lock(&window.state);
        let known = |me: &Me| {
            me.session_id
                .as_ref()
                .is_some_and(|id| snapshot.board.sessions.get(id).is_some_and(|session| !session.reaped))
        };
        state.incarnation == snapshot.board.incarnation && state.me.as_ref().is_some_and(known)
    }

    /// Before the window does something as itself: its board may be one that does not know it yet. Whatever stands in
    /// the way, the command itself will meet too.
    pub(crate) fn introduce(&self, asking: &Asking) {
        let Some(window) = self.window.as_ref().filter(|_| asking.agent_id.is_none()) else { return };
        let known = |snapshot: Snapshot| self.is_registered(window, &snapshot);
        if !self.snapshot().map_or(true, known) {
            drop(self.register_once(window));
        }
    }

    fn register_once(&self, window: &Window) -> Result<Renewal, Failure> {
        let _only = lock(&window.registering);
        let snapshot = self.snapshot()?;
        match self.is_registered(window, &snapshot) {
            true => self.renew_leases(window, &snapshot),
            false => self.register_window(window, &snapshot),
        }
    }

    fn register_window(&self, window: &Window, snapshot: &Snapshot) -> Result<Renewal, Failure> {
        let spec = &window.spec;
        let host = spec.host_id.clone().unwrap_or_else(|| self.host.clone());
        let root = self.place.worktree.as_ref().map_or(&self.place.board_root, |worktree| &worktree.root);
        let mut state = lock(&window.state);
        let held = match state.lock.take() {
            Some(held) => held,
            None => WindowLock::take(self.board_folder(), &host, root, spec.window_id.as_ref()).map_err(
                |error| Failure::new(Code::ReadOnly, format!("the window can't be registered: {error}")),
            )?,
        };
        let thread_key: ThreadKey = match &spec.thread_key {
            Some(key) => key.clone(),
            None => held.window.as_str().parse().map_err(|error| Failure::internal(format!("{error}")))?,
        };
        let window_id = held.window.clone();
        let registration = InitAgent {
            thread_key: Some(thread_key),
            role: spec.role,
            specialties: spec.specialties.clone(),
            host_id: Some(host),
            window_id: Some(window_id.clone()),
            kind: SessionKind::Window,
        };
        state.lock = Some(held);
        state.me = None;
        drop(state);
        let Reply::Registered(registered) = self.register(registration).result? else {
            return Err(Failure::internal("a registration was not answered as one"));
        };
        let mut state = lock(&window.state);
        state.incarnation = snapshot.board.incarnation;
        state.held = registered.leases.iter().map(|lease| lease.module.clone()).collect();
        let me = Me {
            agent_id: registered.agent_id,
            session_id: Some(registered.session_id),
            session_epoch: Some(registered.session_epoch),
            window_id: Some(window_id),
            worktree: registered.worktree,
            branch: registered.branch,
        };
        state.me = Some(me.clone());
        drop(state);
        self.publish_again()?;
        // What was held under the old tokens is renewed at once: it may be nearly out.
        let after = self.snapshot()?;
        let renewal = self.renew_leases(window, &after)?;
        Ok(Renewal { me: Some(me), ..renewal })
    }

    /// Commits only when a lease is due, so that it may be called as often as the board moves.
    ///
    /// What its session holds, a living window renews, also what a reviewer sent back, to this session or to none of several: no
    /// token was kept for that one, since its owner fetches it by a claim, having read what to change.
    fn renew_leases(&self, window: &Window, snapshot: &Snapshot) -> Result<Renewal, Failure> {
        let Some(me) = window.me() else { return Ok(Renewal::default()) };
        self.check_epoch(&me, snapshot)?;
        let is_mine =
            |lease: &&Lease| me.session_id.as_ref().is_some_and(|id| lease.is_kept_by(&me.agent_id, id));
        let mine: Vec<&Lease> = snapshot.leases.0.values().filter(is_mine).collect();
        let due: Vec<&Lease> =
            mine.iter().copied().filter(|lease| due_in(lease, snapshot.now).is_zero()).collect();
        let seen =
            me.session_id.as_ref().and_then(|id| snapshot.last_seen.get(id)).copied().unwrap_or_default();
        let quiet = Duration::from_millis((snapshot.now.0 - seen.0).max(0) as u64);
        if !due.is_empty() || quiet >= AT_LEAST_EVERY {
            self.commit_renewal(&me, &due)?;
        }
        for lease in due.iter().filter(|lease| lease.is_expired(snapshot.now)) {
            self.take_up_again(lease);
        }
        let next = mine.iter().map(|lease| match due_in(lease, snapshot.now) {
            Duration::ZERO => third(lease),
            later => later,
        });
        let next_in = next.min().unwrap_or(AT_LEAST_EVERY).clamp(AT_MOST_EVERY, AT_LEAST_EVERY);
        let lost = self.lost(window, snapshot, &me);
        Ok(Renewal { me: Some(me), lost, next_in: Some(next_in) })
    }

    /// Of two processes that believe to be one window, only the one that registered last goes on.
    fn check_epoch(&self, me: &Me, snapshot: &Snapshot) -> Result<(), Failure> {
        let session = me.session_id.as_ref().and_then(|id| snapshot.board.sessions.get(id));
        if session.map(|session| session.epoch) == me.session_epoch {
            return Ok(());
        }
        Err(Failure::new(Code::StaleSessionEpoch, "this window was registered again by another process")
            .hint("close one of the two, or reload this window"))
    }

    /// Bookkeeping: no revision, no event.
    fn commit_renewal(&self, me: &Me, held: &[&Lease]) -> Result<(), Failure> {
        let request = Request {
            command: "heartbeat",
            agent: Some(me.agent_id.clone()),
            id: None,
            fingerprint: String::new(),
            touch: me.session_id.clone(),
        };
        let asking = Asking { session_id: me.session_id.clone(), ..Asking::default() };
        let (caller, seed) = (Caller::default(), Seed::new([0; 32]));
        let mut rule = |board: &_, leases: &_, now| {
            let situation = Situation {
                board,
                leases,
                now,
                asking: &asking,
                caller: &caller,
                seed: &seed,
                case: self.case,
                disk: Default::default(),
                before: DoneBefore::Nothing,
                bundle: None,
                survey: None,
            };
            let leases = renew_window(&situation, held);
            let reply = Kept { modules: held.iter().map(|lease| lease.module.clone()).collect() };
            Ok(Decision {
                rows: Vec::new(),
                texts: Vec::new(),
                leases,
                events: Vec::new(),
                reply: reply.into(),
            })
        };
        match self.change_store(|store| store.transact(&request, &mut rule))? {
            Stored::Refused { refusal, .. } => Err(refusal),
            _ => Ok(()),
        }
    }

    /// A window that slept past its lease asks for it again; if somebody took the module, it is lost.
    fn take_up_again(&self, lease: &Lease) {
        let heartbeat = Heartbeat { module: lease.module.clone(), ttl_seconds: None };
        let asking = Asking { lease_token: Some(lease.token.clone()), ..Asking::default() };
        drop(self.mutate(&asking, Command::Heartbeat(heartbeat)));
    }

    /// Modules that this window held and somebody else holds now.
    fn lost(&self, window: &Window, snapshot: &Snapshot, me: &Me) -> Vec<ModuleId> {
        let mut state = lock(&window.state);
        let holder = |module: &ModuleId| snapshot.leases.of(module).map(|lease| &lease.holder);
        let given = |module: &ModuleId| {
            let handoffs = snapshot.board.handoffs.values().filter(|handoff| handoff.module == *module);
            let newest = handoffs.max_by_key(|handoff| handoff.revision);
            newest.is_some_and(|handoff| {
                handoff.from == me.agent_id && handoff.claimed_by.as_ref() == holder(module)
            })
        };
        let taken = |module: &&ModuleId| {
            holder(module).is_some_and(|holder| *holder != me.agent_id) && !given(module)
        };
        let lost = state.held.iter().filter(taken).cloned().collect();
        let now_held = snapshot.leases.0.values().filter(|lease| lease.holder == me.agent_id);
        state.held = now_held.map(|lease| lease.module.clone()).collect();
        lost
    }
}
