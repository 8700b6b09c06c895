use proptest::prelude::*;
use remit_board::{
    path::ProjectPath,
    scope::{CaseRule, MAX_ALTERNATIVES, MAX_BYTES, MAX_SEGMENTS, MAX_TOKENS, Pattern, PatternFlaw, Scope},
};

use crate::generate::{config, model, path, pattern};

proptest! {
    #![proptest_config(config(1000))]

    #[test]
    fn a_pattern_reads_back_from_what_it_shows(model in model(), path in path()) {
        let pattern = pattern(&model);
        let again = Pattern::parse(&pattern.to_string()).unwrap();
        prop_assert_eq!(again.as_str(), pattern.as_str());
        prop_assert_eq!(again.covers(&path, CaseRule::Sensitive), pattern.covers(&path, CaseRule::Sensitive));
        let json = serde_json::to_string(&pattern).unwrap();
        prop_assert_eq!(serde_json::from_str::<Pattern>(&json).unwrap(), pattern);
    }

    #[test]
    fn no_text_is_too_odd_to_be_read_or_refused(text in prop_oneof![r"[ab/.*?\[\]{},!\\:\-^é]{0,30}", any::<String>()]) {
        match Pattern::parse(&text) {
            Ok(pattern) => prop_assert_eq!(Pattern::parse(pattern.as_str()), Ok(pattern)),
            Err(error) => prop_assert_eq!(error.pattern, text),
        }
    }

    #[test]
    fn the_pattern_of_a_path_stands_for_that_path(text in r"[ab/.*?\[\]{},!\\\- é\u{202e}]{1,20}", x in "[ab]") {
        let Ok(path) = ProjectPath::parse(&text) else { return Ok(()) };
        assert_stands_for(&path);
        let sibling = ProjectPath::parse(&format!("{path}{x}")).unwrap();
        prop_assert!(!Pattern::literal(&path).covers(&sibling, CaseRule::Sensitive));
    }
}

fn assert_stands_for(path: &ProjectPath) {
    let pattern = Pattern::literal(path);
    assert_eq!(Pattern::parse(pattern.as_str()).as_ref(), Ok(&pattern));
    for pattern in [Pattern::parse(pattern.as_str()).unwrap(), pattern] {
        assert_eq!(pattern.as_literal().as_ref(), Some(path));
        assert!(pattern.covers(path, CaseRule::Sensitive), "{pattern} covers {path}");
    }
}

#[test]
fn odd_names_are_escaped() {
    for (path, text) in [
        ("app/[id]/page.tsx", r"app/\[id\]/page.tsx"),
        ("app/[...slug]/page.tsx", r"app/\[...slug\]/page.tsx"),
        ("a{b}", r"a\{b\}"),
        ("x*y", r"x\*y"),
        ("why?", r"why\?"),
        (r"a\b", r"a\\b"),
        ("-", "-"),
        ("!a", "!a"),
        (" a b ", " a b "),
        ("日本/é", "日本/é"),
    ] {
        let path = ProjectPath::parse(path).unwrap();
        assert_eq!(Pattern::literal(&path).as_str(), text);
        assert_stands_for(&path);
    }
}

/// However long, deep or in need of escapes.
#[test]
fn every_path_has_its_pattern() {
    for text in ["*".repeat(MAX_BYTES), vec!["a"; MAX_BYTES / 2].join("/"), "é".repeat(MAX_BYTES / 2)] {
        assert_stands_for(&ProjectPath::parse(&text).unwrap());
    }
}

#[test]
fn only_a_pattern_of_one_path_is_literal() {
    let literal = |text| Pattern::parse(text).unwrap().as_literal().map(|path| path.to_string());
    assert_eq!(literal("a/b/").as_deref(), Some("a/b"));
    assert_eq!(literal(r"a\*").as_deref(), Some("a*"));
    for text in ["*", "a/**", "{a,b}", "{a}", "a[b]", "**/a"] {
        assert_eq!(literal(text), None, "{text}");
    }
}

