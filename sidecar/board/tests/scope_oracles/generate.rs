//! Random patterns and paths, over few characters so that they meet.

use proptest::{collection::vec, prelude::*, sample::select};
use remit_board::{
    path::ProjectPath,
    scope::{CaseRule, Pattern, Scope},
};

use crate::model::{Model, Piece, Piece::*};

pub fn config(cases: u32) -> ProptestConfig {
    let soak = std::env::var_os("REMIT_SOAK").is_some_and(|value| value == "1");
    let cases = if soak { cases * 100 } else { cases };
    let max_local_rejects = u32::MAX;
    ProptestConfig { cases, max_local_rejects, failure_persistence: None, ..ProptestConfig::default() }
}

pub fn case_rule() -> impl Strategy<Value = CaseRule> {
    select(vec![CaseRule::Sensitive, CaseRule::Fold])
}

pub fn path() -> impl Strategy<Value = ProjectPath> {
    let name = prop_oneof![6 => "[ab.]{1,3}", 1 => "[aAbB.é]{1,5}"];
    let name = name.prop_map(|name| if [".", ".."].contains(&name.as_str()) { name + "a" } else { name });
    vec(name, 1..5).prop_map(|names| ProjectPath::parse(&names.join("/")).unwrap())
}

/// Everything that a pattern can be made of.
pub fn model() -> impl Strategy<Value = Model> {
    let segment = prop_oneof![2 => any_depth(), 8 => vec(piece(2), 1..4)];
    let joined = vec(segment, 1..5).prop_map(|segments| segments.join(&Slash));
    let dressed = (joined, prop::bool::weighted(0.05), prop::bool::weighted(0.1)).prop_map(
        |(mut pieces, dot, slash)| {
            if dot {
                pieces.splice(0..0, [Char('.'), Slash]);
            }
            pieces.extend(slash.then_some(Slash));
            Model(pieces)
        },
    );
    dressed.prop_filter("a pattern", Model::is_pattern)
}

/// What `globset` reads as we do: no `.` folders, no stars or slashes that meet across braces, ASCII only.
pub fn plain_model() -> impl Strategy<Value = Model> {
    let name = || select(vec!["a", "b", "ab", "a.b", ".a"]).prop_map(crate::model::text);
    let letter = || select(vec!['a', 'b', 'A']).prop_map(Char);
    let braces = vec(vec(letter(), 1..3), 1..4).prop_map(|each| vec![Alternatives(each)]);
    let class = class(&[('a', 'a'), ('a', 'b'), ('.', '.'), ('B', 'Z')]);
    let wild = vec(prop_oneof![3 => letter(), 1 => Just(One), 1 => class], 1..3);
    let starred = (vec(letter(), 0..2), name()).prop_map(|(head, tail)| [&head[..], &[Star], &tail].concat());
    let any_depth = Just(vec![Star, Star]);
    let segment =
        prop_oneof![2 => any_depth, 4 => name(), 1 => braces, 2 => wild, 2 => starred, 1 => Just(vec![Star])];
    vec(segment, 1..5).prop_map(|segments| Model(segments.join(&Slash)))
}

/// Each text as the library reads it.
pub fn scope(models: &[Model]) -> Scope {
    models.iter().map(pattern).collect()
}

pub fn pattern(model: &Model) -> Pattern {
    let text = model.pattern();
    Pattern::parse(&text).unwrap_or_else(|error| panic!("{error}"))
}

pub fn folds(case: CaseRule) -> bool {
    case == CaseRule::Fold
}

fn any_depth() -> impl Strategy<Value = Vec<Piece>> {
    prop_oneof![9 => Just(vec![Star, Star]), 1 => Just(vec![Star, Star, Star])]
}

fn letter() -> impl Strategy<Value = Piece> {
    select(vec!['a', 'a', 'b', '.', 'A']).prop_map(Char)
}

fn class(members: &[(char, char)]) -> impl Strategy<Value = Piece> + use<> {
    (prop::bool::ANY, vec(select(members.to_vec()), 1..3))
        .prop_map(|(negated, members)| Class { negated, members })
}

fn odd_piece() -> impl Strategy<Value = Piece> {
    let odd_class =
        (prop::bool::ANY, select(vec![('é', 'é'), ('a', 'é'), (' ', '~'), ('\u{a0}', '\u{10ffff}')]));
    prop_oneof![
        select(vec!['é', '*', '[', ']', '{', ',', '}', '\\', '!']).prop_map(Char),
        odd_class.prop_map(|(negated, member)| Class { negated, members: vec![member] }),
    ]
}

fn piece(braces: u32) -> BoxedStrategy<Piece> {
    let flat = prop_oneof![
        10 => letter(),
        2 => Just(One),
        4 => Just(Star),
        2 => class(&[('a', 'a'), ('a', 'b'), ('.', '.'), ('B', 'Z'), ('-', 'a'), ('!', '!')]),
        1 => odd_piece(),
    ];
    if braces == 0 {
        return flat.boxed();
    }
    let inner = prop_oneof![8 => piece(braces - 1), 1 => Just(Slash)];
    let alternatives = vec(vec(inner, 0..3), 1..4).prop_map(Alternatives);
    prop_oneof![20 => flat, 1 => alternatives].boxed()
}
