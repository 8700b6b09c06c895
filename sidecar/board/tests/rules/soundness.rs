//! Boards that the rules never make: each flaw is found, and one repair takes all of them away.

use remit_board::{
    board::{Board, LeaseChange, Leases},
    ids::{ModuleId, Seed},
    module::{Module, Status},
    soundness::inspect,
    time::Millis,
};
use serde_json::json;

use crate::play::Play;

/// A board with a held, a reviewed and a waiting module, in order.
fn sound() -> Play {
    let mut play = Play::with_agents();
    play.module("held", &[], &["src/held"]);
    play.module("waits", &["held"], &[]);
    play.module("reviewed", &[], &[]);
    play.claim("a", "held").unwrap();
    play.claim("b", "reviewed").unwrap();
    play.run("b", "submit", json!({ "module": "reviewed" })).unwrap();
    play.run("r", "start-review", json!({ "module": "reviewed" })).unwrap();
    play
}

fn flaws(board: &Board, leases: &Leases) -> Vec<String> {
    let found = inspect(board, leases, Millis(5), &Seed::new([7; 32]));
    found.flaws.into_iter().map(|flaw| flaw.what).collect()
}

/// Applies the repair, after which nothing is left to repair.
fn repair(play: &mut Play) {
    let found = inspect(&play.board, &play.leases, Millis(5), &Seed::new([7; 32]));
    play.board.revision += 1;
    let revision = play.board.revision;
    for mut row in found.rows {
        use remit_board::board::Row;
        match &mut row {
            Row::Module(module) => module.revision = revision,
            Row::Agent(agent) => agent.revision = revision,
            Row::Session(session) => session.revision = revision,
            Row::Handoff(handoff) => handoff.revision = revision,
            _ => {}
        }
        play.board.apply(row);
    }
    found.leases.into_iter().for_each(|change| play.leases.apply(change));
    assert_eq!(flaws(&play.board, &play.leases), Vec::<String>::new());
}

type Spoil = fn(&mut Play);

fn module<'a>(play: &'a mut Play, id: &str) -> &'a mut Module {
    play.board.modules.get_mut(&id.parse::<ModuleId>().unwrap()).unwrap()
}

const SPOILS: &[(&str, Spoil)] = &[
    ("there is no such agent", |play| drop(play.board.agents.pop_first())),
    ("waits for gone, which is not on the board", |play| {
        module(play, "waits").depends_on.push("gone".parse().unwrap());
    }),
    ("waits for gone, which is not on the board", |play| {
        module(play, "waits").candidate_depends_on.push("gone".parse().unwrap());
    }),
    ("in a circle: held → waits → held", |play| {
        module(play, "held").depends_on.push("waits".parse().unwrap());
    }),
    ("in progress without an owner", |play| module(play, "held").owner = None),
    ("in-review without a reviewer", |play| module(play, "reviewed").reviewer = None),
    ("in-progress without a lease", |play| drop(play.leases.0.remove(&"held".parse::<ModuleId>().unwrap()))),
    ("todo, but there is a lease on it", |play| module(play, "held").status = Status::Todo),
    ("which is somebody else's work", |play| {
        let b = play.agent("b");
        module(play, "held").owner = Some(b);
    }),
    ("a lease on held, which is not on the board", |play| {
        play.board.modules.remove(&"held".parse::<ModuleId>().unwrap());
        module(play, "waits").depends_on.clear();
    }),
    ("but the board is at", |play| module(play, "waits").revision = 1_000),
    ("changed after the board's revision", |play| {
        play.board.sessions.values_mut().next().unwrap().revision = 1_000;
    }),
];

#[test]
fn what_the_rules_make_is_sound() {
    let play = sound();
    assert_eq!(flaws(&play.board, &play.leases), Vec::<String>::new());
}

#[test]
fn each_flaw_is_named_and_repaired() {
    for (expected, spoil) in SPOILS {
        let mut play = sound();
        spoil(&mut play);
        let found = flaws(&play.board, &play.leases);
        let words = expected
            .replace("in progress", "in-progress")
            .replace("in-review without a r", "in review without a r");
        assert!(found.iter().any(|what| what.contains(&words)), "{expected}: {found:?}");
        repair(&mut play);
    }
}

#[test]
fn all_flaws_at_once_are_repaired_at_once() {
    let mut play = sound();
    SPOILS
        .iter()
        .filter(|(what, _)| !what.contains("a lease on held"))
        .for_each(|(_, spoil)| spoil(&mut play));
    repair(&mut play);
}

#[test]
fn whoever_lost_a_lease_may_claim_again_and_others_may_take_over() {
    let mut play = sound();
    play.leases = Leases::default();
    let found = inspect(&play.board, &play.leases, play.now, &Seed::new([7; 32]));
    assert!(
        found
            .leases
            .iter()
            .all(|change| matches!(change, LeaseChange::Grant(lease) if lease.is_expired(play.now)))
    );
    repair(&mut play);
    play.claim("a", "held").unwrap();
    play.run("b", "claim-review-next", json!({})).unwrap_err();
}

#[test]
fn validate_leaves_one_event_and_changes_nothing_unless_asked() {
    let mut play = sound();
    let reply = play.run("a", "validate", json!({})).unwrap();
    assert_eq!(reply["sound"], true);
    module(&mut play, "waits").depends_on.push("gone".parse().unwrap());
    let (modules, events) = (play.board.modules.clone(), play.events.len());
    let reply = play.run("a", "validate", json!({})).unwrap();
    assert_eq!((&reply["sound"], reply["flaws"].as_array().unwrap().len()), (&json!(false), 1));
    assert_eq!((&play.board.modules, play.events.len()), (&modules, events + 1));
    let reply = play.run("a", "validate", json!({ "repair": true })).unwrap();
    assert_eq!((&reply["sound"], &reply["flaws"][0]["repaired"]), (&json!(true), &json!(true)));
    assert_eq!(play.run("a", "validate", json!({})).unwrap()["flaws"], json!([]));
    let last = play.events.iter().rev().nth(1).unwrap();
    assert_eq!((last.kind, last.source), ("validate", "validate"));
    assert!(last.summary.contains("waits no longer waits for it"), "{}", last.summary);
}
