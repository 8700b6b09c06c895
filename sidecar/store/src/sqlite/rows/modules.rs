use remit_board::{
    ids::ModuleId,
    module::{Module, Priority, Status},
    scope::{Pattern, Scope},
};
use rusqlite::{Connection, params};

use super::{BoardTable, Cells, lines, to_integer};
use crate::error::StoreError;

impl BoardTable for Module {
    const NAME: &'static str = "modules";
    const COLUMNS: &'static str = "id, revision, title, status, priority, specialty, depends_on, owned_paths, \
         candidate_depends_on, candidate_owned_paths, owner, reviewer, block_reason, branch, created_at, ordinal, \
         changes_requested, assigned_to, claimed_head";

    fn read(cells: &Cells<'_>) -> Result<Self, StoreError> {
        Ok(Module {
            id: cells.parsed(0)?,
            revision: cells.number(1)?,
            title: cells.string(2)?,
            status: cells.word(3, Status::parse)?,
            priority: Priority::try_from(cells.number::<u8>(4)?).map_err(|error| cells.flaw(error))?,
            specialty: cells.maybe_parsed(5)?,
            depends_on: cells.parsed_lines(6)?,
            owned_paths: cells.scope(7)?,
            candidate_depends_on: cells.parsed_lines(8)?,
            candidate_owned_paths: cells.scope(9)?,
            owner: cells.maybe_parsed(10)?,
            reviewer: cells.maybe_parsed(11)?,
            block_reason: cells.maybe_string(12)?,
            branch: cells.maybe_string(13)?,
            created_at: cells.time(14)?,
            ordinal: cells.number(15)?,
            changes_requested: cells.maybe_string(16)?,
            assigned_to: cells.maybe_parsed(17)?,
            claimed_head: cells.maybe_string(18)?,
        })
    }

    fn write(&self, db: &Connection, revision: u64) -> Result<(), StoreError> {
        let ids = |ids: &[ModuleId]| lines(ids.iter().map(ModuleId::as_str));
        let scope = |scope: &Scope| lines(scope.patterns().map(Pattern::as_str));
        db.prepare_cached(
            "INSERT INTO modules (id, revision, title, status, priority, specialty, depends_on, owned_paths, \
             candidate_depends_on, candidate_owned_paths, owner, reviewer, block_reason, branch, created_at, ordinal, \
             changes_requested, assigned_to, claimed_head) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19) \
             ON CONFLICT (id) DO UPDATE SET revision = ?2, title = ?3, status = ?4, priority = ?5, specialty = ?6, \
             depends_on = ?7, owned_paths = ?8, candidate_depends_on = ?9, candidate_owned_paths = ?10, owner = ?11, \
             reviewer = ?12, block_reason = ?13, branch = ?14, created_at = ?15, ordinal = ?16, changes_requested = ?17, \
             assigned_to = ?18, claimed_head = ?19",
        )?
        .execute(params![
            self.id.as_str(),
            to_integer(revision),
            self.title,
            self.status.as_str(),
            u8::from(self.priority),
            self.specialty.as_ref().map(|specialty| specialty.as_str()),
            ids(&self.depends_on),
            scope(&self.owned_paths),
            ids(&self.candidate_depends_on),
            scope(&self.candidate_owned_paths),
            self.owner.as_ref().map(|agent| agent.as_str()),
            self.reviewer.as_ref().map(|agent| agent.as_str()),
            self.block_reason,
            self.branch,
            self.created_at.0,
            to_integer(self.ordinal),
            self.changes_requested,
            self.assigned_to.as_ref().map(|agent| agent.as_str()),
            self.claimed_head,
        ])?;
        Ok(())
    }
}
