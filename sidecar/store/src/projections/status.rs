//! `STATUS.md`: who works on what, and what waits for what.

use std::fmt::Write;

use remit_board::{
    board::Board,
    markdown::line,
    module::{Module, Status},
    reply::StatusCounts,
    retention::Retention,
    scope::Pattern,
};

use super::{Mark, Table};

/// The revision at which something in it last changed. What an agent calls itself is fixed with its id.
pub(crate) fn revision(board: &Board) -> u64 {
    let modules = board.modules.values().map(|module| module.revision);
    modules.chain(board.last_preflight().map(|one| one.revision)).max().unwrap_or(0)
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

pub(crate) fn render(board: &Board, project: &str) -> String {
    let mark = Mark { incarnation: board.incarnation, revision: revision(board) };
    let mut out = format!("{}# Status of {}\n\n", mark.comment(), line(project));
    policy(&mut out, board);
    if board.modules.is_empty() {
        out.push_str(
            "There are no modules yet. `remit add-module ID` adds one, `remit intake` looks for them.\n",
        );
        return out;
    }
    counts(&mut out, board);
    for (status, title) in SECTIONS {
        section(&mut out, board, status, title);
    }
    out
}

/// How the team shares the board, and what a conflict does.
fn policy(out: &mut String, board: &Board) {
    let mode = board.last_preflight().map(|one| one.advice.mode).unwrap_or_default();
    let _ = writeln!(
        out,
        "Mode: **{}**. Safety: **{}**. {}\n",
        mode.as_str(),
        board.safety.as_str(),
        board.safety.effects().join(" ")
    );
    let Retention { max_rows, max_age_seconds } = Retention::default();
    let days = max_age_seconds / (24 * 3600);
    let _ = writeln!(
        out,
        "Retention: the newest {max_rows} events, for {days} days; older ones are in `archive/events`.\n"
    );
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
    let is_open = !matches!(status, Status::Done | Status::Cancelled);
    let mut table = Table::new(out, board, if is_open { &OPEN } else { &OPEN[..CLOSED] });
    for module in modules {
        closed_cells(&mut table, module);
        if is_open {
            open_cells(&mut table, module);
        }
        table.end_row();
    }
}

const OPEN: [&str; 7] = ["Module", "Title", "Owner", "Reviewer", "Priority", "Owned paths", "Waits for"];

/// So many of them for what nobody works on any more.
const CLOSED: usize = 4;

fn closed_cells(table: &mut Table<'_>, module: &Module) {
    table.cell(module.id.as_str());
    table.said(&module.title);
    table.agent(module.owner.as_ref());
    table.agent(module.reviewer.as_ref());
}

fn open_cells(table: &mut Table<'_>, module: &Module) {
    table.cell(&u8::from(module.priority).to_string());
    paths_cell(table, module);
    table.cell(&waits_for(table.board, module));
}

/// Candidates are told apart from what counts. A root's may be many.
fn paths_cell(table: &mut Table<'_>, module: &Module) {
    const GUESSES_SHOWN: usize = 3;
    if !module.is_candidate() {
        return table.codes(module.owned_paths.patterns().map(Pattern::as_str));
    }
    let guesses = &module.candidate_owned_paths;
    let more = match guesses.len().saturating_sub(GUESSES_SHOWN) {
        0 => String::new(),
        n => format!(", and {n} more"),
    };
    let shown = guesses.patterns().take(GUESSES_SHOWN).map(Pattern::as_str);
    table.codes_among("candidate: ", shown, &more);
}

fn waits_for(board: &Board, module: &Module) -> String {
    let mut waits: Vec<String> = board.open_dependencies(module).map(ToString::to_string).collect();
    waits.extend(
        module.block_reason.as_ref().filter(|_| module.status == Status::Blocked).map(|reason| line(reason)),
    );
    waits.join(", ")
}
