//! The board as it was last told to the client: of a board with thousands of modules only what differs is sent again.

use std::sync::{Arc, Mutex, PoisonError};

use remit_board::{
    failure::Failure,
    reply::{BoardDifference, BoardReply},
    view::difference,
};
use serde::Serialize;
use serde_json::Value;

/// What the client is sent: all of it, or what differs from the answer that it names.
#[derive(Serialize)]
#[serde(untagged)]
enum Answer<'a> {
    Whole {
        mark: String,
        #[serde(flatten)]
        board: &'a BoardReply,
    },
    Difference {
        mark: String,
        since: &'a str,
        #[serde(flatten)]
        difference: Box<BoardDifference>,
    },
}

pub(crate) struct Telling {
    /// In each mark, so that none of a process that is gone means anything to the one that was started in its place.
    process: String,
    last: Mutex<Last>,
}

/// Each answer has a number, and no two answers have the same.
#[derive(Default)]
struct Last {
    number: u64,
    board: Option<Arc<BoardReply>>,
}

impl Telling {
    pub(crate) fn new() -> Self {
        Self { process: format!("{:016x}", fastrand::u64(..)), last: Mutex::default() }
    }

    /// `since` is the mark of what the client has. Anything but the last one is answered with all of the board.
    pub(crate) fn tell(&self, board: BoardReply, since: Option<&str>) -> Result<Value, Failure> {
        let board = Arc::new(board);
        let (number, before) = self.turn(board.clone());
        let mark = self.mark(number);
        let last_mark = self.mark(number - 1);
        let answer = match (before, since) {
            (Some(before), Some(since)) if since == last_mark => {
                Answer::Difference { mark, since, difference: Box::new(difference(&before, &board)) }
            }
            _ => Answer::Whole { mark, board: &board },
        };
        serde_json::to_value(answer).map_err(Failure::internal)
    }

    /// The number of this answer, and what was told before it.
    fn turn(&self, board: Arc<BoardReply>) -> (u64, Option<Arc<BoardReply>>) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.number += 1;
        (last.number, last.board.replace(board))
    }

    fn mark(&self, number: u64) -> String {
        format!("{}-{number}", self.process)
    }
}

#[cfg(test)]
mod tests {
    use remit_board::{
        ids::CursorId,
        reply::{BoardHead, SafetyWire},
    };

    use super::*;

    fn board(revision: u64) -> BoardReply {
        BoardReply {
            head: BoardHead {
                exists: true,
                revision,
                root: "/project".to_owned(),
                worktree: None,
                safety: SafetyWire::of(Default::default()),
                me: None,
                cursor_id: CursorId::of_editor(),
            },
            agents: Vec::new(),
            sessions: Vec::new(),
            modules: Vec::new(),
            handoffs: Vec::new(),
            conflicts: Vec::new(),
            notifications: Vec::new(),
        }
    }

    /// The mark of the answer, and the mark that it starts from, if it is a difference.
    fn told(telling: &Telling, revision: u64, since: Option<&str>) -> (String, Option<String>) {
        let answer = telling.tell(board(revision), since).unwrap();
        assert_eq!(answer["revision"], revision, "what there is one of is always told");
        let text = |name: &str| answer[name].as_str().map(str::to_owned);
        (text("mark").unwrap(), text("since"))
    }

    #[test]
    fn only_the_last_mark_is_answered_by_a_difference() {
        let telling = Telling::new();
        let (first, since) = told(&telling, 1, None);
        assert_eq!(since, None);
        let (second, since) = told(&telling, 2, Some(&first));
        assert_eq!(since.as_ref(), Some(&first));
        assert_ne!(second, first);
        assert_eq!(told(&telling, 3, Some(&first)).1, None, "it is told over another one now");
        assert_eq!(told(&telling, 4, Some(&second)).1, None);
        let (last, _) = told(&telling, 5, None);
        assert_eq!(told(&telling, 5, Some(&last)).1, Some(last));
    }

    #[test]
    fn a_mark_of_another_process_means_nothing() {
        let (gone, here) = (Telling::new(), Telling::new());
        let (mark, _) = told(&gone, 1, None);
        told(&here, 1, None);
        for since in [mark.as_str(), "", "1", "what?"] {
            assert_eq!(told(&here, 2, Some(since)).1, None);
        }
    }
}
