//! How fast the two questions about scopes are, beside the ways that one would take from a library.
//!
//! Input is made up by a seeded generator: the same on every machine. Build it in release mode.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "its output is its purpose")]

use std::{
    collections::BTreeSet,
    hint::black_box,
    time::{Duration, Instant},
};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use remit_board::{
    path::ProjectPath,
    scope::{CaseRule, Pattern, Scope, ScopeIndex, overlap},
};

#[path = "../tests/scope_oracles/dfa.rs"]
mod dfa;
#[allow(dead_code, reason = "the tests use more of it")]
#[path = "../tests/scope_oracles/model.rs"]
mod model;

use dfa::{PathDfa, share_a_text};
use model::{Model, Piece, Piece::*, text, valid_path_regex};

const SCOPES: usize = 10_000;
const PATHS: usize = 100_000;
const PAIRS: usize = 2_000;
const CASE: CaseRule = CaseRule::Sensitive;

fn main() {
    let mut dice = Dice(0x5eed);
    let paths: Vec<ProjectPath> = (0..PATHS).map(|_| ProjectPath::parse(&path(&mut dice)).unwrap()).collect();
    let plain = scopes(&mut dice, plain_shape);
    owners("folders, files and extensions, which globset is best at", &plain, &paths);
    let mixed = scopes(&mut dice, mixed_shape);
    owners("one in four with wildcards inside", &mixed, &paths[..PATHS / 100]);
    claims(&mixed);
    pairs(&mixed, &mut dice);
}

/// A scope, and the models of its patterns.
type Known = (Scope, Vec<Model>);

fn scopes(dice: &mut Dice, shape: fn(&mut Dice) -> String) -> Vec<Known> {
    let mut models = || (0..=dice.below(2)).map(|_| Model(pieces(&shape(dice)))).collect();
    (0..SCOPES).map(|_| models()).map(|models: Vec<Model>| (scope(&models), models)).collect()
}

/// Which scopes own each path.
fn owners(mix: &str, scopes: &[Known], paths: &[ProjectPath]) {
    let texts: Vec<Vec<&str>> =
        scopes.iter().map(|(scope, _)| scope.patterns().map(Pattern::as_str).collect()).collect();
    let (_, parsing) =
        best_of(3, || texts.iter().map(|texts| Scope::parse(texts).unwrap()).collect::<Vec<_>>());
    let (index, building) = best_of(3, || index(scopes));
    let (ours, asking) =
        best_of(3, || answers(paths, |path| index.owners(path).into_iter().copied().collect()));
    let ((set, holders), set_building) = best_of(1, || glob_set(scopes));
    let (theirs, set_asking) = best_of(1, || {
        answers(paths, |path| {
            let owners: BTreeSet<usize> =
                set.matches(path.as_str()).into_iter().map(|glob| holders[glob]).collect();
            owners.into_iter().collect()
        })
    });
    let owned: usize = ours.iter().map(Vec::len).sum();
    println!("who owns a path: {SCOPES} scopes × {} paths, {owned} answers ({mix})", paths.len());
    println!("  one GlobSet     {} to ask, {} to build", show(set_asking), show(set_building));
    println!(
        "  ScopeIndex      {} to ask, {} to build, {} to parse",
        show(asking),
        show(building),
        show(parsing)
    );
    println!("  ratio           {:.1} times faster to ask (aim: 3)", ratio(set_asking, asking));
    println!("  same answers    {}", if ours == theirs { "yes" } else { "NO" });
}

fn index(scopes: &[Known]) -> ScopeIndex<usize> {
    ScopeIndex::new(scopes.iter().map(|(scope, _)| scope).enumerate(), CASE)
}

fn answers(paths: &[ProjectPath], ask: impl Fn(&ProjectPath) -> Vec<usize>) -> Vec<Vec<usize>> {
    paths.iter().map(ask).collect()
}

/// What a claim costs that must not overlap any of the others.
fn claims(scopes: &[Known]) {
    let index = index(scopes);
    println!("a claim against {SCOPES} scopes (aim: under 3 ms for an ordinary one)");
    for (name, patterns) in [
        ("a folder and a file", &["packages/unit-17/src/area-3/**", "docs/unit-17.md"][..]),
        (
            "wildcards inside",
            &["services/unit-9/**/*.rs", "crates/unit-*/tests", "apps/{unit-1,unit-2}/src/**"],
        ),
        ("every *.rs", &["*.rs"]),
        ("everything", &["**"]),
    ] {
        let claim = Scope::parse(patterns).unwrap();
        let one_by_one =
            || scopes.iter().filter_map(|(scope, _)| overlap(&claim, scope, CASE)).collect::<Vec<_>>();
        let (found, comparing) = best_of(5, one_by_one);
        let (indexed, asking) = best_of(5, || index.overlaps(&claim));
        let same = if found.len() == indexed.len() { "" } else { ", NOT the same" };
        let (comparing, asking) = (show(comparing), show(asking));
        println!("  {name:<20}{comparing} one by one, {asking} by the index, {} overlaps{same}", found.len());
    }
}

