use remit_board::{
    board::Confirmation,
    mode::{Advice, Mode, ModeChoice, OptimizeFor, Topology},
    session::LoopKind,
};
use rusqlite::{Connection, params};

use super::{BoardTable, Cells, texts, to_integer};
use crate::error::StoreError;

impl BoardTable for Confirmation {
    const NAME: &'static str = "confirmations";
    const COLUMNS: &'static str = "worktree, revision, branch, loop_kind, mode_choice, mode, reasons, agent, confirmed_at, \
         optimize_for, agent_count, machine_count, window_count, cross_machine, shared_storage";

    fn read(cells: &Cells<'_>) -> Result<Self, StoreError> {
        Ok(Confirmation {
            worktree: cells.string(0)?,
            revision: cells.number(1)?,
            branch: cells.string(2)?,
            loop_kind: cells.word(3, LoopKind::parse)?,
            mode_choice: cells.word(4, ModeChoice::parse)?,
            advice: Advice { mode: cells.word(5, Mode::parse)?, reasons: cells.texts(6)? },
            agent: cells.maybe_parsed(7)?,
            confirmed_at: cells.time(8)?,
            topology: topology(cells)?,
        })
    }

    fn write(&self, db: &Connection, revision: u64) -> Result<(), StoreError> {
        let Confirmation { topology, advice, .. } = self;
        db.prepare_cached(
            "INSERT OR REPLACE INTO confirmations (worktree, revision, branch, loop_kind, mode_choice, mode, reasons, agent, \
             confirmed_at, optimize_for, agent_count, machine_count, window_count, cross_machine, shared_storage) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        )?
        .execute(params![
            self.worktree,
            to_integer(revision),
            self.branch,
            self.loop_kind.as_str(),
            self.mode_choice.as_str(),
            advice.mode.as_str(),
            texts(&advice.reasons)?,
            self.agent.as_ref().map(|agent| agent.as_str()),
            self.confirmed_at.0,
            topology.optimize_for.map(OptimizeFor::as_str),
            topology.agent_count,
            topology.machine_count,
            topology.window_count,
            topology.cross_machine,
            topology.shared_storage,
        ])?;
        Ok(())
    }
}

fn topology(cells: &Cells<'_>) -> Result<Topology, StoreError> {
    let aim = match cells.maybe_str(9)? {
        Some(_) => Some(cells.word(9, OptimizeFor::parse)?),
        None => None,
    };
    Ok(Topology {
        optimize_for: aim,
        agent_count: cells.maybe_number(10)?,
        machine_count: cells.maybe_number(11)?,
        window_count: cells.maybe_number(12)?,
        cross_machine: cells.integer(13)? != 0,
        shared_storage: cells.maybe_number::<i64>(14)?.map(|number| number != 0),
    })
}
