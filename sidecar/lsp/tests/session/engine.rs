//! An engine that does what a test says, and tells the test what it was asked.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, MutexGuard},
    time::Duration,
};

use remit_board::{
    command::{Asking, Command, Query},
    door::{Engine, Outcome, Presence, Renewal, WindowDoor, WindowSpec, Woken},
    failure::Failure,
    reply::{
        Answer, BoardHead, BoardReply, ConflictsReply, Diagnosis, FindingsReply, Me, Reclaimed, Reply,
        SafetyWire,
    },
};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::client::in_time;

#[derive(Clone, Debug)]
pub enum Call {
    Opened(WindowSpec),
    Executed(Asking, Command),
    Queried(&'static str),
    Renewed,
    Presence(Presence),
}

pub struct FakeEngine {
    state: Mutex<State>,
    moved: Condvar,
    calls: UnboundedSender<Call>,
}

#[derive(Default)]
pub struct State {
    pub exists: bool,
    pub revision: u64,
    /// Counts what moves without a revision.
    pub bookkeeping: u64,
    pub findings: Vec<Diagnosis>,
    pub conflicts: Vec<remit_board::reply::ConflictRow>,
    pub stale_at: Option<i64>,
    /// Instead of findings.
    pub trouble: Option<Failure>,
    pub next_in: Option<Duration>,
    pub lost: Vec<remit_board::ids::ModuleId>,
    pub me: Option<Me>,
    /// Findings and commands are not answered while this holds.
    pub held: bool,
    pub waited: u64,
    /// Raised when others edit.
    pub nearby: u64,
}

/// The test's end of the engine.
pub struct Script {
    pub engine: Arc<FakeEngine>,
    calls: UnboundedReceiver<Call>,
}

impl Script {
    pub fn new() -> Self {
        let (sender, calls) = unbounded_channel();
        let state = State { exists: true, revision: 1, me: Some(me()), ..State::default() };
        Self {
            engine: Arc::new(FakeEngine { state: Mutex::new(state), moved: Condvar::new(), calls: sender }),
            calls,
        }
    }

    pub fn opener(&self, worktree: &Path, watch: Vec<PathBuf>) -> Arc<remit_board::door::OpenWindow> {
        let (engine, worktree) = (self.engine.clone(), worktree.to_owned());
        Arc::new(move |spec: WindowSpec| {
            engine.tell(Call::Opened(spec.clone()));
            Ok(WindowDoor {
                engine: engine.clone(),
                window_id: spec.window_id.or_else(|| Some("host:worktree#0".parse().unwrap())),
                board: worktree.join("project-plan"),
                worktree: worktree.clone(),
                watch: watch.clone(),
            })
        })
    }

    /// Changes the state and wakes whoever waits for it.
    pub fn set(&self, change: impl FnOnce(&mut State)) {
        self.engine.set(change);
    }

    /// Commits: the board goes on by one revision.
    pub fn commit(&self, change: impl FnOnce(&mut State)) {
        self.set(|state| {
            change(state);
            state.revision += 1;
        });
    }

    /// The next call that `pick` is interested in; the others before it are forgotten.
    pub async fn call<T>(&mut self, pick: impl Fn(Call) -> Option<T>) -> T {
        loop {
            let call = in_time("a call of the engine", self.calls.recv()).await.expect("the engine lives");
            if let Some(found) = pick(call) {
                return found;
            }
        }
    }

    pub async fn presence(&mut self) -> Presence {
        self.call(|call| match call {
            Call::Presence(presence) => Some(Presence { texts: Vec::new(), bases: Vec::new(), ..presence }),
            _ => None,
        })
        .await
    }

    /// With the texts that were given.
    pub async fn presence_of(&mut self, wanted: impl Fn(&Presence) -> bool) -> Presence {
        self.call(|call| match call {
            Call::Presence(presence) if wanted(&presence) => Some(presence),
            _ => None,
        })
        .await
    }

    pub async fn renewed(&mut self) {
        self.call(|call| matches!(call, Call::Renewed).then_some(())).await;
    }

    pub async fn queried(&mut self, name: &str) {
        self.call(|call| matches!(call, Call::Queried(queried) if queried == name).then_some(())).await;
    }

