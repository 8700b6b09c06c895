//! A day on a board by the real rules, played on a disk and in memory at once.

use std::collections::BTreeMap;

use remit_board::{
    command::{Asking, Command},
    cursor::{Cursor, Stream},
    decide::{Caller, DoneBefore, Situation, decide, fenced_module},
    ids::{AgentId, LeaseToken, ModuleId, Seed},
    mode::BoardDisk,
    reply::{CursorMoved, Reply},
    scope::CaseRule,
};
use remit_store::{
    Outcome, Request, Store, StoreError,
    testing::{MemoryStore, Sample, StillClock},
};
use serde_json::{Value, json};

use crate::board::view;

#[derive(Clone, Debug)]
pub enum Act {
    Do {
        who: &'static str,
        name: &'static str,
        arguments: Value,
        /// With a token that was good once.
        stale: bool,
    },
    Acknowledge {
        up_to: u64,
    },
    Pass {
        seconds: u64,
    },
    /// What a long-lived process does in a quiet moment.
    Upkeep,
    /// The last process leaves, and another comes.
    Reopen,
}

/// Every way in which a board is written: claims, reviews, a handover, a lease that runs out, refusals, bookkeeping.
pub fn acts() -> Vec<Act> {
    let act = |who, name, arguments| Act::Do { who, name, arguments, stale: false };
    let stale = |who, name, arguments| Act::Do { who, name, arguments, stale: true };
    let on = |module: &str| json!({ "module": module });
    let long = "A description that needs pages of its own. ".repeat(250);
    let plan = json!({ "modules": [
        { "id": "one", "description": long, "owned_paths": ["src/one"] },
        { "id": "two", "depends_on": ["one"] },
        { "id": "three", "description": "short" },
    ] });
    vec![
        act("ann", "init-agent", json!({ "thread_key": "ann" })),
        act("ben", "init-agent", json!({ "thread_key": "ben", "role": "reviewer" })),
        act("ann", "import-plan", plan),
        act("ann", "claim", on("one")),
        act("ben", "claim", on("one")),
        act("ann", "claim", on("one")),
        stale("ann", "submit", on("one")),
        act("ann", "block", json!({ "module": "one", "reason": "waiting" })),
        Act::Reopen,
        act("ann", "unblock", on("one")),
        act("ann", "submit", on("one")),
        act("ben", "start-review", on("one")),
        Act::Upkeep,
        act("ben", "request-changes", json!({ "module": "one", "reason": "once more" })),
        act("ann", "claim", on("one")),
        Act::Pass { seconds: 60 },
        act("ann", "heartbeat", on("one")),
        Act::Acknowledge { up_to: 3 },
        act("ann", "handoff-bundle", json!({ "module": "one", "next_steps": ["the rest"] })),
        act("ben", "claim-handoff", on("one")),
        act("ann", "finish", on("one")),
        act("ben", "finish", on("one")),
        act("ann", "claim-next", json!({ "ttl_seconds": 60 })),
        Act::Pass { seconds: 61 },
        act("ben", "reclaim", json!({})),
        stale("ann", "heartbeat", on("two")),
        Act::Upkeep,
        act("ben", "claim-next", json!({})),
    ]
}

/// The day as it is known to have been: the same acts on a store that does not fail.
pub struct Day {
    known: MemoryStore,
    kept: BTreeMap<(AgentId, ModuleId), LeaseToken>,
    /// Tokens that were replaced, by module.
    stale: BTreeMap<ModuleId, LeaseToken>,
}

impl Day {
    pub fn new(clock: &StillClock) -> Self {
        let known = MemoryStore::new("project", clock.clock());
        Self { known, kept: BTreeMap::new(), stale: BTreeMap::new() }
    }

    /// What must be seen of the board.
    pub fn known(&self) -> String {
        view(&mut self.known.clone())
    }

