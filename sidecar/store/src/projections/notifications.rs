//! `NOTIFICATIONS.md`: what is addressed to somebody who can still act on it.

use remit_board::{board::Board, event::Event};

use super::{Mark, Table};

/// The revision shown is the board's when the page last changed: any commit may take away what a notification asks for.
pub(crate) fn render(board: &Board, current: &[Event]) -> String {
    let mark = Mark { incarnation: board.incarnation, revision: board.revision };
    let mut out = format!("{}# Notifications\n\n", mark.comment());
    if current.is_empty() {
        out.push_str("Nothing asks for anybody now.\n");
        return out;
    }
    out.push_str("The newest first. `remit notifications` shows each agent its own.\n\n");
    let columns = ["To", "What", "Module", "Priority", "Specialty", "From", "At", "Event", "Summary"];
    let mut table = Table::new(&mut out, board, &columns);
    for event in current.iter().rev() {
        match &event.target {
            Some(target) => table.target(target),
            None => table.cell(""),
        }
        table.cell(&event.kind);
        table.cell(event.module.as_ref().map_or("", |module| module.as_str()));
        table.cell(&event.priority.map_or_else(String::new, |priority| u8::from(priority).to_string()));
        table.cell(event.specialty.as_ref().map_or("", |specialty| specialty.as_str()));
        table.agent(event.agent.as_ref());
        table.cell(&event.at.readable());
        table.cell(&event.seq.to_string());
        table.said(&event.summary);
        table.end_row();
    }
    out
}
