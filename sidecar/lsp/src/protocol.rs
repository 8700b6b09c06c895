//! What this face says beyond the Language Server Protocol. `PROTOCOL.md` describes it for a client's author, and a
//! test holds the two together.

use remit_board::{
    failure::{Code, Failure, Kind},
    ids::ModuleId,
};
use serde::{Deserialize, Serialize};
use tower_lsp::ls_types::notification::Notification;

/// Request: what the views draw, in the envelope.
pub const BOARD: &str = "remit/board";
/// Request: one command, answered by the envelope.
pub const COMMAND: &str = "remit/command";
/// Request: one query, answered by the envelope.
pub const QUERY: &str = "remit/query";
/// Whether the session still moves.
pub const PING: &str = "remit/ping";
/// Notification: the views are no longer right.
pub const BOARD_CHANGED: &str = "remit/boardChanged";
/// Notification: whether the sidecar can do its work.
pub const STATUS: &str = "remit/status";
/// Notification: leases of this window passed to somebody else.
pub const LEASE_LOST: &str = "remit/leaseLost";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardChanged {
    /// 0 while there is no board.
    pub revision: u64,
    /// The revision is the same: an expiry passed or was renewed, or this worktree's conflicts are others now.
    pub volatile: bool,
    pub exists: bool,
}

impl BoardChanged {
    /// Two changes told as one: volatile only if both were.
    pub(crate) fn after(self, earlier: Option<BoardChanged>) -> Self {
        Self { volatile: self.volatile && earlier.is_none_or(|earlier| earlier.volatile), ..self }
    }
}

impl Notification for BoardChanged {
    type Params = Self;
    const METHOD: &'static str = BOARD_CHANGED;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Ok,
    /// It works, but not as it should.
    Warning,
    Error,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    pub level: Level,
    /// The failure's code; absent when all is well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// Empty when all is well.
    pub message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Status {
    pub(crate) fn ok() -> Self {
        Self { level: Level::Ok, code: None, message: String::new(), hint: None }
    }

    pub(crate) fn of(failure: &Failure) -> Self {
        let level = match (failure.kind, failure.code) {
            // It passes by itself.
            (Kind::Unavailable, Code::Locked | Code::ServerDown) => Level::Warning,
            _ => Level::Error,
        };
        Self { level, code: Some(failure.code), message: failure.message.clone(), hint: failure.hint.clone() }
    }
}

impl Notification for Status {
    type Params = Self;
    const METHOD: &'static str = STATUS;
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseLost {
    pub modules: Vec<ModuleId>,
}

impl Notification for LeaseLost {
    type Params = Self;
    const METHOD: &'static str = LEASE_LOST;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_told_as_one_are_volatile_only_if_all_were() {
        let change = |volatile| BoardChanged { revision: 7, volatile, exists: true };
        assert_eq!(change(true).after(None), change(true));
        assert_eq!(change(true).after(Some(change(true))), change(true));
        assert_eq!(change(true).after(Some(change(false))), change(false));
        assert_eq!(change(false).after(Some(change(true))), change(false));
    }

    #[test]
    fn a_status_carries_what_the_failure_says() {
        let failure = Failure::new(Code::SchemaNewer, "the board is newer than this binary")
            .hint("restart this window");
        let status = serde_json::to_value(Status::of(&failure)).unwrap();
        assert_eq!(
            status,
            serde_json::json!({"level": "error", "code": "schema-newer",
                "message": "the board is newer than this binary", "hint": "restart this window"})
        );
        assert_eq!(
            serde_json::to_value(Status::ok()).unwrap(),
            serde_json::json!({"level": "ok", "message": ""})
        );
    }
}
