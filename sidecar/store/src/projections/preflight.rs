//! `preflight.json`: what was confirmed in each worktree, how the team shares the board, and what a conflict does.

use std::io;

use remit_board::{
    board::Board,
    mode::Mode,
    reply::{PreflightWire, SafetyWire},
};
use serde::Serialize;

use super::Mark;

#[derive(Serialize)]
struct Preflight {
    safety: SafetyWire,
    /// The newest preflight's, which holds for the whole board.
    mode: Mode,
    reasons: Vec<String>,
    worktrees: Vec<PreflightWire>,
}

/// The revision at which something in it last changed: the profile is chosen by a preflight alone.
pub(crate) fn revision(board: &Board) -> u64 {
    board.last_preflight().map_or(0, |one| one.revision)
}

pub(crate) fn render(board: &Board) -> io::Result<Vec<u8>> {
    let newest = board.last_preflight();
    let content = Preflight {
        safety: SafetyWire::of(board.safety),
        mode: newest.map(|one| one.advice.mode).unwrap_or_default(),
        reasons: newest.map(|one| one.advice.reasons.clone()).unwrap_or_default(),
        worktrees: board.confirmations.values().map(PreflightWire::of).collect(),
    };
    Mark { incarnation: board.incarnation, revision: revision(board) }.json_file(&content)
}
