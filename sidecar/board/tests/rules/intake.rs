use proptest::prelude::*;
use remit_board::{
    board::Text,
    failure::Code,
    ids::ModuleId,
    intake::{Need, Part, Sign, Survey},
    path::ProjectPath,
    rank::{Claimable, Seeker},
    scope::{CaseRule, Pattern},
};
use serde_json::{Value, json};

use crate::play::Play;

fn path(text: &str) -> ProjectPath {
    ProjectPath::parse(text).unwrap()
}

/// A part whose paths are the folder's, or files at the root.
fn part(name: &str, paths: &[&str], needs: &[usize]) -> Part {
    let sign = |what: &str| Sign { what: what.to_owned(), path: path(paths[0]), line: Some(3) };
    Part {
        name: name.to_owned(),
        title: format!("Package {name}"),
        folder: (paths.len() == 1).then(|| path(paths[0])),
        paths: paths.iter().map(|one| path(one)).collect(),
        packages: Vec::new(),
        needs: needs.iter().map(|other| Need { part: *other, sign: sign("needs") }).collect(),
        signs: vec![sign("package")],
        owners: vec!["@acme/core".to_owned()],
    }
}

fn play(parts: Vec<Part>) -> Play {
    let mut play = Play::with_agents();
    play.survey = Survey { parts, notes: vec!["a note".to_owned()], files: 7 };
    play
}

/// `id standing` for each.
fn standings(reply: &Value) -> Vec<String> {
    let modules = reply["modules"].as_array().unwrap().iter();
    modules
        .map(|one| format!("{} {}", one["id"].as_str().unwrap(), one["standing"].as_str().unwrap()))
        .collect()
}

fn ids(play: &Play) -> Vec<&str> {
    play.board.modules.keys().map(ModuleId::as_str).collect()
}

#[test]
fn looking_adds_nothing_but_an_event() {
    let mut play = play(vec![part("core", &["crates/core"], &[]), part("web", &["web"], &[0])]);
    let reply = play.run("a", "intake", json!({})).unwrap();
    assert_eq!(standings(&reply), ["core new", "web new"]);
    assert_eq!(reply["modules"][1]["candidate_depends_on"], json!(["core"]));
    assert_eq!(reply["modules"][1]["evidence"][1], json!({ "what": "needs", "path": "web", "line": 3 }));
    assert_eq!((&reply["notes"], &reply["files"]), (&json!(["a note"]), &json!(7)));
    assert!(play.board.modules.is_empty());
    let event = play.events.last().unwrap();
    assert_eq!((event.kind, event.source), ("intake", "intake"));
    assert_eq!(event.summary, "2 parts of the project found, 0 known; new would be core, web");
}

#[test]
fn seeded_modules_are_to_do_and_bind_nobody() {
    let mut play = play(vec![part("core", &["app/[id]"], &[]), part("web", &["web"], &[0])]);
    let reply = play.run("a", "intake", json!({ "seed_tasks": true })).unwrap();
    assert_eq!(standings(&reply), ["core added", "web added"]);
    let web = &play.board.modules[&"web".parse().unwrap()];
    assert!(web.is_candidate() && web.depends_on.is_empty() && web.owned_paths.is_empty());
    assert_eq!(web.candidate_depends_on, ["core".parse().unwrap()]);
    let core = &play.board.modules[&"core".parse().unwrap()];
    assert!(core.candidate_owned_paths.contains(&Pattern::parse("app/\\[id\\]").unwrap()));
    assert!(core.ordinal < web.ordinal);
    let described = play.texts.iter().any(|text| {
        matches!(text, Text::Description { module, text }
        if module.as_str() == "web" && text.ends_with("- package (web:3)\n- needs (web:3)"))
    });
    assert!(described);
    // Its dependency is a guess, and so is what it owns.
    play.safety("safe");
    play.claim("a", "core").unwrap();
    play.claim("b", "web").unwrap();
    let summary = &play.events.iter().find(|event| event.kind == "intake").unwrap().summary;
    assert_eq!(summary, "2 parts of the project found, 0 known; added as candidates: core, web");
}

#[test]
fn what_a_module_covers_or_might_is_known_and_not_added_again() {
    let mut play = play(vec![
        part("core", &["crates/core"], &[]),
        part("web", &["web"], &[0]),
        part("docs", &["docs"], &[]),
        part("project", &["Cargo.toml", "README.md", "LICENSE"], &[]),
    ]);
    play.module("kernel", &[], &["crates"]);
    play.module("pages", &[], &["web/**"]);
    play.module("words", &[], &["*.md"]);
    let reply = play.run("a", "intake", json!({ "seed_tasks": true })).unwrap();
    assert_eq!(standings(&reply), ["kernel known", "pages known", "docs added", "project added"]);
    assert_eq!(reply["modules"][1]["candidate_depends_on"], json!(["kernel"]));
    let again = play.run("a", "intake", json!({ "seed_tasks": true })).unwrap();
    assert_eq!(standings(&again), ["kernel known", "pages known", "docs known", "project known"]);
    assert_eq!(ids(&play), ["docs", "kernel", "pages", "project", "words"]);
    play.run("a", "confirm-module", json!({ "id": "docs", "all": true })).unwrap();
    play.run("c", "cancel", json!({ "module": "project" })).unwrap();
    play.survey.parts[3].paths.push(path("new.txt"));
    let confirmed = play.run("a", "intake", json!({})).unwrap();
    assert_eq!(standings(&confirmed), ["kernel known", "pages known", "docs known", "project known"]);
}

