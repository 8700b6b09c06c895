//! What nobody can own: the board's own folder and git's. Nothing below them is ever anybody's change, so a scope that names
//! them would keep its promise to nobody.

use crate::{decision::Refusal, failure::Failure, scope::Pattern};

const BOARD_FOLDER: &str = "project-plan";
const GIT_FOLDER: &str = ".git";

/// Looks at names that are spelt out: `**` covers those folders too, and is a scope all the same.
pub(super) fn check_ownable<'p>(patterns: impl IntoIterator<Item = &'p Pattern>) -> Result<(), Refusal> {
    match patterns.into_iter().find_map(|pattern| Some((pattern, belongs_to(pattern)?))) {
        None => Ok(()),
        Some((pattern, whose)) => Err(Failure::invalid(format!(
            "{:?} lies in {whose}, where nothing is ever anybody's change; nothing was changed",
            pattern.as_str()
        ))
        .hint("name the files that the work is about")),
    }
}

fn belongs_to(pattern: &Pattern) -> Option<&'static str> {
    let mut names = pattern.as_str().split('/').filter(|name| !name.is_empty() && *name != ".").peekable();
    if names.peek() == Some(&BOARD_FOLDER) {
        return Some("the board's own folder");
    }
    names.any(|name| name.eq_ignore_ascii_case(GIT_FOLDER)).then_some("git's own folder")
}
