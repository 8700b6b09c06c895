//! What keeps the window from working, told when it changes and not each time that it happens again.

use std::collections::BTreeMap;

use remit_board::failure::{Code, Failure};

use crate::protocol::Status;

/// Where a failure came up; the first one that stands is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    Findings,
    Board,
    Renewing,
    Presence,
    Watching,
}

#[derive(Debug, Default)]
pub(crate) struct Troubles {
    standing: BTreeMap<Source, Failure>,
    told: Option<Status>,
}

impl Troubles {
    /// What the client is to be told, if that is news.
    pub(crate) fn note(&mut self, source: Source, failure: Option<&Failure>) -> Option<Status> {
        // A project without a board is no trouble.
        match failure.filter(|failure| failure.code != Code::NoBoard) {
            Some(failure) => self.standing.insert(source, failure.clone()),
            None => self.standing.remove(&source),
        };
        let status = self.standing.values().next().map(Status::of);
        if status == self.told {
            return None;
        }
        self.told.clone_from(&status);
        Some(status.unwrap_or_else(Status::ok))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_changes_are_told() {
        let mut troubles = Troubles::default();
        assert_eq!(troubles.note(Source::Board, None), None, "all is well, as before");
        let locked = Failure::new(Code::Locked, "the board is locked");
        let full = Failure::new(Code::DiskFull, "the disk is full");
        assert_eq!(troubles.note(Source::Renewing, Some(&locked)), Some(Status::of(&locked)));
        assert_eq!(troubles.note(Source::Renewing, Some(&locked)), None);
        assert_eq!(troubles.note(Source::Findings, Some(&full)), Some(Status::of(&full)));
        assert_eq!(troubles.note(Source::Findings, None), Some(Status::of(&locked)), "it still stands");
        assert_eq!(troubles.note(Source::Renewing, None), Some(Status::ok()));
        assert_eq!(troubles.note(Source::Board, Some(&Failure::new(Code::NoBoard, "none yet"))), None);
    }
}
