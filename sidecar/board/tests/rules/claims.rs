use remit_board::{failure::Code, module::Status};
use serde_json::json;

use crate::play::Play;

#[test]
fn a_claimed_module_is_in_progress_and_leased_to_the_caller() {
    let mut play = Play::with_agents();
    play.module("m", &[], &["src/m"]);
    let claimed = play.claim("a", "m").unwrap();
    assert_eq!(claimed["module"]["status"], "in-progress");
    assert_eq!(claimed["module"]["owner"], json!(play.agent("a")));
    assert_eq!(claimed["module"]["branch"], "main");
    assert_eq!(claimed["lease"]["ttl_seconds"], 1800);
    assert_eq!(claimed["lease"]["expires_at"], "1970-01-01T00:46:40.000Z");
    assert_eq!(claimed["conflicts"], json!([]));
}

#[test]
fn a_held_module_is_refused_with_its_holder_and_expiry() {
    let mut play = Play::with_agents();
    play.module("m", &[], &[]);
    play.claim("a", "m").unwrap();
    let refusal = play.claim("b", "m").unwrap_err();
    assert_eq!(refusal.code, Code::LeaseHeld);
    assert_eq!(refusal.details["holder"], json!(play.agent("a")));
    assert_eq!(refusal.details["expires_at"], "1970-01-01T00:46:40.000Z");
}

#[test]
fn the_holder_may_claim_again_and_the_old_token_is_void() {
    let mut play = Play::with_agents();
    play.module("m", &[], &[]);
    let first = play.claim("a", "m").unwrap()["lease"]["token"].clone();
    let second = play.claim("a", "m").unwrap()["lease"]["token"].clone();
    assert_ne!(first, second);
    let stale = remit_board::command::Asking {
        lease_token: serde_json::from_value(first).unwrap(),
        ..Default::default()
    };
    assert_eq!(play.ask("a", "release", json!({ "module": "m" }), stale).unwrap_err().code, Code::StaleLease);
    play.run("a", "release", json!({ "module": "m" })).unwrap();
}

#[test]
fn an_expired_lease_gives_way_to_a_claim_and_its_holder_is_told() {
    let mut play = Play::with_agents();
    play.module("m", &[], &[]);
    play.claim("a", "m").unwrap();
    play.pass(1799);
    assert_eq!(play.code("b", "claim", json!({ "module": "m" })), Code::LeaseHeld);
    play.pass(1);
    play.claim("b", "m").unwrap();
    assert_eq!(play.owner("m"), Some(play.agent("b")));
    assert_eq!(play.notified("lease-lost"), [format!("agent:{}", play.agent("a"))]);
    assert_eq!(
        play.code("a", "finish", json!({ "module": "m" })),
        Code::NotHolder,
        "the dead holder is fenced off"
    );
}

#[test]
fn only_done_satisfies_a_dependency() {
    let mut play = Play::with_agents();
    play.module("base", &[], &[]);
    play.module("top", &["base"], &[]);
    assert_eq!(play.code("a", "claim", json!({ "module": "top" })), Code::DependencyOpen);
    play.claim("a", "base").unwrap();
    assert_eq!(play.code("b", "claim", json!({ "module": "top" })), Code::DependencyOpen);
    play.run("a", "finish", json!({ "module": "base" })).unwrap();
    assert_eq!(play.notified("unblocked"), ["workers"]);
    play.claim("b", "top").unwrap();
}

#[test]
fn overlap_refuses_in_safe_and_is_only_told_otherwise() {
    for (profile, refused) in [("safe", true), ("balanced", false), ("throughput", false)] {
        let mut play = Play::with_agents();
        play.module("m", &[], &["src/*.rs"]);
        play.module("n", &[], &["src/lib.rs"]);
        play.safety(profile);
        play.claim("a", "m").unwrap();
        let expected = json!([{ "module": "m", "owner": play.agent("a"), "witness": "src/lib.rs" }]);
        match play.claim("b", "n") {
            Ok(claimed) => {
                assert!(!refused, "{profile}");
                assert_eq!(claimed["conflicts"], expected);
            }
            Err(failure) => {
                assert!(refused, "{profile}");
                assert_eq!((failure.code, &failure.details["conflicts"]), (Code::ScopeOverlap, &expected));
            }
        }
    }
}

#[test]
fn in_safe_a_scope_whose_lease_ran_out_refuses_no_claim() {
    let mut play = Play::with_agents();
    play.module("m", &[], &["src"]);
    play.module("n", &[], &["src/lib.rs"]);
    play.safety("safe");
    play.claim("a", "m").unwrap();
    play.pass(1800);
    let claimed = play.claim("b", "n").unwrap();
    assert_eq!(claimed["conflicts"][0]["module"], "m");
}

#[test]
fn ones_own_overlap_is_nobodys_business() {
    let mut play = Play::with_agents();
    play.module("m", &[], &["src"]);
    play.module("n", &[], &["src/lib.rs"]);
    play.safety("safe");
    play.claim("a", "m").unwrap();
    assert_eq!(play.claim("a", "n").unwrap()["conflicts"], json!([]));
}

