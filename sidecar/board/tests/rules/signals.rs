//! Which notifications are still worth telling, and whom.

use remit_board::{
    event::Event,
    handoff::Target,
    module::Status,
    session::Agent,
    signal::{concerns, inbox, is_current, repeats},
    time::Millis,
};
use serde_json::json;

use crate::play::Play;

/// The newest event of that kind, as the store would have kept it; each of these commands makes one revision.
fn newest(play: &Play, kind: &str, revision: u64) -> Event {
    let event = play.events.iter().rfind(|event| event.kind == kind).unwrap();
    Event {
        seq: 1,
        at: Millis(0),
        revision,
        kind: event.kind.to_owned(),
        source: event.source.to_owned(),
        module: event.module.clone(),
        agent: event.agent.clone(),
        target: event.target.clone(),
        priority: event.priority,
        specialty: event.specialty.clone(),
        summary: event.summary.clone(),
    }
}

fn addressed(kind: &str, module: &str, target: Target) -> Event {
    Event {
        seq: 1,
        at: Millis(0),
        revision: 1,
        kind: kind.to_owned(),
        source: "board".to_owned(),
        module: Some(module.parse().unwrap()),
        agent: None,
        target: Some(target),
        priority: None,
        specialty: None,
        summary: String::new(),
    }
}

#[test]
fn a_handoff_calls_until_somebody_claims_it_and_never_its_author() {
    let mut play = Play::with_agents();
    play.module("core", &[], &["src"]);
    play.claim("a", "core").unwrap();
    play.run("a", "handoff-bundle", json!({ "module": "core" })).unwrap();
    let ready = newest(&play, "handoff-ready", play.board.revision);
    let agent = |key: &str| play.board.agents[&play.agent(key)].clone();
    let [ann, ben, rae] = ["a", "b", "r"].map(agent);
    assert!(is_current(&play.board, &ready));
    assert!(concerns(&play.board, &ready, &ben));
    assert!(!concerns(&play.board, &ready, &ann), "it is her own offer");
    assert!(!concerns(&play.board, &ready, &rae), "it is for workers");

    play.run("a", "handoff-bundle", json!({ "module": "core", "summary": "newer" })).unwrap();
    assert!(!is_current(&play.board, &ready), "a newer one took its place");
    let newer = newest(&play, "handoff-ready", play.board.revision);
    assert!(is_current(&play.board, &newer));
    play.run("b", "claim-handoff", json!({ "module": "core" })).unwrap();
    assert!(!is_current(&play.board, &newer));
}

#[test]
fn unblocked_work_calls_until_somebody_claims_it() {
    let mut play = Play::with_agents();
    play.module("core", &[], &[]);
    play.module("web", &["core"], &[]);
    play.claim("a", "core").unwrap();
    play.run("a", "finish", json!({ "module": "core" })).unwrap();
    let unblocked = newest(&play, "unblocked", play.board.revision);
    assert!(is_current(&play.board, &unblocked));
    play.module("more", &[], &[]);
    play.run("a", "edit-module", json!({ "id": "web", "depends_on": ["more"] })).unwrap();
    assert!(!is_current(&play.board, &unblocked), "it waits again");
    play.run("a", "edit-module", json!({ "id": "web", "depends_on": ["core"] })).unwrap();
    play.claim("b", "web").unwrap();
    assert!(!is_current(&play.board, &unblocked));
}

#[test]
fn a_lost_lease_is_told_until_its_loser_has_the_module_again() {
    let mut play = Play::with_agents();
    play.module("core", &[], &[]);
    play.claim("a", "core").unwrap();
    play.pass(2000);
    play.claim("b", "core").unwrap();
    let lost = newest(&play, "lease-lost", play.board.revision);
    assert!(is_current(&play.board, &lost));
    play.pass(2000);
    play.claim("a", "core").unwrap();
    assert!(!is_current(&play.board, &lost));
}

#[test]
fn each_kind_has_its_statuses() {
    let mut play = Play::with_agents();
    play.module("core", &[], &[]);
    let id = "core".parse().unwrap();
    let (a, b) = (play.agent("a"), play.agent("b"));
    let to_a = || Target::Agent(a.clone());
    use Status::*;
    for (kind, target, current) in [
        ("review-ready", Target::Reviewers(None), vec![ReviewReady]),
        ("changes-requested", to_a(), vec![InProgress, Blocked, ReviewReady]),
        ("handoff-requested", to_a(), vec![InProgress, Blocked, ReviewReady]),
        ("assigned", to_a(), vec![Todo, InProgress, Blocked, InReview]),
        ("assigned", Target::Agent(b.clone()), vec![ReviewReady]),
        ("lease-lost", to_a(), vec![Todo, InReview]),
        ("unblocked", Target::Workers(None), vec![Todo]),
        ("anything-else", to_a(), vec![Todo, InProgress, Blocked, ReviewReady, InReview, Done, Cancelled]),
    ] {
        for status in [Todo, InProgress, Blocked, ReviewReady, InReview, Done, Cancelled] {
            let module = play.board.modules.get_mut(&id).unwrap();
            (module.status, module.owner, module.reviewer) = (status, Some(a.clone()), Some(b.clone()));
            (module.assigned_to, module.changes_requested) = (Some(a.clone()), Some("why".to_owned()));
            let told = is_current(&play.board, &addressed(kind, "core", target.clone()));
            assert_eq!(told, current.contains(&status), "{kind} while {status:?}");
        }
    }
}

