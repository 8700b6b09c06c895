//! What a rule decides: the rows to write, never the writing.

use crate::{
    board::{LeaseChange, Row, Text},
    event::NewEvent,
    failure::Failure,
    reply::Reply,
};

/// The outcome of a rule for the store to commit, whole or not at all.
///
/// A decision without rows, texts and events is bookkeeping: it bumps no revision.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    pub rows: Vec<Row>,
    pub texts: Vec<Text>,
    pub leases: Vec<LeaseChange>,
    pub events: Vec<NewEvent>,
    pub reply: Reply,
}

impl Decision {
    /// Changes nothing of the board.
    pub fn bookkeeping(reply: Reply) -> Self {
        Self { rows: Vec::new(), texts: Vec::new(), leases: Vec::new(), events: Vec::new(), reply }
    }

    pub fn is_bookkeeping(&self) -> bool {
        self.rows.is_empty() && self.texts.is_empty() && self.events.is_empty()
    }
}

/// A rule says no: the transaction is rolled back and nothing has changed.
pub type Refusal = Failure;
