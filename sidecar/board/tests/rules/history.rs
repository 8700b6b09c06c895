//! Random histories: whatever people and agents do in whatever order, the board stays sound.
//!
//! The model is as simple as can be: where each module stands, whose it is, who holds it and until when. Each command
//! that was done must have been possible in it, and must leave the board where it leaves the model.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use proptest::{
    prelude::*,
    test_runner::{RngAlgorithm, TestCaseError, TestRng, TestRunner},
};
use remit_board::{
    command::Asking,
    failure::Code,
    ids::{AgentId, LeaseToken, ModuleId},
    module::Status,
    scope::{CaseRule, overlap},
    time::Millis,
};
use serde_json::{Value, json};

use crate::play::Play;

use Status::{Blocked, Cancelled, Done, InProgress, InReview, ReviewReady, Todo};

#[derive(Clone, Debug)]
enum Step {
    Do {
        who: &'static str,
        name: &'static str,
        arguments: Value,
    },
    /// The same with a token that was good once.
    WithOldToken {
        who: &'static str,
        name: &'static str,
        arguments: Value,
    },
    /// The same as a window that was registered again since.
    WithOldEpoch {
        who: &'static str,
        name: &'static str,
        arguments: Value,
    },
    /// What makes sense of the module as it stands, by who may do it, or by somebody else; perhaps with an old token.
    GoOn {
        module: &'static str,
        pick: prop::sample::Index,
        with_old_token: bool,
        ttl: u64,
    },
    Pass(u64),
    /// The clock is set: by so many seconds, back or forth.
    SetClock(i64),
}

const AGENTS: [&str; 4] = ["a", "b", "r", "c"];
const MODULES: [&str; 4] = ["m0", "m1", "m2", "m3"];
const COMMANDS: [&str; 24] = [
    "claim",
    "claim",
    "claim-next",
    "heartbeat",
    "release",
    "finish",
    "block",
    "unblock",
    "submit",
    "submit",
    "start-review",
    "start-review",
    "claim-review-next",
    "request-changes",
    "approve",
    "approve",
    "cancel",
    "reclaim",
    "handoff-bundle",
    "claim-handoff",
    "ack-handoff",
    "assign",
    "request-handoff",
    "init-agent",
];
/// What a stale token or epoch is tried on.
const FENCED: [&str; 9] = [
    "heartbeat",
    "release",
    "finish",
    "block",
    "unblock",
    "submit",
    "request-changes",
    "approve",
    "handoff-bundle",
];

fn arguments(name: &str, who: &str, module: &str, ttl: u64) -> Value {
    match name {
        "claim" | "heartbeat" | "claim-handoff" | "start-review" => {
            json!({ "module": module, "ttl_seconds": ttl })
        }
        "claim-next" | "claim-review-next" => json!({ "ttl_seconds": ttl }),
        "block" | "request-changes" => json!({ "module": module, "reason": "because" }),
        "assign" => json!({ "module": module, "to": format!("agent:{}", Play::new().agent(who)) }),
        "reclaim" => json!({}),
        "init-agent" => json!({ "thread_key": who }),
        _ => json!({ "module": module }),
    }
}

fn step() -> impl Strategy<Value = Step> {
    let who = || prop::sample::select(AGENTS.to_vec());
    let module = || prop::sample::select(MODULES.to_vec());
    let act = (who(), module(), prop::sample::select(COMMANDS.to_vec()), 1..120u64).prop_map(
        |(who, module, name, ttl)| Step::Do { who, name, arguments: arguments(name, who, module, ttl) },
    );
    let fenced = (who(), module(), prop::sample::select(FENCED.to_vec()), any::<bool>());
    let stale = fenced.prop_map(|(who, module, name, by_token)| {
        let arguments = arguments(name, who, module, 60);
        // An offer may be made without a lease: by the owner of what waits for review, or after the lease ran out.
        match by_token && name != "handoff-bundle" {
            true => Step::WithOldToken { who, name, arguments },
            false => Step::WithOldEpoch { who, name, arguments },
        }
    });
    let go_on = (module(), any::<prop::sample::Index>(), prop::bool::weighted(0.35), 1..120u64)
        .prop_map(|(module, pick, with_old_token, ttl)| Step::GoOn { module, pick, with_old_token, ttl });
    let set_clock = (-5_000..5_000i64).prop_map(Step::SetClock);
    prop_oneof![24 => act, 24 => go_on, 4 => stale, 4 => (1..90u64).prop_map(Step::Pass), 1 => set_clock]
}

