//! The board in an SQLite database that many processes share.
//!
//! `mutate` is the life of one mutation; `connection` what is opened and what refused; `create` and `formats` how a board
//! comes to be and grows with the versions; `rows` how state becomes rows; `cache` how little is read again.

mod cache;
mod check;
mod connection;
mod create;
mod formats;
mod guard;
mod health;
mod meta;
mod mutate;
mod rebuild;
mod retry;
mod rows;
#[cfg(test)]
mod tests;
mod upkeep;

use std::{collections::BTreeMap, time::Duration};

use remit_board::{
    cursor::{Cursor, EventRange, Standing},
    event::Event,
    handoff::Notes,
    ids::{HandoffId, ModuleId},
    module::Brief,
};
use rusqlite::Connection;

use self::{
    cache::Cache,
    connection::set_journal,
    formats::{FORMATS, Formats, check_writer, current_copy, migrate},
    meta::Meta,
};
pub use self::{
    check::{Damage, examine, reindex},
    health::Health,
    rebuild::{Rebuilt, rebuild},
};
pub(crate) use self::{
    connection::{Link, connect},
    formats::only_for_the_owner,
    guard::{CommitError, Guard},
    retry::{pause, until_free},
};
use crate::{
    clock::Clock,
    error::StoreError,
    file_system::network_name,
    files::PlanFolder,
    store::{CursorRule, EventFilter, Outcome, Request, Rule, Snapshot, Store},
};

/// What a power cut may take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// Perhaps the last commits, never the board's soundness.
    #[default]
    Normal,
    /// Nothing that was answered; each commit waits for the disk.
    Full,
}

#[derive(Clone, Debug)]
pub struct Options {
    pub durability: Durability,
    pub clock: Clock,
    /// Made for a folder that machines share: with a rollback journal instead of a log. Counts when a board is made.
    pub shared_storage: bool,
    /// How long to wait for others before a command is answered with `locked`.
    pub patience: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            durability: Durability::default(),
            clock: Clock::default(),
            shared_storage: false,
            patience: Duration::from_secs(30),
        }
    }
}

/// Which board, and how to treat it.
struct Setting {
    plan: PlanFolder,
    options: Options,
    formats: &'static Formats,
}

/// A board that was asked for, and whether it had to be made.
pub struct Created {
    pub store: SqliteStore,
    pub created: bool,
}

/// One process's access to the board.
pub struct SqliteStore {
    setting: Setting,
    /// `None` after the file was lost or a commit's fate unknown; the next access opens it again.
    link: Option<Link>,
    cache: Cache,
}

impl SqliteStore {
    /// Opens the board that is there. Writes nothing.
    pub fn open(plan: &PlanFolder, options: Options) -> Result<Self, StoreError> {
        Self::open_with(plan, options, &FORMATS)
    }

    fn open_with(plan: &PlanFolder, options: Options, formats: &'static Formats) -> Result<Self, StoreError> {
        let link = Link::open(plan, &options)?;
        let setting = Setting { plan: plan.clone(), options, formats };
        Ok(Self { setting, link: Some(link), cache: Cache::default() })
    }

    /// Makes the board, or opens it when it is there already. `project` names it for as long as it lives.
    pub fn create(plan: &PlanFolder, project: &str, options: Options) -> Result<Created, StoreError> {
        let created = create::create(plan, project, &options)?;
        Ok(Created { store: Self::open(plan, options)?, created })
    }

    /// Keeps the board for a folder that machines share, or for one machine's disk, whatever it was made for; says
    /// whether that was anything new.
    pub fn keep_for(&mut self, shared_storage: bool) -> Result<bool, StoreError> {
        let patience = self.setting.options.patience.min(Duration::from_secs(5));
        let (setting, link, _) = self.connected()?;
        match network_name(setting.plan.path()) {
            Some(name) if !shared_storage => return Err(StoreError::NetworkDisk(name)),
            _ => {}
        }
        if link.shares_storage()? == shared_storage {
            return Ok(false);
        }
        until_free(patience, || set_journal(&link.db, shared_storage))?;
        self.link = None;
        Ok(true)
    }

    /// Whether the board is kept for a folder that machines share.
    pub fn shares_storage(&mut self) -> Result<bool, StoreError> {
        let (setting, link, _) = self.connected()?;
        until_free(setting.options.patience, || link.shares_storage())
    }

    pub fn plan(&self) -> &PlanFolder {
        &self.setting.plan
    }

    /// What one access needs, connected to the file that is at the board's path now.
    fn connected(&mut self) -> Result<(&Setting, &Link, &mut Cache), StoreError> {
        let Self { setting, link, cache } = self;
        let current = match link.take() {
            // One that can't write may have been opened in a bad moment, and might not see what others write.
            Some(link) if link.is_in_place(&setting.plan) && !link.is_read_only() => link,
            lost => {
                drop(lost);
                cache.forget();
                Link::open(&setting.plan, &setting.options)?
            }
        };
        Ok((setting, link.insert(current), cache))
    }

    fn reading<T>(
        &mut self,
        body: impl FnMut(&Connection, &Meta, &mut Cache) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let (setting, link, cache) = self.connected()?;
        read(setting, link, cache, body)
    }

