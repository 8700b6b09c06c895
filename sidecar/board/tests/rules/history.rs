//! Random histories: whatever people and agents do in whatever order, the board stays sound.

use proptest::prelude::*;
use remit_board::{
    failure::Code,
    ids::{AgentId, ModuleId},
    module::Status,
    scope::{CaseRule, overlap},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

use crate::play::Play;

#[derive(Clone, Debug)]
enum Step {
    Do { who: &'static str, name: &'static str, arguments: Value },
    Pass(u64),
}

const AGENTS: [&str; 3] = ["a", "b", "r"];
const MODULES: [&str; 4] = ["m0", "m1", "m2", "m3"];

fn step() -> impl Strategy<Value = Step> {
    let who = prop::sample::select(AGENTS.to_vec());
    let module = prop::sample::select(MODULES.to_vec());
    let command = prop::sample::select(vec![
        "claim",
        "claim",
        "claim-next",
        "heartbeat",
        "release",
        "finish",
        "reclaim",
        "handoff-bundle",
        "claim-handoff",
        "ack-handoff",
        "init-agent",
    ]);
    let act = (who, module, command, 1..120u64).prop_map(|(who, module, name, ttl)| {
        let arguments = match name {
            "claim" | "heartbeat" | "claim-handoff" => json!({ "module": module, "ttl_seconds": ttl }),
            "claim-next" => json!({ "ttl_seconds": ttl }),
            "reclaim" => json!({}),
            "init-agent" => json!({ "thread_key": who }),
            _ => json!({ "module": module }),
        };
        Step::Do { who, name, arguments }
    });
    prop_oneof![5 => act, 1 => (1..90u64).prop_map(Step::Pass)]
}

fn start(safe: bool) -> Play {
    let mut play = Play::with_agents();
    play.module("m0", &[], &["src/*.rs"]);
    play.module("m1", &[], &["src/lib.rs", "docs"]);
    play.module("m2", &["m0"], &["docs/**/x"]);
    play.module("m3", &["m1", "m2"], &[]);
    play.safety(if safe { "safe" } else { "balanced" });
    play
}

/// Who holds what, kept as simply as can be: a claim that succeeds makes a holder, and only expiry lets another in.
#[derive(Default)]
struct Model {
    holders: BTreeMap<ModuleId, (AgentId, i64)>,
}

impl Model {
    fn check_claim(&mut self, play: &Play, agent: &AgentId, reply: &Value, before: i64) {
        let module: ModuleId = serde_json::from_value(reply["module"]["id"].clone()).unwrap();
        if let Some((holder, expires_at)) = self.holders.get(&module) {
            assert!(holder == agent || *expires_at <= before, "{module} was taken from a living holder");
        }
        let lease = &play.leases.0[&module];
        self.holders.insert(module, (agent.clone(), lease.expires_at.0));
    }
}

fn check_board(play: &Play) {
    for module in play.board.modules.values() {
        let lease = play.leases.of(&module.id);
        match module.status {
            Status::InProgress | Status::Blocked => {
                assert_eq!(
                    lease.map(|lease| &lease.holder),
                    module.owner.as_ref(),
                    "{} has one holder",
                    module.id
                );
            }
            Status::Todo => assert!(lease.is_none() && module.owner.is_none(), "{} is free", module.id),
            Status::Done => assert!(lease.is_none()),
            other => panic!("{other:?} can't be reached here"),
        }
        if module.status != Status::Todo {
            assert!(play.board.open_dependencies(module).next().is_none(), "{} began too early", module.id);
        }
        assert!(module.revision <= play.board.revision);
    }
}

/// In `safe`, whoever claims meets nobody whose lease still runs.
fn check_claimed_in_safe(play: &Play, reply: &Value) {
    let claimed: ModuleId = serde_json::from_value(reply["module"]["id"].clone()).unwrap();
    let claimed = &play.board.modules[&claimed];
    for other in play.board.live_modules().filter(|other| other.owner != claimed.owner) {
        let binds = play.leases.of(&other.id).is_none_or(|lease| !lease.is_expired(play.now));
        let meet = overlap(&claimed.owned_paths, &other.owned_paths, CaseRule::Sensitive);
        assert!(!binds || meet.is_none(), "{} meets {}", claimed.id, other.id);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: if std::env::var_os("REMIT_SOAK").is_some() { 20_000 } else { 300 }, ..ProptestConfig::default() })]

    #[test]
    fn one_holder_at_most_and_no_mutation_with_an_old_token(safe: bool, steps in prop::collection::vec(step(), 1..60)) {
        let mut play = start(safe);
        let mut model = Model::default();
        for step in steps {
            let (who, name, arguments) = match step {
                Step::Pass(seconds) => { play.pass(seconds); continue; }
                Step::Do { who, name, arguments } => (who, name, arguments),
            };
            let agent = play.agent(who);
            let (revision, now) = (play.board.revision, play.now.0);
            let result = play.run(who, name, arguments.clone());
            match (&result, name) {
                (Ok(reply), "claim" | "claim-next") => {
                    model.check_claim(&play, &agent, reply, now);
                    if safe {
                        check_claimed_in_safe(&play, reply);
                    }
                    prop_assert_eq!(play.board.revision, revision + 1);
                }
                (Ok(_), "claim-handoff") => {
                    let module: ModuleId = serde_json::from_value(arguments["module"].clone()).unwrap();
                    let lease = &play.leases.0[&module];
                    model.holders.insert(module, (agent, lease.expires_at.0));
                    prop_assert_eq!(play.board.revision, revision + 1);
                }
                (Ok(_), "heartbeat") => {
                    let module: ModuleId = serde_json::from_value(arguments["module"].clone()).unwrap();
                    let lease = &play.leases.0[&module];
                    prop_assert_eq!(&lease.holder, &agent);
                    model.holders.insert(module, (agent, lease.expires_at.0));
                    prop_assert!(play.board.revision <= revision + 1);
                }
                (Ok(_), "release" | "finish") => {
                    let module: ModuleId = serde_json::from_value(arguments["module"].clone()).unwrap();
                    let (holder, _) = model.holders.remove(&module).expect("only what is held is given up");
                    prop_assert_eq!(holder, agent);
                    prop_assert_eq!(play.board.revision, revision + 1);
                }
                (Ok(reply), "reclaim") => {
                    for row in reply["modules"].as_array().unwrap() {
                        let module: ModuleId = serde_json::from_value(row["module"].clone()).unwrap();
                        let (_, expires_at) = model.holders.remove(&module).expect("only what is held is reclaimed");
                        prop_assert!(expires_at <= now);
                    }
                }
                (Ok(_), _) => prop_assert_eq!(play.board.revision, revision + 1),
                (Err(failure), _) => {
                    prop_assert_eq!(play.board.revision, revision);
                    prop_assert!(failure.code != Code::Internal, "{}", failure.message);
                }
            }
            let held: BTreeMap<ModuleId, AgentId> = play.leases.0.values().map(|l| (l.module.clone(), l.holder.clone())).collect();
            let modelled: BTreeMap<ModuleId, AgentId> = model.holders.iter().map(|(m, (a, _))| (m.clone(), a.clone())).collect();
            prop_assert_eq!(held, modelled);
            check_board(&play);
        }
    }
}