    /// What was asked and not looked at yet.
    pub fn calls_so_far(&mut self) -> Vec<Call> {
        std::iter::from_fn(|| self.calls.try_recv().ok()).collect()
    }
}

pub fn me() -> Me {
    Me {
        agent_id: "agent-me".parse().unwrap(),
        session_id: None,
        session_epoch: None,
        window_id: None,
        worktree: None,
        branch: None,
    }
}

impl FakeEngine {
    fn set(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.lock());
        self.moved.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn tell(&self, call: Call) {
        let _ = self.calls.send(call);
    }

    fn when_let_go<'s>(&self, state: MutexGuard<'s, State>) -> MutexGuard<'s, State> {
        self.moved.wait_while(state, |state| state.held).unwrap()
    }
}

impl Engine for FakeEngine {
    fn execute(&self, asking: &Asking, command: Command) -> Outcome<Reply> {
        let state = self.lock();
        self.tell(Call::Executed(asking.clone(), command.clone()));
        let revision = self.when_let_go(state).revision;
        match command.name() {
            "finish" => panic!("a defect in finish"),
            "release" => Outcome::failed(
                Some(revision),
                Failure::new(
                    remit_board::failure::Code::NotHolder,
                    "the module is not yours; nothing was changed",
                ),
            ),
            _ => Outcome::done(Some(revision), Reclaimed { modules: Vec::new() }.into()),
        }
    }

    fn query(&self, _: &Asking, query: Query) -> Outcome<Answer> {
        let state = self.lock();
        // Whoever hears of the question and then changes the state changes it after the answer.
        self.tell(Call::Queried(query.name()));
        let state = match query {
            Query::Findings(_) => self.when_let_go(state),
            _ => state,
        };
        let answer = match (query, &state.trouble) {
            (Query::Findings(_), Some(trouble)) => return Outcome::failed(None, trouble.clone()),
            (Query::Findings(_), None) => FindingsReply {
                diagnoses: state.findings.clone(),
                conflicts: state.conflicts.clone(),
                stale_at: state.stale_at,
            }
            .into(),
            (Query::BoardView(_), _) => board(&state).into(),
            _ => ConflictsReply { conflicts: Vec::new() }.into(),
        };
        Outcome::done(Some(state.revision), answer)
    }

    fn renew(&self) -> Outcome<Renewal> {
        let mut state = self.lock();
        let me = state.me.clone().filter(|_| state.exists);
        let lost = std::mem::take(&mut state.lost);
        self.tell(Call::Renewed);
        Outcome::done(Some(state.revision), Renewal { me, lost, next_in: state.next_in })
    }

    fn presence(&self, presence: Presence) -> Outcome<()> {
        self.tell(Call::Presence(presence));
        Outcome::done(None, ())
    }

    fn nearby(&self, after: Option<u64>, timeout: Duration) -> Outcome<Option<u64>> {
        let is_known = |state: &State| Some(state.nearby) == after;
        let (state, wait) =
            self.moved.wait_timeout_while(self.lock(), timeout, |state| is_known(state)).unwrap();
        Outcome::of(Ok((!wait.timed_out()).then_some(state.nearby)))
    }

    fn wait(&self, after: Option<u64>, timeout: Duration) -> Outcome<Option<Woken>> {
        let is_news = |state: &State| {
            state.exists.then_some(state.revision) != after || state.bookkeeping != state.waited
        };
        let (mut state, wait) =
            self.moved.wait_timeout_while(self.lock(), timeout, |state| !is_news(state)).unwrap();
        if wait.timed_out() {
            return Outcome::done(None, None);
        }
        let volatile = state.exists.then_some(state.revision) == after && state.bookkeeping != state.waited;
        state.waited = state.bookkeeping;
        Outcome::done(None, Some(Woken { exists: state.exists, revision: state.revision, volatile }))
    }
}

fn board(state: &State) -> BoardReply {
    BoardReply {
        head: BoardHead {
            exists: state.exists,
            revision: state.revision,
            root: "/work".to_owned(),
            worktree: None,
            safety: SafetyWire::of(Default::default()),
            me: state.me.clone(),
            cursor_id: remit_board::ids::CursorId::of_editor(),
        },
        agents: Vec::new(),
        sessions: Vec::new(),
        modules: Vec::new(),
        handoffs: Vec::new(),
        conflicts: state.conflicts.clone(),
        notifications: Vec::new(),
    }
}
