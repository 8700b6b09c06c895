use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use remit_board::{
    board::{Board, Leases, Row, Text},
    cursor::{Cursor, EventRange, Standing},
    decision::Decision,
    event::Event,
    handoff::Notes,
    ids::{AgentId, HandoffId, ModuleId, RequestId, SessionId},
    module::Brief,
    time::Millis,
};
use serde_json::Value;

use crate::{
    clock::Clock,
    error::StoreError,
    store::{
        CursorRule, EventFilter, Outcome, REQUESTS_ARE_KEPT_FOR_MS, Request, Rule, Snapshot, Store,
        same_id_for_another_command, stamped,
    },
};

/// What goes wrong with the next transaction that gets as far as committing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is committed, and the answer is lost.
    AnswerLost,
    /// It is not committed, and the caller can't know.
    CommitLost,
}

/// Clones share one board, as processes share a file.
#[derive(Clone)]
pub struct MemoryStore {
    held: Arc<Mutex<Held>>,
    clock: Clock,
}

#[derive(Default)]
struct Held {
    board: Arc<Board>,
    leases: Leases,
    briefs: BTreeMap<ModuleId, Brief>,
    notes: BTreeMap<HandoffId, Notes>,
    bundles: BTreeMap<HandoffId, String>,
    events: Vec<Event>,
    last_event: u64,
    cursors: BTreeMap<Cursor, Standing>,
    last_seen: BTreeMap<SessionId, Millis>,
    requests: BTreeMap<(Option<AgentId>, RequestId), Remembered>,
    committed_at: Millis,
    faults: VecDeque<Fault>,
}

struct Remembered {
    fingerprint: String,
    revision: u64,
    at: Millis,
    reply: Value,
}

impl MemoryStore {
    pub fn new(project: &str, clock: Clock) -> Self {
        let board = Board { project: project.to_owned(), incarnation: 1, ..Board::default() };
        let held = Held { board: Arc::new(board), ..Held::default() };
        Self { held: Arc::new(Mutex::new(held)), clock }
    }

    pub fn inject(&self, fault: Fault) {
        self.held().faults.push_back(fault);
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn recall(&self, request: &Request, now: Millis) -> Option<Outcome> {
        let known = self.requests.get(&(request.agent.clone(), request.id.clone()?))?;
        if known.at.0 < now.0 - REQUESTS_ARE_KEPT_FOR_MS {
            return None;
        }
        if known.fingerprint != request.fingerprint {
            let refusal = same_id_for_another_command(request.id.as_ref()?.as_str());
            return Some(Outcome::Refused { revision: self.board.revision, refusal });
        }
        Some(Outcome::Replayed { revision: known.revision, reply: known.reply.clone() })
    }

    fn range(&self) -> EventRange {
        let first = self.events.first().map_or(self.last_event + 1, |event| event.seq);
        EventRange { first, last: self.last_event }
    }

    fn commit(&mut self, request: &Request, decision: &Decision, now: Millis) -> Result<u64, StoreError> {
        if !decision.is_bookkeeping() {
            self.commit_history(decision, now);
        }
        decision.leases.iter().cloned().for_each(|change| self.leases.apply(change));
        if let Some(session) = &request.touch {
            self.last_seen.insert(session.clone(), now);
        }
        let revision = self.board.revision;
        if let Some(id) = &request.id {
            let reply =
                serde_json::to_value(&decision.reply).map_err(|e| StoreError::Defect(e.to_string()))?;
            let remembered =
                Remembered { fingerprint: request.fingerprint.clone(), revision, at: now, reply };
            self.requests.insert((request.agent.clone(), id.clone()), remembered);
        }
        Ok(revision)
    }

    fn commit_history(&mut self, decision: &Decision, now: Millis) {
        self.committed_at = now;
        let board = Arc::make_mut(&mut self.board);
        board.revision += 1;
        for row in &decision.rows {
            if let Row::Session(session) = row {
                self.last_seen.insert(session.id.clone(), now);
            }
            board.apply(stamped(row.clone(), board.revision));
        }
        for text in decision.texts.iter().cloned() {
            match text {
                Text::Description { module, text } => {
                    self.briefs.entry(module).or_default().description = text
                }
                Text::Acceptance { module, items } => {
                    self.briefs.entry(module).or_default().acceptance = items
                }
                Text::Verify { module, items } => self.briefs.entry(module).or_default().verify = items,
                Text::Notes { handoff, notes } => drop(self.notes.insert(handoff, notes)),
                Text::Bundle { handoff, text } => drop(self.bundles.insert(handoff, text)),
            }
        }
        for event in &decision.events {
            self.last_event += 1;
            self.events.push(Event {
                seq: self.last_event,
                at: now,
                revision: self.board.revision,
                kind: event.kind.to_owned(),
                source: event.source.to_owned(),
                module: event.module.clone(),
                agent: event.agent.clone(),
                target: event.target.clone(),
                priority: event.priority,
                specialty: event.specialty.clone(),
                summary: event.summary.clone(),
            });
        }
    }
}

impl Store for MemoryStore {
    fn transact(&mut self, request: &Request, rule: &mut Rule<'_>) -> Result<Outcome, StoreError> {
        let mut held = self.held();
        let now = self.clock.now(held.committed_at);
        if let Some(outcome) = held.recall(request, now) {
            return Ok(outcome);
        }
        let first = rule(&held.board, &held.leases, now);
        let second = rule(&held.board, &held.leases, now);
        assert_eq!(first, second, "the rule of {} decided otherwise when it ran again", request.command);
        let decision = match second {
            Ok(decision) => decision,
            Err(refusal) => return Ok(Outcome::Refused { revision: held.board.revision, refusal }),
        };
        let fault = held.faults.pop_front();
        if fault == Some(Fault::CommitLost) {
            return Ok(Outcome::Unknown);
        }
        let revision = held.commit(request, &decision, now)?;
        match fault {
            Some(_) => Ok(Outcome::Unknown),
            None => Ok(Outcome::Committed { revision, reply: decision.reply }),
        }
    }

