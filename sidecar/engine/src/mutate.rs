//! The life of one mutation, from who asks to what is kept of the answer.

use remit_board::{
    board::{Board, Leases},
    bundle::BundleFacts,
    command::{Asking, Command, InitAgent},
    cursor::Cursor,
    decide::{
        Caller, DoneBefore, Situation, acknowledge, acknowledgement, begins_work, decide, fenced_module,
        needs_agent,
    },
    door::Outcome,
    failure::{Code, Failure},
    ids::{AgentId, ModuleId, Seed, SessionId, fingerprint},
    intake::Survey,
    mode::BoardDisk,
    reply::{CursorMoved, HandedOver, ModuleWire, Reply},
    time::Millis,
};
use remit_store::{Outcome as Stored, Request, Store};

use crate::{local::LocalEngine, place};

/// A commit of which nobody knows whether it happened is asked for again this often.
const ATTEMPTS: u32 = 5;

/// Gathered before the transaction, for the commands that read it.
struct Evidence<'a> {
    bundle: Option<BundleFacts>,
    survey: Option<Survey>,
    disk: BoardDisk,
    before: DoneBefore<'a>,
}

/// One mutation, with all that its rule may look at besides the board.
struct Attempt<'a> {
    request: Request,
    asking: &'a Asking,
    caller: &'a Caller,
    seed: Seed,
    evidence: Evidence<'a>,
    command: &'a Command,
}

/// Asks again as long as nobody can say whether it was committed.
fn until_known(tries: u32, mut commit: impl FnMut() -> Result<Stored, Failure>) -> Result<Stored, Failure> {
    for _ in 1..tries {
        match commit()? {
            Stored::Unknown => {}
            known => return Ok(known),
        }
    }
    commit()
}

impl LocalEngine {
    pub(crate) fn mutate(&self, asking: &Asking, command: Command) -> Outcome<Reply> {
        self.mutate_after(asking, command, DoneBefore::Nothing)
    }

    /// As `mutate`, after something was done on disk.
    pub(crate) fn mutate_after(
        &self,
        asking: &Asking,
        mut command: Command,
        before: DoneBefore<'_>,
    ) -> Outcome<Reply> {
        if let Some(window) = &self.window {
            window.set_lease_time(&mut command);
        }
        self.decide_and_keep(&self.as_window(asking), &command, before)
            .unwrap_or_else(|failure| Outcome::failed(None, failure))
    }

    /// As whoever asks, be it in a window or not.
    pub(crate) fn decide_and_keep(
        &self,
        asking: &Asking,
        command: &Command,
        before: DoneBefore<'_>,
    ) -> Result<Outcome<Reply>, Failure> {
        let caller = match self.caller(asking, command) {
            Ok(caller) => caller,
            Err(failure) => return Ok(Outcome::failed(self.revision_now(), failure)),
        };
        let disk = match command {
            Command::Preflight(_) => self.board_disk(),
            _ => BoardDisk::Local,
        };
        let bundle = self.bundle_facts(command)?;
        let evidence = Evidence { bundle, survey: self.survey(command)?, disk, before };
        let request = self.request(asking, &caller, command);
        let attempt = Attempt { request, asking, caller: &caller, seed: fresh_seed()?, evidence, command };
        Ok(match self.commit(&attempt)? {
            Stored::Committed { revision, reply } => self.finished(revision, &caller, command, reply),
            Stored::Replayed { revision, reply } => match Command::reply_from_json(command.name(), reply) {
                Some(Ok(reply)) => Outcome { revision: Some(revision), result: self.with_texts(reply) },
                _ => Outcome::failed(Some(revision), Failure::internal("a remembered reply can't be read")),
            },
            Stored::Refused { revision, refusal } => Outcome::failed(Some(revision), refusal),
            Stored::Unknown => Outcome::failed(None, unknown()),
        })
    }

