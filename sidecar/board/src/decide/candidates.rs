//! Confirming what a scan guessed: candidates become dependencies and paths that count.

use std::fmt::Display;

use serde_json::json;

use super::{Draft, plan};
use crate::{
    command::ConfirmModule,
    decision::{Decision, Refusal},
    failure::{Code, Failure},
    ids::ModuleId,
    module::Module,
    reply::ModuleChanged,
    scope::Pattern,
};

pub(super) fn confirm(mut draft: Draft<'_>, command: &ConfirmModule) -> Result<Decision, Refusal> {
    let module = draft.module(&command.id)?;
    let (depends_on, paths) = chosen(module, command)?;
    plan::check_may_redraw(&draft, module)?;
    let mut confirmed = module.clone();
    confirmed.candidate_depends_on.retain(|id| !depends_on.contains(id));
    confirmed.candidate_owned_paths =
        module.candidate_owned_paths.patterns().filter(|path| !paths.contains(path)).cloned().collect();
    confirmed.depends_on = plan::without_repeats(module.depends_on.iter().chain(&depends_on));
    confirmed.owned_paths = module.owned_paths.patterns().cloned().chain(paths).collect();
    plan::check_acyclic(&draft, std::iter::once((&confirmed.id, &confirmed.depends_on)))?;
    let conflicts = plan::admit_redrawn(&draft, &confirmed)?;
    let confirmed = draft.put(confirmed);
    draft.event("confirm-module", Some(&confirmed), format!("candidates of {} were confirmed", confirmed.id));
    let reply = ModuleChanged { module: draft.wire(&confirmed, draft.lease(&confirmed.id)), conflicts };
    draft.reply(reply)
}

fn chosen(module: &Module, command: &ConfirmModule) -> Result<(Vec<ModuleId>, Vec<Pattern>), Refusal> {
    let candidates: Vec<Pattern> = module.candidate_owned_paths.patterns().cloned().collect();
    if command.all {
        if module.candidate_depends_on.is_empty() && candidates.is_empty() {
            let message = format!("{} has no candidates; nothing was changed", module.id);
            return Err(Failure::new(Code::Nothing, message)
                .hint(format!("`remit show {}` says what it owns and depends on", module.id)));
        }
        return Ok((module.candidate_depends_on.clone(), candidates));
    }
    if command.depends_on.is_empty() && command.owned_paths.is_empty() {
        return Err(Failure::invalid(
            "say which candidates: --depends-on ID, --owned-path PATTERN or --all; nothing was changed",
        ));
    }
    all_among(module, &command.depends_on, &module.candidate_depends_on)?;
    all_among(module, &command.owned_paths, &candidates)?;
    Ok((command.depends_on.clone(), command.owned_paths.clone()))
}

fn all_among<T: PartialEq + Display>(module: &Module, chosen: &[T], candidates: &[T]) -> Result<(), Refusal> {
    match chosen.iter().find(|one| !candidates.contains(one)) {
        None => Ok(()),
        Some(other) => {
            let message = format!("{other} is no candidate of {}; nothing was changed", module.id);
            Err(Failure::new(Code::NotFound, message)
                .hint(format!(
                    "`remit show {0}` lists its candidates; `remit edit-module {0} --depends-on ID` sets any other",
                    module.id
                ))
                .details(json!({ "module": module.id, "candidate": other.to_string() })))
        }
    }
}
