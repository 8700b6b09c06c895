//! A decision in the making: rules look through it at the board and put down what changes.

use serde_json::json;

use super::Situation;
use crate::{
    board::{LeaseChange, Row, Text},
    decision::{Decision, Refusal},
    event::NewEvent,
    failure::{Code, Failure},
    handoff::{Handoff, HandoffStatus, Target},
    ids::{AgentId, ModuleId, SessionId, Specialty},
    module::{DEFAULT_TTL_SECONDS, Lease, Module, Status, TTL_SECONDS},
    rank::Seeker,
    reply::{ModuleWire, Reply},
    session::{Agent, Session},
    words,
};

/// What is asked of a rule, unlike a question, could have changed something.
pub(super) fn unchanged(failure: Failure) -> Refusal {
    Failure { message: format!("{}; nothing was changed", failure.message), ..failure }
}

pub(super) struct Draft<'a> {
    pub at: &'a Situation<'a>,
    pub rows: Vec<Row>,
    pub texts: Vec<Text>,
    pub leases: Vec<LeaseChange>,
    pub events: Vec<NewEvent>,
}

impl<'a> Draft<'a> {
    pub fn new(at: &'a Situation<'a>) -> Self {
        Self { at, rows: Vec::new(), texts: Vec::new(), leases: Vec::new(), events: Vec::new() }
    }

    pub fn reply(self, reply: impl Into<Reply>) -> Result<Decision, Refusal> {
        let Self { rows, texts, leases, events, .. } = self;
        Ok(Decision { rows, texts, leases, events, reply: reply.into() })
    }

    /// The revision that this decision will have once it is committed.
    pub fn revision(&self) -> u64 {
        self.at.board.revision + 1
    }

