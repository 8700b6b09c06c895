//! Reading events and notifications: from where a reader stands, forward, in batches, and never over a gap.

use remit_board::{
    board::Board,
    command::{Asking, EventFlags},
    cursor::{Cursor, Standing, Stream, resume},
    event::Event,
    failure::{Code, Failure},
    ids::{AgentId, CursorId},
    reply::{EventWire, EventsReply, HandoffWire, NextHandoffReply, NotificationsReply},
    session::Agent,
    signal, view,
};
use remit_store::{EventFilter, Snapshot, Store};

use crate::{local::LocalEngine, place};

const DEFAULT_LIMIT: u64 = 100;

/// So many rows are held at once while those are left out that concern nobody any more.
const BATCH: u64 = 1000;

/// An editor shows what is new of so many; whoever wants all asks for notifications.
const MOST_UNSEEN: u64 = 200;

/// What was read, and up to where nothing was left out.
struct Page {
    events: Vec<Event>,
    up_to: u64,
}

impl LocalEngine {
    pub(crate) fn events(
        &self,
        snapshot: &Snapshot,
        asking: &Asking,
        flags: &EventFlags,
    ) -> Result<EventsReply, Failure> {
        let page = self.page(snapshot, asking, flags, Stream::Events, filter(flags), &|_| true)?;
        Ok(EventsReply { events: page.events.iter().map(EventWire::of).collect(), up_to: page.up_to })
    }

    /// Those of the one who asks; of everybody, when nobody is known to ask; of `--target`, when that is given.
    pub(crate) fn notifications(
        &self,
        snapshot: &Snapshot,
        asking: &Asking,
        flags: &EventFlags,
    ) -> Result<NotificationsReply, Failure> {
        let board = &*snapshot.board;
        let reader = match flags.target {
            Some(_) => None,
            None => self.reader(asking, snapshot)?.and_then(|id| board.agents.get(&id)),
        };
        let addressed_to = reader.map(signal::inbox).unwrap_or_default();
        let filter = EventFilter { notifications_only: true, addressed_to, ..filter(flags) };
        let wanted = |event: &Event| is_wanted(board, event, reader) && !self.is_repeated(event);
        let page = self.page(snapshot, asking, flags, Stream::Notifications, filter, &wanted)?;
        let notifications = page.events.iter().map(EventWire::of).collect();
        Ok(NotificationsReply { notifications, up_to: page.up_to })
    }

    /// What calls an agent since its editor windows last acknowledged, of the newest: a picture of the board must not
    /// cost more for a long history.
    pub(crate) fn unseen(&self, snapshot: &Snapshot, reader: &Agent) -> Result<Vec<Event>, Failure> {
        let board = &*snapshot.board;
        let agent = Some(reader.id.clone());
        let cursor = Cursor { agent, stream: Stream::Notifications, id: CursorId::of_editor() };
        let standing = self.with_store(|store| store.cursor(&cursor))?;
        // One from before the board was rebuilt has seen nothing of this one.
        let seen = standing.filter(|standing| standing.incarnation == board.incarnation);
        let newest = EventFilter {
            since: seen.map_or(0, |seen| seen.seq),
            notifications_only: true,
            newest: true,
            limit: Some(MOST_UNSEEN),
            addressed_to: signal::inbox(reader),
            ..EventFilter::default()
        };
        let mut unseen = self.with_store(|store| store.events(&newest))?;
        unseen.retain(|event| is_wanted(board, event, Some(reader)) && !self.is_repeated(event));
        Ok(unseen)
    }

    /// Whether the same call was made again later. One that can't be looked at is told rather than lost.
    fn is_repeated(&self, event: &Event) -> bool {
        if event.module.is_none() {
            return false;
        }
        let again = EventFilter {
            since: event.seq,
            notifications_only: true,
            kind: Some(event.kind.clone()),
            module: event.module.clone(),
            ..EventFilter::default()
        };
        let later = self.with_store(|store| store.events(&again)).unwrap_or_default();
        later.iter().any(|later| signal::repeats(later, event))
    }

    pub(crate) fn next_handoff(
        &self,
        snapshot: &Snapshot,
        asking: &Asking,
    ) -> Result<NextHandoffReply, Failure> {
        let agent = self.known_reader(asking, snapshot)?;
        let Some(agent) = agent.as_ref().and_then(|id| snapshot.board.agents.get(id)) else {
            let message = "it isn't clear whom a handoff would be for; nothing was changed";
            return Err(Failure::new(Code::AgentUnclear, message).hint(
                "give --agent-id, set REMIT_AGENT_ID, or register with `remit init-agent --thread-key NAME`",
            ));
        };
        let next = view::next_handoff(&snapshot.board, agent).ok_or_else(|| {
            let message = format!("no handoff is offered to {}; nothing was changed", agent.id);
            Failure::new(Code::Nothing, message).hint("wait for one with --watch-seconds N")
        })?;
        let notes = self.with_store(Store::notes)?;
        Ok(NextHandoffReply { handoff: HandoffWire::told(next, notes.get(&next.id)) })
    }

