//! What people and agents read of the board: files that can be made again from the database at any time.
//!
//! Each is a pure function of the board, and shows in its first line the revision of the newest thing in it: whether
//! a file is current is known without rendering it, and a file whose content did not change is not written again.
//! They show owners, never a time left: leases move without a revision.

mod bundle;
mod handoffs;
mod mark;
mod state;
mod status;

pub(crate) use bundle::render as bundle;
pub(crate) use handoffs::{newest_by_module, render as handoffs, revision as handoffs_revision};
pub(crate) use mark::Mark;
pub(crate) use state::render as state;
pub(crate) use status::{render as status, revision as status_revision};

use remit_board::{
    board::Board,
    ids::AgentId,
    markdown::{code, line},
};

/// An agent as people know it: by what it calls itself, and by its id where that is told elsewhere.
fn agent(board: &Board, id: &AgentId) -> String {
    match board.agents.get(id) {
        Some(known) if known.name() != id.as_str() => {
            format!("{} ({id})", line(known.name()))
        }
        _ => id.to_string(),
    }
}

fn maybe_agent(board: &Board, id: Option<&AgentId>) -> String {
    id.map(|id| agent(board, id)).unwrap_or_default()
}

/// A code span inside a table: a bar would end its cell even there.
fn code_cell(text: &str) -> String {
    let plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'`' | b'|'));
    if plain { format!("`{text}`") } else { code(text).replace('|', "\\|") }
}

fn rows(out: &mut String, columns: &[&str], rows: impl Iterator<Item = Vec<String>>) {
    let mut put = |cells: Vec<String>| {
        out.push('|');
        for cell in cells {
            out.push(' ');
            out.push_str(&cell);
            out.push_str(" |");
        }
        out.push('\n');
    };
    put(columns.iter().map(|column| (*column).to_owned()).collect());
    put(columns.iter().map(|_| "---".to_owned()).collect());
    rows.for_each(put);
}
