//! "What next?": ranked for whoever asks. Nothing to hand out is a failure of its own kind, so that a watch can wait
//! for it to pass.

use remit_board::{
    command::{Asking, Which},
    failure::Failure,
    rank::Seeker,
};
use remit_store::Snapshot;

use crate::local::LocalEngine;

impl LocalEngine {
    pub(crate) fn next<T>(
        &self,
        snapshot: &Snapshot,
        asking: &Asking,
        which: &Which,
        rank: impl FnOnce(&Seeker<'_>, &Which) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let board = &*snapshot.board;
        let me = self.reader(asking, snapshot)?;
        let seeker = Seeker {
            board,
            leases: &snapshot.leases,
            now: snapshot.now,
            case: self.case,
            agent: me.as_ref().and_then(|id| board.agents.get(id)),
            specialty: which.specialty.as_ref(),
        };
        rank(&seeker, which)
    }
}
