//! Looking for what does not hold on the board, and putting it right when asked.

use super::{DoneBefore, Draft};
use crate::{
    command::Validate,
    decision::{Decision, Refusal},
    reply::{FlawWire, Validated},
    soundness::{Inspection, inspect},
};

/// Leaves one event in any case; rows and leases change only for a repair.
pub(super) fn validate(mut draft: Draft<'_>, command: &Validate) -> Result<Decision, Refusal> {
    let at = draft.at;
    let mended = match at.before {
        DoneBefore::Mended(mended) => mended.to_vec(),
        _ => Vec::new(),
    };
    let Inspection { flaws, rows, leases } = inspect(at.board, at.leases, at.now, at.seed);
    let reply = Validated {
        sound: flaws.is_empty() || command.repair,
        flaws: flaws
            .into_iter()
            .map(|flaw| FlawWire { what: flaw.what, repair: flaw.repair, repaired: command.repair })
            .collect(),
        mended,
    };
    if command.repair {
        draft.rows.extend(rows);
        draft.leases.extend(leases);
    }
    draft.record("validate", "validate", None, None, summary(&reply));
    draft.reply(reply)
}

fn summary(reply: &Validated) -> String {
    let found = reply.flaws.iter().map(|flaw| {
        if flaw.repaired { format!("{}: {}", flaw.what, flaw.repair) } else { flaw.what.clone() }
    });
    let all: Vec<String> = reply.mended.iter().cloned().chain(found).collect();
    if all.is_empty() { "the board is sound".to_owned() } else { all.join("; ") }
}
