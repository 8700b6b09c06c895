//! What is handed out first, and why; and why nothing.

use remit_board::{
    command::Which,
    failure::{Code, Failure},
    rank::Seeker,
    reply::{ActionKind, RankFactor},
    scope::{CaseRule, overlap},
    view,
};
use serde_json::{Value, json};

use crate::play::Play;

impl Play {
    fn seeking<T>(&self, who: &str, which: Value, look: impl Fn(&Seeker<'_>, &Which) -> T) -> T {
        let which: Which = serde_json::from_value(which).unwrap();
        let agent = self.board.agents.get(&self.agent(who));
        look(
            &Seeker {
                board: &self.board,
                leases: &self.leases,
                now: self.now,
                case: CaseRule::Sensitive,
                agent,
                specialty: which.specialty.as_ref(),
            },
            &which,
        )
    }

    fn claimable(&self, who: &str, which: Value) -> Vec<String> {
        let reply = self.seeking(who, which, view::next_claimable);
        reply
            .map(|reply| reply.modules.iter().map(|one| one.module.to_string()).collect())
            .unwrap_or_default()
    }

    fn actions(&self, who: &str) -> Vec<(ActionKind, String)> {
        let reply = self.seeking(who, json!({}), view::next_action);
        let pair = |one: &remit_board::reply::RankedAction| (one.action, one.module.to_string());
        reply.map(|reply| reply.actions.iter().map(pair).collect()).unwrap_or_default()
    }
}

fn planned(modules: Value) -> Play {
    let mut play = Play::with_agents();
    play.run("a", "import-plan", json!({ "modules": modules })).unwrap();
    play
}

fn why(play: &Play, who: &str, module: &str) -> Vec<(RankFactor, i64, String)> {
    let reply = play.seeking(who, json!({ "limit": 1000 }), view::next_claimable).unwrap();
    let one = reply.modules.into_iter().find(|one| one.module.as_str() == module).unwrap();
    assert_eq!(one.score, one.parts.iter().map(|part| part.points).sum::<i64>(), "the parts are the score");
    one.parts.into_iter().map(|part| (part.factor, part.points, part.reason)).collect()
}

#[test]
fn among_equals_the_longest_chain_goes_first_and_then_what_frees_most() {
    let play = planned(json!([
        { "id": "alone" },
        { "id": "wide" }, { "id": "w1", "depends_on": ["wide"] }, { "id": "w2", "depends_on": ["wide"] }, { "id": "w3", "depends_on": ["wide"] },
        { "id": "long" }, { "id": "l1", "depends_on": ["long"] }, { "id": "l2", "depends_on": ["l1"] },
    ]));
    assert_eq!(play.claimable("a", json!({})), ["long", "wide", "alone"]);
    assert_eq!(
        why(&play, "a", "long"),
        [
            (RankFactor::Priority, 20_000, "priority 2".to_owned()),
            (
                RankFactor::CriticalPath,
                200,
                "a chain of 2 modules follows it, one after the other".to_owned()
            ),
            (RankFactor::Downstream, 20, "2 modules wait for it, directly or not".to_owned()),
        ]
    );
}

#[test]
fn what_urgent_work_waits_for_is_as_urgent() {
    let play = planned(json!([
        { "id": "high", "priority": 1 },
        { "id": "base", "priority": 4 },
        { "id": "mid", "priority": 3, "depends_on": ["base"] },
        { "id": "top", "priority": 0, "depends_on": ["mid"] },
    ]));
    assert_eq!(play.claimable("a", json!({})), ["base", "high"]);
    assert_eq!(why(&play, "a", "base")[0].2, "priority 4, but top (priority 0) waits for it");
}

#[test]
fn specialty_is_a_preference_of_the_agent_and_a_condition_of_the_question() {
    let mut play = planned(
        json!([{ "id": "any" }, { "id": "ui", "specialty": "ui" }, { "id": "db", "specialty": "db" }]),
    );
    play.run("b", "init-agent", json!({ "thread_key": "b", "specialties": ["db"] })).unwrap();
    assert_eq!(play.claimable("b", json!({})), ["db", "any", "ui"]);
    assert_eq!(
        play.claimable("a", json!({})),
        ["any", "ui", "db"],
        "who says nothing of itself prefers nothing"
    );
    assert_eq!(play.claimable("b", json!({ "specialty": "ui" })), ["ui", "any"]);
}

#[test]
fn age_counts_among_equals() {
    let mut play = planned(json!([{ "id": "z-old" }]));
    play.pass(3 * 24 * 3600);
    play.module("a-new", &[], &[]);
    assert_eq!(play.claimable("a", json!({})), ["z-old", "a-new"]);
    assert_eq!(why(&play, "a", "z-old")[1], (RankFactor::Age, 72, "on the board for 3 days".to_owned()));
}

#[test]
fn what_meets_live_paths_of_others_comes_later_and_in_safe_not_at_all() {
    let mut play = planned(json!([
        { "id": "held", "priority": 0, "owned_paths": ["src"] },
        { "id": "meets", "priority": 1, "owned_paths": ["src/lib.rs"] },
        { "id": "free", "priority": 2, "owned_paths": ["docs"] },
    ]));
    play.claim("a", "held").unwrap();
    assert_eq!(play.claimable("b", json!({})), ["free", "meets"]);
    let part = why(&play, "b", "meets").pop().unwrap();
    assert_eq!(
        part,
        (RankFactor::Overlap, -12_000, format!("meets the paths of held of {}: src/lib.rs", play.agent("a")))
    );
    assert_eq!(play.claimable("a", json!({})), ["meets", "free"], "one's own paths are in nobody's way");
    play.safety("throughput");
    assert_eq!(play.claimable("b", json!({})), ["meets", "free"]);
    play.safety("safe");
    assert_eq!(play.claimable("b", json!({})), ["free"]);
}

#[test]
fn as_many_agents_as_are_listed_can_start_at_once() {
    let play = planned(json!([
        { "id": "m1", "priority": 0, "owned_paths": ["src/*.rs"] },
        { "id": "m2", "priority": 1, "owned_paths": ["src/lib.rs"] },
        { "id": "m3", "priority": 2, "owned_paths": ["docs"] },
        { "id": "m4", "priority": 3 },
        { "id": "m5", "priority": 4, "owned_paths": ["docs/a", "x"] },
    ]));
    assert_eq!(play.claimable("a", json!({})), ["m1", "m3", "m4"]);
    assert_eq!(play.claimable("a", json!({ "limit": 2 })), ["m1", "m3"]);
}

#[test]
fn what_is_assigned_goes_first_to_whom_it_is_assigned_and_last_to_others() {
    let mut play = planned(json!([{ "id": "urgent", "priority": 0 }, { "id": "m", "priority": 4 }]));
    let to_b = json!({ "module": "m", "to": format!("agent:{}", play.agent("b")) });
    play.run("c", "assign", to_b).unwrap();
    assert_eq!(play.claimable("b", json!({})), ["m", "urgent"]);
    assert_eq!(play.claimable("a", json!({})), ["urgent", "m"]);
}

#[test]
fn claim_next_takes_what_next_claimable_lists_first() {
    let mut play = planned(json!([
        { "id": "low", "priority": 3 }, { "id": "base", "priority": 4 }, { "id": "top", "priority": 0, "depends_on": ["base"] },
    ]));
    let first = play.claimable("b", json!({}))[0].clone();
    assert_eq!(play.run("b", "claim-next", json!({})).unwrap()["module"]["id"], json!(first));
}

#[test]
fn reviews_are_ranked_by_what_waits_for_them() {
    let mut play =
        planned(json!([{ "id": "m" }, { "id": "n" }, { "id": "top", "depends_on": ["n"] }, { "id": "o" }]));
    for id in ["m", "n", "o"] {
        play.claim("a", id).unwrap();
    }
    play.run("a", "submit", json!({ "module": "m" })).unwrap();
    play.run("a", "submit", json!({ "module": "n" })).unwrap();
    let listed = play.seeking("r", json!({}), view::next_reviewable).unwrap();
    assert_eq!(listed.modules.iter().map(|one| one.module.as_str()).collect::<Vec<_>>(), ["n", "m"]);
    let own: Failure = play.seeking("a", json!({}), view::next_reviewable).unwrap_err();
    assert_eq!(
        own.message,
        "nothing waits for a review by you: 2 modules are your own work, which somebody else reviews"
    );
}

#[test]
fn why_there_is_nothing_is_said_of_each_module() {
    let none = |play: &Play, which: Value| play.seeking("b", which, view::next_claimable).unwrap_err();
    let empty = none(&Play::with_agents(), json!({}));
    assert_eq!(
        (empty.code, empty.message.as_str()),
        (Code::Nothing, "nothing can be claimed now: the board has no modules yet")
    );
    let mut play = planned(json!([
        { "id": "base", "owned_paths": ["src"] }, { "id": "top", "depends_on": ["base"] }, { "id": "near", "owned_paths": ["src/x"] },
        { "id": "ui", "specialty": "ui" },
    ]));
    play.safety("safe");
    play.claim("a", "base").unwrap();
    let failure = none(&play, json!({ "specialty": "db" }));
    let a = play.agent("a");
    assert_eq!(
        failure.message,
        format!(
            "nothing can be claimed now: top waits for base; base is held by {a}, the next lease until 1970-01-01T00:46:40.000Z; \
             near has paths that somebody holds, and the board is safe; ui asks for another specialty"
        )
    );
    assert_eq!(failure.details["waiting"], json!([{ "module": "top", "open": ["base"] }]));
    assert_eq!(
        failure.details["counts"],
        json!({ "waiting": 1, "held": 1, "occupied": 1, "other_specialty": 1 })
    );
    assert_eq!(failure.details["occupied"][0]["conflicts"][0]["witness"], "src/x");
    assert!(
        play.run("b", "claim-next", json!({ "specialty": "db" }))
            .unwrap_err()
            .message
            .ends_with("; nothing was changed")
    );
    play.run("c", "cancel", json!({ "module": "base" })).unwrap();
    play.claim("c", "near").unwrap();
    assert!(
        none(&play, json!({ "specialty": "db" }))
            .message
            .contains("top waits for base, of which base was cancelled")
    );
}

#[test]
fn an_agent_first_does_what_it_owes_then_what_it_began_then_what_is_new() {
    use ActionKind::*;
    let mut play =
        planned(json!([{ "id": "m" }, { "id": "n" }, { "id": "o" }, { "id": "p" }, { "id": "q" }]));
    assert_eq!(play.actions("b")[0], (Claim, "m".to_owned()));
    let m = json!({ "module": "m" });
    play.claim("b", "m").unwrap();
    assert_eq!(play.actions("b")[0], (Continue, "m".to_owned()));
    play.run("b", "submit", m.clone()).unwrap();
    assert_eq!(play.actions("b")[0], (Claim, "n".to_owned()), "one's own review is no work of one's own");
    assert_eq!(play.actions("r")[0], (StartReview, "m".to_owned()));
    assert_eq!(
        play.actions("a").last().unwrap(),
        &(StartReview, "m".to_owned()),
        "a worker reviews when nothing else is new"
    );
    play.run("r", "start-review", m.clone()).unwrap();
    assert_eq!(play.actions("r")[0], (ContinueReview, "m".to_owned()));
    play.run("r", "request-changes", json!({ "module": "m", "reason": "name the unit" })).unwrap();
    let first = play.seeking("b", json!({}), view::next_action).unwrap().actions.remove(0);
    assert_eq!(
        (first.action, first.parts[0].reason.as_str()),
        (AddressChanges, "changes were requested: name the unit")
    );
    assert_eq!(first.command, "remit claim --module m");
    play.claim("b", "m").unwrap();
    play.pass(1300);
    assert_eq!(play.actions("b")[0], (Heartbeat, "m".to_owned()));
    play.run("b", "heartbeat", m.clone()).unwrap();
    play.run("b", "handoff-bundle", m.clone()).unwrap();
    assert_eq!(play.actions("a")[0], (ClaimHandoff, "m".to_owned()));
    play.run("a", "claim-handoff", m.clone()).unwrap();
    assert_eq!(play.actions("a")[0], (AckHandoff, "m".to_owned()));
    assert_eq!(play.actions("a").iter().filter(|(_, module)| module == "m").count(), 1, "one line a module");
    play.run("a", "ack-handoff", m).unwrap();
    assert_eq!(play.actions("a")[0], (AddressChanges, "m".to_owned()));
    play.run("a", "block", json!({ "module": "m", "reason": "no key" })).unwrap();
    assert_eq!(play.actions("a").last().unwrap(), &(Unblock, "m".to_owned()));
}

#[test]
fn what_is_offered_to_others_is_not_told_to_be_finished_but_its_lease_still_is_kept() {
    let mut play = planned(json!([{ "id": "m" }, { "id": "n" }]));
    let (m, n) = (json!({ "module": "m" }), json!({ "module": "n" }));
    play.claim("b", "m").unwrap();
    play.run("b", "handoff-bundle", m.clone()).unwrap();
    play.claim("a", "n").unwrap();
    play.run("a", "submit", n).unwrap();
    let own = |play: &Play| play.actions("b").into_iter().find(|(_, module)| module == "m");
    assert_eq!(own(&play), None);
    play.pass(1300);
    assert_eq!(own(&play), Some((ActionKind::Heartbeat, "m".to_owned())));
    play.run("b", "heartbeat", m.clone()).unwrap();
    play.run("r", "claim-review-next", json!({})).unwrap();
    let nothing = play.seeking("b", json!({}), view::next_action).unwrap_err();
    assert!(
        nothing.message.contains("m waits for whoever takes your handoff; n is reviewed by"),
        "{nothing}"
    );
    play.run("a", "claim-handoff", m).unwrap();
    assert_eq!(own(&play), None, "it is somebody else's now");
}

#[test]
fn a_limit_is_kept_and_no_limit_is_too_large() {
    let play = planned(Value::Array((0..30).map(|n| json!({ "id": format!("m{n:02}") })).collect()));
    assert_eq!(play.claimable("a", json!({})).len(), 10);
    assert_eq!(play.claimable("a", json!({ "limit": 3 })).len(), 3);
    assert_eq!(play.claimable("a", json!({ "limit": u64::MAX })).len(), 30);
    assert_eq!(play.claimable("a", json!({ "limit": 0 })).len(), 0);
}

proptest::proptest! {
    /// The lazy order is the order of everything looked at; whatever is listed can be started at once.
    #[test]
    fn looking_only_as_far_as_needed_changes_nothing(seed in proptest::collection::vec((0u8..5, 0usize..6, 0usize..6), 1..12), held in 0usize..4) {
        const PATHS: [&str; 6] = ["src", "src/*.rs", "src/lib.rs", "docs", "docs/**/x", "web"];
        let modules: Vec<Value> = seed.iter().enumerate().map(|(n, (priority, one, two))| {
            json!({ "id": format!("m{n}"), "priority": priority, "owned_paths": [PATHS[*one], PATHS[*two]] })
        }).collect();
        let mut play = planned(Value::Array(modules));
        for _ in 0..held {
            let _ = play.run("a", "claim-next", json!({}));
        }
        let seen = play.seeking("b", json!({}), |seeker, _| {
            remit_board::rank::Claimable::new(*seeker).map(|one| (one.score, one.module.ordinal, one.module.clone())).collect::<Vec<_>>()
        });
        let mut sorted = seen.clone();
        sorted.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        proptest::prop_assert_eq!(&seen, &sorted);
        let listed = play.claimable("b", json!({ "limit": 100 }));
        for (n, one) in listed.iter().enumerate() {
            for other in &listed[..n] {
                let scope = |id: &String| &play.board.modules[&id.parse::<remit_board::ids::ModuleId>().unwrap()].owned_paths;
                proptest::prop_assert!(overlap(scope(one), scope(other), CaseRule::Sensitive).is_none());
            }
        }
    }
}
