//! `SESSIONS.md`: the windows and terminals that are registered. Who of them is live moves without a revision, and is
//! asked of `remit sessions`.

use remit_board::{board::Board, session::Session};

use super::{Mark, Table};

/// The revision at which something in it last changed.
pub(crate) fn revision(board: &Board) -> u64 {
    board.sessions.values().map(|session| session.revision).max().unwrap_or(0)
}

pub(crate) fn render(board: &Board) -> String {
    let mark = Mark { incarnation: board.incarnation, revision: revision(board) };
    let mut out = format!("{}# Sessions\n\n", mark.comment());
    let mut sessions: Vec<&Session> = board.sessions.values().filter(|session| !session.reaped).collect();
    if sessions.is_empty() {
        out.push_str("No window or terminal is registered: `remit init-agent --thread-key NAME` does it.\n");
        return out;
    }
    // In the order in which they registered; their ids have none that means anything.
    sessions.sort_by_key(|session| (session.registered_at, &session.id));
    let columns =
        ["Session", "Agent", "Kind", "Host", "Window", "Worktree", "Branch", "Epoch", "Registered at"];
    let mut table = Table::new(&mut out, board, &columns);
    for session in sessions {
        table.cell(session.id.as_str());
        table.agent(Some(&session.agent));
        table.cell(session.kind.as_str());
        table.codes([session.host.as_str()]);
        table.codes([session.window.as_str()]);
        table.codes(session.worktree.as_deref());
        table.codes(session.branch.as_deref());
        table.cell(&session.epoch.to_string());
        table.cell(&session.registered_at.readable());
        table.end_row();
    }
    out
}
