//! What people and agents read of the board: files that can be made again from the database at any time.
//!
//! Each is a pure function of the board, and shows in its first line the revision of the newest thing in it: whether
//! a file is current is known without rendering it, and a file whose content did not change is not written again.
//! They show owners, never a time left: leases move without a revision.

mod agents;
mod bundle;
mod handoff_index;
mod handoffs;
mod mark;
mod notifications;
mod preflight;
mod sessions;
mod state;
mod status;

pub(crate) use agents::{render as agents, revision as agents_revision};
pub(crate) use bundle::{read as bundle_text, render as bundle};
pub(crate) use handoff_index::render as handoff_index;
pub(crate) use handoffs::{newest_by_module, render as handoffs, revision as handoffs_revision};
pub(crate) use mark::Mark;
pub(crate) use notifications::render as notifications;
pub(crate) use preflight::{render as preflight, revision as preflight_revision};
pub(crate) use sessions::{render as sessions, revision as sessions_revision};
pub(crate) use state::render as state;
pub(crate) use status::{render as status, revision as status_revision};

use remit_board::{
    board::Board,
    handoff::Target,
    ids::AgentId,
    markdown::{code, line},
    words::agent_name,
};

/// A markdown table in the making. It writes straight into the page: a large board has many cells.
struct Table<'a> {
    out: &'a mut String,
    board: &'a Board,
}

impl<'a> Table<'a> {
    fn new(out: &'a mut String, board: &'a Board, columns: &[&str]) -> Self {
        for column in columns {
            out.push_str("| ");
            out.push_str(column);
            out.push(' ');
        }
        out.push_str("|\n");
        columns.iter().for_each(|_| out.push_str("| --- "));
        out.push_str("|\n");
        Self { out, board }
    }

    fn cell(&mut self, text: &str) {
        self.out.push_str("| ");
        self.out.push_str(text);
        self.out.push(' ');
    }

    /// Text of people.
    fn said(&mut self, text: &str) {
        self.cell(&line(text));
    }

    /// Code spans, parted by commas. A bar would end the cell even in a span.
    fn codes<'t>(&mut self, texts: impl IntoIterator<Item = &'t str>) {
        self.codes_among("", texts, "");
    }

    /// Code spans between words of ours.
    fn codes_among<'t>(&mut self, before: &str, texts: impl IntoIterator<Item = &'t str>, after: &str) {
        self.out.extend(["| ", before]);
        for (n, text) in texts.into_iter().enumerate() {
            self.out.push_str(if n > 0 { ", " } else { "" });
            if is_plain(text) {
                self.out.extend(["`", text, "`"]);
            } else {
                self.out.push_str(&code(text).replace('|', "\\|"));
            }
        }
        self.out.extend([after, " "]);
    }

    /// An agent as people know it: by its name, and by the id under which it is told of elsewhere.
    fn agent(&mut self, id: Option<&AgentId>) {
        let Some(id) = id else { return self.cell("") };
        match agent_name(self.board, id) {
            name if name != id.as_str() => self.cell(&format!("{} ({id})", line(name))),
            id => self.cell(id),
        }
    }

    fn target(&mut self, target: &Target) {
        match target {
            Target::Agent(id) => self.agent(Some(id)),
            everybody => self.codes([everybody.to_string().as_str()]),
        }
    }

    fn end_row(&mut self) {
        self.out.push_str("|\n");
    }
}

fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'`' | b'|'))
}
