//! What an editor is told: the actions that it offers are those that the rules allow.

use std::collections::{BTreeMap, BTreeSet};

use remit_board::{
    event::{Event, NewEvent},
    findings::LiveScopes,
    reply::{BoardReply, Me, Standing},
    scope::CaseRule,
    signal,
    time::Millis,
    view::{Seat, Shown, Texts, board_view, path_owners},
};
use serde_json::{Value, json};

use crate::play::Play;

fn seen_by(play: &Play, who: &str, notifications: &[Event]) -> BoardReply {
    let me = Me {
        agent_id: play.agent(who),
        session_id: None,
        session_epoch: None,
        window_id: None,
        worktree: None,
        branch: None,
    };
    let seat = Seat { root: "/repo", worktree: None, me: Some(me), conflicts: Vec::new(), notifications };
    with_shown(play, |shown| board_view(shown, seat))
}

fn with_shown<R>(play: &Play, see: impl FnOnce(&Shown<'_>) -> R) -> R {
    let shown = Shown {
        board: &play.board,
        leases: &play.leases,
        now: play.now,
        last_seen: &BTreeMap::new(),
        live_sessions: &BTreeSet::new(),
        texts: &Texts::default(),
        case: CaseRule::Sensitive,
    };
    see(&shown)
}

#[test]
fn a_path_of_several_agents_is_contested_whoever_looks() {
    let mut play = Play::with_agents();
    play.module("mine", &[], &["src"]);
    play.module("also-mine", &[], &["src/a"]);
    play.module("theirs", &[], &["src/b", "lib"]);
    for (who, module) in [("a", "mine"), ("a", "also-mine"), ("b", "theirs")] {
        play.claim(who, module).unwrap();
    }
    let standing = |who: &str| {
        let live = LiveScopes::of(&play.board, CaseRule::Sensitive);
        let paths = ["src/a/x", "src/b/x", "lib/x", "docs"].map(|path| path.parse().unwrap());
        let me = play.agent(who);
        let owned = with_shown(&play, |shown| path_owners(shown, &live, Some(&me), &paths));
        owned.into_iter().map(|one| one.standing).collect::<Vec<_>>()
    };
    use Standing::{Contested, Mine, Others};
    assert_eq!(standing("a"), [Some(Mine), Some(Contested), Some(Others), None]);
    assert_eq!(standing("b"), [Some(Others), Some(Contested), Some(Mine), None]);
    assert_eq!(standing("r"), [Some(Others), Some(Contested), Some(Others), None]);
}

/// A module in every state that one can be in, each named for it; `expired-…` have a lease that ran out.
fn every_state() -> Play {
    let mut play = Play::with_agents();
    let plan = json!({ "modules": [
        { "id": "todo", "candidate_owned_paths": ["guessed"] }, { "id": "waiting", "depends_on": ["todo"] },
        { "id": "expired-held" }, { "id": "expired-blocked" }, { "id": "expired-review" }, { "id": "assigned" },
        { "id": "held" }, { "id": "named", "candidate_depends_on": ["todo"] }, { "id": "blocked" },
        { "id": "submitted" }, { "id": "reviewed" }, { "id": "sent-back" }, { "id": "resumed" },
        { "id": "offered" }, { "id": "done" }, { "id": "cancelled" },
    ] });
    play.run("c", "import-plan", plan).unwrap();
    let step = |play: &mut Play, who: &str, name: &str, module: &str| {
        let arguments = match name {
            "block" | "request-changes" => json!({ "module": module, "reason": "because" }),
            "assign" => json!({ "module": module, "to": format!("agent:{}", play.agent("b")) }),
            _ => json!({ "module": module }),
        };
        play.run(who, name, arguments).unwrap_or_else(|refusal| panic!("{name} {module}: {refusal}"));
    };
    for module in ["expired-held", "expired-blocked", "expired-review"] {
        step(&mut play, "a", "claim", module);
    }
    step(&mut play, "a", "block", "expired-blocked");
    step(&mut play, "a", "submit", "expired-review");
    step(&mut play, "r", "start-review", "expired-review");
    play.pass(1801);
    for module in ["held", "blocked", "submitted", "reviewed", "sent-back", "resumed", "offered", "done"] {
        step(&mut play, "a", "claim", module);
    }
    play.run("a", "claim", json!({ "module": "named", "reviewer_id": play.agent("r") })).unwrap();
    for (who, name, module) in [
        ("a", "block", "blocked"),
        ("a", "submit", "submitted"),
        ("a", "submit", "reviewed"),
        ("a", "submit", "sent-back"),
        ("a", "submit", "resumed"),
        ("r", "start-review", "reviewed"),
        ("r", "start-review", "sent-back"),
        ("r", "start-review", "resumed"),
        ("r", "request-changes", "sent-back"),
        ("r", "request-changes", "resumed"),
        ("a", "claim", "resumed"),
        ("a", "handoff-bundle", "offered"),
        ("a", "finish", "done"),
        ("c", "cancel", "cancelled"),
        ("c", "assign", "assigned"),
    ] {
        step(&mut play, who, name, module);
    }
    play
}

/// How an editor carries an action out: the command, and arguments that suit it.
fn command_of(play: &Play, action: &str, module: &str) -> Option<(&'static str, Value)> {
    let plain = json!({ "module": module });
    let to_coordinator = format!("agent:{}", play.agent("c"));
    Some(match action {
        "claim" | "take-over" | "resume" => ("claim", plain),
        "start-review" => ("start-review", plain),
        "release" => ("release", plain),
        "handoff-bundle" => ("handoff-bundle", plain),
        "claim-handoff" => ("claim-handoff", plain),
        "block" => ("block", json!({ "module": module, "reason": "because" })),
        "unblock" => ("unblock", plain),
        "submit" => ("submit", plain),
        "finish" => ("finish", plain),
        "approve" => ("approve", plain),
        "request-changes" => ("request-changes", json!({ "module": module, "reason": "because" })),
        "request-handoff" => ("request-handoff", plain),
        "reclaim" => ("reclaim", plain),
        "cancel" => ("cancel", plain),
        "assign" => ("assign", json!({ "module": module, "to": to_coordinator })),
        "edit-module" => ("edit-module", json!({ "id": module, "title": "another" })),
        "redraw" | "infer-paths" => ("edit-module", json!({ "id": module, "owned_paths": ["elsewhere"] })),
        "confirm-module" => ("confirm-module", json!({ "id": module, "all": true })),
        "open-handoff" => return None,
        other => panic!("an action that no editor knows: {other}"),
    })
}

/// The play as it goes on for somebody who has fetched the token that changes asked for left for them.
fn at_hand(play: &Play, who: &str, module: &str) -> Play {
    let mut play = play.clone();
    if module == "sent-back" && who == "a" {
        play.claim(who, module).unwrap();
    }
    play
}

const VIEWERS: [&str; 4] = ["a", "b", "r", "c"];

#[test]
fn every_action_that_is_offered_is_allowed() {
    let play = every_state();
    let mut offered = 0;
    for who in VIEWERS {
        for one in seen_by(&play, who, &[]).modules {
            let id = one.module.id.as_str();
            for (name, arguments) in one.actions.iter().filter_map(|action| command_of(&play, action, id)) {
                let played = at_hand(&play, who, id).run(who, name, arguments);
                assert!(played.is_ok(), "{who} {name} {id}: {played:?}");
                offered += 1;
            }
        }
    }
    assert!(offered > 100, "{offered}");
}

/// What anybody may do anyhow is left out: editing titles, and what its holder may do again without need.
#[test]
fn no_step_that_is_allowed_is_kept_from_anybody() {
    let steps = [
        "claim-handoff",
        "start-review",
        "release",
        "block",
        "unblock",
        "submit",
        "finish",
        "approve",
        "request-changes",
        "request-handoff",
        "cancel",
        "assign",
        "confirm-module",
    ];
    let play = every_state();
    for who in VIEWERS {
        for one in seen_by(&play, who, &[]).modules {
            let id = one.module.id.as_str();
            let holds = one.module.lease.as_ref().is_some_and(|lease| lease.holder == play.agent(who));
            for step in steps.into_iter().filter(|step| !one.actions.iter().any(|action| action == step)) {
                let without_need = step == "start-review" && holds || step == "cancel" && id == "cancelled";
                if without_need {
                    continue;
                }
                let (name, arguments) = command_of(&play, step, id).unwrap();
                let played = at_hand(&play, who, id).run(who, name, arguments);
                assert!(played.is_err(), "{who} may {step} {id}, and is not told so");
            }
        }
    }
}

fn event(seq: u64, kind: &str, module: &str, target: Option<String>) -> Event {
    Event {
        seq,
        at: Millis(1),
        revision: 1,
        kind: kind.to_owned(),
        source: "board".to_owned(),
        module: Some(module.parse().unwrap()),
        agent: None,
        target: target.map(|target| target.parse().unwrap()),
        priority: None,
        specialty: None,
        summary: String::new(),
    }
}

#[test]
fn a_notification_brings_the_actions_that_answer_it_and_counts_when_it_calls_by_name() {
    let play = every_state();
    let me = |who: &str| Some(format!("agent:{}", play.agent(who)));
    let told = |who: &str, event: Event| {
        let view = seen_by(&play, who, &[event]);
        let [one] = view.notifications.try_into().unwrap_or_else(|_| panic!("one notification"));
        (one.needs_me, one.actions)
    };
    let words = |list: &[&str]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(told("a", event(1, "changes-requested", "sent-back", me("a"))), (true, words(&["resume"])));
    assert_eq!(told("b", event(1, "assigned", "assigned", me("b"))), (true, words(&["claim"])));
    let ready = event(1, "review-ready", "submitted", Some("reviewers".to_owned()));
    assert_eq!(told("r", ready), (false, words(&["start-review"])));
    let offered = event(1, "handoff-ready", "offered", me("b"));
    let (counts, actions) = told("b", offered);
    assert!(!counts, "it counts among the handoffs");
    assert!(actions.contains(&"claim-handoff".to_owned()));
    assert_eq!(told("a", event(1, "approved", "done", me("a"))), (true, words(&[])));
}

#[test]
fn what_was_written_of_agents_by_their_ids_is_shown_with_their_names() {
    let play = every_state();
    let summary = format!("{} asks {}, not agent-ffffffff; agent-", play.agent("b"), play.agent("a"));
    let wanted = Event { summary, ..event(1, "handoff-requested", "held", None) };
    let view = seen_by(&play, "a", &[wanted]);
    assert_eq!(view.notifications[0].event.summary, "b asks you, not agent-ffffffff; agent-");
    let assigned = view.modules.iter().find(|one| one.module.id.as_str() == "assigned").unwrap();
    assert!(assigned.reasons.contains(&"assigned to b".to_owned()), "{:?}", assigned.reasons);
}

#[test]
fn whoever_is_called_to_act_is_offered_how() {
    let play = every_state();
    let mut called = BTreeSet::new();
    for told in play.events.iter().filter(|event| event.target.is_some()) {
        let event = event_of(told);
        for who in VIEWERS {
            let reader = &play.board.agents[&play.agent(who)];
            if !signal::is_current(&play.board, &event) || !signal::concerns(&play.board, &event, reader) {
                continue;
            }
            let view = seen_by(&play, who, std::slice::from_ref(&event));
            assert!(!view.notifications[0].actions.is_empty(), "{who} about {told:?}");
            called.insert(told.kind);
        }
    }
    for kind in ["assigned", "changes-requested", "review-ready"] {
        assert!(called.contains(kind), "{kind} in {called:?}");
    }
}

fn event_of(new: &NewEvent) -> Event {
    let target = new.target.as_ref().map(ToString::to_string);
    let module = new.module.as_ref().map_or("todo", |module| module.as_str());
    event(1, new.kind, module, target)
}

#[test]
fn agents_come_with_what_they_hold_now() {
    let play = every_state();
    let view = seen_by(&play, "a", &[]);
    let holds = |who: &str| {
        let agent = view.agents.iter().find(|one| one.agent.id == play.agent(who)).unwrap();
        agent.holds.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(holds("r"), ["expired-review", "reviewed"]);
    assert!(holds("a").contains(&"held".to_owned()) && !holds("a").contains(&"submitted".to_owned()));
    assert!(holds("b").is_empty());
}

#[test]
fn what_waits_for_review_says_why_it_stands_where_it_stands() {
    let play = every_state();
    let view = seen_by(&play, "r", &[]);
    let submitted = view.modules.iter().find(|one| one.module.id.as_str() == "submitted").unwrap();
    assert_eq!(submitted.reasons.first().map(String::as_str), Some("priority 2"));
}
