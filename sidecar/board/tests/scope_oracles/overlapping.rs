use std::sync::LazyLock;

use proptest::{collection::vec, prelude::*};
use remit_board::{
    path::ProjectPath,
    scope::{CaseRule, Scope, ScopeIndex, overlap},
};

use crate::{
    dfa::{PathDfa, share_a_text},
    generate::{case_rule, config, folds, model, scope},
    model::valid_path_regex,
};

static VALID: LazyLock<PathDfa> = LazyLock::new(|| PathDfa::new(&valid_path_regex()));

/// All paths of up to three short names and of up to two longer ones.
static PATHS: LazyLock<Vec<ProjectPath>> = LazyLock::new(|| {
    let short = names("ab.", 2);
    let long = names("aB.", 3);
    let mut paths = joined(&[&short, &short, &short]);
    paths
        .extend(joined(&[&short, &short]).into_iter().chain(joined(&[&long, &long])).chain(joined(&[&long])));
    paths.sort_by_key(String::len);
    paths.iter().map(|path| ProjectPath::parse(path).unwrap()).collect()
});

fn names(letters: &str, longest: usize) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut from = 0;
    for _ in 0..longest {
        let longer: Vec<String> =
            all[from..].iter().flat_map(|name| letters.chars().map(move |c| format!("{name}{c}"))).collect();
        from = all.len();
        all.extend(longer);
    }
    all.retain(|name| !["", ".", ".."].contains(&name.as_str()));
    all
}

fn joined(choices: &[&Vec<String>]) -> Vec<String> {
    let Some((first, rest)) = choices.split_first() else { return vec![String::new()] };
    let tails = joined(rest);
    let join =
        |head: &String, tail: &String| if tail.is_empty() { head.clone() } else { format!("{head}/{tail}") };
    first.iter().flat_map(|head| tails.iter().map(move |tail| join(head, tail))).collect()
}

/// By how much a witness may be longer than the shortest path: by a letter for each name that would else begin with a dot.
fn letters_for_dots(shortest: &ProjectPath, witness: &ProjectPath) -> usize {
    let dotted = shortest.segments().filter(|name| name.starts_with('.')).count();
    let lettered = witness.segments().filter(|name| name.starts_with("a.")).count();
    dotted.max(lettered)
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn scopes_overlap_when_and_only_when_their_automata_share_a_path(a in model(), b in model(), case in case_rule()) {
        let fold = folds(case);
        let dfas = [&a, &b].map(|model| PathDfa::new(&model.regex(fold)));
        let shared = share_a_text([&dfas[0], &dfas[1], &VALID]);
        let witness = overlap(&scope(std::slice::from_ref(&a)), &scope(std::slice::from_ref(&b)), case);
        prop_assert_eq!(witness.is_some(), shared, "{} and {}: {:?}", a.pattern(), b.pattern(), witness);
    }

    #[test]
    fn a_witness_lies_in_both(a in vec(model(), 1..4), b in vec(model(), 1..4), case in case_rule()) {
        let (left, right) = (scope(&a), scope(&b));
        if let Some(witness) = overlap(&left, &right, case) {
            prop_assert!(left.covers(&witness, case) && right.covers(&witness, case));
            for side in [a, b] {
                prop_assert!(side.iter().any(|model| model.covers(witness.as_str(), folds(case))), "{}", witness);
            }
        }
    }

    #[test]
    fn no_path_in_both_is_missed_and_the_witness_is_the_shortest(a in model(), b in model(), case in case_rule()) {
        let (left, right) = (scope(&[a]), scope(&[b]));
        let mut in_both = PATHS.iter().filter(|path| left.covers(path, case) && right.covers(path, case));
        let witness = overlap(&left, &right, case);
        if let Some(path) = in_both.next() {
            prop_assert!(witness.is_some(), "{} is in both", path);
            let witness = witness.unwrap();
            let longer = witness.as_str().len().saturating_sub(path.as_str().len());
            prop_assert!(longer <= letters_for_dots(path, &witness), "{} is shorter than {}", path, witness);
        }
    }

    #[test]
    fn the_order_of_the_two_does_not_matter(a in vec(model(), 0..4), b in vec(model(), 0..4), case in case_rule()) {
        let (a, b) = (scope(&a), scope(&b));
        let (there, back) = (overlap(&a, &b, case), overlap(&b, &a, case));
        prop_assert_eq!(there.is_some(), back.is_some());
    }

    #[test]
    fn an_index_finds_the_same_overlaps(claim in vec(model(), 0..4), others in vec(vec(model(), 0..3), 0..12), case in case_rule()) {
        let claim = scope(&claim);
        let others: Vec<Scope> = others.iter().map(|models| scope(models)).collect();
        let index = ScopeIndex::new(others.iter().enumerate(), case);
        let found = index.overlaps(&claim);
        let expected: Vec<(usize, usize)> = others
            .iter()
            .enumerate()
            .filter_map(|(key, other)| Some((key, overlap(&claim, other, case)?.as_str().len())))
            .collect();
        let found_lengths: Vec<(usize, usize)> = found.iter().map(|(key, w)| (**key, w.as_str().len())).collect();
        prop_assert_eq!(found_lengths, expected);
        for (key, witness) in found {
            prop_assert!(claim.covers(&witness, case) && others[*key].covers(&witness, case));
        }
    }
}