    fn commit(&self, attempt: &Attempt<'_>) -> Result<Stored, Failure> {
        let Attempt { command, request, caller, .. } = attempt;
        if let Some((cursor, _)) = acknowledgement(command, caller.agent.as_ref()) {
            return self.move_cursor(attempt, &cursor);
        }
        // Without an id, a second try could have a second effect.
        let tries = if request.id.is_some() { ATTEMPTS } else { 1 };
        until_known(tries, || {
            self.change_store(|store| {
                store.transact(request, &mut |board, leases, now| {
                    decide(&self.situation(board, leases, now, attempt), command)
                })
            })
        })
    }

    /// Twice the same gives the same, so that a commit whose fate is unknown is simply repeated.
    fn move_cursor(&self, attempt: &Attempt<'_>, cursor: &Cursor) -> Result<Stored, Failure> {
        let given_out = self.given_out.get(cursor);
        let mut rule = |board: &Board, leases: &Leases, now, range, standing| {
            let situation = self.situation(board, leases, now, attempt);
            let up_to = acknowledge(&situation, attempt.command, given_out, range, standing)?;
            Ok((up_to, CursorMoved { cursor_id: cursor.id.clone(), up_to }.into()))
        };
        until_known(ATTEMPTS, || {
            self.change_store(|store| store.move_cursor(&attempt.request, cursor, &mut rule))
        })
    }

