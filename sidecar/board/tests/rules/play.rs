//! A board that commands are played on, with a clock that the test moves.

use remit_board::{
    board::{Board, LeaseChange, Leases, Text},
    command::{Asking, Command},
    decide::{Caller, DoneBefore, Situation, decide, fenced_module, renew_window},
    event::NewEvent,
    failure::{Code, Failure},
    ids::{AgentId, LeaseToken, ModuleId, Seed},
    intake::Survey,
    mode::BoardDisk,
    module::{Lease, Status},
    reply::Reply,
    scope::CaseRule,
    time::Millis,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Clone)]
pub struct Play {
    pub board: Board,
    pub leases: Leases,
    pub now: Millis,
    pub events: Vec<NewEvent>,
    pub texts: Vec<Text>,
    /// What each agent remembers of its tokens, as its files would.
    pub tokens: BTreeMap<(AgentId, ModuleId), LeaseToken>,
    pub while_session: bool,
    pub branch: String,
    /// What `intake` finds.
    pub survey: Survey,
    drawn: u8,
}

impl Play {
    pub fn new() -> Self {
        Self {
            board: Board { project: "test".to_owned(), ..Board::default() },
            leases: Leases::default(),
            now: Millis(1_000_000),
            events: Vec::new(),
            texts: Vec::new(),
            tokens: BTreeMap::new(),
            while_session: false,
            branch: "main".to_owned(),
            survey: Survey::default(),
            drawn: 0,
        }
    }

    /// A board with workers `a` and `b`, reviewer `r` and coordinator `c`.
    pub fn with_agents() -> Self {
        let mut play = Self::new();
        for (key, role) in [("a", "worker"), ("b", "worker"), ("r", "reviewer"), ("c", "coordinator")] {
            play.run(key, "init-agent", json!({ "thread_key": key, "role": role })).unwrap();
        }
        play
    }

    pub fn agent(&self, key: &str) -> AgentId {
        AgentId::of_thread(&self.board.project, &key.parse().unwrap(), 0)
    }

    pub fn module(&mut self, id: &str, depends_on: &[&str], owned_paths: &[&str]) {
        let arguments = json!({ "id": id, "depends_on": depends_on, "owned_paths": owned_paths });
        self.run("a", "add-module", arguments).unwrap();
    }

    pub fn run(&mut self, who: &str, name: &str, arguments: Value) -> Result<Value, Failure> {
        self.ask(who, name, arguments, Asking::default())
    }

    pub fn ask(&mut self, who: &str, name: &str, arguments: Value, asking: Asking) -> Result<Value, Failure> {
        let command = Command::from_json(name, arguments.clone()).unwrap();
        let command = command.unwrap_or_else(|error| panic!("{name} {arguments}: {error}"));
        self.drawn = self.drawn.wrapping_add(1);
        let seed = Seed::new([self.drawn; 32]);
        let registers = matches!(command, Command::InitAgent(_));
        let agent = (!registers).then(|| self.agent(who));
        let kept = agent
            .clone()
            .zip(fenced_module(&command).cloned())
            .and_then(|key| self.tokens.get(&key).cloned());
        let asking = Asking { while_session: self.while_session, ..asking };
        let caller = Caller {
            agent: agent.clone(),
            token: asking.lease_token.clone().or(kept),
            worktree: Some("/repo".to_owned()),
            head: None,
            branch: Some(self.branch.clone()),
            host: Some("host".parse().unwrap()),
            window: Some(format!("window-{who}").parse().unwrap()),
        };
        let situation = self.situation(&asking, &caller, &seed);
        let decision = decide(&situation, &command)?;
        assert_eq!(decision, decide(&situation, &command).unwrap(), "the same inputs give the same decision");
        if !decision.is_bookkeeping() {
            self.board.revision += 1;
            assert!(!decision.events.is_empty(), "every mutation leaves an event: {name}");
        }
        decision.rows.into_iter().for_each(|row| self.board.apply(row));
        decision.leases.into_iter().for_each(|change| self.leases.apply(change));
        self.events.extend(decision.events);
        self.texts.extend(decision.texts);
        self.keep(agent, &decision.reply);
        Ok(serde_json::to_value(decision.reply).unwrap())
    }

    /// What a window's bookkeeping changes, having seen these leases.
    pub fn renew(&mut self, seen: &[&Lease]) -> Vec<LeaseChange> {
        let (asking, caller, seed) = (Asking::default(), Caller::default(), Seed::new([0; 32]));
        let changes = renew_window(&self.situation(&asking, &caller, &seed), seen);
        changes.iter().cloned().for_each(|change| self.leases.apply(change));
        changes
    }

    fn situation<'a>(&'a self, asking: &'a Asking, caller: &'a Caller, seed: &'a Seed) -> Situation<'a> {
        Situation {
            board: &self.board,
            leases: &self.leases,
            now: self.now,
            asking,
            caller,
            seed,
            case: CaseRule::Sensitive,
            disk: BoardDisk::Local,
            before: DoneBefore::Nothing,
            bundle: None,
            survey: Some(&self.survey),
        }
    }

    fn keep(&mut self, agent: Option<AgentId>, reply: &Reply) {
        match (reply, agent) {
            (Reply::Claimed(claimed), Some(agent)) => {
                self.tokens.insert((agent, claimed.module.id.clone()), claimed.lease.token.clone());
            }
            (Reply::Renewed(renewed), Some(agent)) => {
                self.tokens.insert((agent, renewed.module.id.clone()), renewed.lease.token.clone());
            }
            (Reply::Registered(registered), _) => {
                for lease in &registered.leases {
                    self.tokens.insert(
                        (registered.agent_id.clone(), lease.module.clone()),
                        lease.lease.token.clone(),
                    );
                }
            }
            _ => {}
        }
    }

    pub fn claim(&mut self, who: &str, module: &str) -> Result<Value, Failure> {
        self.run(who, "claim", json!({ "module": module }))
    }

    pub fn code(&mut self, who: &str, name: &str, arguments: Value) -> Code {
        let before = (self.board.clone(), self.leases.clone());
        let code = self.run(who, name, arguments).expect_err("this must be refused").code;
        assert_eq!(before, (self.board.clone(), self.leases.clone()), "a refusal changes nothing");
        code
    }

    pub fn status(&self, module: &str) -> Status {
        self.board.modules[&module.parse::<ModuleId>().unwrap()].status
    }

    pub fn owner(&self, module: &str) -> Option<AgentId> {
        self.board.modules[&module.parse::<ModuleId>().unwrap()].owner.clone()
    }

    pub fn pass(&mut self, seconds: u64) {
        self.now = self.now.plus_seconds(seconds);
    }

    pub fn notified(&self, kind: &str) -> Vec<String> {
        let addressed = self.events.iter().filter(|event| event.kind == kind);
        addressed.filter_map(|event| event.target.as_ref().map(ToString::to_string)).collect()
    }

    pub fn safety(&mut self, profile: &str) {
        let arguments =
            json!({ "confirm_workspace": true, "confirm_branch": true, "safety_profile": profile });
        self.run("a", "preflight", arguments).unwrap();
    }
}
