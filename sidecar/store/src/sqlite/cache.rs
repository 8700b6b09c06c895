//! The board in memory, brought up to date by the rows that changed.

use std::sync::Arc;

use remit_board::board::{Board, Row};
use rusqlite::Connection;

use super::{meta::Meta, rows};
use crate::{error::StoreError, store::stamped};

#[derive(Default)]
pub(super) struct Cache {
    board: Option<Arc<Board>>,
    /// The format of the database that the board came from.
    format: u32,
}

impl Cache {
    /// `None` as long as nothing was read.
    pub fn format(&self) -> Option<u32> {
        self.board.is_some().then_some(self.format)
    }

    pub fn forget(&mut self) {
        self.board = None;
    }

    /// The board as the open transaction sees it.
    ///
    /// Another incarnation, or a revision before the one we know, is another board: it is read from the beginning.
    pub fn catch_up(&mut self, db: &Connection, meta: &Meta) -> Result<Arc<Board>, StoreError> {
        self.format = meta.format;
        let known = self.board.take().filter(|board| board.incarnation == meta.incarnation);
        let mut board = match known {
            Some(board) if board.revision == meta.revision => {
                self.board = Some(Arc::clone(&board));
                return Ok(board);
            }
            Some(board) if board.revision < meta.revision => board,
            _ => Arc::default(),
        };
        // When a row makes no sense the cache stays empty, so that the next look says so again.
        let newest = Arc::make_mut(&mut board);
        rows::catch_up(db, newest)?;
        newest.project.clone_from(&meta.project);
        newest.incarnation = meta.incarnation;
        newest.revision = meta.revision;
        newest.safety = meta.safety;
        self.board = Some(Arc::clone(&board));
        Ok(board)
    }

    /// Follows a commit of our own. The caller has given back the board that `catch_up` handed out, so that nothing
    /// is copied unless somebody kept a snapshot.
    pub fn follow(&mut self, decided: Vec<Row>, revision: u64) {
        if let Some(board) = &mut self.board {
            let board = Arc::make_mut(board);
            decided.into_iter().for_each(|row| board.apply(stamped(row, revision)));
            board.revision = revision;
        }
    }
}
