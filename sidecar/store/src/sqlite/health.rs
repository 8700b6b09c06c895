//! What `doctor` asks of the database and the files beside it. Looks only.

use std::path::PathBuf;

use super::{SqliteStore, meta::Meta};
use crate::{error::StoreError, file_system::network_name, projections::Mark};

/// How the board is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    pub sqlite_version: &'static str,
    /// `wal`, or the rollback journal of a shared folder.
    pub journal: String,
    /// The board's format, and the one that this binary writes.
    pub format: u32,
    pub known_format: u32,
    /// In bytes.
    pub log_length: u64,
    pub network_disk: Option<&'static str>,
    pub events: u64,
    /// The revision that the files beside the database show; `None` when there are none of this board.
    pub shown_revision: Option<u64>,
    pub revision: u64,
    /// Databases that were set aside, and copies from before a change of format.
    pub kept: Vec<PathBuf>,
}

impl SqliteStore {
    pub fn health(&mut self) -> Result<Health, StoreError> {
        let plan = self.setting.plan.clone();
        let known_format = self.setting.formats.current;
        let (meta, journal, events) = self.reading(|db, meta, _| {
            let journal: String = db.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
            let events: i64 = db.query_row("SELECT count(*) FROM events", [], |row| row.get(0))?;
            Ok((Meta::clone(meta), journal, events))
        })?;
        let shown = Mark::of_file(&plan.state_json()).filter(|mark| mark.incarnation == meta.incarnation);
        Ok(Health {
            sqlite_version: rusqlite::version(),
            journal,
            format: meta.format,
            known_format,
            log_length: std::fs::metadata(plan.log()).map_or(0, |log| log.len()),
            network_disk: network_name(plan.path()),
            events: u64::try_from(events).unwrap_or(0),
            shown_revision: shown.map(|mark| mark.revision),
            revision: meta.revision,
            kept: kept(&plan),
        })
    }
}

fn kept(plan: &crate::PlanFolder) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(plan.path()).into_iter().flatten().flatten();
    let is_kept = |name: &str| {
        (name.starts_with("coordination.damaged-") || name.ends_with(".backup.db")) && name.ends_with(".db")
    };
    let mut kept: Vec<PathBuf> = entries
        .filter(|entry| entry.file_name().to_str().is_some_and(is_kept))
        .map(|entry| entry.path())
        .collect();
    kept.sort();
    kept
}
