//! The file `presence.db`, which comes with the first session and goes with the last.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags};

use super::rows::{make_tables, select};
use crate::{
    error::StoreError,
    file_system::network_name,
    files::PlanFolder,
    identity::FileIdentity,
    sqlite::{Options, connect, only_for_the_owner, until_free},
};

pub(super) struct PresenceFile {
    plan: PlanFolder,
    options: Options,
    link: Option<(Connection, FileIdentity)>,
}

impl PresenceFile {
    pub fn new(plan: &PlanFolder) -> Self {
        // Whoever publishes is about to do so again: nobody waits long for it.
        let options = Options { patience: Duration::from_secs(1), ..Options::default() };
        Self { plan: plan.clone(), options, link: None }
    }

    pub fn patience(&self) -> Duration {
        self.options.patience
    }

    pub fn exists(&self) -> bool {
        self.path().exists()
    }

    /// Whether the path names the file that we have open.
    pub fn is_in_place(&self) -> bool {
        let now = FileIdentity::of(&self.path()).ok().flatten();
        matches!((&self.link, now), (Some((_, opened)), Some(now)) if now.is_same_file(*opened))
    }

    /// The connection to the file that is at the path now.
    pub fn db(&mut self, mode: OpenFlags) -> Result<&Connection, StoreError> {
        if !self.is_in_place() {
            self.close();
        }
        let link = match self.link.take() {
            Some(link) => link,
            None => until_free(self.options.patience, || self.open(mode))?,
        };
        Ok(&self.link.insert(link).0)
    }

    pub fn close(&mut self) {
        self.link = None;
    }

    /// Throws everything away.
    pub fn discard(&mut self) -> Result<(), StoreError> {
        self.close();
        for suffix in ["", "-wal", "-shm"] {
            let mut path = self.path().into_os_string();
            path.push(suffix);
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(StoreError::io("throwing damaged presence away failed", &error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Takes the file away when nobody else has it open and nobody has said anything.
    pub fn remove_if_alone(&mut self) -> Result<(), StoreError> {
        let path = self.path();
        if let Some((db, _)) = &self.link
            && remove_file_if_alone(db, &path)?
        {
            self.close();
        }
        Ok(())
    }

    fn path(&self) -> PathBuf {
        self.plan.presence()
    }

    fn open(&self, mode: OpenFlags) -> Result<(Connection, FileIdentity), StoreError> {
        let path = self.path();
        let looking = |error: io::Error| StoreError::io("looking at presence.db failed", &error);
        if !self.plan.path().is_dir() {
            return Err(StoreError::NoBoard { folder: self.plan.path().to_owned() });
        }
        let db = connect(&path, mode, &self.options)?;
        let identity = FileIdentity::of(&path).map_err(looking)?;
        let identity = identity.ok_or(StoreError::Locked { waited: Duration::ZERO })?;
        if identity.length == 0 {
            only_for_the_owner(&path).map_err(looking)?;
        }
        let journal = if network_name(&path).is_some() { "DELETE" } else { "WAL" };
        db.execute_batch(&format!("PRAGMA synchronous = OFF; PRAGMA journal_mode = {journal}"))?;
        make_tables(&db, self.options.patience)?;
        Ok((db, identity))
    }
}

/// Only the one connection can leave WAL mode: whoever can is alone. Somebody who opens the file just now waits for
/// our lock, and then finds that the path names another file.
fn remove_file_if_alone(db: &Connection, path: &Path) -> Result<bool, StoreError> {
    if db.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(())).is_err() {
        return Ok(false);
    }
    if db.prepare_cached("BEGIN EXCLUSIVE")?.execute([]).is_err() {
        return Ok(false);
    }
    let removed = select(db, None)?.is_empty() && fs::remove_file(path).is_ok();
    db.prepare_cached("ROLLBACK")?.execute([])?;
    Ok(removed)
}
