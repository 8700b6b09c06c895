//! `HANDOFFS.md`: what is offered to whom, and what became of it.

use std::{collections::BTreeMap, fmt::Write};

use remit_board::{
    board::Board,
    handoff::{Handoff, HandoffStatus},
    ids::ModuleId,
    markdown::line,
};

use super::{Mark, Table};

/// Older ones are in the events.
const CLOSED_SHOWN: usize = 50;

/// The revision at which something in it last changed.
pub(crate) fn revision(board: &Board) -> u64 {
    board.handoffs.values().map(|handoff| handoff.revision).max().unwrap_or(0)
}

/// The last one offered of each module: the one whose bundle is written.
pub(crate) fn newest_by_module(board: &Board) -> BTreeMap<&ModuleId, &Handoff> {
    let mut newest: BTreeMap<&ModuleId, &Handoff> = BTreeMap::new();
    for handoff in board.handoffs.values() {
        let kept = newest.entry(&handoff.module).or_insert(handoff);
        if age(handoff) > age(kept) {
            *kept = handoff;
        }
    }
    newest
}

/// Ids end with the revision at which they were offered, but as text they sort otherwise.
fn age(handoff: &Handoff) -> (i64, u64, &str) {
    let offered = handoff.id.as_str().rsplit('@').next().and_then(|revision| revision.parse().ok());
    (handoff.offered_at.0, offered.unwrap_or(0), handoff.id.as_str())
}

pub(crate) fn render(board: &Board) -> String {
    let mark = Mark { incarnation: board.incarnation, revision: revision(board) };
    let mut out = format!("{}# Handoffs\n", mark.comment());
    if board.handoffs.is_empty() {
        out.push_str("\nNothing was handed over yet.\n");
    }
    let newest = newest_by_module(board);
    section(&mut out, board, &newest, "Offered", &[HandoffStatus::Offered], usize::MAX);
    section(&mut out, board, &newest, "Claimed, not acknowledged yet", &[HandoffStatus::Claimed], usize::MAX);
    let closed = [HandoffStatus::Acknowledged, HandoffStatus::Withdrawn];
    section(&mut out, board, &newest, "Closed", &closed, CLOSED_SHOWN);
    out
}

fn section(
    out: &mut String,
    board: &Board,
    newest: &BTreeMap<&ModuleId, &Handoff>,
    title: &str,
    statuses: &[HandoffStatus],
    limit: usize,
) {
    let mut shown: Vec<&Handoff> =
        board.handoffs.values().filter(|one| statuses.contains(&one.status)).collect();
    if shown.is_empty() {
        return;
    }
    shown.sort_by_key(|handoff| std::cmp::Reverse(age(handoff)));
    let _ = write!(out, "\n## {title}\n\n");
    let columns =
        ["Module", "Status", "From", "To", "Claimed by", "Offered at", "Note", "Summary", "Next steps"];
    let mut table = Table::new(out, board, &columns);
    for handoff in shown.iter().take(limit) {
        let is_newest = newest.get(&handoff.module).is_some_and(|one| one.id == handoff.id);
        row(&mut table, handoff, is_newest);
    }
    if shown.len() > limit {
        let _ = writeln!(out, "\n{} older ones are not shown.", shown.len() - limit);
    }
}

fn row(table: &mut Table<'_>, handoff: &Handoff, is_newest: bool) {
    let module = &handoff.module;
    let steps: Vec<String> = handoff.next_steps.iter().map(|step| line(step)).collect();
    if is_newest {
        // Ids of modules hold nothing that a link or a path could trip over.
        table.cell(&format!("[{module}](handoffs/{module}.handoff.md)"));
    } else {
        table.cell(module.as_str());
    }
    table.cell(handoff.status.as_str());
    table.agent(Some(&handoff.from));
    table.target(&handoff.to);
    table.agent(handoff.claimed_by.as_ref());
    table.cell(&handoff.offered_at.readable());
    table.cell(if handoff.after_expiry { "after the holder's lease had run out" } else { "" });
    table.said(&handoff.summary);
    table.cell(&steps.join("; "));
    table.end_row();
}