/// What may follow on a status: by the holder, or by somebody who has no part in it.
fn sensible(status: Status) -> &'static [(bool, &'static str)] {
    const HOLDER: bool = true;
    const OTHER: bool = false;
    match status {
        Todo => &[(OTHER, "claim")],
        InProgress => &[
            (HOLDER, "block"),
            (HOLDER, "block"),
            (HOLDER, "submit"),
            (HOLDER, "submit"),
            (HOLDER, "heartbeat"),
            (HOLDER, "finish"),
            (HOLDER, "handoff-bundle"),
            (HOLDER, "ack-handoff"),
            (HOLDER, "ack-handoff"),
            (OTHER, "claim-handoff"),
            (OTHER, "claim-handoff"),
            (OTHER, "request-handoff"),
        ],
        Blocked => &[
            (HOLDER, "unblock"),
            (HOLDER, "unblock"),
            (HOLDER, "unblock"),
            (HOLDER, "release"),
            (HOLDER, "handoff-bundle"),
            (OTHER, "claim"),
        ],
        ReviewReady => &[(OTHER, "start-review")],
        InReview => &[(HOLDER, "approve"), (HOLDER, "request-changes"), (OTHER, "start-review")],
        Done | Cancelled => &[(OTHER, "cancel")],
    }
}

impl Step {
    /// As it is meant on this board.
    fn on(self, play: &Play) -> Step {
        let Step::GoOn { module, pick, with_old_token, ttl } = self else { return self };
        let now = &play.board.modules[&module.parse::<ModuleId>().unwrap()];
        let (by_holder, name) = *pick.get(sensible(now.status));
        let holder = play.leases.of(&now.id).map(|lease| lease.holder.clone());
        let fits = |who: &&&str| {
            let who = Some(play.agent(who));
            if by_holder { who == holder } else { who != holder && who != now.owner }
        };
        let who = AGENTS.iter().find(fits).copied().unwrap_or("a");
        let arguments = arguments(name, who, module, ttl);
        match with_old_token && FENCED.contains(&name) && name != "handoff-bundle" {
            true => Step::WithOldToken { who, name, arguments },
            false => Step::Do { who, name, arguments },
        }
    }
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

#[derive(Clone, Debug, PartialEq)]
struct Stand {
    status: Status,
    owner: Option<AgentId>,
    /// Until when: on the test's clock.
    held: Option<(AgentId, i64)>,
}

struct Model {
    modules: BTreeMap<ModuleId, Stand>,
    coordinator: AgentId,
}

impl Model {
    fn of(play: &Play) -> Self {
        let free = || Stand { status: Todo, owner: None, held: None };
        let modules = play.board.modules.keys().map(|id| (id.clone(), free())).collect();
        Self { modules, coordinator: play.agent("c") }
    }

    /// Where a command that was done leaves the module, if it could be done at all.
    fn after(&self, name: &str, agent: &AgentId, id: &ModuleId, now: i64, until: i64) -> Option<Stand> {
        let at = &self.modules[id];
        let mine = at.held.as_ref().is_some_and(|(holder, _)| holder == agent);
        let takeable = at.held.as_ref().is_none_or(|(holder, until)| holder == agent || *until <= now);
        let own_work = at.owner.as_ref() == Some(agent);
        let by_me = |status| Stand { status, held: Some((agent.clone(), until)), ..at.clone() };
        let ended = |status| Stand { status, held: None, ..at.clone() };
        let moved = |status| Stand { status, ..at.clone() };
        let after = match (name, at.status) {
            ("claim" | "claim-next", Todo) => Stand { owner: Some(agent.clone()), ..by_me(InProgress) },
            ("claim" | "claim-next", InProgress | Blocked) if takeable => {
                Stand { owner: Some(agent.clone()), ..by_me(InProgress) }
            }
            ("heartbeat", status) if mine => by_me(status),
            ("release", InProgress | Blocked) if mine => Stand { owner: None, ..ended(Todo) },
            ("release", InReview) if mine => ended(ReviewReady),
            ("reclaim", InProgress | Blocked) if takeable => Stand { owner: None, ..ended(Todo) },
            ("reclaim", InReview) if takeable => ended(ReviewReady),
            ("finish", InProgress) if mine => ended(Done),
            ("block", InProgress) if mine => moved(Blocked),
            ("unblock", Blocked) if mine => moved(InProgress),
            ("submit", InProgress) if mine => ended(ReviewReady),
            ("start-review" | "claim-review-next", ReviewReady | InReview) if takeable && !own_work => {
                by_me(InReview)
            }
            ("request-changes", InReview) if mine => {
                Stand { status: InProgress, held: Some((at.owner.clone()?, until)), ..at.clone() }
            }
            ("approve", InReview) if mine => ended(Done),
            ("cancel", status) if status != Done && (mine || *agent == self.coordinator) => ended(Cancelled),
            ("claim-handoff", status @ (InProgress | Blocked)) => {
                Stand { owner: Some(agent.clone()), ..by_me(status) }
            }
            ("claim-handoff", ReviewReady | InReview) if !own_work => by_me(InReview),
            ("handoff-bundle", InProgress | Blocked | InReview) if takeable => at.clone(),
            ("handoff-bundle", ReviewReady) if own_work => at.clone(),
            ("ack-handoff", _) => at.clone(),
            ("assign", status) if !matches!(status, Done | Cancelled) => at.clone(),
            ("request-handoff", InProgress | Blocked | ReviewReady | InReview) if !mine => at.clone(),
            _ => return None,
        };
        Some(after)
    }

