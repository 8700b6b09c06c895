//! Which live scopes of others a set of paths would meet, and what the safety profile makes of it.

use serde_json::json;

use super::Draft;
use crate::{
    board::{Board, Leases, SafetyProfile},
    decision::Refusal,
    failure::{Code, Failure},
    ids::{AgentId, ModuleId},
    reply::ScopeConflict,
    scope::{CaseRule, Scope, ScopeIndex},
    time::Millis,
};

/// Live modules of other owners whose scope overlaps `scope`, by module id; `except` is the module itself.
pub fn live_overlaps(
    board: &Board,
    case: CaseRule,
    agent: Option<&AgentId>,
    except: Option<&ModuleId>,
    scope: &Scope,
) -> Vec<ScopeConflict> {
    if scope.is_empty() {
        return Vec::new();
    }
    // The one scope is the index and the many are looked up in it: it is made once, and small.
    let index = ScopeIndex::new([((), scope)], case);
    board
        .live_modules()
        .filter(|module| Some(&module.id) != except && module.owner.as_ref() != agent)
        .filter_map(|module| {
            let (_, witness) = index.overlaps(&module.owned_paths).pop()?;
            Some(ScopeConflict { module: module.id.clone(), owner: module.owner.clone(), witness })
        })
        .collect()
}

impl Draft<'_> {
    /// The overlaps that a claim of `scope` would make; in `safe` a refusal, unless every lease behind them ran out.
    pub(super) fn admit_scope(
        &self,
        agent: Option<&AgentId>,
        module: Option<&ModuleId>,
        scope: &Scope,
    ) -> Result<Vec<ScopeConflict>, Refusal> {
        let conflicts = live_overlaps(self.at.board, self.at.case, agent, module, scope);
        let refused = refuses(self.at.board, self.at.leases, self.at.now, &conflicts);
        if refused { Err(scope_overlap(&conflicts)) } else { Ok(conflicts) }
    }
}

/// In `safe`, overlaps refuse a claim; but a scope whose lease ran out only warns. One that waits for review has no
/// lease, and binds.
pub fn refuses(board: &Board, leases: &Leases, now: Millis, conflicts: &[ScopeConflict]) -> bool {
    let binds =
        |conflict: &ScopeConflict| leases.of(&conflict.module).is_none_or(|lease| !lease.is_expired(now));
    board.safety == SafetyProfile::Safe && conflicts.iter().any(binds)
}

fn scope_overlap(conflicts: &[ScopeConflict]) -> Refusal {
    let named: Vec<String> = conflicts
        .iter()
        .take(3)
        .map(|c| match &c.owner {
            Some(owner) => format!("{} of {owner} (both own {})", c.module, c.witness),
            None => format!("{} (both own {})", c.module, c.witness),
        })
        .collect();
    let more = match conflicts.len().saturating_sub(3) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    Failure::new(
        Code::ScopeOverlap,
        format!("the paths overlap {}{more}; the board is safe, so nothing was changed", named.join(", ")),
    )
    .hint(match conflicts {
        [] => "`remit claim-next` gives you work that doesn't overlap".to_owned(),
        [first, ..] => format!(
            "`remit claim-next` gives you work that doesn't overlap, `remit request-handoff --module {}` asks for these paths",
            first.module
        ),
    })
    .details(json!({ "conflicts": conflicts }))
}
