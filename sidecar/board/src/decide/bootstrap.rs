//! The first line of a board's history. The file itself is made before: without it there is nothing to decide on.

use super::{DoneBefore, Draft};
use crate::{
    command::Bootstrap,
    decision::{Decision, Refusal},
    failure::Failure,
};

/// Leaves one event, of the making or of another way of keeping.
pub(super) fn bootstrap(mut draft: Draft<'_>, command: &Bootstrap) -> Result<Decision, Refusal> {
    let DoneBefore::Bootstrapped(done) = draft.at.before else {
        return Err(Failure::internal("`bootstrap` was decided before the board was made"));
    };
    let reply = done.clone();
    let summary = summary(reply.created, command.shared_storage.unwrap_or(false));
    draft.record("bootstrap", "bootstrap", None, None, summary.to_owned());
    draft.reply(reply)
}

fn summary(created: bool, shared_storage: bool) -> &'static str {
    match (created, shared_storage) {
        (true, false) => "the board was made",
        (true, true) => "the board was made, for a folder that machines share",
        (false, true) => "the board is kept for a folder that machines share from now on",
        (false, false) => "the board is kept for one machine's disk from now on",
    }
}
