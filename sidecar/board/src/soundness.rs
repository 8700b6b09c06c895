//! What must hold on every board, and the least change that makes it hold again.
//!
//! The rules never break these. A disk, a restored copy or another program can.

use std::collections::BTreeSet;

use crate::{
    board::{Board, LeaseChange, Leases, Row},
    decide::find_cycle,
    ids::{AgentId, ModuleId, Seed},
    module::{DEFAULT_TTL_SECONDS, Lease, Module, Status},
    session::{Agent, Role},
    time::Millis,
};

/// What does not hold, and what makes it hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    pub what: String,
    pub repair: String,
}

/// All flaws, and the changes that take them away together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inspection {
    pub flaws: Vec<Flaw>,
    pub rows: Vec<Row>,
    pub leases: Vec<LeaseChange>,
}

pub fn inspect(board: &Board, leases: &Leases, now: Millis, seed: &Seed) -> Inspection {
    let mut mending = Mending {
        board: board.clone(),
        leases,
        changed: BTreeSet::new(),
        now,
        seed,
        found: Inspection::default(),
    };
    mending.agents();
    mending.dependencies();
    mending.cycles();
    mending.statuses();
    mending.held_modules();
    mending.orphan_leases();
    mending.handoffs();
    mending.revisions();
    mending.finish()
}

/// The board as it is being mended: later checks see what earlier ones put right.
struct Mending<'a> {
    board: Board,
    leases: &'a Leases,
    changed: BTreeSet<ModuleId>,
    now: Millis,
    seed: &'a Seed,
    found: Inspection,
}

