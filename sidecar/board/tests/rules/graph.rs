//! The graph as it is drawn: escaped in each language, and readable when it is large.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use remit_board::{
    reply::GraphFormat,
    scope::CaseRule,
    view::{Shown, Texts, graph},
};
use serde_json::{Value, json};

use crate::play::Play;

fn drawn(play: &Play, format: GraphFormat) -> String {
    let shown = Shown {
        board: &play.board,
        leases: &play.leases,
        now: play.now,
        last_seen: &BTreeMap::new(),
        live_sessions: &BTreeSet::new(),
        texts: &Texts::default(),
        case: CaseRule::Sensitive,
    };
    graph(&shown, format).text
}

/// Titles that would break out of each language if they could.
fn nasty() -> Play {
    let mut play = Play::with_agents();
    let plan = json!({ "modules": [
        { "id": "end", "title": "\"];\nclick \\N <script>alert(1)</script> --> `x` & #35; \u{7}" },
        { "id": "core.v2", "title": "The core" },
        { "id": "web", "depends_on": ["core.v2", "end"] },
        { "id": "docs", "depends_on": ["core.v2"], "title": "ä \u{1f980} docs" },
        { "id": "ship", "depends_on": ["web", "end"] },
    ] });
    play.run("a", "import-plan", plan).unwrap();
    play.claim("a", "core.v2").unwrap();
    play.run("a", "finish", json!({ "module": "core.v2" })).unwrap();
    play.claim("b", "docs").unwrap();
    play
}

#[test]
fn each_module_stands_once_below_the_deepest_that_it_waits_for() {
    insta::assert_snapshot!(drawn(&nasty(), GraphFormat::Text));
}

#[test]
fn what_people_wrote_is_text_in_dot() {
    insta::assert_snapshot!(drawn(&nasty(), GraphFormat::Dot));
}

#[test]
fn what_people_wrote_is_text_in_mermaid() {
    insta::assert_snapshot!(drawn(&nasty(), GraphFormat::Mermaid));
}

#[test]
fn what_people_wrote_is_text_in_svg() {
    insta::assert_snapshot!(drawn(&nasty(), GraphFormat::Svg));
}

#[test]
fn a_very_long_chain_is_drawn_in_bounded_width_and_without_a_deep_stack() {
    let mut play = Play::with_agents();
    let module = |n: usize| match n {
        0 => json!({ "id": "m0" }),
        n => json!({ "id": format!("m{n}"), "depends_on": [format!("m{}", n - 1), "m0"] }),
    };
    let modules: Vec<Value> = (0..3_000).map(module).collect();
    play.run("a", "import-plan", json!({ "modules": modules })).unwrap();
    let text = drawn(&play, GraphFormat::Text);
    assert_eq!(text.lines().count(), 3_000);
    assert!(text.lines().all(|line| line.len() < 160));
    let svg = drawn(&play, GraphFormat::Svg);
    assert_eq!(svg.matches("data-module=").count(), 2_000);
    assert!(svg.contains("2000 of 3000 modules, finished ones are left out first."));
}

fn planned(modules: Vec<Value>) -> Play {
    let mut play = Play::with_agents();
    play.run("a", "import-plan", json!({ "modules": modules })).unwrap();
    play
}

/// Every module waits for the thirty before it.
#[test]
fn what_is_too_entangled_stands_in_columns_and_says_so() {
    let on = |n: usize| (n.saturating_sub(30)..n).map(|on| format!("m{on}")).collect::<Vec<_>>();
    let module = |n: usize| json!({ "id": format!("m{n}"), "depends_on": on(n) });
    let svg = drawn(&planned((0..500).map(module).collect()), GraphFormat::Svg);
    assert_eq!(corners(&svg).len(), 500);
    assert!(svg.contains("Too many lines to lead them around the boxes. 10000 of 14535 lines are drawn."));
}

#[test]
fn fifty_thousand_modules_are_drawn_in_part() {
    let module = |n: usize| json!({ "id": format!("m{n}"), "depends_on": if n < 25_000 { vec![] } else { vec![format!("m{}", n / 2)] } });
    let svg = drawn(&planned((0..50_000).map(module).collect()), GraphFormat::Svg);
    assert_eq!(corners(&svg).len(), 2_000);
    assert!(svg.contains("2000 of 50000 modules"));
}

#[test]
fn finished_modules_are_left_out_first() {
    let mut play = planned((0..2_001).map(|n| json!({ "id": format!("m{n}") })).collect());
    play.claim("a", "m7").unwrap();
    play.run("a", "finish", json!({ "module": "m7" })).unwrap();
    let svg = drawn(&play, GraphFormat::Svg);
    assert_eq!(corners(&svg).len(), 2_000);
    assert!(!svg.contains("data-module=\"m7\""));
}

#[test]
fn modules_without_dependencies_stand_in_rows() {
    let svg = drawn(&planned((0..9).map(|n| json!({ "id": format!("m{n}") })).collect()), GraphFormat::Svg);
    let rows: BTreeSet<i64> = corners(&svg).iter().map(|(_, y)| *y).collect();
    assert_eq!(rows.len(), 3);
}

/// The rules make no cycle; a board that something else wrote to may have one.
#[test]
fn a_cycle_is_drawn_all_the_same() {
    let mut play = planned(["a", "b", "c"].map(|id| json!({ "id": id })).to_vec());
    for (id, on) in [("a", "c"), ("b", "a"), ("c", "b"), ("c", "c")] {
        let module = play.board.modules.get_mut(&id.parse().unwrap()).unwrap();
        module.depends_on = module.depends_on.iter().cloned().chain([on.parse().unwrap()]).collect();
    }
    let svg = drawn(&play, GraphFormat::Svg);
    assert_eq!(corners(&svg).iter().collect::<BTreeSet<_>>().len(), 3);
    assert_eq!(svg.matches("class=\"edge\"").count(), 3);
}

/// Corners of the boxes, as they stand in the picture.
fn corners(svg: &str) -> Vec<(i64, i64)> {
    let marks = svg.match_indices("\" transform=\"translate(");
    marks
        .map(|(at, mark)| {
            let numbers = &svg[at + mark.len()..];
            let (x, y) = numbers[..numbers.find(')').unwrap()].split_once(' ').unwrap();
            (x.parse().unwrap(), y.parse().unwrap())
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn boxes_lie_apart_and_what_waits_lies_to_the_right(seed in prop::collection::vec(prop::collection::btree_set(1usize..30, 0..4), 1..80)) {
        let mut play = Play::with_agents();
        let dependencies = |n: usize| seed[n].iter().filter(|back| **back <= n).map(|back| n - back).collect::<Vec<_>>();
        let modules: Vec<Value> = (0..seed.len())
            .map(|n| json!({ "id": format!("m{n}"), "depends_on": dependencies(n).iter().map(|on| format!("m{on}")).collect::<Vec<_>>() }))
            .collect();
        play.run("a", "import-plan", json!({ "modules": modules })).unwrap();
        let svg = drawn(&play, GraphFormat::Svg);
        prop_assert_eq!(&svg, &drawn(&play, GraphFormat::Svg));
        let boxes = corners(&svg);
        prop_assert_eq!(boxes.len(), seed.len());
        for (n, (x, y)) in boxes.iter().enumerate() {
            prop_assert!(dependencies(n).iter().all(|on| boxes[*on].0 + 200 < *x));
            prop_assert!(boxes[..n].iter().all(|(other_x, other_y)| other_x != x || (other_y - y).abs() >= 48));
        }
    }
}