    fn read(&mut self) -> Result<Snapshot, StoreError> {
        let held = self.held();
        Ok(Snapshot {
            board: Arc::clone(&held.board),
            leases: held.leases.clone(),
            now: self.clock.now(held.committed_at),
            last_seen: held.last_seen.clone(),
            last_event: held.last_event,
        })
    }

    fn brief(&mut self, module: &ModuleId) -> Result<Brief, StoreError> {
        Ok(self.held().briefs.get(module).cloned().unwrap_or_default())
    }

    fn briefs(&mut self) -> Result<BTreeMap<ModuleId, Brief>, StoreError> {
        let held = self.held();
        let told = held.briefs.iter().filter(|(_, brief)| **brief != Brief::default());
        Ok(told.map(|(id, brief)| (id.clone(), brief.clone())).collect())
    }

    fn notes(&mut self) -> Result<BTreeMap<HandoffId, Notes>, StoreError> {
        Ok(self.held().notes.clone())
    }

    fn bundle(&mut self, handoff: &HandoffId) -> Result<Option<String>, StoreError> {
        Ok(self.held().bundles.get(handoff).cloned())
    }

    fn events(&mut self, filter: &EventFilter) -> Result<Vec<Event>, StoreError> {
        let held = self.held();
        let mut events: Vec<Event> =
            held.events.iter().filter(|event| filter.admits(event)).cloned().collect();
        let limit = filter.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
        if filter.newest {
            events.drain(..events.len().saturating_sub(limit));
        }
        events.truncate(limit);
        Ok(events)
    }

    fn event_range(&mut self) -> Result<EventRange, StoreError> {
        Ok(self.held().range())
    }

    fn forget_events(&mut self, up_to: u64) -> Result<(), StoreError> {
        self.held().events.retain(|event| event.seq > up_to);
        Ok(())
    }

    fn cursor(&mut self, cursor: &Cursor) -> Result<Option<Standing>, StoreError> {
        Ok(self.held().cursors.get(cursor).copied())
    }

    fn move_cursor(
        &mut self,
        request: &Request,
        cursor: &Cursor,
        rule: &mut CursorRule<'_>,
    ) -> Result<Outcome, StoreError> {
        let mut held = self.held();
        let now = self.clock.now(held.committed_at);
        if let Some(outcome) = held.recall(request, now) {
            return Ok(outcome);
        }
        let standing = held.cursors.get(cursor).copied();
        let moved = rule(&held.board, &held.leases, now, held.range(), standing);
        let (seq, reply) = match moved {
            Ok(moved) => moved,
            Err(refusal) => return Ok(Outcome::Refused { revision: held.board.revision, refusal }),
        };
        let incarnation = held.board.incarnation;
        held.cursors.insert(cursor.clone(), Standing { seq, incarnation });
        let decision = Decision::bookkeeping(reply.clone());
        let revision = held.commit(request, &decision, now)?;
        Ok(Outcome::Committed { revision, reply })
    }

    fn upkeep(&mut self, _idle: bool) -> Result<(), StoreError> {
        let mut held = self.held();
        let oldest = self.clock.now(held.committed_at).0 - REQUESTS_ARE_KEPT_FOR_MS;
        held.requests.retain(|_, known| known.at.0 >= oldest);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::testing::{Sample, StillClock};

    fn store() -> MemoryStore {
        MemoryStore::new("project", StillClock::default().clock())
    }

    fn add(store: &mut MemoryStore) -> Outcome {
        let decision = Sample::decision([Row::Module(Sample::module("a"))]);
        store
            .transact(&Sample::request_with_id("ann", "r-1", "f"), &mut |_, _, _| Ok(decision.clone()))
            .unwrap()
    }

    #[test]
    fn an_answer_that_is_lost_is_given_to_the_same_request() {
        let mut store = store();
        store.inject(Fault::AnswerLost);
        assert_eq!(add(&mut store), Outcome::Unknown);
        assert_eq!(store.read().unwrap().board.revision, 1);
        assert!(matches!(add(&mut store), Outcome::Replayed { revision: 1, .. }));
    }

    #[test]
    fn a_commit_that_is_lost_is_made_by_the_same_request() {
        let mut store = store();
        store.inject(Fault::CommitLost);
        assert_eq!(add(&mut store), Outcome::Unknown);
        assert_eq!(store.read().unwrap().board.revision, 0);
        assert!(matches!(add(&mut store), Outcome::Committed { revision: 1, .. }));
    }

    #[test]
    #[should_panic(expected = "decided otherwise")]
    fn a_rule_with_a_memory_is_found_out() {
        let runs = Cell::new(0);
        let rule = &mut |_: &Board, _: &Leases, _| {
            runs.set(runs.get() + 1);
            Ok(Sample::decision([Row::Module(Sample::module(&format!("m{}", runs.get())))]))
        };
        let _ = store().transact(&Sample::request("import-plan"), rule);
    }
}