#[test]
fn claim_next_goes_by_priority_then_age_and_gives_another_one_each_time() {
    let mut play = Play::with_agents();
    for (id, priority) in [("late", 2), ("first", 2), ("urgent", 0), ("idle", 4)] {
        play.run("a", "add-module", json!({ "id": id, "priority": priority })).unwrap();
    }
    let mut order = Vec::new();
    while let Ok(claimed) = play.run("a", "claim-next", json!({})) {
        order.push(claimed["module"]["id"].as_str().unwrap().to_owned());
    }
    assert_eq!(order, ["urgent", "late", "first", "idle"]);
    assert_eq!(play.code("b", "claim-next", json!({})), Code::Nothing);
    play.pass(1800);
    assert_eq!(
        play.code("a", "claim-next", json!({})),
        Code::Nothing,
        "its own expired ones are no other ones"
    );
    assert_eq!(play.run("b", "claim-next", json!({})).unwrap()["module"]["id"], "urgent");
}

#[test]
fn claim_next_leaves_out_what_another_specialty_is_asked_for() {
    let mut play = Play::with_agents();
    play.run("a", "add-module", json!({ "id": "ui", "specialty": "frontend", "priority": 0 })).unwrap();
    play.run("a", "add-module", json!({ "id": "any" })).unwrap();
    let claimed = play.run("a", "claim-next", json!({ "specialty": "backend" })).unwrap();
    assert_eq!(claimed["module"]["id"], "any");
    assert_eq!(play.code("a", "claim-next", json!({ "specialty": "backend" })), Code::Nothing);
}

#[test]
fn in_safe_claim_next_goes_round_occupied_paths() {
    let mut play = Play::with_agents();
    play.run("a", "add-module", json!({ "id": "m", "priority": 0, "owned_paths": ["src"] })).unwrap();
    play.run("a", "add-module", json!({ "id": "n", "priority": 1, "owned_paths": ["src/n"] })).unwrap();
    play.run("a", "add-module", json!({ "id": "o", "priority": 2, "owned_paths": ["docs"] })).unwrap();
    play.safety("safe");
    play.run("a", "claim-next", json!({})).unwrap();
    assert_eq!(play.run("b", "claim-next", json!({})).unwrap()["module"]["id"], "o");
    assert_eq!(play.code("b", "claim-next", json!({})), Code::Nothing);
}

#[test]
fn paths_become_a_module_of_literal_patterns() {
    let mut play = Play::with_agents();
    let arguments = json!({ "paths": ["app/[id]/page.tsx"], "reason": "fix the title" });
    let claimed = play.run("a", "claim-paths", arguments.clone()).unwrap();
    assert_eq!(claimed["module"]["id"], "paths-app-id-page.tsx");
    assert_eq!(claimed["module"]["title"], "fix the title");
    assert_eq!(claimed["module"]["owned_paths"], json!(["app/\\[id\\]/page.tsx"]));
    let other = play.run("b", "claim-paths", arguments).unwrap();
    assert_eq!(other["module"]["id"], "paths-app-id-page.tsx-2");
    assert_eq!(other["conflicts"][0]["witness"], "app/[id]/page.tsx");
}

#[test]
fn nobody_reviews_their_own_work_and_reviewed_work_is_not_finished() {
    let mut play = Play::with_agents();
    play.module("m", &[], &[]);
    let own = json!({ "module": "m", "reviewer_id": play.agent("a") });
    assert_eq!(play.code("a", "claim", own), Code::Invalid);
    let unknown = json!({ "module": "m", "reviewer_id": "agent-00000000" });
    assert_eq!(play.code("a", "claim", unknown), Code::NotFound);
    play.run("a", "claim", json!({ "module": "m", "reviewer_id": play.agent("r") })).unwrap();
    let refusal = play.run("a", "finish", json!({ "module": "m" })).unwrap_err();
    assert_eq!(refusal.code, Code::WrongStatus);
    assert!(refusal.hint.unwrap().contains("submit"));
    assert_eq!(play.status("m"), Status::InProgress);
}

#[test]
fn a_lease_runs_from_a_second_to_a_week() {
    let mut play = Play::with_agents();
    play.module("m", &[], &[]);
    for ttl in [0, 604_801, u64::MAX] {
        assert_eq!(play.code("a", "claim", json!({ "module": "m", "ttl_seconds": ttl })), Code::Invalid);
    }
    for ttl in [1, 604_800] {
        play.run("a", "claim", json!({ "module": "m", "ttl_seconds": ttl })).unwrap();
    }
}

#[test]
fn who_asks_must_be_known() {
    let mut play = Play::with_agents();
    play.module("m", &[], &[]);
    assert_eq!(play.code("stranger", "claim", json!({ "module": "m" })), Code::NotFound);
    assert_eq!(play.code("a", "claim", json!({ "module": "none" })), Code::NotFound);
}
