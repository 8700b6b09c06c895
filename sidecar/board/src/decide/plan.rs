//! Planning: adding and editing modules, one by one or as a plan.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::{Draft, draft::unchanged, reach::check_ownable};
use crate::{
    board::Text,
    command::{AddModule, EditModule, ImportPlan, PlannedModule},
    decision::{Decision, Refusal},
    failure::{Code, Failure},
    ids::ModuleId,
    module::{Module, Status},
    reply::{Imported, ModuleChanged, ScopeConflict},
    words,
};

pub(super) fn add(mut draft: Draft<'_>, command: &AddModule) -> Result<Decision, Refusal> {
    let fields = &command.fields;
    let planned = PlannedModule {
        id: command.id.clone(),
        title: fields.title.clone(),
        description: fields.description.clone(),
        acceptance: fields.acceptance.clone().unwrap_or_default(),
        verify: fields.verify.clone().unwrap_or_default(),
        priority: fields.priority,
        specialty: fields.specialty.clone(),
        depends_on: fields.depends_on.clone().unwrap_or_default(),
        owned_paths: fields.owned_paths.clone().unwrap_or_default(),
        candidate_depends_on: Vec::new(),
        candidate_owned_paths: Vec::new(),
    };
    check_new(&draft, std::slice::from_ref(&planned))?;
    let ordinal = draft.at.board.modules.len() as u64;
    let module = put_planned(&mut draft, &planned, ordinal);
    draft.event("add-module", Some(&module), format!("{} was added", module.id));
    let reply = ModuleChanged { module: draft.wire(&module, None), conflicts: Vec::new() };
    draft.reply(reply)
}

pub(super) fn import(mut draft: Draft<'_>, command: &ImportPlan) -> Result<Decision, Refusal> {
    if command.modules.is_empty() {
        return Err(Failure::invalid("the plan has no modules; nothing was changed"));
    }
    check_new(&draft, &command.modules)?;
    let first = draft.at.board.modules.len() as u64;
    let mut ids = Vec::with_capacity(command.modules.len());
    for (ordinal, planned) in (first..).zip(&command.modules) {
        ids.push(put_planned(&mut draft, planned, ordinal).id);
    }
    let summary = match ids.as_slice() {
        [only] => format!("{only} was imported"),
        many => format!("{} modules were imported", many.len()),
    };
    draft.event("import-plan", None, summary);
    draft.reply(Imported { modules: ids })
}

pub(super) fn edit(mut draft: Draft<'_>, command: &EditModule) -> Result<Decision, Refusal> {
    let module = draft.module(&command.id)?;
    let fields = &command.fields;
    let depends_on = if command.clear_depends_on { Some(Vec::new()) } else { fields.depends_on.clone() };
    let owned_paths = if command.clear_owned_paths { Some(Vec::new()) } else { fields.owned_paths.clone() };
    if depends_on.is_some() || owned_paths.is_some() {
        check_may_redraw(&draft, module)?;
    }
    let mut edited = module.clone();
    if let Some(title) = &fields.title {
        edited.title = title.clone();
    }
    if let Some(priority) = fields.priority {
        edited.priority = priority;
    }
    if let Some(specialty) = &fields.specialty {
        edited.specialty = Some(specialty.clone());
    }
    if let Some(depends_on) = depends_on {
        edited.depends_on = known(&draft, depends_on, &BTreeSet::new())?;
        check_acyclic(&draft, std::iter::once((&edited.id, &edited.depends_on)))?;
    }
    let mut conflicts = Vec::new();
    if let Some(owned_paths) = owned_paths {
        check_ownable(&owned_paths)?;
        edited.owned_paths = owned_paths.into_iter().collect();
        conflicts = admit_redrawn(&draft, &edited)?;
    }
    if let Some(text) = &fields.description {
        draft.texts.push(Text::Description { module: edited.id.clone(), text: text.clone() });
    }
    draft.put_lists(&edited.id, fields.acceptance.as_deref(), fields.verify.as_deref());
    let edited = draft.put(edited);
    draft.event("edit-module", Some(&edited), format!("{} was edited", edited.id));
    let reply = ModuleChanged { module: draft.wire(&edited, draft.lease(&edited.id)), conflicts };
    draft.reply(reply)
}

/// On a held module, paths and dependencies are the holder's; while it waits for review, its owner's.
pub(super) fn check_may_redraw(draft: &Draft<'_>, module: &Module) -> Result<(), Refusal> {
    if draft.lease(&module.id).is_some() {
        return draft.held_by_caller(module).map(drop);
    }
    match (&module.owner, module.scope_is_live()) {
        (Some(owner), true) if draft.at.caller.agent.as_ref() != Some(owner) => Err(Failure::new(
            Code::NotHolder,
            format!(
                "{} waits for review; its paths and dependencies are {owner}'s; nothing was changed",
                module.id
            ),
        )
        .hint("anybody may change its title, description and priority")),
        _ => Ok(()),
    }
}

/// Redrawing a live scope is a claim of its new paths.
pub(super) fn admit_redrawn(draft: &Draft<'_>, module: &Module) -> Result<Vec<ScopeConflict>, Refusal> {
    if module.scope_is_live() {
        draft.admit_scope(module.owner.as_ref(), Some(&module.id), &module.owned_paths)
    } else {
        Ok(Vec::new())
    }
}

