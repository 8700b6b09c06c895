//! The engine as this face calls it: a defect in one call is an answer, and the server goes on.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};

use remit_board::{
    command::{Asking, BoardView, Command, Findings, Query},
    door::{Engine, Outcome, Presence, Renewal, Woken},
    failure::Failure,
    reply::{Answer, BoardReply, Envelope, FindingsReply},
};

/// Every call blocks: they belong on worker threads.
#[derive(Clone)]
pub(crate) struct Door {
    engine: Arc<dyn Engine>,
}

impl Door {
    pub(crate) fn new(engine: Arc<dyn Engine>) -> Self {
        Self { engine }
    }

    pub(crate) fn execute(&self, asking: &Asking, command: Command) -> Envelope {
        let name = command.name();
        self.guarded(name, |engine| engine.execute(asking, command)).into_envelope()
    }

    pub(crate) fn query(&self, asking: &Asking, query: Query) -> Envelope {
        let name = query.name();
        self.guarded(name, |engine| engine.query(asking, query)).into_envelope()
    }

    pub(crate) fn findings(&self) -> Outcome<FindingsReply> {
        self.answer(Query::Findings(Findings {}), |answer| match answer {
            Answer::FindingsReply(findings) => Some(findings),
            _ => None,
        })
    }

    pub(crate) fn board(&self) -> Outcome<BoardReply> {
        self.answer(Query::BoardView(BoardView {}), |answer| match answer {
            Answer::BoardReply(board) => Some(board),
            _ => None,
        })
    }

    /// What the window itself asks, whose answer the face reads.
    fn answer<T>(&self, query: Query, read: impl FnOnce(Answer) -> Option<T>) -> Outcome<T> {
        let name = query.name();
        let Outcome { revision, result } =
            self.guarded(name, |engine| engine.query(&Asking::default(), query));
        let unlike = || Failure::internal(format!("the answer to {name} came as another one"));
        Outcome { revision, result: result.and_then(|answer| read(answer).ok_or_else(unlike)) }
    }

    pub(crate) fn presence(&self, presence: Presence) -> Result<(), Failure> {
        self.guarded("presence", |engine| engine.presence(presence)).result
    }

    pub(crate) fn renew(&self) -> Result<Renewal, Failure> {
        self.guarded("renewing", |engine| engine.renew()).result
    }

    pub(crate) fn nearby(&self, after: Option<u64>, timeout: Duration) -> Result<Option<u64>, Failure> {
        self.guarded("listening", |engine| engine.nearby(after, timeout)).result
    }

    pub(crate) fn wait(&self, after: Option<u64>, timeout: Duration) -> Result<Option<Woken>, Failure> {
        self.guarded("waiting", |engine| engine.wait(after, timeout)).result
    }

    fn guarded<T>(&self, what: &str, call: impl FnOnce(&dyn Engine) -> Outcome<T>) -> Outcome<T> {
        catch_unwind(AssertUnwindSafe(|| call(self.engine.as_ref())))
            .unwrap_or_else(|panic| Outcome::failed(None, Failure::internal(describe(what, panic.as_ref()))))
    }
}

/// Also for what is no call of the engine but may hold a defect too.
pub(crate) fn describe(what: &str, panic: &(dyn std::any::Any + Send)) -> String {
    let said =
        panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    let message = format!("{what} panicked: {}", said.unwrap_or("without a message"));
    tracing::error!("{message}");
    message
}