    fn situation<'a>(
        &self,
        board: &'a Board,
        leases: &'a Leases,
        now: Millis,
        attempt: &'a Attempt<'a>,
    ) -> Situation<'a> {
        let Attempt { asking, caller, seed, evidence, .. } = attempt;
        Situation {
            board,
            leases,
            now,
            asking,
            caller,
            seed,
            case: self.case,
            disk: evidence.disk,
            before: evidence.before,
            bundle: evidence.bundle.as_ref(),
            survey: evidence.survey.as_ref(),
        }
    }

    fn request(&self, asking: &Asking, caller: &Caller, command: &Command) -> Request {
        Request {
            command: command.name(),
            agent: caller.agent.clone(),
            id: asking.request_id.clone(),
            fingerprint: match &asking.request_id {
                Some(_) => fingerprint(command.name(), &command.arguments().to_string()),
                None => String::new(),
            },
            touch: self.session_seen(asking, caller),
        }
    }

    /// A terminal is its worktree's, so that its session is known without asking the board.
    fn session_seen(&self, asking: &Asking, caller: &Caller) -> Option<SessionId> {
        let terminal = || {
            let window = place::terminal_window(&self.place, &self.host);
            Some(SessionId::of_window(caller.agent.as_ref()?, &self.host, &window))
        };
        asking.session_id.clone().or_else(terminal)
    }

    /// What a window does, it does as itself unless it says otherwise.
    fn as_window(&self, asking: &Asking) -> Asking {
        let mut asking = asking.clone();
        let me = self.window.as_ref().and_then(|window| window.me());
        if let Some(me) = me
            && asking.agent_id.as_ref().is_none_or(|agent| *agent == me.agent_id)
        {
            asking.agent_id = Some(me.agent_id);
            asking.session_id = asking.session_id.or(me.session_id);
            asking.session_epoch = asking.session_epoch.or(me.session_epoch);
        }
        asking
    }

    fn caller(&self, asking: &Asking, command: &Command) -> Result<Caller, Failure> {
        let agent = self.asking_agent(asking, command)?;
        let kept = || self.tokens.get(agent.as_ref()?, fenced_module(command)?);
        Ok(Caller {
            token: asking.lease_token.clone().or_else(kept),
            worktree: place::worktree_label(&self.place),
            branch: self.branch(),
            head: if begins_work(command) { self.head() } else { None },
            host: Some(self.host.clone()),
            window: Some(place::terminal_window(&self.place, &self.host)),
            agent,
        })
    }

    /// `detached` for a detached head, `None` outside git.
    pub(crate) fn branch(&self) -> Option<String> {
        let worktree = self.place.worktree.as_ref().filter(|worktree| worktree.git.is_some())?;
        let branch = worktree.head_branch().ok().flatten();
        Some(branch.unwrap_or_else(|| "detached".to_owned()))
    }

    /// The commit that is checked out; `None` before the first one and outside git.
    fn head(&self) -> Option<String> {
        self.place.worktree.as_ref()?.head().ok()??.oid
    }

    /// Work needs to know whose it is; planning takes whoever is known, for the record.
    fn asking_agent(&self, asking: &Asking, command: &Command) -> Result<Option<AgentId>, Failure> {
        if asking.agent_id.is_some() {
            return Ok(asking.agent_id.clone());
        }
        if matches!(command, Command::InitAgent(_) | Command::RegisterSession(_)) {
            return Ok(None);
        }
        let snapshot = self.snapshot()?;
        if let Some(session) = asking.session_id.as_ref().and_then(|id| snapshot.board.sessions.get(id)) {
            return Ok(Some(session.agent.clone()));
        }
        let worktree = place::worktree_label(&self.place);
        let presumed =
            crate::caller::presumed_agent(self.board_folder(), &self.host, &snapshot, worktree.as_deref());
        if needs_agent(command) { presumed } else { Ok(presumed.unwrap_or_default()) }
    }

    fn revision_now(&self) -> Option<u64> {
        self.snapshot().ok().map(|snapshot| snapshot.board.revision)
    }

    fn finished(&self, revision: u64, caller: &Caller, command: &Command, reply: Reply) -> Outcome<Reply> {
        self.keep_tokens(caller, command, &reply);
        if let Some(window) = &self.window {
            window.note(&reply, ends_hold(command));
        }
        Outcome { revision: Some(revision), result: self.with_texts(reply) }
    }

    /// A token that can't be kept is still in the answer; its holder can also claim again.
    fn keep_tokens(&self, caller: &Caller, command: &Command, reply: &Reply) {
        let keep = |agent: &AgentId, module: &ModuleId, token| drop(self.tokens.put(agent, module, token));
        match (reply, &caller.agent) {
            (Reply::Claimed(claimed), Some(agent)) => keep(agent, &claimed.module.id, &claimed.lease.token),
            (Reply::Renewed(renewed), Some(agent)) => keep(agent, &renewed.module.id, &renewed.lease.token),
            (Reply::Registered(registered), _) => {
                for reissued in &registered.leases {
                    keep(&registered.agent_id, &reissued.module, &reissued.lease.token);
                }
            }
            (Reply::ModuleChanged(changed), Some(agent)) if ends_hold(command) => {
                self.tokens.forget(agent, &changed.module.id);
            }
            _ => {}
        }
    }

    /// The rules don't read what people say of modules and handoffs, but whoever works on them does.
    fn with_texts(&self, mut reply: Reply) -> Result<Reply, Failure> {
        if let Some(module) = module_of(&mut reply) {
            let id = module.id.clone();
            module.tell(&self.with_store(|store| store.brief(&id))?);
        }
        if let Reply::HandedOver(HandedOver { handoff, .. }) = &mut reply {
            let notes = self.with_store(Store::notes)?;
            handoff.tell(notes.get(&handoff.id));
        }
        Ok(reply)
    }
}

fn ends_hold(command: &Command) -> bool {
    use Command::*;
    matches!(command, Release(_) | Finish(_) | Submit(_) | RequestChanges(_) | Approve(_) | Cancel(_))
}

fn module_of(reply: &mut Reply) -> Option<&mut ModuleWire> {
    match reply {
        Reply::ModuleChanged(reply) => Some(&mut reply.module),
        Reply::Claimed(reply) => Some(&mut reply.module),
        Reply::Renewed(reply) => Some(&mut reply.module),
        Reply::HandedOver(reply) => Some(&mut reply.module),
        _ => None,
    }
}

pub(crate) fn fresh_seed() -> Result<Seed, Failure> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| Failure::internal(format!("no randomness: {error}")))?;
    Ok(Seed::new(bytes))
}

fn unknown() -> Failure {
    Failure::new(Code::Locked, "the board did not say whether the command was carried out")
        .hint("look at the board, then repeat it if it wasn't; with --request-id it can be repeated blindly")
}

impl LocalEngine {
    pub(crate) fn register(&self, registration: InitAgent) -> Outcome<Reply> {
        self.mutate(&Asking::default(), Command::InitAgent(registration))
    }
}
