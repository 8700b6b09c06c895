//! `STATUS.md`: who works on what, and what waits for what.

use std::fmt::Write;

use remit_board::{
    board::Board,
    markdown::line,
    module::{Module, Status},
    reply::StatusCounts,
};

use super::{Mark, code_cell, maybe_agent, rows};

/// The revision at which something in it last changed. What an agent calls itself is fixed with its id.
pub(crate) fn revision(board: &Board) -> u64 {
    board.modules.values().map(|module| module.revision).max().unwrap_or(0)
}

const SECTIONS: [(Status, &str); 7] = [
    (Status::InProgress, "In progress"),
    (Status::Blocked, "Blocked"),
    (Status::InReview, "In review"),
    (Status::ReviewReady, "Ready for review"),
    (Status::Todo, "To do"),
    (Status::Done, "Done"),
    (Status::Cancelled, "Cancelled"),
];

pub(crate) fn render(board: &Board) -> String {
    let mark = Mark { incarnation: board.incarnation, revision: revision(board) };
    let mut out = format!("{}# Status of {}\n\n", mark.comment(), line(&board.project));
    if board.modules.is_empty() {
        out.push_str("There are no modules yet. `remit add-module ID` adds one.\n");
        return out;
    }
    counts(&mut out, board);
    for (status, title) in SECTIONS {
        section(&mut out, board, status, title);
    }
    out
}

fn counts(out: &mut String, board: &Board) {
    let n = StatusCounts::of(board);
    let _ = writeln!(
        out,
        "{} in progress, {} blocked, {} in review, {} ready for review, {} to do, {} done, {} cancelled.",
        n.in_progress, n.blocked, n.in_review, n.review_ready, n.todo, n.done, n.cancelled
    );
}

fn section(out: &mut String, board: &Board, status: Status, title: &str) {
    let mut modules: Vec<&Module> = board.modules.values().filter(|module| module.status == status).collect();
    if modules.is_empty() {
        return;
    }
    modules.sort_by_key(|module| (module.priority, module.ordinal));
    let _ = write!(out, "\n## {title}\n\n");
    if matches!(status, Status::Done | Status::Cancelled) {
        let columns = ["Module", "Title", "Owner", "Reviewer"];
        rows(out, &columns, modules.into_iter().map(|module| closed_row(board, module)));
    } else {
        let columns = ["Module", "Title", "Owner", "Reviewer", "Priority", "Owned paths", "Waits for"];
        rows(out, &columns, modules.into_iter().map(|module| open_row(board, module)));
    }
}

fn closed_row(board: &Board, module: &Module) -> Vec<String> {
    vec![
        module.id.to_string(),
        line(&module.title),
        maybe_agent(board, module.owner.as_ref()),
        maybe_agent(board, module.reviewer.as_ref()),
    ]
}

fn open_row(board: &Board, module: &Module) -> Vec<String> {
    let paths: Vec<String> =
        module.owned_paths.patterns().map(|pattern| code_cell(pattern.as_str())).collect();
    let mut row = closed_row(board, module);
    row.extend([u8::from(module.priority).to_string(), paths.join(", "), waits_for(board, module)]);
    row
}

fn waits_for(board: &Board, module: &Module) -> String {
    let mut waits: Vec<String> = board.open_dependencies(module).map(ToString::to_string).collect();
    waits.extend(
        module.block_reason.as_ref().filter(|_| module.status == Status::Blocked).map(|reason| line(reason)),
    );
    waits.join(", ")
}
