use remit_board::{
    command::Asking,
    failure::Code,
    ids::{LeaseToken, SessionId},
    module::Status,
};
use serde_json::json;

use crate::play::Play;

fn held() -> Play {
    let mut play = Play::with_agents();
    play.module("m", &[], &["src"]);
    play.claim("a", "m").unwrap();
    play
}

#[test]
fn a_renewal_in_time_is_bookkeeping() {
    let mut play = held();
    let (revision, events) = (play.board.revision, play.events.len());
    let token = play.tokens.clone();
    play.pass(1000);
    let renewed = play.run("a", "heartbeat", json!({ "module": "m" })).unwrap();
    assert_eq!(renewed["lease"]["ttl_seconds"], 1800);
    assert_eq!((play.board.revision, play.events.len()), (revision, events));
    assert_eq!(play.tokens, token, "the token stays");
    play.pass(1799);
    assert_eq!(play.code("b", "claim", json!({ "module": "m" })), Code::LeaseHeld);
}

#[test]
fn what_is_sent_back_to_an_agent_with_several_windows_is_kept_by_each_until_one_goes_on() {
    let mut play = held();
    let register = |play: &mut Play, who: &str, window: &str| -> SessionId {
        let arguments = json!({ "thread_key": who, "window_id": window });
        let registered = play.run(who, "init-agent", arguments).unwrap();
        serde_json::from_value(registered["session_id"].clone()).unwrap()
    };
    let (first, second) = (register(&mut play, "a", "w#1"), register(&mut play, "a", "w#2"));
    let reviewer = register(&mut play, "r", "w#3");
    let keepers = |play: &Play| -> Vec<&str> {
        let lease = play.leases.0.values().next().unwrap();
        let windows = [("a", "1", &first), ("a", "2", &second), ("r", "3", &reviewer), ("r", "of a", &first)];
        let keeps =
            |(who, _, session): &(&str, &str, &SessionId)| lease.is_kept_by(&play.agent(who), session);
        windows.into_iter().filter(keeps).map(|(_, name, _)| name).collect()
    };
    play.run("a", "submit", json!({ "module": "m" })).unwrap();
    play.run("r", "start-review", json!({ "module": "m" })).unwrap();
    play.run("r", "request-changes", json!({ "module": "m", "reason": "tests" })).unwrap();
    assert_eq!(keepers(&play), ["1", "2"]);
    let sent_back = play.leases.0.values().next().unwrap().clone();

    let in_second = Asking { session_id: Some(second.clone()), ..Asking::default() };
    play.ask("a", "claim", json!({ "module": "m" }), in_second).unwrap();
    assert_eq!(keepers(&play), ["2"], "the first is closed one day, and the second answers for it");
    play.pass(600);
    let before = play.leases.clone();
    assert!(play.renew(&[&sent_back]).is_empty(), "what the first saw is void");
    assert_eq!(play.leases, before);
    let now = play.leases.0.values().next().unwrap().clone();
    assert_eq!(play.renew(&[&now]).len(), 1);
    play.pass(1800);
    assert!(play.renew(&[&now]).is_empty(), "a late renewal is no bookkeeping");
}

#[test]
fn a_renewal_may_ask_for_another_time() {
    let mut play = held();
    play.run("a", "heartbeat", json!({ "module": "m", "ttl_seconds": 60 })).unwrap();
    play.pass(60);
    play.claim("b", "m").unwrap();
}

#[test]
fn a_late_renewal_is_a_claim_with_a_fresh_token() {
    let mut play = held();
    let before = play.tokens.clone();
    play.pass(5000);
    play.run("a", "heartbeat", json!({ "module": "m" })).unwrap();
    assert_ne!(play.tokens, before);
    assert_eq!(play.code("b", "claim", json!({ "module": "m" })), Code::LeaseHeld);
}

#[test]
fn a_renewal_after_the_module_was_taken_is_refused() {
    let mut play = held();
    play.pass(1800);
    play.claim("b", "m").unwrap();
    assert_eq!(play.code("a", "heartbeat", json!({ "module": "m" })), Code::NotHolder);
}

#[test]
fn expiry_alone_takes_nothing_from_the_holder() {
    let mut play = held();
    play.pass(100_000);
    play.run("a", "finish", json!({ "module": "m" })).unwrap();
    assert_eq!(play.status("m"), Status::Done);
}

#[test]
fn a_token_is_needed_and_must_be_the_current_one() {
    let mut play = held();
    let asking =
        |token: &str| Asking { lease_token: Some(LeaseToken::from_secret(token)), ..Asking::default() };
    for command in ["release", "finish", "heartbeat", "handoff-bundle"] {
        let refusal = play.ask("a", command, json!({ "module": "m" }), asking("forged")).unwrap_err();
        assert_eq!(refusal.code, Code::StaleLease, "{command}");
    }
    play.tokens.clear();
    assert_eq!(play.code("a", "release", json!({ "module": "m" })), Code::StaleLease);
    assert_eq!(play.code("b", "release", json!({ "module": "m" })), Code::NotHolder);
}

#[test]
fn a_released_module_is_free_again() {
    let mut play = held();
    play.run("a", "release", json!({ "module": "m" })).unwrap();
    assert_eq!((play.status("m"), play.owner("m")), (Status::Todo, None));
    assert!(play.leases.0.is_empty());
    play.claim("b", "m").unwrap();
}

#[test]
fn reclaim_ends_every_expired_lease_and_no_other() {
    let mut play = held();
    play.module("n", &[], &[]);
    play.run("b", "claim", json!({ "module": "n", "ttl_seconds": 7200 })).unwrap();
    assert_eq!(play.code("b", "reclaim", json!({})), Code::Nothing);
    play.pass(1800);
    let reclaimed = play.run("b", "reclaim", json!({})).unwrap();
    assert_eq!(reclaimed["modules"], json!([{ "module": "m", "holder": play.agent("a"), "status": "todo" }]));
    assert_eq!((play.status("m"), play.status("n")), (Status::Todo, Status::InProgress));
    assert_eq!(play.notified("lease-lost"), [format!("agent:{}", play.agent("a"))]);
    assert_eq!(play.code("a", "release", json!({ "module": "m" })), Code::NotHolder);
}

#[test]
fn an_expected_revision_is_compare_and_swap() {
    let mut play = held();
    let current = play.board.revision;
    let asking = |n| Asking { expected_revision: Some(n), ..Asking::default() };
    let refusal = play.ask("a", "release", json!({ "module": "m" }), asking(current - 1)).unwrap_err();
    assert_eq!((refusal.code, &refusal.details["revision"]), (Code::StaleRevision, &json!(current)));
    play.ask("a", "release", json!({ "module": "m" }), asking(current)).unwrap();
}