#[test]
fn needless_parts_are_dropped_from_the_text() {
    for (written, kept) in [
        ("src/", "src"),
        ("./src//a/./b", "src/a/b"),
        ("*.rs/", "*.rs"),
        ("./*.rs", "./*.rs"),
        ("././/*.rs/.", "./*.rs"),
        ("./src/*", "src/*"),
        ("{a//b,c/}", "{a/b,c/}"),
    ] {
        let pattern = Pattern::parse(written).unwrap();
        assert_eq!(pattern.as_str(), kept, "{written}");
        assert_eq!(Pattern::parse(kept), Ok(pattern), "{written}");
    }
}

#[test]
fn every_flaw_is_refused_by_name() {
    let many = |text: &str, times: usize| text.repeat(times);
    for (text, flaw) in [
        (String::new(), PatternFlaw::Empty),
        (".".into(), PatternFlaw::Empty),
        ("./".into(), PatternFlaw::Empty),
        ("{,a}".into(), PatternFlaw::Empty),
        ("/".into(), PatternFlaw::Absolute),
        ("/etc/*".into(), PatternFlaw::Absolute),
        ("{a,/b}".into(), PatternFlaw::Absolute),
        ("..".into(), PatternFlaw::Outside),
        ("a/../b".into(), PatternFlaw::Outside),
        (r"a/\.\.".into(), PatternFlaw::Outside),
        ("a/{b,..}".into(), PatternFlaw::Outside),
        ("a/.{.,b}".into(), PatternFlaw::Outside),
        ("a\0".into(), PatternFlaw::Control),
        ("a\tb".into(), PatternFlaw::Control),
        ("[\u{85}]".into(), PatternFlaw::Control),
        ("a/[b".into(), PatternFlaw::UnclosedClass),
        ("[]".into(), PatternFlaw::UnclosedClass),
        ("[a/b]".into(), PatternFlaw::UnclosedClass),
        ("{[a,b}".into(), PatternFlaw::UnclosedClass),
        ("a{b".into(), PatternFlaw::UnclosedBrace),
        (r"{a,b\}".into(), PatternFlaw::UnclosedBrace),
        (r"a\".into(), PatternFlaw::DanglingEscape),
        (r"src\main.rs".into(), PatternFlaw::NotEscapable('m')),
        ("[z-a]".into(), PatternFlaw::ReversedRange('z', 'a')),
        ("[[:word:]]".into(), PatternFlaw::UnknownClass("word".into())),
        (many("a", MAX_BYTES + 1), PatternFlaw::TooLong(MAX_BYTES + 1)),
        (many("a", 10_000), PatternFlaw::TooLong(10_000)),
        (many("{a,b}", 7), PatternFlaw::TooManyAlternatives),
        (format!("{{{}}}", vec!["a"; MAX_ALTERNATIVES + 1].join(",")), PatternFlaw::TooManyAlternatives),
        (many("*/", MAX_SEGMENTS + 1), PatternFlaw::TooManySegments(MAX_SEGMENTS + 1)),
        (many("?", MAX_TOKENS + 1), PatternFlaw::TooManyTokens(MAX_TOKENS + 1)),
    ] {
        let error = Pattern::parse(&text).unwrap_err();
        assert_eq!(error.flaw, flaw, "{text}");
        assert_eq!(error.pattern, text);
    }
}

#[test]
fn what_is_just_within_the_bounds_is_a_pattern() {
    for text in [
        "a".repeat(MAX_BYTES),
        r"\*".repeat(MAX_BYTES),
        format!("{{{}}}", vec!["a"; MAX_ALTERNATIVES].join(",")),
        "*/".repeat(MAX_SEGMENTS),
        "?".repeat(MAX_TOKENS),
        "a/".repeat(MAX_BYTES / 2),
        "a..b".into(),
        "...".into(),
        "[.][.]".into(),
    ] {
        assert!(Pattern::parse(&text).is_ok(), "{text}");
    }
}

#[test]
fn an_error_is_a_sentence_that_names_the_pattern() {
    let message = |text: &str| Scope::parse([text]).unwrap_err().to_string();
    assert_eq!(message(""), r#"the pattern "" names no path; "**" is the whole project"#);
    assert_eq!(message("/a"), r#"the pattern "/a" is absolute; patterns are relative to the project's root"#);
    assert_eq!(message("a/.."), r#"the pattern "a/.." leaves the project: ".." is not allowed"#);
    assert_eq!(
        message(r"src\lib.rs"),
        r#"the pattern "src\lib.rs" has "\l", which escapes nothing; names are separated by "/", and "\\" is a backslash itself"#
    );
}
