//! One look at the board: is it there, is it the same, was something committed?

use std::time::Duration;

use super::Change;
use crate::{
    error::StoreError,
    files::PlanFolder,
    sqlite::{Link, Options},
};

/// Holds a connection of its own and never an open transaction: that would freeze what it sees.
pub(super) struct Eye {
    plan: PlanFolder,
    options: Options,
    seen: Option<Seen>,
}

struct Seen {
    link: Link,
    /// SQLite's count of other connections' commits, as this connection knows it.
    version: i64,
}

impl Eye {
    pub fn new(plan: &PlanFolder) -> Self {
        // A look must not hold up the one who waits: it is soon repeated.
        let options = Options { patience: Duration::from_millis(20), ..Options::default() };
        Self { plan: plan.clone(), options, seen: None }
    }

    pub fn sees_a_board(&self) -> bool {
        self.seen.is_some()
    }

    /// What is different from the look before. A board that can't be opened counts as none.
    pub fn look(&mut self) -> Option<Change> {
        match &mut self.seen {
            Some(seen) if seen.link.is_in_place(&self.plan) => seen.news(),
            Some(_) => {
                self.seen = None;
                Some(if self.open() { Change::Replaced } else { Change::Vanished })
            }
            None => self.open().then_some(Change::Appeared),
        }
    }

    fn open(&mut self) -> bool {
        self.seen = self.try_open().ok();
        self.seen.is_some()
    }

    fn try_open(&self) -> Result<Seen, StoreError> {
        let link = Link::open(&self.plan, &self.options)?;
        let version = data_version(&link)?;
        Ok(Seen { link, version })
    }
}

impl Seen {
    fn news(&mut self) -> Option<Change> {
        // An error here means that somebody is recovering the log; the next look comes soon.
        let version = data_version(&self.link).ok()?;
        (std::mem::replace(&mut self.version, version) != version).then_some(Change::Committed)
    }
}

fn data_version(link: &Link) -> Result<i64, StoreError> {
    let mut statement = link.db.prepare_cached("PRAGMA data_version")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}
