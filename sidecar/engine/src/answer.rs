//! Answering questions: a snapshot, what git says, and a pure view of both.

use remit_board::{
    board::Board,
    command::{Asking, Conflicts, ModeAdvisor, Query},
    decide::confirmed_branch,
    door::Outcome,
    failure::{Code, Failure},
    findings::{Changes, Collision, Finding, Scene, conflict_rows, diagnose, findings},
    handoff::Handoff,
    ids::{AgentId, CursorId, ModuleId},
    mode::{BoardDisk, ModeChoice, advise},
    reply::{
        Answer, BoardHead, BoardReply, ConflictsReply, FindingsReply, HandoffWire, HandoffsReply, Me,
        ModeAdviceReply, ModuleShown, ModuleWire, ModulesReply, OwnersReply, SafetyWire, SessionsReply,
    },
    view::{self, Shown, Texts},
    words,
};
use remit_store::{Snapshot, Store, current_notifications};

use crate::{local::LocalEngine, place};

/// How many notifications `state` shows, the newest.
const NOTIFICATIONS_SHOWN: usize = 200;

/// Who says nothing of the team is advised for the team of the last preflight.
fn mode_advice(
    board: Option<&Board>,
    asked: ModeAdvisor,
    disk: BoardDisk,
) -> Result<ModeAdviceReply, Failure> {
    asked.topology.check()?;
    let before = board.and_then(Board::last_preflight).filter(|_| asked.topology.is_silent());
    let topology = before.map_or(asked.topology, |before| before.topology.clone());
    Ok(ModeAdviceReply::of(advise(ModeChoice::Auto, &topology, disk), topology))
}

/// What the files say, gathered before the board is judged by it.
pub(crate) struct Seen<'a> {
    pub(crate) changes: &'a Changes,
    pub(crate) collisions: &'a [Collision],
}

impl LocalEngine {
    pub(crate) fn answer(&self, asking: &Asking, query: Query) -> Outcome<Answer> {
        // A sick board must not keep its doctor away.
        if let Query::Doctor(doctor) = &query {
            let reply = self.doctor(doctor.self_test);
            return Outcome::done(self.snapshot().ok().map(|snapshot| snapshot.board.revision), reply.into());
        }
        match self.snapshot() {
            Ok(snapshot) => {
                let revision = Some(snapshot.board.revision);
                Outcome { revision, result: self.answer_from(&snapshot, asking, query) }
            }
            Err(failure) if failure.code == Code::NoBoard => {
                Outcome { revision: None, result: self.without_board(query, failure) }
            }
            Err(failure) => Outcome::failed(None, failure),
        }
    }

    /// An editor shows that there is no board yet; everybody else is told.
    fn without_board(&self, query: Query, failure: Failure) -> Result<Answer, Failure> {
        match query {
            Query::BoardView(_) => Ok(self.empty_board().into()),
            Query::Findings(_) => {
                Ok(FindingsReply { diagnoses: Vec::new(), conflicts: Vec::new(), stale_at: None }.into())
            }
            Query::ModeAdvisor(asked) => Ok(mode_advice(None, asked, self.board_disk())?.into()),
            _ => Err(failure),
        }
    }

    /// What a question is held to as a command is: the revision that was expected, the branch that was confirmed.
    fn check(&self, snapshot: &Snapshot, asking: &Asking) -> Result<(), Failure> {
        if let Some(expected) = asking.expected_revision.filter(|n| *n != snapshot.board.revision) {
            let current = snapshot.board.revision;
            return Err(Failure::new(
                Code::StaleRevision,
                format!("the board is at revision {current}, not {expected}"),
            )
            .hint("`remit summary` reads the board as it is now")
            .details(serde_json::json!({ "revision": current })));
        }
        if asking.while_session {
            let worktree = place::worktree_label(&self.place);
            confirmed_branch(&snapshot.board, worktree.as_deref(), self.branch().as_deref())?;
        }
        Ok(())
    }

