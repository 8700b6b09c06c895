//! Which mode fits which team: one line a team.

use remit_board::{
    failure::Code,
    mode::{BoardDisk, Mode, ModeChoice, OptimizeFor, Topology, advise},
};
use serde_json::json;

use crate::play::Play;

const AIMS: [OptimizeFor; 3] = [OptimizeFor::Token, OptimizeFor::Balanced, OptimizeFor::Efficiency];

/// `aim agents/windows machines [cross] [storage|no-storage]`, as in `efficiency 6/4 2 cross`.
fn team(line: &str) -> Topology {
    let words: Vec<&str> = line.split(' ').collect();
    let (agents, windows) = words[1].split_once('/').unwrap();
    let storage = words.iter().find_map(|word| match *word {
        "storage" => Some(true),
        "no-storage" => Some(false),
        _ => None,
    });
    Topology {
        optimize_for: AIMS.into_iter().find(|aim| aim.as_str() == words[0]),
        agent_count: agents.parse().ok(),
        window_count: windows.parse().ok(),
        machine_count: words[2].parse().ok(),
        cross_machine: words.contains(&"cross"),
        shared_storage: storage,
    }
}

const LOCAL: BoardDisk = BoardDisk::Local;
const NETWORK: BoardDisk = BoardDisk::Network("nfs");
const SHARED: BoardDisk = BoardDisk::Shared("nfs");

#[test]
fn the_mode_that_fits_each_team() {
    use Mode::{CentralizedDispatch as Service, SharedBoard as File};
    for (disk, line, expected) in [
        (LOCAL, "- -/- -", File),
        (LOCAL, "token 2/2 1", File),
        (LOCAL, "token 500/500 1", File),
        (LOCAL, "balanced 11/2 1", File),
        (LOCAL, "balanced 12/2 1", Service),
        (LOCAL, "balanced 2/12 1", Service),
        (LOCAL, "efficiency 3/3 1", File),
        (LOCAL, "efficiency 4/1 1", Service),
        (LOCAL, "efficiency 6/4 2 cross", Service),
        (LOCAL, "token 2/2 2", Service),
        (LOCAL, "token 2/2 1 cross", Service),
        (LOCAL, "token 2/2 2 no-storage", Service),
        (LOCAL, "token 2/2 2 storage", File),
        (LOCAL, "balanced 5/1 2 storage", File),
        (LOCAL, "balanced 6/1 2 storage", Service),
        (LOCAL, "efficiency 1/1 2 storage", File),
        (LOCAL, "efficiency 2/1 2 storage", Service),
        (NETWORK, "token 1/1 1", Service),
        (NETWORK, "token 1/1 1 storage", Service),
        (SHARED, "token 2/2 2", File),
        (SHARED, "token 2/2 2 no-storage", Service),
        (SHARED, "balanced 6/1 1", Service),
        (SHARED, "efficiency 3/1 1", Service),
    ] {
        let advice = advise(ModeChoice::Auto, &team(line), disk);
        assert_eq!(advice.mode, expected, "{disk:?} {line}: {:?}", advice.reasons);
        assert!(advice.reasons.iter().all(|reason| reason.ends_with(['.', ':'])), "{:?}", advice.reasons);
        assert!(!advice.reasons.is_empty());
    }
}

#[test]
fn a_named_mode_is_taken_and_says_what_speaks_against_it() {
    let alone = advise(ModeChoice::CentralizedDispatch, &team("token 1/1 1"), LOCAL);
    assert_eq!(alone.mode, Mode::CentralizedDispatch);
    assert!(alone.reasons.len() > 2 && alone.reasons[1].contains("shared-board"), "{:?}", alone.reasons);
    let fitting = advise(ModeChoice::SharedBoard, &team("token 1/1 1"), LOCAL);
    assert_eq!(fitting.reasons, ["shared-board was asked for by --mode."]);
}

#[test]
fn more_people_never_need_less() {
    for disk in [LOCAL, SHARED] {
        for aim in AIMS {
            let at = |agents| {
                let team =
                    Topology { optimize_for: Some(aim), agent_count: Some(agents), ..Topology::default() };
                advise(ModeChoice::Auto, &team, disk).mode
            };
            let modes: Vec<Mode> = (1..40).map(at).collect();
            let first =
                modes.iter().position(|mode| *mode == Mode::CentralizedDispatch).unwrap_or(modes.len());
            assert!(modes[first..].iter().all(|mode| *mode == Mode::CentralizedDispatch), "{aim:?} {disk:?}");
        }
    }
}

fn confirmed(more: serde_json::Value) -> serde_json::Value {
    let mut arguments = json!({ "confirm_workspace": true, "confirm_branch": true });
    arguments.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    arguments
}

#[test]
fn a_preflight_says_everything_that_it_chose_and_the_next_one_goes_on_from_there() {
    let mut play = Play::with_agents();
    let first =
        confirmed(json!({ "optimize_for": "efficiency", "agent_count": 6, "session_kind": "single" }));
    let first = play.run("a", "preflight", first).unwrap();
    assert_eq!(first["mode"], "centralized-dispatch");
    assert_eq!((&first["mode_choice"], &first["session_kind"]), (&json!("auto"), &json!("single")));
    assert_eq!((&first["worktree"], &first["branch"]), (&json!("/repo"), &json!("main")));
    assert_eq!(first["topology"]["agent_count"], 6);
    assert_eq!(first["safety_effects"].as_array().unwrap().len(), 2);

    let again = play.run("b", "preflight", confirmed(json!({ "safety_profile": "safe" }))).unwrap();
    assert_eq!((&again["mode"], &again["topology"]), (&first["mode"], &first["topology"]));
    assert_eq!((&again["session_kind"], &again["safety_profile"]), (&json!("while-loop"), &json!("safe")));

    let other = play.run("b", "preflight", confirmed(json!({ "window_count": 2 }))).unwrap();
    assert_eq!((&other["mode"], &other["safety_profile"]), (&json!("shared-board"), &json!("safe")));
    assert_eq!(play.board.last_preflight().unwrap().topology.window_count, Some(2));
}

#[test]
fn nobody_is_no_team() {
    let mut play = Play::with_agents();
    for field in ["agent_count", "machine_count", "window_count"] {
        assert_eq!(play.code("a", "preflight", confirmed(json!({ field: 0 }))), Code::Invalid, "{field}");
    }
}
