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
    assert!(drawn(&play, GraphFormat::Svg).matches("data-module=").count() == 3_000);
}

/// Corners of the boxes, as they stand in the picture.
fn corners(svg: &str) -> Vec<(i64, i64)> {
    let marks = svg.match_indices("tabindex=\"0\" transform=\"translate(");
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