    fn page(
        &self,
        snapshot: &Snapshot,
        asking: &Asking,
        flags: &EventFlags,
        stream: Stream,
        filter: EventFilter,
        wanted: &dyn Fn(&Event) -> bool,
    ) -> Result<Page, Failure> {
        let limit = flags.limit.unwrap_or(DEFAULT_LIMIT);
        let Some(id) = &flags.cursor_id else {
            return match flags.since {
                // Nothing was read before the beginning, wherever that is by now.
                Some(since) => self.forward(snapshot, filter, Some(since).filter(|n| *n > 0), limit, wanted),
                None => self.newest(snapshot, filter, limit, wanted),
            };
        };
        let agent = self.known_reader(asking, snapshot)?;
        let cursor = Cursor { agent, stream, id: id.clone() };
        let standing = self.with_store(|store| store.cursor(&cursor))?;
        let incarnation = snapshot.board.incarnation;
        let from = resume(standing, incarnation)?.max(flags.since.filter(|since| *since > 0));
        let page = self.forward(snapshot, filter, from, limit, wanted)?;
        self.given_out.put(&cursor, Standing { incarnation, seq: page.up_to });
        Ok(page)
    }

    /// Who asks, where it must be plain: a guess would read for somebody else.
    fn known_reader(&self, asking: &Asking, snapshot: &Snapshot) -> Result<Option<AgentId>, Failure> {
        match self.reader(asking, snapshot)? {
            Some(agent) => Ok(Some(agent)),
            None => {
                let worktree = place::worktree_label(&self.place);
                let folder = self.board_folder();
                crate::caller::presumed_agent(folder, &self.host, snapshot, worktree.as_deref())
            }
        }
    }

    fn forward(
        &self,
        snapshot: &Snapshot,
        filter: EventFilter,
        position: Option<u64>,
        limit: u64,
        wanted: &dyn Fn(&Event) -> bool,
    ) -> Result<Page, Failure> {
        let mut page = Page { events: Vec::new(), up_to: position.unwrap_or(0) };
        let end = snapshot.last_event;
        while (page.events.len() as u64) < limit && page.up_to < end {
            let asked = (limit - page.events.len() as u64).min(BATCH);
            let batch =
                EventFilter { since: page.up_to, until: Some(end), limit: Some(asked), ..filter.clone() };
            let read = self.with_store(|store| store.events(&batch))?;
            self.check_gap(position.max(Some(page.up_to).filter(|up_to| *up_to > 0)))?;
            page.up_to = match read.last() {
                Some(last) if read.len() as u64 == asked => last.seq,
                _ => end,
            };
            page.events.extend(read.into_iter().filter(wanted));
        }
        self.check_gap(position)?;
        Ok(page)
    }

    /// Asked after reading: what was pruned meanwhile is missed no less.
    fn check_gap(&self, position: Option<u64>) -> Result<(), Failure> {
        let range = self.with_store(|store| store.event_range())?;
        position.map_or(Ok(()), |position| range.check(position))
    }

    fn newest(
        &self,
        snapshot: &Snapshot,
        filter: EventFilter,
        limit: u64,
        wanted: &dyn Fn(&Event) -> bool,
    ) -> Result<Page, Failure> {
        let (mut found, mut until) = (Vec::new(), snapshot.last_event);
        while (found.len() as u64) < limit && until > 0 {
            let asked = (limit - found.len() as u64).min(BATCH);
            let batch =
                EventFilter { newest: true, until: Some(until), limit: Some(asked), ..filter.clone() };
            let read = self.with_store(|store| store.events(&batch))?;
            until = match read.first() {
                Some(first) if read.len() as u64 == asked => first.seq - 1,
                _ => 0,
            };
            found.extend(read.into_iter().rev().filter(wanted));
        }
        found.reverse();
        Ok(Page { events: found, up_to: snapshot.last_event })
    }
}

fn is_wanted(board: &Board, event: &Event, reader: Option<&Agent>) -> bool {
    signal::is_current(board, event) && reader.is_none_or(|reader| signal::concerns(board, event, reader))
}

fn filter(flags: &EventFlags) -> EventFilter {
    EventFilter {
        notifications_only: flags.notification_only,
        source: flags.source.clone(),
        kind: flags.kind.clone(),
        priority: flags.priority,
        target: flags.target.clone(),
        specialty: flags.specialty.clone(),
        module: flags.module.clone(),
        agent: flags.by.clone(),
        ..EventFilter::default()
    }
}
