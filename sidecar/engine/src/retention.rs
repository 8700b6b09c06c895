//! What is kept of events and sessions, and how it is made to be so.

use remit_board::{
    command::{Asking, Command, PruneEvents, ReapSessions},
    decide::{reaping_age, retention},
    door::Outcome,
    failure::{Code, Failure},
    reply::{EventArchiveWire, EventArchivesReply, Pruned, Reply, RetentionWire},
};
use remit_store::{Store, archive};

use crate::{caller, local::LocalEngine};

impl LocalEngine {
    /// The record comes first: the event that says so is among those that are counted.
    pub(crate) fn prune_events(&self, asking: &Asking, command: PruneEvents) -> Outcome<Reply> {
        let policy = retention(&command);
        let recorded = self.mutate(asking, Command::PruneEvents(command));
        if recorded.result.is_err() {
            return recorded;
        }
        let pruned = self.with_store(|store| {
            let archived = archive::prune(&self.plan, store, policy)?;
            let oldest = store.event_range()?.first;
            Ok(Pruned { archived, oldest, retention: policy.into() })
        });
        Outcome { revision: recorded.revision, result: pruned.map(Into::into) }
    }

    pub(crate) fn event_archives(&self) -> Result<EventArchivesReply, Failure> {
        let entries = archive::entries(&self.plan).map_err(|error| {
            Failure::new(Code::ReadOnly, format!("the archive of events can't be read: {error}"))
                .hint("look at project-plan/archive/events; the board itself works")
        })?;
        let root = &self.place.board_root;
        let wire = |entry: archive::ArchiveEntry| EventArchiveWire {
            path: entry.path.strip_prefix(root).unwrap_or(&entry.path).display().to_string(),
            first: entry.first,
            last: entry.last,
            events: entry.events,
            bytes: entry.bytes,
        };
        let event_archives = entries.into_iter().map(wire).collect();
        Ok(EventArchivesReply { event_archives, retention: RetentionWire::default() })
    }

    /// Who is quiet is seen before the transaction; whoever registers after that is on the registry again.
    pub(crate) fn reap_sessions(&self, asking: &Asking, mut command: ReapSessions) -> Outcome<Reply> {
        match self.snapshot() {
            Ok(snapshot) => {
                let age = reaping_age(&command);
                command.quiet = caller::quiet_sessions(self.board_folder(), &self.host, &snapshot, age);
                self.mutate(asking, Command::ReapSessions(command))
            }
            Err(failure) => Outcome::failed(None, failure),
        }
    }
}
