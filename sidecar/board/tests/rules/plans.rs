use remit_board::{failure::Code, module::Status};
use serde_json::json;

use crate::play::Play;

#[test]
fn a_plan_may_refer_forward_and_keeps_its_order() {
    let mut play = Play::with_agents();
    let plan =
        json!({ "modules": [{ "id": "b", "depends_on": ["a"] }, { "id": "a", "owned_paths": ["src/a"] }] });
    assert_eq!(play.run("a", "import-plan", plan.clone()).unwrap()["modules"], json!(["b", "a"]));
    assert_eq!(play.code("a", "import-plan", plan), Code::AlreadyExists);
    assert_eq!(play.status("b"), Status::Todo);
}

#[test]
fn a_plan_is_taken_whole_or_not_at_all() {
    let mut play = Play::with_agents();
    for (plan, code) in [
        (json!({ "modules": [] }), Code::Invalid),
        (json!({ "modules": [{ "id": "a" }, { "id": "a" }] }), Code::AlreadyExists),
        (json!({ "modules": [{ "id": "a" }, { "id": "b", "depends_on": ["c"] }] }), Code::NotFound),
        (json!({ "modules": [{ "id": "a", "depends_on": ["a"] }] }), Code::Cycle),
    ] {
        assert_eq!(play.code("a", "import-plan", plan), code);
        assert!(play.board.modules.is_empty());
    }
}

#[test]
fn nobody_can_own_the_boards_folder_or_gits() {
    let mut play = Play::with_agents();
    play.module("held", &[], &["src"]);
    for path in ["project-plan", "project-plan/STATUS.md", ".git", ".git/config", "vendor/lib/.GIT/hooks"] {
        for (name, arguments) in [
            ("claim-paths", json!({ "paths": ["src/x", path] })),
            ("add-module", json!({ "id": "m", "owned_paths": [path] })),
            ("edit-module", json!({ "id": "held", "owned_paths": [path] })),
            ("import-plan", json!({ "modules": [{ "id": "m", "owned_paths": [path] }] })),
            ("import-plan", json!({ "modules": [{ "id": "m", "candidate_owned_paths": [path] }] })),
        ] {
            assert_eq!(play.code("a", name, arguments), Code::Invalid, "{name} {path}");
        }
    }
    for path in ["project-planning", "src/project-plan", ".github", ".gitignore", "**", "*"] {
        play.run("a", "edit-module", json!({ "id": "held", "owned_paths": [path] })).unwrap();
    }
}

#[test]
fn a_cycle_is_named_in_order() {
    let mut play = Play::with_agents();
    let plan = json!({ "modules": [
        { "id": "a", "depends_on": ["b"] }, { "id": "b", "depends_on": ["c"] }, { "id": "c", "depends_on": ["a"] }
    ] });
    let refusal = play.run("a", "import-plan", plan).unwrap_err();
    assert_eq!(refusal.details["cycle"], json!(["a", "b", "c", "a"]));
    assert!(refusal.message.contains("a → b → c → a"), "{}", refusal.message);
}

#[test]
fn an_edit_may_close_no_cycle() {
    let mut play = Play::with_agents();
    play.module("a", &[], &[]);
    play.module("b", &["a"], &[]);
    assert_eq!(play.code("a", "edit-module", json!({ "id": "a", "depends_on": ["b"] })), Code::Cycle);
    assert_eq!(play.code("a", "edit-module", json!({ "id": "a", "depends_on": ["x"] })), Code::NotFound);
    assert_eq!(play.code("a", "add-module", json!({ "id": "c", "depends_on": ["x"] })), Code::NotFound);
    assert_eq!(play.code("a", "add-module", json!({ "id": "a" })), Code::AlreadyExists);
}

#[test]
fn a_long_chain_needs_no_deep_stack() {
    let mut play = Play::with_agents();
    let module = |n: u32| match n {
        0 => json!({ "id": "m0" }),
        n => json!({ "id": format!("m{n}"), "depends_on": [format!("m{}", n - 1)] }),
    };
    let modules: Vec<_> = (0..20_000).rev().map(module).collect();
    play.run("a", "import-plan", json!({ "modules": modules })).unwrap();
    assert_eq!(play.code("a", "edit-module", json!({ "id": "m0", "depends_on": ["m19999"] })), Code::Cycle);
}

#[test]
fn anybody_may_word_a_held_module_but_only_its_holder_redraws_it() {
    let mut play = Play::with_agents();
    play.module("m", &[], &["src"]);
    play.claim("a", "m").unwrap();
    play.run("b", "edit-module", json!({ "id": "m", "title": "T", "priority": 0, "description": "D" }))
        .unwrap();
    assert_eq!(play.code("b", "edit-module", json!({ "id": "m", "owned_paths": ["x"] })), Code::NotHolder);
    assert_eq!(
        play.code("b", "edit-module", json!({ "id": "m", "clear_depends_on": true })),
        Code::NotHolder
    );
    let edited = play.run("a", "edit-module", json!({ "id": "m", "owned_paths": ["x"] })).unwrap();
    assert_eq!(edited["module"]["owned_paths"], json!(["x"]));
    assert_eq!(edited["module"]["title"], "T");
    let cleared = play.run("a", "edit-module", json!({ "id": "m", "clear_owned_paths": true })).unwrap();
    assert_eq!(cleared["module"]["owned_paths"], json!([]));
}

#[test]
fn redrawing_a_live_scope_is_a_claim_of_its_paths() {
    let mut play = Play::with_agents();
    play.module("m", &[], &["m"]);
    play.module("n", &[], &["n"]);
    play.safety("safe");
    play.claim("a", "m").unwrap();
    play.claim("b", "n").unwrap();
    assert_eq!(
        play.code("b", "edit-module", json!({ "id": "n", "owned_paths": ["m/x"] })),
        Code::ScopeOverlap
    );
    play.safety("balanced");
    let edited = play.run("b", "edit-module", json!({ "id": "n", "owned_paths": ["m/x"] })).unwrap();
    assert_eq!(edited["conflicts"][0]["witness"], "m/x");
}