#[test]
fn an_inbox_is_every_target_that_includes_the_agent() {
    let agent = |role: &str, specialties: &[&str]| -> Agent {
        let mut play = Play::new();
        play.run("x", "init-agent", json!({ "thread_key": "x", "role": role, "specialties": specialties }))
            .unwrap();
        play.board.agents.into_values().next().unwrap()
    };
    let mut targets: Vec<Target> = vec!["agent:other".parse().unwrap()];
    for role in ["workers", "reviewers"] {
        let texts = [role.to_owned(), format!("{role}:rust"), format!("{role}:sql"), format!("{role}:web")];
        targets.extend(texts.iter().map(|text| text.parse::<Target>().unwrap()));
    }
    for role in ["worker", "reviewer", "coordinator"] {
        for specialties in [&[][..], &["rust"], &["rust", "sql"]] {
            let agent = agent(role, specialties);
            let inbox = inbox(&agent);
            assert!(inbox.contains(&Target::Agent(agent.id.clone())));
            for target in &targets {
                assert_eq!(
                    inbox.contains(target),
                    target.includes(&agent),
                    "{role} {specialties:?} {target}"
                );
            }
        }
    }
}

#[test]
fn nobody_is_called_to_review_their_own_work() {
    let mut play = Play::new();
    play.run("c", "init-agent", json!({ "thread_key": "c", "role": "coordinator" })).unwrap();
    play.run("c", "add-module", json!({ "id": "core" })).unwrap();
    let me = play.board.agents[&play.agent("c")].clone();
    let event = addressed("review-ready", "core", Target::Reviewers(None));
    assert!(concerns(&play.board, &event, &me));
    play.board.modules.get_mut(&"core".parse().unwrap()).unwrap().owner = Some(me.id.clone());
    assert!(!concerns(&play.board, &event, &me));
}

#[test]
fn an_assignment_calls_until_it_is_taken_up() {
    let mut play = Play::with_agents();
    play.module("core", &[], &[]);
    let to = format!("agent:{}", play.agent("b"));
    play.run("a", "assign", json!({ "module": "core", "to": to })).unwrap();
    let assigned = newest(&play, "assigned", play.board.revision);
    assert!(is_current(&play.board, &assigned));
    play.claim("b", "core").unwrap();
    assert!(!is_current(&play.board, &assigned));
}

#[test]
fn a_review_calls_reviewers_and_then_its_owner() {
    let mut play = Play::with_agents();
    play.module("core", &[], &[]);
    play.claim("a", "core").unwrap();
    play.run("a", "submit", json!({ "module": "core" })).unwrap();
    let ready = newest(&play, "review-ready", play.board.revision);
    assert!(is_current(&play.board, &ready));
    play.run("r", "start-review", json!({ "module": "core" })).unwrap();
    assert!(!is_current(&play.board, &ready));
    play.run("r", "request-changes", json!({ "module": "core", "reason": "names" })).unwrap();
    let changes = newest(&play, "changes-requested", play.board.revision);
    assert!(is_current(&play.board, &changes));
    play.claim("a", "core").unwrap();
    play.run("a", "submit", json!({ "module": "core" })).unwrap();
    assert!(!is_current(&play.board, &changes));
}

#[test]
fn the_same_call_again_takes_the_place_of_the_one_before() {
    let at = |seq: u64, event: Event| Event { seq, ..event };
    let reviewers = Target::Reviewers(None);
    let rae = Target::Agent("rae".parse().unwrap());
    let first = addressed("review-ready", "core", reviewers.clone());
    let again = at(9, addressed("review-ready", "core", rae.clone()));
    assert!(repeats(&again, &first), "the second submission asks for the same, of whoever reviews now");
    assert!(!repeats(&first, &again));
    assert!(!repeats(&at(9, addressed("review-ready", "web", reviewers.clone())), &first));

    let lost = |target: &Target| addressed("lease-lost", "core", target.clone());
    assert!(repeats(&at(9, lost(&rae)), &lost(&rae)));
    assert!(!repeats(&at(9, lost(&reviewers)), &lost(&rae)), "each loses their own");
    let told = Event { module: None, ..lost(&rae) };
    assert!(!repeats(&at(9, told.clone()), &told), "what is about no module is said for itself");
}
