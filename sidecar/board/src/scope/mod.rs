//! Which paths a module answers for.
//!
//! Two people can only be kept out of each other's way if the board can say, without a guess, *which modules own this
//! path* and *whether two scopes overlap*. Both questions have one answer each, here, used by every rule and every face:
//! [`ScopeIndex::owners`] and [`overlap`]. Nothing in this folder does I/O; paths are compared as text, as git stores
//! them.
//!
//! # Patterns
//!
//! A [`Scope`] is a set of [`Pattern`]s. Every pattern covers what it matches *and all below it*.
//!
//! | written | covers |
//! | --- | --- |
//! | `src/lib.rs`, `src` | that file; that folder and everything in it |
//! | `*.rs`, `{Makefile,LICENSE}` | at any depth: wildcards, and no `/` but a trailing one |
//! | `src/*.rs`, `./*.rs` | at the root of the project: there is a `/` |
//! | `*` `?` | any characters, one character, never `/` |
//! | `[a-z]` `[!a-z]` `[^a-z]` `[[:digit:]]` | one character of a class, or one that isn't in it, never `/` |
//! | `**/x`, `a/**/x`, `a/**` | any number of folders; in last place at least one name: `a/**` does not cover `a` |
//! | `a**b` | next to other characters, `**` is `*` |
//! | `{a,b/c,{d,e}f,}` | alternatives; they nest, may hold `/` and may be empty |
//! | `\*` | the character itself |
//!
//! What follows from that:
//!
//! - A pattern with alternatives means what its expansions mean together; whether it is anchored at the root is
//!   decided once, by the pattern as it is written. `{a,b}` matches at any depth, `{a,b/c}` at the root.
//! - There is no negation and there are no comments: `!a` and `#a` are names. Blanks belong to the name.
//! - `//` is `/`, and `.` folders and a trailing `/` are dropped, as in paths. A leading `./` stays where it anchors.
//! - A `\` before a letter, a digit or `/` is refused: it is a path with backslashes far more often than an escape.
//! - A class ends within its segment: `[a/b]` is an unclosed `[`. `]`, `}` and `,` stand for themselves where
//!   they close or part nothing.
//! - No name in a path is empty, `.` or `..`, or holds a control character, so no pattern covers such a path, and two
//!   patterns that only had such names in common do not overlap.
//!
//! Bounds: [`MAX_BYTES`], [`MAX_ALTERNATIVES`], and for each alternative with wildcards [`MAX_SEGMENTS`] and
//! [`MAX_TOKENS`]. The pattern of any [`ProjectPath`](crate::path::ProjectPath) is within them ([`Pattern::literal`]).
//!
//! # Method
//!
//! `braces` expands alternatives, `lex` and `charset` read the characters, `glob` holds an alternative as a list of
//! segments and matches it. `names` finds the shortest name that two segments share, `overlap` the shortest path that
//! two alternatives share; both walk the product of two small automata. `index` keeps patterns by their
//! literal beginnings; where many meet at one place, `crowd` looks up those that ask for a name or its ending (`texts`) and
//! picks by substring the few others that are worth a look. `apart` gathers scopes that don't overlap each other. `parted` is a path whose names are found.

mod apart;
mod braces;
mod case;
mod charset;
mod crowd;
mod error;
mod glob;
mod index;
mod lex;
mod names;
mod overlap;
mod parted;
mod pattern;
mod set;
mod texts;
mod wild;

pub use apart::Apart;
pub use case::CaseRule;
pub use error::{MAX_ALTERNATIVES, MAX_BYTES, MAX_SEGMENTS, MAX_TOKENS, PatternError, PatternFlaw};
pub use index::ScopeIndex;
pub use overlap::{Witness, overlap};
pub use pattern::Pattern;
pub use set::Scope;
