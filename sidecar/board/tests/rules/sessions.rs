use remit_board::{command::Asking, failure::Code};
use serde_json::json;

use crate::play::Play;

#[test]
fn registering_the_same_window_again_raises_the_epoch_and_voids_its_tokens() {
    let mut play = Play::with_agents();
    play.module("m", &[], &[]);
    play.claim("a", "m").unwrap();
    let old = play.tokens.values().next().unwrap().clone();
    let again = play.run("a", "init-agent", json!({ "thread_key": "a" })).unwrap();
    assert_eq!((&again["session_epoch"], &again["leases"][0]["module"]), (&json!(2), &json!("m")));
    let stale = Asking { lease_token: Some(old), ..Asking::default() };
    assert_eq!(play.ask("a", "release", json!({ "module": "m" }), stale).unwrap_err().code, Code::StaleLease);
    play.run("a", "release", json!({ "module": "m" })).unwrap();
}

#[test]
fn another_window_is_another_session_of_the_same_agent() {
    let mut play = Play::with_agents();
    let first = play.run("a", "init-agent", json!({ "thread_key": "a" })).unwrap();
    let second = play.run("a", "init-agent", json!({ "thread_key": "a", "window_id": "other" })).unwrap();
    assert_eq!(first["agent_id"], second["agent_id"]);
    assert_ne!(first["session_id"], second["session_id"]);
    assert_eq!(second["session_epoch"], 1);
}

#[test]
fn an_older_epoch_cant_mutate() {
    let mut play = Play::with_agents();
    play.module("m", &[], &[]);
    let registered = play.run("a", "init-agent", json!({ "thread_key": "a" })).unwrap();
    let asking = |epoch| Asking {
        session_id: serde_json::from_value(registered["session_id"].clone()).unwrap(),
        session_epoch: Some(epoch),
        ..Asking::default()
    };
    let claim = json!({ "module": "m" });
    assert_eq!(play.ask("a", "claim", claim.clone(), asking(1)).unwrap_err().code, Code::StaleSessionEpoch);
    assert_eq!(play.ask("a", "claim", claim.clone(), asking(9)).unwrap_err().code, Code::Invalid);
    assert_eq!(
        play.ask("b", "claim", claim.clone(), asking(2)).unwrap_err().code,
        Code::Invalid,
        "not its session"
    );
    play.ask("a", "claim", claim, asking(2)).unwrap();
}

#[test]
fn a_role_and_specialties_last_until_others_are_given() {
    let mut play = Play::new();
    let first = json!({ "thread_key": "k", "role": "reviewer", "specialties": ["backend"] });
    play.run("k", "init-agent", first).unwrap();
    let again = play.run("k", "init-agent", json!({ "thread_key": "k" })).unwrap();
    assert_eq!((&again["role"], &again["specialties"]), (&json!("reviewer"), &json!(["backend"])));
    assert_eq!(play.code("k", "init-agent", json!({})), Code::Invalid);
}

#[test]
fn a_confirmation_holds_for_its_branch_alone() {
    let mut play = Play::with_agents();
    play.module("m", &[], &[]);
    play.while_session = true;
    assert_eq!(play.code("a", "claim", json!({ "module": "m" })), Code::NotConfirmed);
    assert_eq!(play.code("a", "preflight", json!({ "confirm_workspace": true })), Code::NotConfirmed);
    play.safety("balanced");
    play.claim("a", "m").unwrap();
    play.branch = "feature".to_owned();
    assert_eq!(play.code("a", "release", json!({ "module": "m" })), Code::NotConfirmed);
    play.while_session = false;
    play.run("a", "release", json!({ "module": "m" })).unwrap();
}