    fn follow(&mut self, name: &str, agent: &AgentId, play: &Play, reply: &Value, now: i64) {
        for id in moved_modules(reply) {
            let until = play.leases.of(&id).map_or(0, |lease| lease.expires_at.0);
            let after = self.after(name, agent, &id, now, until);
            let after = after
                .unwrap_or_else(|| panic!("{name} by {agent} was not possible: {:?}", self.modules[&id]));
            if name.starts_with("claim") && self.modules[&id].status == Todo {
                let done = |on: &ModuleId| self.modules[on].status == Done;
                assert!(play.board.modules[&id].depends_on.iter().all(done), "{id} began too early");
            }
            self.modules.insert(id, after);
        }
    }

    fn assert_is(&self, play: &Play) {
        for (id, stand) in &self.modules {
            let module = &play.board.modules[id];
            let held = play.leases.of(id).map(|lease| (lease.holder.clone(), lease.expires_at.0));
            let real = Stand { status: module.status, owner: module.owner.clone(), held };
            assert_eq!((id, &real), (id, stand));
            if module.status == InReview {
                assert_ne!(real.held.map(|(holder, _)| holder), real.owner, "nobody reviews their own work");
            }
            assert!(module.revision <= play.board.revision);
        }
    }
}

fn moved_modules(reply: &Value) -> Vec<ModuleId> {
    let id = |value: &Value| serde_json::from_value(value.clone()).unwrap();
    match (&reply["module"], &reply["modules"]) {
        (Value::Object(module), _) => vec![id(&module["id"])],
        (_, Value::Array(rows)) => rows.iter().map(|row| id(&row["module"])).collect(),
        _ => Vec::new(),
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

/// Every token that was ever given out for a module, to whomever.
#[derive(Default)]
struct Tokens(Vec<(ModuleId, LeaseToken)>);

impl Tokens {
    fn note(&mut self, play: &Play) {
        for lease in play.leases.0.values() {
            if self.0.iter().all(|(_, token)| *token != lease.token) {
                self.0.push((lease.module.clone(), lease.token.clone()));
            }
        }
    }

    fn old(&self, play: &Play, module: &str) -> Option<LeaseToken> {
        let current = |token: &LeaseToken| play.leases.0.values().any(|lease| lease.token == *token);
        self.0
            .iter()
            .find(|(id, token)| id.as_str() == module && !current(token))
            .map(|(_, token)| token.clone())
    }
}

fn old_epoch(play: &Play, who: &str) -> Option<Asking> {
    let agent = play.agent(who);
    let session = play.board.sessions.values().find(|session| session.agent == agent && session.epoch > 1)?;
    let (session_id, session_epoch) = (Some(session.id.clone()), Some(session.epoch - 1));
    Some(Asking { session_id, session_epoch, ..Asking::default() })
}

fn refused_unchanged(play: &mut Play, who: &str, name: &str, arguments: Value, asking: Asking) -> Code {
    let before = (play.board.clone(), play.leases.clone());
    let refusal = play.ask(who, name, arguments, asking).expect_err("what is stale changes nothing");
    assert_eq!(before, (play.board.clone(), play.leases.clone()));
    refusal.code
}

/// What became of commands, over all histories; `None` for done.
type Outcomes = RefCell<BTreeSet<(&'static str, Option<String>)>>;

fn play(safe: bool, steps: Vec<Step>, outcomes: &Outcomes) -> Result<(), TestCaseError> {
    let mut play = start(safe);
    let mut model = Model::of(&play);
    let mut tokens = Tokens::default();
    for step in steps {
        let (who, name, arguments) = match step.on(&play) {
            Step::GoOn { .. } => unreachable!("it was made a command"),
            Step::Pass(seconds) => {
                play.pass(seconds);
                continue;
            }
            Step::SetClock(seconds) => {
                play.now = Millis(play.now.0 + seconds * 1000);
                continue;
            }
            Step::Do { who, name, arguments } => (who, name, arguments),
            Step::WithOldToken { who, name, arguments } => {
                if let Some(old) = tokens.old(&play, arguments["module"].as_str().unwrap()) {
                    let asking = Asking { lease_token: Some(old), ..Asking::default() };
                    let code = refused_unchanged(&mut play, who, name, arguments, asking);
                    prop_assert!(
                        matches!(code, Code::StaleLease | Code::NotHolder | Code::WrongStatus),
                        "{:?}",
                        code
                    );
                    outcomes.borrow_mut().insert((name, Some(format!("{code:?} by an old token"))));
                }
                continue;
            }
            Step::WithOldEpoch { who, name, arguments } => {
                if let Some(asking) = old_epoch(&play, who) {
                    let code = refused_unchanged(&mut play, who, name, arguments, asking);
                    prop_assert_eq!(code, Code::StaleSessionEpoch);
                    outcomes.borrow_mut().insert((name, Some(format!("{code:?}"))));
                }
                continue;
            }
        };
        let (agent, revision, now) = (play.agent(who), play.board.revision, play.now.0);
        let before = (play.board.clone(), play.leases.clone());
        match play.run(who, name, arguments) {
            Ok(reply) => {
                model.follow(name, &agent, &play, &reply, now);
                if safe && matches!(name, "claim" | "claim-next") {
                    check_claimed_in_safe(&play, &reply);
                }
                let in_time = name == "heartbeat" && play.board.revision == revision;
                prop_assert!(in_time || play.board.revision == revision + 1);
                outcomes.borrow_mut().insert((name, None));
            }
            Err(failure) => {
                prop_assert!(failure.code != Code::Internal, "{}", failure.message);
                prop_assert!(
                    before == (play.board.clone(), play.leases.clone()),
                    "a refusal changes nothing"
                );
                outcomes.borrow_mut().insert((name, Some(format!("{:?}", failure.code))));
            }
        }
        tokens.note(&play);
        model.assert_is(&play);
    }
    Ok(())
}

/// Every command was done, and refused for each of its reasons: else the histories say less than they seem to.
fn assert_all_met(outcomes: &BTreeSet<(&'static str, Option<String>)>) {
    let not_mine = ["NotHolder", "WrongStatus", "StaleLease by an old token", "StaleSessionEpoch"];
    let reasons = |name: &str| match name {
        "claim" => vec!["LeaseHeld", "WrongStatus", "DependencyOpen", "ScopeOverlap"],
        "start-review" => vec!["LeaseHeld", "WrongStatus", "NotHolder"],
        "claim-next" | "claim-review-next" | "reclaim" => vec!["Nothing"],
        name if FENCED.contains(&name) && !matches!(name, "heartbeat" | "release" | "handoff-bundle") => {
            not_mine.to_vec()
        }
        "heartbeat" | "release" => vec!["NotHolder", "StaleLease by an old token", "StaleSessionEpoch"],
        "handoff-bundle" => vec!["NotHolder", "StaleSessionEpoch"],
        "cancel" => vec!["NotHolder", "WrongStatus"],
        _ => vec![],
    };
    let missing: Vec<_> = COMMANDS
        .iter()
        .flat_map(|name| {
            let refused = reasons(name).into_iter().map(|reason| (*name, Some(reason.to_owned())));
            refused.chain([(*name, None)])
        })
        .filter(|outcome| !outcomes.contains(outcome))
        .collect();
    assert!(missing.is_empty(), "never met: {missing:?}; met: {outcomes:?}");
}

#[test]
fn one_holder_at_most_and_no_mutation_with_what_is_stale() {
    let soak = std::env::var_os("REMIT_SOAK").is_some();
    let config = ProptestConfig {
        cases: if soak { 20_000 } else { 600 },
        // A failing history is printed whole, when it is as short as can be.
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let (outcomes, histories) = (Outcomes::default(), (any::<bool>(), prop::collection::vec(step(), 1..80)));
    // The few of `npm test` are the same each time, so that what they meet is no matter of luck; the many of the soak are new.
    let mut runner = match soak {
        true => TestRunner::new(config),
        false => TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
    };
    let run = runner.run(&histories, |(safe, steps)| play(safe, steps, &outcomes));
    if let Err(error) = run {
        panic!("{error}");
    }
    assert_all_met(&outcomes.borrow());
}
