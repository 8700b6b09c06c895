use remit_board::{command::Asking, failure::Code, ids::LeaseToken, module::Status};
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
