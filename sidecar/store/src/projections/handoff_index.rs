//! `handoff-index.json`: the handoffs for programs, each with the path of its bundle.

use std::{collections::BTreeMap, io};

use remit_board::{board::Board, handoff::Notes, ids::HandoffId, reply::HandoffWire};
use serde::Serialize;

use super::{Mark, handoffs_revision};

#[derive(Serialize)]
struct Index {
    handoffs: Vec<HandoffWire>,
}

pub(crate) fn render(board: &Board, notes: &BTreeMap<HandoffId, Notes>) -> io::Result<Vec<u8>> {
    let mark = Mark { incarnation: board.incarnation, revision: handoffs_revision(board) };
    mark.json_file(&Index {
        handoffs: board.handoffs.values().map(|one| HandoffWire::told(one, notes.get(&one.id))).collect(),
    })
}