#[test]
fn witnesses_are_pleasant() {
    for (a, b, witness) in [
        ("src/lib.rs", "src", "src/lib.rs"),
        ("src", "src/lib.rs", "src/lib.rs"),
        ("src/lib.rs", "*.rs", "src/lib.rs"),
        ("src/*", "src/a*", "src/a"),
        ("src/**", "*.rs", "src/a.rs"),
        ("**/*.test.ts", "packages/*/src/**", "packages/a/src/a.test.ts"),
        (".github", "*.yml", ".github/a.yml"),
        ("**", "*", "a"),
        ("docs/[0-9]*", "docs/*.md", "docs/0.md"),
        ("{a,bb}/x", "*/x", "a/x"),
        (r"app/\[id\]/page.tsx", "app/**/*.tsx", "app/[id]/page.tsx"),
        (".*", "*", ".a"),
        ("**/.git*", "a", "a/.git"),
    ] {
        assert_overlap(a, b, Some(witness), CaseRule::Sensitive);
    }
}

#[test]
fn what_shares_no_path_does_not_overlap() {
    for (a, b) in [
        ("src/a", "src/b"),
        ("src", "srcs"),
        ("a/**", "a.rs"),
        ("a/**", "b/**"),
        ("a/*.rs", "a/*.ts"),
        ("*/a/b", "*/b/a"),
        ("x/[a-c]", "x/[d-f]"),
        ("[.]", "**"),
        ("[.][.]/a", "**"),
        ("./*.rs", "src/*.ts"),
        ("README", "readme"),
    ] {
        assert_overlap(a, b, None, CaseRule::Sensitive);
    }
}

#[test]
fn folding_makes_two_cases_one_path() {
    assert_overlap("README.md", "readme.*", Some("README.md"), CaseRule::Fold);
    assert_overlap("Src/[A-C]*", "src/[x-zb]", Some("Src/b"), CaseRule::Fold);
    assert_overlap("./[!a-z]", "./[A-Z]", None, CaseRule::Fold);
    assert_overlap("Straße", "STRAßE", Some("Straße"), CaseRule::Fold);
    assert_overlap("É", "é", None, CaseRule::Fold);
}

/// Each is a pattern, but a path in both would be longer than any path can be.
#[test]
fn a_path_that_would_be_too_long_is_no_overlap() {
    let deep = |name: &str, names: usize| vec![name.repeat(70); names].join("/");
    let (a, b) = (format!("{}/**/z", deep("a", 30)), format!("**/{}/*", deep("b", 30)));
    assert!(overlap_text(&a, &b, CaseRule::Sensitive).is_none());
    let (a, b) = (format!("{}/**/z", deep("a", 20)), format!("**/{}/*", deep("b", 30)));
    assert!(overlap_text(&a, &b, CaseRule::Sensitive).is_some());
}

#[test]
fn long_lists_of_files_are_compared_as_a_whole() {
    let files = |folder: &str| Scope::parse((0..3000).map(|n| format!("{folder}/file-{n}.rs"))).unwrap();
    assert_eq!(overlap(&files("a"), &files("b"), CaseRule::Sensitive), None);
    let mut others = files("b");
    others.extend(Scope::parse(["a/file-2999.rs"]).unwrap());
    let witness = overlap(&files("a"), &others, CaseRule::Sensitive).unwrap();
    assert_eq!(witness.as_str(), "a/file-2999.rs");
}

fn overlap_text(a: &str, b: &str, case: CaseRule) -> Option<String> {
    let (a, b) = (Scope::parse([a]).unwrap(), Scope::parse([b]).unwrap());
    overlap(&a, &b, case).map(|witness| witness.to_string())
}

fn assert_overlap(a: &str, b: &str, expected: Option<&str>, case: CaseRule) {
    assert_eq!(overlap_text(a, b, case).as_deref(), expected, "{a} and {b}");
}
