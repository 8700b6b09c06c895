use globset::{GlobBuilder, GlobSetBuilder};
use proptest::{collection::vec, prelude::*};
use remit_board::{
    path::ProjectPath,
    scope::{CaseRule, Pattern, Scope, ScopeIndex},
};

use crate::{
    generate::{case_rule, config, folds, model, path, pattern, plain_model, scope},
    model::Model,
};

proptest! {
    #![proptest_config(config(500))]

    #[test]
    fn a_pattern_covers_what_the_model_covers(model in model(), paths in vec(path(), 20), case in case_rule()) {
        let pattern = pattern(&model);
        for path in paths {
            let expected = model.covers(path.as_str(), folds(case));
            prop_assert_eq!(pattern.covers(&path, case), expected, "{} and {}", pattern, path);
        }
    }

    #[test]
    fn a_pattern_covers_what_globset_matches(model in plain_model(), paths in vec(path(), 20), case in case_rule()) {
        let pattern = pattern(&model);
        let set = glob_set(&[model], case);
        for path in paths.iter().filter(|path| path.as_str().is_ascii()) {
            prop_assert_eq!(pattern.covers(path, case), set.is_match(path.as_str()), "{} and {}", pattern, path);
        }
    }

    #[test]
    fn what_a_folder_covers_covers_all_below(model in model(), path in path(), name in "[ab]{1,2}", case in case_rule()) {
        let below = ProjectPath::parse(&format!("{path}/{name}")).unwrap();
        prop_assert!(!pattern(&model).covers(&path, case) || pattern(&model).covers(&below, case));
    }
}

proptest! {
    #![proptest_config(config(60))]

    /// Forty scopes crowd the places of the index, so that its sieves are at work too.
    #[test]
    fn an_index_names_all_owners(
        scopes in vec(vec(model(), 0..4), 0..40),
        paths in vec(path(), 30),
        case in case_rule(),
    ) {
        let scopes: Vec<Scope> = scopes.iter().map(|models| scope(models)).collect();
        let index = ScopeIndex::new(scopes.iter().enumerate(), case);
        for path in paths {
            let expected: Vec<usize> = (0..scopes.len()).filter(|&at| scopes[at].covers(&path, case)).collect();
            let owners: Vec<usize> = index.owners(&path).into_iter().copied().collect();
            prop_assert_eq!(owners, expected, "{}", path);
        }
    }
}

fn glob_set(models: &[Model], case: CaseRule) -> globset::GlobSet {
    let mut builder = GlobSetBuilder::new();
    for glob in models.iter().flat_map(Model::globs) {
        let glob = GlobBuilder::new(&glob).literal_separator(true).case_insensitive(folds(case)).build();
        builder.add(glob.unwrap());
    }
    builder.build().unwrap()
}

fn covers(text: &str, path: &str) -> bool {
    Pattern::parse(text).unwrap().covers(&ProjectPath::parse(path).unwrap(), CaseRule::Sensitive)
}

#[test]
fn patterns_cover_what_the_table_says() {
    for (text, inside, outside) in [
        ("src/lib.rs", &["src/lib.rs"][..], &["src", "src/lib.rsx", "a/src/lib.rs"][..]),
        ("src", &["src", "src/a", "src/a/b"], &["srcs", "a/src"]),
        ("src/", &["src", "src/a"], &["a/src"]),
        ("Makefile", &["Makefile"], &["a/Makefile"]),
        ("*.rs", &["a.rs", "a/b/c.rs", "a.rs/b"], &["a.rsx", "rs"]),
        ("*.rs/", &["a.rs", "a/b.rs/c"], &["rs"]),
        ("./*.rs", &["a.rs"], &["a/b.rs"]),
        ("src/*.rs", &["src/a.rs"], &["src/a/b.rs", "x/src/a.rs"]),
        ("{Makefile,LICENSE}", &["Makefile", "a/LICENSE"], &["README"]),
        ("{a,b/c}", &["a", "a/x", "b/c"], &["b", "x/a"]),
        ("src{,.rs}", &["src/a", "b/src", "src.rs"], &["srcs"]),
        ("x/{a,{b,c}d}/y", &["x/a/y", "x/bd/y", "x/cd/y/z"], &["x/b/y"]),
        ("a/**", &["a/b", "a/b/c"], &["a", "b/a/c"]),
        ("**/a", &["a", "b/a", "b/c/a/d"], &["ab"]),
        ("a/**/b", &["a/b", "a/x/y/b"], &["a/x", "ab"]),
        ("a/x**y", &["a/xy", "a/x1y"], &["a/x/y"]),
        ("**", &["a", ".a", "a/b"], &[]),
        ("?", &["a", "é", "a/bc"], &["ab"]),
        ("[!a-c]", &["d", "é"], &["a", "dd"]),
        (r"app/\[id\]/*", &["app/[id]/a"], &["app/i/a", "app/[id]"]),
        ("!a", &["!a"], &["a", "b"]),
        ("#a", &["#a"], &["a"]),
        (" a ", &[" a "], &["a"]),
        ("a}", &["a}"], &["a"]),
    ] {
        for path in inside {
            assert!(covers(text, path), "{text} covers {path}");
        }
        for path in outside {
            assert!(!covers(text, path), "{text} leaves {path}");
        }
    }
}

#[test]
fn a_path_that_two_modules_own_has_two_owners() {
    let same = Scope::parse(["src/**", "src/*"]).unwrap();
    let index = ScopeIndex::new([("b", &same), ("a", &same), ("b", &same)], CaseRule::Sensitive);
    let owners = index.owners(&ProjectPath::parse("src/lib.rs").unwrap());
    assert_eq!(owners, [&"b", &"a", &"b"]);
}

#[test]
fn an_index_of_nothing_answers_nothing() {
    let index = ScopeIndex::<u8>::new([], CaseRule::Sensitive);
    assert!(index.owners(&ProjectPath::parse("a").unwrap()).is_empty());
    assert!(index.overlaps(&Scope::parse(["**"]).unwrap()).is_empty());
}

#[test]
fn the_deepest_paths_and_patterns_are_answered() {
    let deepest = ProjectPath::parse(&vec!["a"; 2048].join("/")).unwrap();
    let own = Scope::of_paths([&deepest]);
    let wild = Scope::parse([format!("**/{}*", "a/".repeat(61)), "a/**/b".into()]).unwrap();
    let index = ScopeIndex::new([(1, &own), (2, &wild)], CaseRule::Sensitive);
    assert_eq!(index.owners(&deepest), [&1, &2]);
    assert_eq!(index.overlaps(&own), [(&1, deepest.clone()), (&2, deepest)]);
}