pub(super) fn put_planned(draft: &mut Draft<'_>, planned: &PlannedModule, ordinal: u64) -> Module {
    if let Some(text) = &planned.description {
        draft.texts.push(Text::Description { module: planned.id.clone(), text: text.clone() });
    }
    let given = |list: &'_ Vec<String>| (!list.is_empty()).then(|| list.clone());
    draft.put_lists(&planned.id, given(&planned.acceptance).as_deref(), given(&planned.verify).as_deref());
    draft.put(Module {
        id: planned.id.clone(),
        title: planned.title.clone().unwrap_or_else(|| planned.id.to_string()),
        status: Status::Todo,
        priority: planned.priority.unwrap_or_default(),
        specialty: planned.specialty.clone(),
        depends_on: without_repeats(&planned.depends_on),
        owned_paths: planned.owned_paths.iter().cloned().collect(),
        candidate_depends_on: without_repeats(&planned.candidate_depends_on),
        candidate_owned_paths: planned.candidate_owned_paths.iter().cloned().collect(),
        owner: None,
        reviewer: None,
        block_reason: None,
        changes_requested: None,
        assigned_to: None,
        branch: None,
        claimed_head: None,
        created_at: draft.at.now,
        ordinal,
        revision: 0,
    })
}

fn check_new(draft: &Draft<'_>, planned: &[PlannedModule]) -> Result<(), Refusal> {
    let mut ids = BTreeSet::new();
    for module in planned {
        if draft.at.board.modules.contains_key(&module.id) || !ids.insert(module.id.clone()) {
            let message = format!("there is a module {} already; nothing was changed", module.id);
            return Err(Failure::new(Code::AlreadyExists, message)
                .hint(format!("`remit edit-module {0}` changes it, `remit show {0}` shows it", module.id))
                .details(json!({ "module": module.id })));
        }
    }
    for module in planned {
        known(draft, module.depends_on.clone(), &ids)?;
        known(draft, module.candidate_depends_on.clone(), &ids)?;
        check_ownable(module.owned_paths.iter().chain(&module.candidate_owned_paths))?;
    }
    check_acyclic(draft, planned.iter().map(|module| (&module.id, &module.depends_on)))
}

fn known(
    draft: &Draft<'_>,
    ids: Vec<ModuleId>,
    coming: &BTreeSet<ModuleId>,
) -> Result<Vec<ModuleId>, Refusal> {
    match ids.iter().find(|id| !coming.contains(*id) && !draft.at.board.modules.contains_key(id)) {
        Some(unknown) => {
            let failure = unchanged(words::unknown_module(draft.at.board, unknown));
            let hint = failure.hint.clone().unwrap_or_default();
            Err(failure.hint(format!("{hint}; what is depended on is added first, or in the same plan")))
        }
        None => Ok(without_repeats(&ids)),
    }
}

pub(super) fn without_repeats<'a>(ids: impl IntoIterator<Item = &'a ModuleId>) -> Vec<ModuleId> {
    let mut seen = BTreeSet::new();
    ids.into_iter().filter(|id| seen.insert(*id)).cloned().collect()
}

/// Refuses a board on which some module would wait for itself; the cycle is named in order.
pub(super) fn check_acyclic<'a>(
    draft: &'a Draft<'_>,
    changed: impl Iterator<Item = (&'a ModuleId, &'a Vec<ModuleId>)>,
) -> Result<(), Refusal> {
    let changed: BTreeMap<&ModuleId, &Vec<ModuleId>> = changed.collect();
    let dependencies = |id: &ModuleId| -> &'a [ModuleId] {
        match changed.get(id) {
            Some(ids) => ids,
            None => draft.at.board.modules.get(id).map_or(&[], |module| &module.depends_on),
        }
    };
    let starts = changed.keys().copied();
    match find_cycle(starts, dependencies) {
        None => Ok(()),
        Some(cycle) => {
            let message =
                format!("{} would wait for itself: {}; nothing was changed", cycle[0], in_order(&cycle));
            Err(Failure::new(Code::Cycle, message)
                .hint("leave one of these dependencies out; `remit graph` shows those that there are")
                .details(json!({ "cycle": cycle })))
        }
    }
}

/// A long cycle is told by its ends; `details` has all of it.
fn in_order(cycle: &[&ModuleId]) -> String {
    const TOLD: usize = 12;
    let join = |ids: &[&ModuleId]| ids.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(" → ");
    match cycle.len().checked_sub(TOLD) {
        None | Some(0) => join(cycle),
        Some(left_out) => {
            let (first, last) = (&cycle[..TOLD / 2], &cycle[cycle.len() - TOLD / 2..]);
            format!("{} → … {left_out} more … → {}", join(first), join(last))
        }
    }
}

/// Depth first, without recursion: a plan may be a chain of any length. The cycle's first module stands again at
/// its end.
pub(crate) fn find_cycle<'a>(
    starts: impl Iterator<Item = &'a ModuleId>,
    dependencies: impl Fn(&ModuleId) -> &'a [ModuleId],
) -> Option<Vec<&'a ModuleId>> {
    let mut finished: BTreeSet<&ModuleId> = BTreeSet::new();
    for start in starts {
        let mut path: Vec<(&ModuleId, usize)> = vec![(start, 0)];
        let mut on_path: BTreeSet<&ModuleId> = BTreeSet::from([start]);
        while let Some((id, next)) = path.last_mut() {
            let Some(dependency) = dependencies(id).get(*next) else {
                on_path.remove(*id);
                finished.insert(id);
                path.pop();
                continue;
            };
            *next += 1;
            if on_path.contains(dependency) {
                let from = path.iter().position(|(id, _)| *id == dependency).unwrap_or(0);
                return Some(path[from..].iter().map(|(id, _)| *id).chain([dependency]).collect());
            }
            if !finished.contains(dependency) {
                on_path.insert(dependency);
                path.push((dependency, 0));
            }
        }
    }
    None
}
