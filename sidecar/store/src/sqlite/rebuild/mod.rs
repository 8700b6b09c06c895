//! A board that can't be read any more is set aside whole and made anew from the files beside it.
//!
//! Only on request: a repair by itself, from files that may be behind, would lose what the database still has. The new
//! board is another incarnation, and its numbers go on above all that anybody can have seen, so that no cursor, revision
//! or token of the old one can be mistaken for one of the new.

mod aside;
mod numbers;
mod saved;

use std::{path::PathBuf, time::Duration};

use remit_board::{
    board::{LeaseChange, Row, Text},
    event::Event,
    ids::Seed,
    module::{DEFAULT_TTL_SECONDS, Lease},
    time::Millis,
};
use rusqlite::Connection;

use self::saved::Saved;
use super::{
    Options,
    check::examine,
    connection::{APPLICATION_ID, set_journal},
    create::SCHEMA,
    formats::{FORMATS, only_for_the_owner, remove_if_there},
    meta::Meta,
    rows,
};
use crate::{error::StoreError, file_system::network_name, files::PlanFolder, lock::FileLock};

/// What was done, for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// The old files, under their new names.
    pub aside: Vec<PathBuf>,
    pub modules: usize,
    /// What could not be brought over; each a sentence.
    pub missing: Vec<String>,
}

const PATIENCE: Duration = Duration::from_secs(10);

/// Does nothing, and answers `None`, when somebody else has rebuilt it meanwhile. `project` names the board if nothing
/// beside the database does.
pub fn rebuild(
    plan: &PlanFolder,
    project: &str,
    options: &Options,
    seed: &Seed,
) -> Result<Option<Rebuilt>, StoreError> {
    let failed = |error: std::io::Error| StoreError::io("rebuilding it failed", &error);
    let lock = FileLock::acquire_within(&plan.repair_lock(), PATIENCE).map_err(failed)?;
    let _lock = lock.ok_or(StoreError::Locked { waited: PATIENCE })?;
    if matches!(examine(plan, options), Ok(None)) {
        return Ok(None);
    }
    let mut saved = Saved::read(plan, project);
    let fresh = plan.path().join(".rebuilt.tmp");
    remove_if_there(&fresh).map_err(failed)?;
    let shared_storage = options.shared_storage || network_name(plan.path()).is_some();
    let known = numbers::newest_known(plan, options);
    write(&fresh, &saved, meta(&known, &saved, options), seed, shared_storage)?;
    let now = options.clock.now(Default::default());
    let aside = aside::set_aside(plan, now).map_err(failed)?;
    std::fs::rename(&fresh, plan.database()).map_err(failed)?;
    saved.missing.push(missing_events(&known, saved.notifications.len()));
    saved.missing.push(
        "lease tokens, cursors and remembered requests were in the database alone: each holder has a new lease for 30 \
         minutes, whose token it fetches by claiming again; readers begin anew"
            .to_owned(),
    );
    Ok(Some(Rebuilt { aside, modules: saved.module_count(), missing: saved.missing }))
}

/// What was archived had left the board before, and stays where it is: put back, it would be archived a second time.
fn missing_events(known: &numbers::Numbers, called_again: usize) -> String {
    let archived = match known.archived {
        0 => "all events: none was archived".to_owned(),
        last if last >= known.event_seq => {
            format!("events after {last}, the newest in the archives, if there were any")
        }
        last => format!(
            "the events from {} on, {} of them or more: those up to {last} are in the archives",
            last + 1,
            known.event_seq - last
        ),
    };
    format!("{archived}; {called_again} notifications that could still be acted on are on the board again")
}

fn meta(known: &numbers::Numbers, saved: &Saved, options: &Options) -> Meta {
    let now = options.clock.now(Default::default());
    let made = u64::try_from(now.0).unwrap_or(1);
    Meta {
        format: FORMATS.current,
        min_writer: FORMATS.min_writer(),
        project: saved.project.clone(),
        incarnation: made.max(known.incarnation + 1),
        revision: numbers::next_start(known.revision),
        event_seq: numbers::next_start(known.event_seq),
        clock: now,
        safety: saved.safety,
    }
}

fn write(
    path: &std::path::Path,
    saved: &Saved,
    mut meta: Meta,
    seed: &Seed,
    shared_storage: bool,
) -> Result<(), StoreError> {
    let db = Connection::open(path)?;
    only_for_the_owner(path)
        .map_err(|error| StoreError::io("restricting its access rights failed", &error))?;
    db.execute_batch("BEGIN")?;
    db.execute_batch(SCHEMA)?;
    db.execute_batch(&format!("PRAGMA application_id = {APPLICATION_ID}"))?;
    for row in &saved.rows {
        rows::write(&db, row, meta.revision)?;
        if let Some(lease) = lease(row, seed, meta.clock) {
            rows::apply_lease(&db, &LeaseChange::Grant(lease))?;
        }
    }
    for event in &saved.notifications {
        meta.event_seq += 1;
        rows::insert_event(&db, &Event { seq: meta.event_seq, ..event.clone() })?;
    }
    meta.insert(&db)?;
    for text in &saved.texts {
        rows::write_text(&db, text, meta.revision)?;
    }
    db.execute_batch("COMMIT")?;
    set_journal(&db, shared_storage)?;
    db.close().map_err(|(_, error)| error.into())
}

/// How long the old one had still to run isn't known. Whoever is at work is not to lose it to the repair.
fn lease(row: &Row, seed: &Seed, now: Millis) -> Option<Lease> {
    let Row::Module(module) = row else { return None };
    Some(Lease {
        module: module.id.clone(),
        holder: module.holder()?.clone(),
        session: None,
        token: seed.token(&module.id),
        ttl_seconds: DEFAULT_TTL_SECONDS,
        expires_at: now.plus_seconds(DEFAULT_TTL_SECONDS),
    })
}

impl Saved {
    fn module_count(&self) -> usize {
        self.rows.iter().filter(|row| matches!(row, Row::Module(_))).count()
    }

    fn push(&mut self, row: Row, text: Option<Text>) {
        self.rows.push(row);
        self.texts.extend(text);
    }
}