#[test]
fn a_namesake_is_the_part_unless_it_owns_something_else() {
    let mut play = play(vec![part("auth", &["libs/auth"], &[]), part("log", &["libs/log"], &[])]);
    play.module("auth", &[], &["services/auth"]);
    play.module("log", &[], &[]);
    let reply = play.run("a", "intake", json!({ "seed_tasks": true })).unwrap();
    assert_eq!(standings(&reply), ["libs-auth added", "log known"]);
    assert_eq!(standings(&play.run("a", "intake", json!({})).unwrap()), ["libs-auth known", "log known"]);
}

#[test]
fn parts_of_one_name_are_told_apart_by_their_folders() {
    let long = "x".repeat(10_000);
    let mut play = play(vec![
        part("web", &["a/web"], &[]),
        part("Web", &["b/web"], &[]),
        part("@acme/ui kit", &["ui"], &[]),
        part("日本", &["日本"], &[]),
        part("…", &["…"], &[]),
        part(&long, &["long"], &[]),
    ]);
    play.run("a", "intake", json!({ "seed_tasks": true })).unwrap();
    let long = "x".repeat(100);
    assert_eq!(ids(&play), ["a-web", "acme-ui-kit", "b-web", "project", "project-2", &long]);
}

#[test]
fn a_circle_is_told_and_confirming_it_is_refused_by_name() {
    let mut play = play(vec![part("a", &["a"], &[1]), part("b", &["b"], &[0])]);
    let reply = play.run("a", "intake", json!({ "seed_tasks": true })).unwrap();
    let note = reply["notes"][1].as_str().unwrap();
    assert_eq!(note, "some parts need each other in a circle (a → b → a): confirm only one direction of it");
    let confirmed = play.run("a", "confirm-module", json!({ "id": "a", "all": true })).unwrap();
    assert_eq!(confirmed["module"]["owned_paths"], json!(["a"]));
    assert_eq!(play.code("a", "confirm-module", json!({ "id": "b", "all": true })), Code::Cycle);
    let half = play.run("a", "confirm-module", json!({ "id": "b", "owned_paths": ["b"] })).unwrap();
    assert_eq!(half["module"]["candidate_depends_on"], json!(["a"]));
}

#[test]
fn the_thread_key_says_whose_doing_it_is() {
    let mut play = play(vec![part("a", &["a"], &[])]);
    play.run("b", "intake", json!({ "thread_key": "b" })).unwrap();
    assert_eq!(play.events.last().unwrap().agent, Some(play.agent("b")));
    assert_eq!(play.code("a", "intake", json!({ "thread_key": "nobody" })), Code::NotFound);
    let asking = remit_board::command::Asking { agent_id: Some(play.agent("a")), ..Default::default() };
    let refused = play.ask("a", "intake", json!({ "thread_key": "b" }), asking);
    assert_eq!(refused.unwrap_err().code, Code::Invalid);
}

#[test]
fn whoever_is_handed_a_candidate_is_told_what_it_is() {
    let mut play = play(vec![part("a", &["a"], &[])]);
    play.run("a", "intake", json!({ "seed_tasks": true })).unwrap();
    let reasons = |play: &Play| {
        let Play { board, leases, now, .. } = play;
        let case = CaseRule::Sensitive;
        let seeker = Seeker { board, leases, now: *now, case, agent: None, specialty: None };
        Claimable::new(seeker).next().unwrap().reasons()
    };
    let told = "its paths are candidates, which `remit confirm-module a --all` makes count";
    assert_eq!(reasons(&play), ["priority 2", told]);
    play.run("a", "confirm-module", json!({ "id": "a", "all": true })).unwrap();
    assert_eq!(reasons(&play), ["priority 2"]);
}

fn some_part() -> impl Strategy<Value = (String, Vec<String>, Vec<usize>)> {
    let name = prop_oneof!["[a-c]{0,2}", "\\PC{0,6}", Just("web".to_owned())];
    let folder = proptest::collection::vec("[a-c]", 1..4).prop_map(|names| names.join("/"));
    (name, proptest::collection::vec(folder, 1..3), proptest::collection::vec(0..8_usize, 0..4))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is found and whatever is on the board: ids are valid and each its own, and the second time adds nothing.
    #[test]
    fn intake_twice_is_intake_once(
        parts in proptest::collection::vec(some_part(), 0..8),
        planned in proptest::collection::btree_map("(web|[a-c]{1,2})", proptest::collection::vec("[a-c](/[a-c]|/\\*\\*)?", 0..2), 0..4),
    ) {
        let mut taken = std::collections::BTreeSet::new();
        let parts = parts.into_iter().filter_map(|(name, folders, needs)| {
            let own: Vec<String> = folders.into_iter().filter(|folder| taken.insert(folder.clone())).collect();
            let own: Vec<&str> = own.iter().map(String::as_str).collect();
            (!own.is_empty()).then(|| part(&name, &own, &needs))
        });
        let mut play = play(parts.collect());
        for (id, paths) in &planned {
            let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
            play.module(id, &[], &paths);
        }
        let before = play.board.modules.len();
        let first = play.run("a", "intake", json!({ "seed_tasks": true })).unwrap();
        let added = standings(&first).iter().filter(|line| line.ends_with(" added")).count();
        prop_assert_eq!(play.board.modules.len(), before + added, "each new one has an id of its own");
        let seeded = play.board.modules.clone();
        let second = play.run("a", "intake", json!({ "seed_tasks": true })).unwrap();
        prop_assert!(standings(&second).iter().all(|line| line.ends_with(" known")), "{:?}", standings(&second));
        prop_assert_eq!(&play.board.modules, &seeded);
        for module in play.board.modules.values() {
            prop_assert!(module.candidate_depends_on.iter().all(|id| seeded.contains_key(id) && *id != module.id));
        }
    }
}
