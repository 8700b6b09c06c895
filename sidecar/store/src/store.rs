//! What the engine needs of a place that keeps the board, so that a file, memory and a service can each be that place.

use std::{collections::BTreeMap, sync::Arc};

use remit_board::{
    board::{Board, Leases, Row},
    cursor::{Cursor, EventRange, Standing},
    decision::{Decision, Refusal},
    event::Event,
    failure::{Code, Failure},
    handoff::{Notes, Target},
    ids::{AgentId, HandoffId, ModuleId, RequestId, SessionId, Specialty},
    module::{Brief, Priority},
    reply::Reply,
    time::Millis,
};
use serde_json::Value;

use crate::error::StoreError;

/// Decides on the newest board. It may run more than once for one commit, does no I/O and draws no randomness.
pub type Rule<'a> = dyn FnMut(&Board, &Leases, Millis) -> Result<Decision, Refusal> + 'a;

/// Says where a cursor stands afterwards, and what is answered. The same promises as for `Rule`.
pub type CursorRule<'a> =
    dyn FnMut(&Board, &Leases, Millis, EventRange, Option<Standing>) -> Result<(u64, Reply), Refusal> + 'a;

/// Who wants a transaction, and how to know the same wish when it comes again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The command's name, for messages.
    pub command: &'static str,
    pub agent: Option<AgentId>,
    /// Remembered for a day with its agent: the same again has one effect and gives the first answer.
    pub id: Option<RequestId>,
    /// Tells this command and its arguments from another under the same id.
    pub fingerprint: String,
    /// The session that speaks: it was seen now.
    pub touch: Option<SessionId>,
}

#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "one at a time, on its way to the caller")]
pub enum Outcome {
    /// The decision stands. Bookkeeping leaves the revision as it was.
    Committed { revision: u64, reply: Reply },
    /// The same request was committed before, at `revision`; nothing happened now.
    Replayed { revision: u64, reply: Value },
    /// The rule said no to the board of `revision`; nothing was changed.
    Refused { revision: u64, refusal: Refusal },
    /// Nobody knows whether it was committed: ask again with the same request id.
    Unknown,
}

/// The board at one moment. It is the caller's own: nobody waits for it to be given back.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Shared with the store's cache. One that is kept across a commit costs that commit a copy of the board.
    pub board: Arc<Board>,
    pub leases: Leases,
    /// The store's clock.
    pub now: Millis,
    /// When each session last spoke.
    pub last_seen: BTreeMap<SessionId, Millis>,
    /// Sequence of the newest event, 0 before the first.
    pub last_event: u64,
}

/// Which events; the fields that are set must all match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// Only events after this sequence.
    pub since: u64,
    /// Only events up to this sequence.
    pub until: Option<u64>,
    pub limit: Option<u64>,
    /// With a limit: the last ones instead of the first. The order is always by sequence.
    pub newest: bool,
    /// Only events that are addressed to somebody.
    pub notifications_only: bool,
    pub source: Option<String>,
    pub kind: Option<String>,
    pub priority: Option<Priority>,
    pub target: Option<Target>,
    /// Only events that are addressed to one of these; empty for all.
    pub addressed_to: Vec<Target>,
    pub specialty: Option<Specialty>,
    pub module: Option<ModuleId>,
    /// Only what this agent did.
    pub agent: Option<AgentId>,
}

impl EventFilter {
    /// Whether the event matches, apart from `limit`.
    pub fn admits(&self, event: &Event) -> bool {
        fn same<T: PartialEq>(wanted: &Option<T>, is: Option<&T>) -> bool {
            wanted.as_ref().is_none_or(|wanted| is == Some(wanted))
        }
        event.seq > self.since
            && self.until.is_none_or(|until| event.seq <= until)
            && (!self.notifications_only || event.target.is_some())
            && (self.addressed_to.is_empty()
                || event.target.as_ref().is_some_and(|target| self.addressed_to.contains(target)))
            && same(&self.agent, event.agent.as_ref())
            && same(&self.source, Some(&event.source))
            && same(&self.kind, Some(&event.kind))
            && same(&self.priority, event.priority.as_ref())
            && same(&self.target, event.target.as_ref())
            && same(&self.specialty, event.specialty.as_ref())
            && same(&self.module, event.module.as_ref())
    }
}

/// A place that keeps one board.
///
/// Invariants of every implementation, held by one test suite:
///
/// - a committed decision that is not bookkeeping raises the revision by exactly one, and its rows carry it;
/// - events are numbered without a gap, in the order of revisions;
/// - a refused or failed transaction leaves no trace;
/// - reading writes nothing.
pub trait Store: Send {
    /// Decides and commits as one: nobody else's commit lies between what the rule saw and what it wrote.
    fn transact(&mut self, request: &Request, rule: &mut Rule<'_>) -> Result<Outcome, StoreError>;

    /// The newest board, brought up to date by the rows that changed since the last look.
    fn read(&mut self) -> Result<Snapshot, StoreError>;

    /// What is told of a module; empty where nothing is.
    fn brief(&mut self, module: &ModuleId) -> Result<Brief, StoreError>;

    /// Of every module of which something is told.
    fn briefs(&mut self) -> Result<BTreeMap<ModuleId, Brief>, StoreError>;

    /// Of every handoff that has any.
    fn notes(&mut self) -> Result<BTreeMap<HandoffId, Notes>, StoreError>;

    fn bundle(&mut self, handoff: &HandoffId) -> Result<Option<String>, StoreError>;

    fn events(&mut self, filter: &EventFilter) -> Result<Vec<Event>, StoreError>;

    /// Which events there are. Asked after `events`, it tells whether those left a gap.
    fn event_range(&mut self) -> Result<EventRange, StoreError>;

    /// Takes away the oldest events, up to and with `up_to`. Bookkeeping: whoever asks has put them elsewhere.
    fn forget_events(&mut self, up_to: u64) -> Result<(), StoreError>;

    fn cursor(&mut self, cursor: &Cursor) -> Result<Option<Standing>, StoreError>;

    /// Puts a cursor where the rule says, in one transaction. Bookkeeping.
    fn move_cursor(
        &mut self,
        request: &Request,
        cursor: &Cursor,
        rule: &mut CursorRule<'_>,
    ) -> Result<Outcome, StoreError>;

    /// What keeps a board quick: at any time the most urgent, and with `idle` also what is old is forgotten.
    fn upkeep(&mut self, idle: bool) -> Result<(), StoreError>;
}

/// How long the same request is known again.
pub(crate) const REQUESTS_ARE_KEPT_FOR_MS: i64 = 24 * 3600 * 1000;

pub(crate) fn same_id_for_another_command(id: &str) -> Failure {
    Failure::new(
        Code::Invalid,
        format!(
            "the request id {id:?} was used for another command within the last day; nothing was changed"
        ),
    )
    .hint("choose a new --request-id for each new request")
}

/// The row as it is kept: the revision is the store's to give.
pub(crate) fn stamped(mut row: Row, revision: u64) -> Row {
    match &mut row {
        Row::Module(module) => module.revision = revision,
        Row::Agent(agent) => agent.revision = revision,
        Row::Session(session) => session.revision = revision,
        Row::Handoff(handoff) => handoff.revision = revision,
        Row::Confirmation(confirmation) => confirmation.revision = revision,
        Row::Safety(_) => {}
    }
    row
}