    /// Asks for the `n`th act: the same again is the same request.
    pub fn ask(&self, store: &mut dyn Store, n: usize, act: &Act) -> Result<Option<Outcome>, StoreError> {
        match act {
            Act::Do { who, name, arguments, stale } => {
                self.transact(store, n, who, name, arguments, *stale).map(Some)
            }
            Act::Acknowledge { up_to } => acknowledge(store, n, *up_to).map(Some),
            Act::Upkeep => store.upkeep(true).map(|()| None),
            Act::Pass { .. } | Act::Reopen => Ok(None),
        }
    }

    /// The act was answered so: it must be the answer that memory gives.
    pub fn follow(&mut self, n: usize, act: &Act, answered: &Option<Outcome>) {
        let known = self.ask(&mut self.known.clone(), n, act).unwrap();
        match (answered, &known) {
            (
                Some(Outcome::Replayed { revision, reply }),
                Some(Outcome::Committed { revision: at, reply: first }),
            ) => {
                assert_eq!((revision, reply), (at, &serde_json::to_value(first).unwrap()), "{act:?}");
            }
            _ => assert_eq!(answered, &known, "{act:?}"),
        }
        if let (Act::Do { who, .. }, Some(Outcome::Committed { reply, .. })) = (act, &known) {
            self.keep_token(who, reply);
        }
    }

    fn keep_token(&mut self, who: &str, reply: &Reply) {
        let (module, token) = match reply {
            Reply::Claimed(claimed) => (&claimed.module.id, &claimed.lease.token),
            Reply::Renewed(renewed) => (&renewed.module.id, &renewed.lease.token),
            _ => return,
        };
        if let Some(before) = self.kept.insert((agent(who), module.clone()), token.clone()) {
            self.stale.insert(module.clone(), before);
        }
        // Whoever loses a module remembers its token.
        for ((_, of), before) in self.kept.iter().filter(|((_, of), before)| of == module && *before != token)
        {
            self.stale.insert(of.clone(), before.clone());
        }
    }

    fn transact(
        &self,
        store: &mut dyn Store,
        n: usize,
        who: &str,
        name: &str,
        arguments: &Value,
        stale: bool,
    ) -> Result<Outcome, StoreError> {
        let command = Command::from_json(name, arguments.clone()).unwrap().unwrap();
        let registers = matches!(command, Command::InitAgent(_));
        let module = fenced_module(&command).cloned();
        let token = match (stale, module) {
            (true, Some(module)) => self.stale.get(&module).or(self.kept.get(&(agent(who), module))),
            (false, Some(module)) => self.kept.get(&(agent(who), module)),
            (_, None) => None,
        };
        let caller = Caller {
            agent: (!registers).then(|| agent(who)),
            token: token.cloned(),
            worktree: Some("/work".to_owned()),
            head: None,
            branch: Some("main".to_owned()),
            host: Some("host".parse().unwrap()),
            window: Some(format!("window-{who}").parse().unwrap()),
        };
        let (asking, seed) = (Asking::default(), Seed::new([u8::try_from(n).unwrap(); 32]));
        store.transact(&request(who, n), &mut |board, leases, now| {
            let situation = Situation {
                board,
                leases,
                now,
                asking: &asking,
                caller: &caller,
                seed: &seed,
                case: CaseRule::Sensitive,
                disk: BoardDisk::Local,
                before: DoneBefore::Nothing,
                bundle: None,
                survey: None,
            };
            decide(&situation, &command)
        })
    }
}

fn agent(who: &str) -> AgentId {
    AgentId::of_thread("project", &who.parse().unwrap(), 0)
}

fn request(who: &str, n: usize) -> Request {
    Request {
        agent: Some(agent(who)),
        ..Sample::request_with_id("x", &format!("request-{n}"), &n.to_string())
    }
}

fn acknowledge(store: &mut dyn Store, n: usize, up_to: u64) -> Result<Outcome, StoreError> {
    let id = "reader".parse().unwrap();
    let cursor = Cursor { agent: Some(agent("ann")), stream: Stream::Events, id };
    store.move_cursor(&request("ann", n), &cursor, &mut |_, _, _, range, _| {
        assert!(up_to <= range.last);
        Ok((up_to, CursorMoved { cursor_id: cursor.id.clone(), up_to }.into()))
    })
}