    fn attempt(&mut self, transaction: &mut Transaction<'_>) -> Result<Outcome, StoreError> {
        let (setting, link, cache) = self.connected()?;
        prepare_to_write(setting, link, cache)?;
        let outcome = transaction(setting, link, cache);
        if matches!(outcome, Ok(Outcome::Unknown) | Err(StoreError::NoBoard { .. })) {
            // What is on disk must be read again, by a connection that has not seen the failure.
            self.link = None;
        }
        outcome
    }

    fn attempt_twice(&mut self, transaction: &mut Transaction<'_>) -> Result<Outcome, StoreError> {
        match self.attempt(transaction) {
            // The board went away after it was opened. Perhaps another is there now; the rule has not run yet.
            Err(StoreError::NoBoard { .. }) => self.attempt(transaction),
            outcome => outcome,
        }
    }
}

type Transaction<'a> = dyn FnMut(&Setting, &Link, &mut Cache) -> Result<Outcome, StoreError> + 'a;

/// Runs `body` on one consistent state of the board, in the current format, and writes nothing.
fn read<T>(
    setting: &Setting,
    link: &Link,
    cache: &mut Cache,
    mut body: impl FnMut(&Connection, &Meta, &mut Cache) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    until_free(setting.options.patience, || {
        let _guard = Guard::read(&link.db)?;
        let meta = Meta::read(&link.db)?;
        check_writer(&meta, setting.formats)?;
        if meta.format < setting.formats.current {
            let copy = current_copy(&link.db, &meta, setting.formats)?;
            return body(&copy, &meta, cache);
        }
        body(&link.db, &meta, cache)
    })
}

/// What can be done before the write lock is taken, so that others wait less.
fn prepare_to_write(setting: &Setting, link: &Link, cache: &mut Cache) -> Result<(), StoreError> {
    if link.is_read_only() {
        return Err(StoreError::ReadOnly("the file or its folder is read-only".to_owned()));
    }
    link.may_be_written(&setting.plan)?;
    if cache.format().is_none() {
        read(setting, link, cache, |db, meta, cache| cache.catch_up(db, meta).map(drop))?;
    }
    if cache.format() < Some(setting.formats.current) {
        migrate(setting, link)?;
        cache.forget();
    }
    Ok(())
}

impl Store for SqliteStore {
    fn transact(&mut self, request: &Request, rule: &mut Rule<'_>) -> Result<Outcome, StoreError> {
        self.attempt_twice(&mut |setting, link, cache| mutate::mutate(setting, link, cache, request, rule))
    }

    fn read(&mut self) -> Result<Snapshot, StoreError> {
        let clock = self.setting.options.clock.clone();
        self.reading(|db, meta, cache| {
            Ok(Snapshot {
                board: cache.catch_up(db, meta)?,
                leases: rows::all_leases(db)?,
                now: clock.now(meta.clock),
                last_seen: rows::all_last_seen(db)?,
                last_event: meta.event_seq,
            })
        })
    }

    fn brief(&mut self, module: &ModuleId) -> Result<Brief, StoreError> {
        self.reading(|db, _, _| rows::brief(db, module))
    }

    fn briefs(&mut self) -> Result<BTreeMap<ModuleId, Brief>, StoreError> {
        self.reading(|db, _, _| rows::briefs(db))
    }

    fn notes(&mut self) -> Result<BTreeMap<HandoffId, Notes>, StoreError> {
        self.reading(|db, _, _| rows::notes(db))
    }

    fn bundle(&mut self, handoff: &HandoffId) -> Result<Option<String>, StoreError> {
        self.reading(|db, _, _| rows::bundle(db, handoff))
    }

    fn events(&mut self, filter: &EventFilter) -> Result<Vec<Event>, StoreError> {
        self.reading(|db, _, _| rows::select_events(db, filter))
    }

    fn event_range(&mut self) -> Result<EventRange, StoreError> {
        self.reading(|db, meta, _| rows::event_range(db, meta.event_seq))
    }

    fn forget_events(&mut self, up_to: u64) -> Result<(), StoreError> {
        let (setting, link, cache) = self.connected()?;
        prepare_to_write(setting, link, cache)?;
        upkeep::forget_events(setting, &link.db, up_to)
    }

    fn cursor(&mut self, cursor: &Cursor) -> Result<Option<Standing>, StoreError> {
        self.reading(|db, _, _| rows::find_cursor(db, cursor))
    }

    fn move_cursor(
        &mut self,
        request: &Request,
        cursor: &Cursor,
        rule: &mut CursorRule<'_>,
    ) -> Result<Outcome, StoreError> {
        self.attempt_twice(&mut |setting, link, cache| {
            mutate::move_cursor(setting, link, cache, request, cursor, rule)
        })
    }

    fn upkeep(&mut self, idle: bool) -> Result<(), StoreError> {
        let (setting, link, _) = self.connected()?;
        if link.is_read_only() {
            return Ok(());
        }
        if idle {
            upkeep::forget_old(setting, &link.db)?;
        }
        upkeep::shorten_log(setting, link, idle)
    }
}