impl Mending<'_> {
    fn flaw(&mut self, what: String, repair: impl Into<String>) {
        self.found.flaws.push(Flaw { what, repair: repair.into() });
    }

    fn change(&mut self, id: &ModuleId, change: impl FnOnce(&mut Module)) {
        if let Some(module) = self.board.modules.get_mut(id) {
            change(module);
            self.changed.insert(id.clone());
        }
    }

    /// Whoever is named anywhere has a row: without one, nobody could act in that name.
    fn agents(&mut self) {
        let board = &self.board;
        let of_modules =
            board.modules.values().flat_map(|m| m.owner.iter().chain(&m.reviewer).chain(&m.assigned_to));
        let of_sessions = board.sessions.values().map(|session| &session.agent);
        let of_handoffs = board.handoffs.values().flat_map(|h| [&h.from].into_iter().chain(&h.claimed_by));
        let of_leases = self.leases.0.values().map(|lease| &lease.holder);
        let named: BTreeSet<AgentId> =
            of_modules.chain(of_sessions).chain(of_handoffs).chain(of_leases).cloned().collect();
        for id in named.into_iter().filter(|id| !self.board.agents.contains_key(id)).collect::<Vec<_>>() {
            self.flaw(
                format!("{id} is named on the board, but there is no such agent"),
                format!("{id} is put back as a worker; its thread key is lost"),
            );
            let Ok(thread_key) = id.as_str().parse() else { continue };
            let agent = Agent {
                id: id.clone(),
                thread_key,
                role: Role::Worker,
                specialties: Vec::new(),
                revision: 0,
            };
            self.board.agents.insert(id, agent.clone());
            self.found.rows.push(Row::Agent(agent));
        }
    }

    fn dependencies(&mut self) {
        let unknown = |board: &Board, ids: &[ModuleId]| {
            ids.iter().filter(|id| !board.modules.contains_key(id)).cloned().collect::<Vec<_>>()
        };
        for id in self.module_ids() {
            let Some(module) = self.board.modules.get(&id) else { continue };
            let (open, guessed) = (
                unknown(&self.board, &module.depends_on),
                unknown(&self.board, &module.candidate_depends_on),
            );
            for missing in open.iter().chain(&guessed) {
                self.flaw(
                    format!("{id} waits for {missing}, which is not on the board"),
                    format!("{id} no longer waits for it"),
                );
            }
            if !(open.is_empty() && guessed.is_empty()) {
                self.change(&id, |module| {
                    module.depends_on.retain(|one| !open.contains(one));
                    module.candidate_depends_on.retain(|one| !guessed.contains(one));
                });
            }
        }
    }

    fn cycles(&mut self) {
        while let Some((last, first, cycle)) = self.first_cycle() {
            self.flaw(
                format!("modules wait for each other in a circle: {cycle}"),
                format!("{last} no longer waits for {first}"),
            );
            self.change(&last, |module| module.depends_on.retain(|id| *id != first));
        }
    }

    /// The modules at the seam of a circle, and the circle in words.
    fn first_cycle(&self) -> Option<(ModuleId, ModuleId, String)> {
        let dependencies =
            |id: &ModuleId| self.board.modules.get(id).map_or(&[][..], |module| &module.depends_on);
        let cycle = find_cycle(self.board.modules.keys(), dependencies)?;
        let [.., last, first] = cycle.as_slice() else { return None };
        let words: Vec<&str> = cycle.iter().map(|id| id.as_str()).collect();
        Some(((*last).clone(), (*first).clone(), words.join(" → ")))
    }

    /// Work in progress has an owner, and work in review a reviewer.
    fn statuses(&mut self) {
        for id in self.module_ids() {
            let Some(module) = self.board.modules.get(&id) else { continue };
            let (status, owner, reviewer) =
                (module.status, module.owner.is_some(), module.reviewer.is_some());
            if module.scope_is_live() && !owner {
                self.flaw(format!("{id} is {} without an owner", status.as_str()), "it is to do again");
                self.change(&id, |module| module.status = Status::Todo);
            } else if status == Status::InReview && !reviewer {
                self.flaw(format!("{id} is in review without a reviewer"), "it is ready for review again");
                self.change(&id, |module| module.status = Status::ReviewReady);
            }
        }
    }

    /// Held work has a lease. One that has run out lets its holder go on, and others take over.
    fn held_modules(&mut self) {
        for id in self.module_ids() {
            let Some(module) = self.board.modules.get(&id) else { continue };
            let Some(holder) = module.holder().cloned() else { continue };
            if self.leases.of(&id).is_some() {
                continue;
            }
            self.flaw(
                format!("{id} is {} without a lease", module.status.as_str()),
                format!("{holder} gets one that has run out: it may claim again, and others may take over"),
            );
            self.found.leases.push(LeaseChange::Grant(Lease {
                module: id.clone(),
                holder,
                session: None,
                token: self.seed.token(&id),
                ttl_seconds: DEFAULT_TTL_SECONDS,
                expires_at: self.now,
            }));
        }
    }

    fn orphan_leases(&mut self) {
        let leases = self.leases;
        for lease in leases.0.values() {
            let module = self.board.modules.get(&lease.module);
            let what = match module {
                None => format!("there is a lease on {}, which is not on the board", lease.module),
                Some(module) if module.holder().is_none() => {
                    format!("{} is {}, but there is a lease on it", module.id, module.status.as_str())
                }
                Some(module) if module.holder() != Some(&lease.holder) => {
                    format!(
                        "{} holds the lease on {}, which is somebody else's work",
                        lease.holder, module.id
                    )
                }
                _ => continue,
            };
            let successor = module.and_then(Module::holder).cloned();
            match successor {
                None => {
                    self.flaw(what, "the lease ends");
                    self.found.leases.push(LeaseChange::End(lease.module.clone()));
                }
                Some(holder) => {
                    self.flaw(what, format!("{holder} gets the lease, which has run out"));
                    let token = self.seed.token(&lease.module);
                    let given = Lease { holder, session: None, token, expires_at: self.now, ..lease.clone() };
                    self.found.leases.push(LeaseChange::Grant(given));
                }
            }
        }
    }

    fn handoffs(&mut self) {
        let lost = self
            .board
            .handoffs
            .values()
            .filter(|one| one.is_open() && !self.board.modules.contains_key(&one.module));
        for mut handoff in lost.cloned().collect::<Vec<_>>() {
            self.flaw(
                format!("{} offers a module that is not on the board", handoff.id),
                "the handoff is withdrawn",
            );
            handoff.status = crate::handoff::HandoffStatus::Withdrawn;
            self.found.rows.push(Row::Handoff(handoff));
        }
    }

    /// Caches follow revisions: a row from the future would never be read again.
    fn revisions(&mut self) {
        let newest = self.board.revision;
        for id in self.module_ids() {
            let revision = self.board.modules.get(&id).map_or(0, |module| module.revision);
            if revision > newest {
                self.flaw(
                    format!("{id} changed at revision {revision}, but the board is at {newest}"),
                    "it is written again",
                );
                self.changed.insert(id);
            }
        }
        let ahead = |revision: u64| revision > newest;
        let board = &self.board;
        let sessions = board
            .sessions
            .values()
            .filter(|one| ahead(one.revision))
            .map(|one| (one.id.to_string(), Row::Session(one.clone())));
        let agents = board
            .agents
            .values()
            .filter(|one| ahead(one.revision))
            .map(|one| (one.id.to_string(), Row::Agent(one.clone())));
        let handoffs = board
            .handoffs
            .values()
            .filter(|one| ahead(one.revision))
            .map(|one| (one.id.to_string(), Row::Handoff(one.clone())));
        let confirmations = board
            .confirmations
            .values()
            .filter(|one| ahead(one.revision))
            .map(|one| (one.worktree.clone(), Row::Confirmation(one.clone())));
        let rows: Vec<(String, Row)> = sessions.chain(agents).chain(handoffs).chain(confirmations).collect();
        for (id, row) in rows {
            self.flaw(format!("{id} changed after the board's revision {newest}"), "it is written again");
            self.found.rows.push(row);
        }
    }

    fn module_ids(&self) -> Vec<ModuleId> {
        self.board.modules.keys().cloned().collect()
    }

    fn finish(mut self) -> Inspection {
        let changed = self.changed.iter().filter_map(|id| self.board.modules.get(id));
        self.found.rows.extend(changed.cloned().map(Row::Module));
        self.found
    }
}