    pub fn agent(&self) -> Result<&'a Agent, Refusal> {
        let id = self.at.caller.agent.as_ref().ok_or_else(|| {
            Failure::new(Code::AgentUnclear, "it isn't clear which agent asks; nothing was changed").hint(
                "give --agent-id, set REMIT_AGENT_ID, or register with `remit init-agent --thread-key NAME`",
            )
        })?;
        self.at.board.agents.get(id).ok_or_else(|| self.unknown_agent(id))
    }

    pub fn unknown_agent(&self, id: &AgentId) -> Refusal {
        unchanged(words::unknown_agent(self.at.board, id))
    }

    pub fn module(&self, id: &ModuleId) -> Result<&'a Module, Refusal> {
        self.at.board.modules.get(id).ok_or_else(|| unchanged(words::unknown_module(self.at.board, id)))
    }

    /// The agent as one who looks for something to do.
    pub fn seeker(&self, agent: &'a Agent, specialty: Option<&'a Specialty>) -> Seeker<'a> {
        let Situation { board, leases, now, case, .. } = *self.at;
        Seeker { board, leases, now, case, agent: Some(agent), specialty }
    }

    pub fn lease(&self, id: &ModuleId) -> Option<&'a Lease> {
        self.at.leases.of(id)
    }

    /// The lease on `module`, if the caller holds it under its current token.
    ///
    /// Expiry alone takes nothing: as long as nobody took the module, its holder may still go on.
    pub fn held_by_caller(&self, module: &Module) -> Result<&'a Lease, Refusal> {
        let agent = self.agent()?;
        let lease = self.lease(&module.id).filter(|lease| lease.holder == agent.id).ok_or_else(|| {
            let holder = self.lease(&module.id).map(|lease| lease.holder.clone());
            let what = match &holder {
                Some(holder) => format!("{} is held by {holder}, not by {}", module.id, agent.id),
                None => format!("nobody holds {} ({})", module.id, module.status.as_str()),
            };
            Failure::new(Code::NotHolder, format!("{what}; nothing was changed"))
                .hint(match &holder {
                    Some(_) => {
                        format!("`remit request-handoff --module {}` asks its holder for it", module.id)
                    }
                    None => fitting_step(module),
                })
                .details(json!({ "module": module.id, "holder": holder, "status": module.status }))
        })?;
        match &self.at.caller.token {
            Some(token) if *token == lease.token => Ok(lease),
            given => {
                let what = if given.is_some() { "is not the current one" } else { "is missing" };
                Err(Failure::new(
                    Code::StaleLease,
                    format!("the lease token for {} {what}: somebody claimed or registered since; nothing was changed", module.id),
                )
                .hint(format!("`remit claim --module {}` gives its holder a fresh one", module.id))
                .details(json!({ "module": module.id, "holder": lease.holder })))
            }
        }
    }

    pub fn ttl(&self, asked: Option<u64>, default: u64) -> Result<u64, Refusal> {
        let ttl = asked.unwrap_or(default);
        if TTL_SECONDS.contains(&ttl) {
            return Ok(ttl);
        }
        Err(Failure::invalid(format!(
            "a lease runs from {} second to {} seconds (7 days), not {ttl}; nothing was changed",
            TTL_SECONDS.start(),
            TTL_SECONDS.end()
        )))
    }

    /// A new lease for `agent`, under a new token: whatever token there was is void.
    pub fn grant(&mut self, module: &ModuleId, agent: &AgentId, ttl_seconds: u64) -> Lease {
        let lease = Lease {
            module: module.clone(),
            holder: agent.clone(),
            session: self.session_of(agent),
            token: self.at.seed.token(module),
            ttl_seconds,
            expires_at: self.at.now.plus_seconds(ttl_seconds),
        };
        self.leases.push(LeaseChange::Grant(lease.clone()));
        lease
    }

    /// The session that will answer for a new lease: the one that asks, or the agent's only one: in this worktree for
    /// the caller, anywhere for an owner who gets its work back.
    fn session_of(&self, agent: &AgentId) -> Option<SessionId> {
        let caller = self.at.caller;
        let asks = caller.agent.as_ref() == Some(agent);
        if asks && self.at.asking.session_id.is_some() {
            return self.at.asking.session_id.clone();
        }
        let could =
            |session: &&Session| session.agent == *agent && (!asks || session.worktree == caller.worktree);
        let registered = self.at.board.sessions.values().filter(|session| !session.reaped);
        let mut sessions = registered.filter(could);
        match (sessions.next(), sessions.next()) {
            (Some(only), None) => Some(only.id.clone()),
            _ => None,
        }
    }

    pub fn end_lease(&mut self, module: &ModuleId) {
        if self.lease(module).is_some() {
            self.leases.push(LeaseChange::End(module.clone()));
        }
    }

    /// Puts the module down as changed, and answers it as it will be.
    pub fn put(&mut self, mut module: Module) -> Module {
        module.revision = self.revision();
        self.rows.push(Row::Module(module.clone()));
        module
    }

    /// What a module's brief lists; a list that isn't given stays.
    pub fn put_lists(&mut self, module: &ModuleId, acceptance: Option<&[String]>, verify: Option<&[String]>) {
        let id = || module.clone();
        self.texts.extend(acceptance.map(|items| Text::Acceptance { module: id(), items: said(items) }));
        self.texts.extend(verify.map(|items| Text::Verify { module: id(), items: said(items) }));
    }

    pub fn put_handoff(&mut self, mut handoff: Handoff) -> Handoff {
        handoff.revision = self.revision();
        self.rows.push(Row::Handoff(handoff.clone()));
        handoff
    }

    /// An offered handoff has lost its cause when the module goes another way.
    pub fn withdraw_handoff(&mut self, module: &ModuleId) {
        if let Some(open) = self.at.board.open_handoff(module) {
            self.put_handoff(Handoff { status: HandoffStatus::Withdrawn, ..open.clone() });
        }
    }

    pub fn wire(&self, module: &Module, lease: Option<&Lease>) -> ModuleWire {
        ModuleWire::of(module, lease, self.at.now)
    }

    /// What happened, for the record.
    pub fn event(&mut self, kind: &'static str, module: Option<&Module>, summary: impl Into<String>) {
        self.record(kind, "board", module, None, summary.into());
    }

    /// What happened, addressed to somebody who can act on it.
    pub fn notify(
        &mut self,
        kind: &'static str,
        target: Target,
        module: &Module,
        summary: impl Into<String>,
    ) {
        self.record(kind, "board", Some(module), Some(target), summary.into());
    }

    pub fn record(
        &mut self,
        kind: &'static str,
        source: &'static str,
        module: Option<&Module>,
        target: Option<Target>,
        summary: String,
    ) {
        self.events.push(NewEvent {
            kind,
            source,
            module: module.map(|m| m.id.clone()),
            agent: self.at.caller.agent.clone(),
            target,
            priority: module.map(|m| m.priority),
            specialty: module.and_then(|m| m.specialty.clone()),
            summary,
        });
    }

    pub fn default_ttl(&self) -> u64 {
        DEFAULT_TTL_SECONDS
    }

    /// `details` names every status that would do; the sentence does where they are few.
    pub fn wrong_status(module: &Module, verb: &str, from: &[Status]) -> Refusal {
        const TOLD: usize = 2;
        let allowed: Vec<&str> = from.iter().map(|status| status.as_str()).collect();
        let (id, status) = (&module.id, module.status.as_str());
        let message = match allowed.len() {
            ..=TOLD => format!("{id} is {status}; {verb} needs it to be {}", allowed.join(" or ")),
            _ => format!("{id} is {status}, where {verb} does not fit"),
        };
        Failure::new(Code::WrongStatus, format!("{message}; nothing was changed"))
            .hint(fitting_step(module))
            .details(json!({ "module": module.id, "status": module.status, "allowed": allowed }))
    }
}

/// What can be done with a module where it stands.
fn fitting_step(module: &Module) -> String {
    let id = &module.id;
    match module.status {
        Status::Todo => format!("`remit claim --module {id}` takes it first"),
        Status::InProgress => format!("`remit show {id}` says who is at work on it"),
        Status::Blocked => format!("`remit unblock --module {id}` goes on with it"),
        Status::ReviewReady => format!("a reviewer takes it by `remit start-review --module {id}`"),
        Status::InReview => {
            format!(
                "its reviewer ends it: `remit approve --module {id}` or `remit request-changes --module {id} --reason R`"
            )
        }
        Status::Done | Status::Cancelled => {
            "that is for good; `remit add-module ID` adds new work".to_owned()
        }
    }
}

/// Without those that say nothing.
pub(super) fn said(items: &[String]) -> Vec<String> {
    items.iter().map(|item| item.trim()).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}
