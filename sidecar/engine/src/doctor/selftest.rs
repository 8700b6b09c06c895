//! A day on a scratch board: shows on this very machine, disk and binary that boards work.

use std::path::Path;

use remit_board::{
    command::{Asking, Command, Query},
    door::Engine,
    failure::Failure,
    reply::Check,
};
use serde_json::{Value, json};

use crate::{local::LocalEngine, tokens::TokenKeep};

/// One line for each step of the day; the first that fails is the last.
pub(super) fn play() -> Vec<Check> {
    let folder = match tempfile::tempdir() {
        Ok(folder) => folder,
        Err(error) => {
            return vec![Check::problem("self-test", format!("no temporary folder can be made: {error}"))];
        }
    };
    let mut day = match Day::new(folder.path()) {
        Ok(day) => day,
        Err(failure) => return vec![failed("start", &failure)],
    };
    for (step, act) in STEPS {
        match act(&mut day) {
            Ok(said) => day.checks.push(Check::ok("self-test", format!("{step}: {said}"))),
            Err(failure) => {
                day.checks.push(failed(step, &failure));
                break;
            }
        }
    }
    day.checks
}

fn failed(step: &str, failure: &Failure) -> Check {
    Check::problem("self-test", format!("{step}: {}", failure.message))
        .advice("please report this with `remit --version`")
}

type Step = fn(&mut Day) -> Result<String, Failure>;

const STEPS: [(&str, Step); 8] = [
    ("make a board", |day| day.run("", "bootstrap", json!({})).map(|_| "made".to_owned())),
    ("plan", |day| {
        day.run("", "add-module", json!({ "id": "core", "owned_paths": ["src/core"] }))?;
        day.run("", "add-module", json!({ "id": "web", "depends_on": ["core"] }))
            .map(|_| "two modules".to_owned())
    }),
    ("register", |day| {
        day.register("ann", "worker")?;
        day.register("ben", "worker")?;
        Ok("two workers".to_owned())
    }),
    ("claim", |day| {
        let claimed = day.run("ann", "claim-next", json!({}))?;
        expect(&claimed["module"]["id"], "core")?;
        day.refused("ben", "claim", json!({ "module": "core" }))?;
        day.run("ann", "heartbeat", json!({ "module": "core" })).map(|_| "one holder".to_owned())
    }),
    ("hand over", |day| {
        day.run("ann", "handoff-bundle", json!({ "module": "core", "summary": "half done" }))?;
        day.run("ben", "claim-handoff", json!({ "module": "core" }))?;
        day.refused("ann", "finish", json!({ "module": "core" }))?;
        day.run("ben", "ack-handoff", json!({ "module": "core" })).map(|_| "the lease passed".to_owned())
    }),
    ("finish", |day| {
        day.run("ben", "finish", json!({ "module": "core" }))?;
        let claimed = day.run("ann", "claim-next", json!({}))?;
        expect(&claimed["module"]["id"], "web")?;
        day.run("ann", "release", json!({ "module": "web" })).map(|_| "what waited is free".to_owned())
    }),
    ("write files", |day| {
        day.engine.try_to_be_steward();
        let shown = std::fs::read_to_string(day.engine.plan.state_json()).unwrap_or_default();
        let shown: Value = serde_json::from_str(&shown).unwrap_or_default();
        let state = day.ask("state")?;
        if shown["revision"] == state["revision"] {
            Ok("they show the newest revision".to_owned())
        } else {
            Err(Failure::internal("state.json is behind the board"))
        }
    }),
    ("validate", |day| day.run("", "validate", json!({})).map(|_| "sound".to_owned())),
];

struct Day {
    engine: LocalEngine,
    agents: std::collections::BTreeMap<String, String>,
    checks: Vec<Check>,
}

impl Day {
    /// Nothing outside of the folder is touched: neither the user's state nor a repository around it.
    fn new(folder: &Path) -> Result<Self, Failure> {
        let root = folder.join("repository");
        std::fs::create_dir(&root).map_err(Failure::internal)?;
        let mut engine = LocalEngine::at(&root, None, None)?;
        engine.tokens = TokenKeep::in_state(&folder.join("state"));
        Ok(Self { engine, agents: Default::default(), checks: Vec::new() })
    }

    fn register(&mut self, who: &str, role: &str) -> Result<(), Failure> {
        let arguments = json!({ "thread_key": who, "role": role, "window_id": who });
        let registered = self.run("", "init-agent", arguments)?;
        let id = registered["agent_id"].as_str().unwrap_or_default().to_owned();
        self.agents.insert(who.to_owned(), id);
        Ok(())
    }

    fn run(&self, who: &str, name: &str, arguments: Value) -> Result<Value, Failure> {
        let agent_id = self.agents.get(who).and_then(|id| id.parse().ok());
        let command = Command::from_json(name, arguments)
            .ok_or_else(|| Failure::internal(format!("there is no command {name}")))?
            .map_err(Failure::internal)?;
        let reply = self.engine.execute(&Asking { agent_id, ..Asking::default() }, command).result?;
        serde_json::to_value(reply).map_err(Failure::internal)
    }

    fn refused(&self, who: &str, name: &str, arguments: Value) -> Result<(), Failure> {
        match self.run(who, name, arguments) {
            Ok(_) => Err(Failure::internal(format!("{name} by somebody else was not refused"))),
            Err(_) => Ok(()),
        }
    }

    fn ask(&self, name: &str) -> Result<Value, Failure> {
        let query = Query::from_json(name, json!({}))
            .ok_or_else(|| Failure::internal(format!("there is no question {name}")))?
            .map_err(Failure::internal)?;
        let answer = self.engine.query(&Asking::default(), query).result?;
        serde_json::to_value(answer).map_err(Failure::internal)
    }
}

fn expect(found: &Value, wanted: &str) -> Result<(), Failure> {
    if found == wanted { Ok(()) } else { Err(Failure::internal(format!("{found} instead of {wanted}"))) }
}