    fn answer_from(&self, snapshot: &Snapshot, asking: &Asking, query: Query) -> Result<Answer, Failure> {
        self.check(snapshot, asking)?;
        Ok(match query {
            Query::State(_) => {
                let board = &snapshot.board;
                let notifications =
                    self.with_store(|store| current_notifications(board, store, NOTIFICATIONS_SHOWN))?;
                self.shown(snapshot, true, |shown| view::state(shown, &notifications))?.into()
            }
            Query::Summary(_) => {
                let me = self.reader(asking, snapshot)?;
                self.shown(snapshot, false, |shown| view::summary(shown, me.as_ref()))?.into()
            }
            Query::Modules(_) => ModulesReply { modules: self.shown(snapshot, true, view::modules)? }.into(),
            Query::Show(show) => ModuleShown { module: self.module(snapshot, &show.id)? }.into(),
            Query::Sessions(_) => {
                SessionsReply { sessions: self.shown(snapshot, false, view::sessions)? }.into()
            }
            Query::Handoffs(asked) => self.handoffs(snapshot, asked.module.as_ref())?.into(),
            Query::NextHandoff(_) => self.next_handoff(snapshot, asking)?.into(),
            Query::EventArchives(_) => self.event_archives()?.into(),
            Query::Events(asked) => self.events(snapshot, asking, &asked.which)?.into(),
            Query::Notifications(asked) => self.notifications(snapshot, asking, &asked.which)?.into(),
            Query::Graph(asked) => {
                let format = asked.format.unwrap_or_default();
                self.shown(snapshot, false, |shown| view::graph(shown, format))?.into()
            }
            Query::NextAction(asked) => self.next(snapshot, asking, &asked.which, view::next_action)?.into(),
            Query::NextClaimable(asked) => {
                self.next(snapshot, asking, &asked.which, view::next_claimable)?.into()
            }
            Query::NextReviewable(asked) => {
                self.next(snapshot, asking, &asked.which, view::next_reviewable)?.into()
            }
            Query::WhoOwns(asked) => {
                let me = self.reader(asking, snapshot)?;
                let owners = |shown: &Shown<'_>| {
                    self.with_scopes(&snapshot.board, |live| {
                        view::path_owners(shown, live, me.as_ref(), &asked.paths)
                    })
                };
                OwnersReply { paths: self.shown(snapshot, false, owners)? }.into()
            }
            Query::Conflicts(conflicts) => self.conflicts(snapshot, asking, &conflicts)?.into(),
            Query::Doctor(doctor) => self.doctor(doctor.self_test).into(),
            Query::ModeAdvisor(asked) => mode_advice(Some(&snapshot.board), asked, self.board_disk())?.into(),
            Query::BoardView(_) => self.board_view(snapshot, asking)?.into(),
            Query::Findings(_) => self.findings(snapshot, asking)?.into(),
        })
    }

    fn shown<T>(
        &self,
        snapshot: &Snapshot,
        with_texts: bool,
        draw: impl FnOnce(&Shown<'_>) -> T,
    ) -> Result<T, Failure> {
        let texts = if with_texts { self.texts()? } else { Texts::default() };
        let live_sessions = self.live_sessions(snapshot);
        Ok(draw(&Shown {
            board: &snapshot.board,
            leases: &snapshot.leases,
            now: snapshot.now,
            last_seen: &snapshot.last_seen,
            live_sessions: &live_sessions,
            texts: &texts,
            case: self.case,
        }))
    }

    fn module(&self, snapshot: &Snapshot, id: &ModuleId) -> Result<ModuleWire, Failure> {
        let module =
            snapshot.board.modules.get(id).ok_or_else(|| words::unknown_module(&snapshot.board, id))?;
        let mut wire = ModuleWire::of(module, snapshot.leases.of(id), snapshot.now);
        wire.tell(&self.with_store(|store| store.brief(id))?);
        Ok(wire)
    }

    fn texts(&self) -> Result<Texts, Failure> {
        self.with_store(|store| Ok(Texts { briefs: store.briefs()?, notes: store.notes()? }))
    }

    /// Of one module also what the newest bundle says.
    fn handoffs(&self, snapshot: &Snapshot, module: Option<&ModuleId>) -> Result<HandoffsReply, Failure> {
        let board = &snapshot.board;
        if let Some(unknown) = module.filter(|id| !board.modules.contains_key(id)) {
            return Err(Failure::not_found("module", unknown).hint("`remit modules` lists the modules"));
        }
        let notes = self.with_store(Store::notes)?;
        let wanted = |handoff: &&Handoff| module.is_none_or(|id| handoff.module == *id);
        let shown: Vec<&Handoff> = board.handoffs.values().filter(wanted).collect();
        let newest = shown.iter().max_by_key(|handoff| handoff.offered_at).filter(|_| module.is_some());
        let bundle =
            newest.map(|newest| self.with_store(|store| store.bundle(&newest.id))).transpose()?.flatten();
        let told = |handoff: &Handoff| HandoffWire::told(handoff, notes.get(&handoff.id));
        Ok(HandoffsReply { handoffs: shown.into_iter().map(told).collect(), bundle })
    }

    fn conflicts(
        &self,
        snapshot: &Snapshot,
        asking: &Asking,
        asked: &Conflicts,
    ) -> Result<ConflictsReply, Failure> {
        let me = self.reader(asking, snapshot)?;
        let (changes, collisions) = if asked.staged {
            let changes = self.staged_changes()?;
            let collisions = self.staged_collisions(snapshot, &changes)?;
            (changes, collisions)
        } else {
            let changes = self.changes()?;
            let collisions = self.collisions(snapshot, &changes)?;
            (changes, collisions)
        };
        let seen = Seen { changes: &changes, collisions: &collisions };
        let rows = self.with_findings(snapshot, me, seen, |scene, found| {
            conflict_rows(scene, found, asked.all, &asked.paths)
        });
        Ok(ConflictsReply { conflicts: rows })
    }

    fn findings(&self, snapshot: &Snapshot, asking: &Asking) -> Result<FindingsReply, Failure> {
        let changes = self.changes()?;
        let me = self.reader(asking, snapshot)?;
        let collisions = self.collisions(snapshot, &changes)?;
        let seen = Seen { changes: &changes, collisions: &collisions };
        Ok(self.with_findings(snapshot, me, seen, |scene, found| {
            let (diagnoses, stale_at) = diagnose(scene, found);
            FindingsReply {
                diagnoses,
                conflicts: conflict_rows(scene, found, false, &[]),
                stale_at: stale_at.map(|at| at.0),
            }
        }))
    }

    pub(crate) fn with_findings<T>(
        &self,
        snapshot: &Snapshot,
        me: Option<AgentId>,
        seen: Seen<'_>,
        work: impl FnOnce(&Scene<'_>, &[Finding]) -> T,
    ) -> T {
        let observer = self.observer(me);
        self.with_scopes(&snapshot.board, |live| {
            let scene = Scene {
                board: &snapshot.board,
                leases: &snapshot.leases,
                live,
                observer: &observer,
                changes: seen.changes,
                collisions: seen.collisions,
                now: snapshot.now,
            };
            let found = findings(&scene);
            work(&scene, &found)
        })
    }

    fn board_view(&self, snapshot: &Snapshot, asking: &Asking) -> Result<BoardReply, Failure> {
        let conflicts = self.findings(snapshot, asking)?.conflicts;
        let me = match self.window.as_ref().and_then(|window| window.me()) {
            // People check out other branches in a window that goes on.
            Some(me) => Some(Me { branch: self.branch(), ..me }),
            None => self.reader(asking, snapshot)?.map(|agent_id| Me {
                agent_id,
                session_id: None,
                session_epoch: None,
                window_id: None,
                worktree: place::worktree_label(&self.place),
                branch: None,
            }),
        };
        let reader = me.as_ref().and_then(|me| snapshot.board.agents.get(&me.agent_id));
        let notifications = reader.map_or(Ok(Vec::new()), |reader| self.unseen(snapshot, reader))?;
        let root = self.place.board_root.display().to_string();
        let worktree = place::worktree_label(&self.place);
        let seat = view::Seat { root: &root, worktree, me, conflicts, notifications: &notifications };
        self.shown(snapshot, true, |shown| view::board_view(shown, seat))
    }

    fn empty_board(&self) -> BoardReply {
        BoardReply {
            head: BoardHead {
                exists: false,
                revision: 0,
                root: self.place.board_root.display().to_string(),
                worktree: place::worktree_label(&self.place),
                safety: SafetyWire::of(Default::default()),
                me: None,
                cursor_id: CursorId::of_editor(),
            },
            agents: Vec::new(),
            sessions: Vec::new(),
            modules: Vec::new(),
            handoffs: Vec::new(),
            conflicts: Vec::new(),
            notifications: Vec::new(),
        }
    }
}