/// Overlap of two patterns, beside the product of two automata that are built already.
fn pairs(scopes: &[Known], dice: &mut Dice) {
    let wild: Vec<&Model> =
        scopes.iter().flat_map(|(_, models)| models).filter(|model| !is_literal(model)).collect();
    let valid = PathDfa::new(&valid_path_regex());
    let side = |model: &Model| (scope(std::slice::from_ref(model)), PathDfa::new(&model.regex(false)));
    let sides: Vec<_> = (0..PAIRS).map(|_| (side(dice.of(&wild)), side(dice.of(&wild)))).collect();
    let (ours, product) =
        best_of(5, || sides.iter().map(|((a, _), (b, _))| overlap(a, b, CASE).is_some()).collect::<Vec<_>>());
    let (theirs, automata) =
        best_of(1, || sides.iter().map(|((_, a), (_, b))| share_a_text([a, b, &valid])).collect::<Vec<_>>());
    let overlapping = ours.iter().filter(|overlaps| **overlaps).count();
    println!("overlap of two patterns with wildcards: {PAIRS} pairs, {overlapping} overlap");
    println!("  automata        {} a pair, without building them", show(automata / PAIRS as u32));
    println!("  ours            {} a pair, with the witness", show(product / PAIRS as u32));
    println!("  same answers    {}", if ours == theirs { "yes" } else { "NO" });
}

fn is_literal(model: &Model) -> bool {
    model.0.iter().all(|piece| matches!(piece, Char(_) | Slash))
}

fn scope(models: &[Model]) -> Scope {
    Scope::parse(models.iter().map(Model::pattern)).unwrap()
}

/// No path here lies below what a file's pattern matches, so `globset` is spared the second glob that says so.
fn glob_set(scopes: &[Known]) -> (GlobSet, Vec<usize>) {
    let (mut builder, mut holders) = (GlobSetBuilder::new(), Vec::new());
    for (holder, (_, models)) in scopes.iter().enumerate() {
        for glob in models.iter().filter_map(|model| model.globs().pop()) {
            builder.add(GlobBuilder::new(&glob).literal_separator(true).build().unwrap());
            holders.push(holder);
        }
    }
    (builder.build().unwrap(), holders)
}

const TOPS: [&str; 4] = ["packages", "crates", "services", "apps"];
const PARTS: [&str; 4] = ["src", "tests", "docs", "assets"];
const EXTENSIONS: [&str; 8] = ["rs", "ts", "tsx", "test.ts", "md", "json", "css", "py"];
const UNITS: u64 = 300;
const AREAS: u64 = 12;

fn path(dice: &mut Dice) -> String {
    let depth = 3 + dice.below(2);
    let folder = folder(dice, depth);
    let deeper = if dice.below(4) == 0 { "generated/" } else { "" };
    let (number, extension) = (dice.below(PATHS as u64), dice.of(&EXTENSIONS));
    format!("{folder}/{deeper}file-{number}.{extension}")
}

/// `packages/unit-3/src/area-5`, or the first few names of it.
fn folder(dice: &mut Dice, depth: u64) -> String {
    let (top, unit, part, area) = (dice.of(&TOPS), dice.below(UNITS), dice.of(&PARTS), dice.below(AREAS));
    let names = [top.to_string(), format!("unit-{unit}"), part.to_string(), format!("area-{area}")];
    names[..depth as usize].join("/")
}

fn plain_shape(dice: &mut Dice) -> String {
    match dice.below(1000) {
        0..700 => folder(dice, 4) + "/**",
        700..950 => path(dice),
        950..998 => format!("**/file-{}.{}", dice.below(PATHS as u64), dice.of(&EXTENSIONS)),
        _ => format!("*.{}", dice.of(&EXTENSIONS)),
    }
}

fn mixed_shape(dice: &mut Dice) -> String {
    let extension = dice.of(&EXTENSIONS);
    match dice.below(100) {
        0..75 => plain_shape(dice),
        75..85 => folder(dice, 3) + "/**/*." + extension,
        85..90 => folder(dice, 4) + "/*.{rs,ts,py}",
        90..94 => format!("{}/*/{}/area-{}/**", dice.of(&TOPS), dice.of(&PARTS), dice.below(AREAS)),
        94..98 => format!("file-{}*.{extension}", dice.below(PATHS as u64 / 10)),
        _ => format!("**/unit-{}/**/generated/**", dice.below(UNITS)),
    }
}

/// A text with stars and one level of braces as the model has it.
fn pieces(pattern: &str) -> Vec<Piece> {
    let Some((head, rest)) = pattern.split_once('{') else { return starred(pattern) };
    let (inside, tail) = rest.split_once('}').unwrap();
    let each = inside.split(',').map(starred).collect();
    [starred(head), vec![Alternatives(each)], starred(tail)].concat()
}

fn starred(pattern: &str) -> Vec<Piece> {
    pattern.split('*').map(text).collect::<Vec<_>>().join(&Star)
}

/// splitmix64
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u64) as usize]
    }
}

fn best_of<T>(times: u32, mut run: impl FnMut() -> T) -> (T, Duration) {
    let mut timed = || {
        let start = Instant::now();
        let answer = black_box(run());
        (answer, start.elapsed())
    };
    let mut best = timed();
    for _ in 1..times {
        let (answer, took) = timed();
        best = (answer, took.min(best.1));
    }
    best
}

fn ratio(slow: Duration, fast: Duration) -> f64 {
    slow.as_secs_f64() / fast.as_secs_f64()
}

fn show(took: Duration) -> String {
    match took.as_nanos() {
        0..10_000 => format!("{} ns", took.as_nanos()),
        10_000..10_000_000 => format!("{:.2} ms", took.as_secs_f64() * 1e3),
        _ => format!("{:.0} ms", took.as_secs_f64() * 1e3),
    }
}
