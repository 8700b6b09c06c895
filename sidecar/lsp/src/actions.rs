//! Quick fixes. Each names a command of the extension, which asks what is to be asked and sends `remit/command`.
//!
//! A diagnostic carries what its fixes need, so they are made of the request alone.

use remit_board::{ids::ModuleId, path::ProjectPath, reply::FindingCode};
use serde::{Deserialize, Serialize};
use tower_lsp::ls_types::{
    CodeAction, CodeActionContext, CodeActionKind, CodeActionOrCommand, Command, Diagnostic,
};

use crate::diagnostics::{Cause, SOURCE};

/// The one argument of each command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Target {
    #[serde(skip_serializing_if = "Option::is_none")]
    module: Option<ModuleId>,
    path: ProjectPath,
    /// For ignoring: of what one does not want to be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<FindingCode>,
    /// For comparing: the file that shows the other side, and what that is called.
    #[serde(flatten)]
    other: Option<OtherSide>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct OtherSide {
    compare_with: String,
    side: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Fix {
    title: String,
    command: &'static str,
    target: Target,
    preferred: bool,
}

pub(crate) fn quick_fixes(context: CodeActionContext) -> Vec<CodeActionOrCommand> {
    if !wants_quick_fixes(&context) {
        return Vec::new();
    }
    let mut actions: Vec<CodeAction> = Vec::new();
    for diagnostic in context.diagnostics {
        let fixes = cause(&diagnostic).map(|cause| fixes(&cause)).unwrap_or_default();
        for action in fixes.into_iter().map(|fix| action(fix, &diagnostic)) {
            add(&mut actions, action);
        }
    }
    actions.into_iter().map(CodeActionOrCommand::CodeAction).collect()
}

fn wants_quick_fixes(context: &CodeActionContext) -> bool {
    // Kinds are hierarchical: whoever asks for "" asks for all of them.
    let includes = |kind: &CodeActionKind| kind.as_str().is_empty() || *kind == CodeActionKind::QUICKFIX;
    context.only.as_ref().is_none_or(|only| only.iter().any(includes))
}

fn cause(diagnostic: &Diagnostic) -> Option<Cause> {
    let ours = diagnostic.source.as_deref() == Some(SOURCE);
    diagnostic.data.as_ref().filter(|_| ours).and_then(|data| Cause::deserialize(data).ok())
}

fn fixes(cause: &Cause) -> Vec<Fix> {
    let mut fixes = match (cause.code, &cause.module) {
        (FindingCode::LeaseExpired, Some(module)) => {
            vec![fix(cause, format!("Take over {module}"), "remit.takeOver", true)]
        }
        (FindingCode::ScopeOverlap, theirs) => {
            let mine = cause.with_module.iter().flat_map(|mine| [narrow(cause, mine), release(cause, mine)]);
            theirs.iter().map(|theirs| request(cause, theirs)).chain(mine).collect()
        }
        (FindingCode::OutsideMyScope, mine) => {
            let claimable = cause.claimable.iter().map(|module| claim_module(cause, module));
            claimable.chain([add_to_mine(cause, mine.as_ref()), claim_path(cause)]).collect()
        }
        (FindingCode::PathOwnedByOther, theirs) => {
            theirs.iter().map(|theirs| request(cause, theirs)).chain([claim_path(cause)]).collect()
        }
        (FindingCode::ConcurrentEdit, _) => compare(cause).into_iter().collect(),
        (FindingCode::LeaseExpired, None) => Vec::new(),
    };
    if let Some(module) = cause.module.as_ref().filter(|_| cause.handoff_offered) {
        fixes.splice(0..0, handoff(cause, module));
    }
    fixes.extend((!cause.merges).then(|| ignore(cause)));
    fixes
}

fn compare(cause: &Cause) -> Option<Fix> {
    let (compare_with, side) = (cause.compare_with.clone()?, cause.side.clone()?);
    let mut fix = fix(cause, format!("Compare with {side}"), "remit.compareWithOtherSide", false);
    fix.target.other = Some(OtherSide { compare_with, side });
    Some(fix)
}

fn handoff(cause: &Cause, module: &ModuleId) -> [Fix; 2] {
    [
        fix(cause, format!("Claim the handoff of {module}"), "remit.claimHandoff", true),
        fix(cause, format!("Open the handoff of {module}"), "remit.openHandoff", false),
    ]
}

fn claim_path(cause: &Cause) -> Fix {
    fix(cause, "Claim this path".to_owned(), "remit.claimPaths", false)
}

fn add_to_mine(cause: &Cause, mine: Option<&ModuleId>) -> Fix {
    let title = match mine {
        Some(module) => format!("Add this path to {module}"),
        None => "Add this path to a module of mine…".to_owned(),
    };
    fix(cause, title, "remit.addToMyPaths", false)
}

fn claim_module(cause: &Cause, module: &ModuleId) -> Fix {
    about(module, fix(cause, format!("Claim {module}, which covers this path"), "remit.claimModule", true))
}

fn request(cause: &Cause, theirs: &ModuleId) -> Fix {
    fix(cause, format!("Request a handoff of {theirs}"), "remit.requestHandoff", false)
}

fn narrow(cause: &Cause, mine: &ModuleId) -> Fix {
    about(mine, fix(cause, format!("Change what {mine} owns"), "remit.editModule", false))
}

fn release(cause: &Cause, mine: &ModuleId) -> Fix {
    about(mine, fix(cause, format!("Release {mine}"), "remit.release", false))
}

fn ignore(cause: &Cause) -> Fix {
    let what = match (cause.code, &cause.module) {
        (FindingCode::ConcurrentEdit, _) => "colliding lines",
        (FindingCode::OutsideMyScope, _) | (_, None) => "the missing claim",
        (_, Some(theirs)) => theirs.as_str(),
    };
    let title = format!("Ignore {what} in this file until the window closes");
    let mut fix = fix(cause, title, "remit.ignoreHere", false);
    fix.target.code = Some(cause.code);
    fix
}

/// About another module than the cause's.
fn about(module: &ModuleId, fix: Fix) -> Fix {
    Fix { target: Target { module: Some(module.clone()), ..fix.target }, ..fix }
}

fn fix(cause: &Cause, title: String, command: &'static str, preferred: bool) -> Fix {
    Fix {
        title,
        command,
        target: Target { module: cause.module.clone(), path: cause.path.clone(), code: None, other: None },
        preferred,
    }
}

fn action(fix: Fix, diagnostic: &Diagnostic) -> CodeAction {
    CodeAction {
        title: fix.title.clone(),
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: Some(vec![diagnostic.clone()]),
        is_preferred: fix.preferred.then_some(true),
        command: Some(Command {
            title: fix.title,
            command: fix.command.to_owned(),
            arguments: serde_json::to_value(fix.target).ok().map(|target| vec![target]),
        }),
        ..CodeAction::default()
    }
}

/// Two modules may own the same path: what would do the same for both is offered once.
fn add(actions: &mut Vec<CodeAction>, action: CodeAction) {
    match actions.iter_mut().find(|known| known.title == action.title) {
        Some(known) => {
            known.diagnostics.get_or_insert_default().extend(action.diagnostics.unwrap_or_default())
        }
        None => actions.push(action),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use tower_lsp::ls_types::CodeActionContext;

    use super::*;

    fn diagnostic(data: Value) -> Diagnostic {
        Diagnostic { source: Some("remit".to_owned()), data: Some(data), ..Diagnostic::default() }
    }

    fn ignoring(what: &str, code: &str, module: Option<&str>, path: &str) -> Value {
        let mut target = json!({"path": path, "code": code});
        if let Some(module) = module {
            target["module"] = json!(module);
        }
        let title = format!("Ignore {what} in this file until the window closes");
        json!([title, null, "remit.ignoreHere", [target]])
    }

    #[track_caller]
    fn check(diagnostics: &[Diagnostic], expected: Value) {
        let context = CodeActionContext { diagnostics: diagnostics.to_vec(), ..CodeActionContext::default() };
        let actions: Vec<Value> = quick_fixes(context)
            .into_iter()
            .map(|action| {
                let action = serde_json::to_value(action).unwrap();
                assert_eq!(action["kind"], "quickfix");
                assert_eq!(action["title"], action["command"]["title"]);
                json!([
                    action["title"],
                    action["isPreferred"],
                    action["command"]["command"],
                    action["command"]["arguments"]
                ])
            })
            .collect();
        assert_eq!(Value::from(actions), expected);
    }

    #[test]
    fn a_path_of_somebody_else_can_be_claimed_and_its_handoff_taken() {
        let data = json!({"code": "path-owned-by-other", "path": "src/a b.rs", "module": "core"});
        let target = json!([{"module": "core", "path": "src/a b.rs"}]);
        let request = json!(["Request a handoff of core", null, "remit.requestHandoff", target]);
        let ignore = ignoring("core", "path-owned-by-other", Some("core"), "src/a b.rs");
        check(
            &[diagnostic(data.clone())],
            json!([request, ["Claim this path", null, "remit.claimPaths", target], ignore]),
        );
        let mut offered = data;
        offered["handoffOffered"] = json!(true);
        check(
            &[diagnostic(offered)],
            json!([
                ["Claim the handoff of core", true, "remit.claimHandoff", target],
                ["Open the handoff of core", null, "remit.openHandoff", target],
                request,
                ["Claim this path", null, "remit.claimPaths", target],
                ignore,
            ]),
        );
    }

    #[test]
    fn an_expired_lease_can_be_taken_over() {
        check(
            &[diagnostic(json!({"code": "lease-expired", "path": "a", "module": "core"}))],
            json!([
                ["Take over core", true, "remit.takeOver", [{"module": "core", "path": "a"}]],
                ignoring("core", "lease-expired", Some("core"), "a"),
            ]),
        );
    }

    #[test]
    fn an_overlap_is_settled_with_the_other_side_or_by_my_own_module() {
        check(
            &[diagnostic(
                json!({"code": "scope-overlap", "path": "a", "module": "theirs", "withModule": "mine"}),
            )],
            json!([
                ["Request a handoff of theirs", null, "remit.requestHandoff", [{"module": "theirs", "path": "a"}]],
                ["Change what mine owns", null, "remit.editModule", [{"module": "mine", "path": "a"}]],
                ["Release mine", null, "remit.release", [{"module": "mine", "path": "a"}]],
                ignoring("theirs", "scope-overlap", Some("theirs"), "a"),
            ]),
        );
    }

    #[test]
    fn a_path_outside_my_scope_can_be_added_to_it() {
        check(
            &[diagnostic(json!({"code": "outside-my-scope", "path": "a", "module": "mine"}))],
            json!([
                ["Add this path to mine", null, "remit.addToMyPaths", [{"module": "mine", "path": "a"}]],
                ["Claim this path", null, "remit.claimPaths", [{"module": "mine", "path": "a"}]],
                ignoring("the missing claim", "outside-my-scope", Some("mine"), "a"),
            ]),
        );
        check(
            &[diagnostic(json!({"code": "outside-my-scope", "path": "a", "module": null}))],
            json!([
                ["Add this path to a module of mine…", null, "remit.addToMyPaths", [{"path": "a"}]],
                ["Claim this path", null, "remit.claimPaths", [{"path": "a"}]],
                ignoring("the missing claim", "outside-my-scope", None, "a"),
            ]),
        );
    }

    #[test]
    fn a_module_that_covers_the_path_can_be_claimed_at_once() {
        let cause = json!({"code": "outside-my-scope", "path": "a", "module": "mine", "claimable": "docs"});
        let context =
            CodeActionContext { diagnostics: vec![diagnostic(cause)], ..CodeActionContext::default() };
        let first = serde_json::to_value(&quick_fixes(context)[0]).unwrap();
        assert_eq!(first["title"], "Claim docs, which covers this path");
        assert_eq!(first["isPreferred"], true);
        assert_eq!(first["command"]["arguments"], json!([{"module": "docs", "path": "a"}]));
    }

    #[test]
    fn the_other_side_of_a_collision_can_be_looked_at_and_a_hint_of_one_never_ignored() {
        let mut cause = json!({
            "code": "concurrent-edit", "path": "a", "compareWith": "/fix/a", "side": "bob in worktree fix",
        });
        let target = json!([{"path": "a", "compareWith": "/fix/a", "side": "bob in worktree fix"}]);
        let compare = json!(["Compare with bob in worktree fix", null, "remit.compareWithOtherSide", target]);
        let ignore = ignoring("colliding lines", "concurrent-edit", None, "a");
        check(&[diagnostic(cause.clone())], json!([compare, ignore]));
        cause["merges"] = json!(true);
        check(&[diagnostic(cause.clone())], json!([compare]));
        cause["compareWith"] = Value::Null;
        check(&[diagnostic(cause)], json!([]));
    }

    #[test]
    fn what_two_diagnostics_offer_alike_is_offered_once() {
        let of =
            |module: &str| diagnostic(json!({"code": "path-owned-by-other", "path": "a", "module": module}));
        let context =
            CodeActionContext { diagnostics: vec![of("core"), of("web")], ..CodeActionContext::default() };
        let actions = serde_json::to_value(quick_fixes(context)).unwrap();
        let offered: Vec<_> =
            actions.as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap()).collect();
        assert_eq!(
            offered,
            [
                "Request a handoff of core",
                "Claim this path",
                "Ignore core in this file until the window closes",
                "Request a handoff of web",
                "Ignore web in this file until the window closes",
            ]
        );
    }

    #[test]
    fn diagnostics_of_others_and_damaged_ones_offer_nothing() {
        let foreign = Diagnostic { source: Some("rustc".to_owned()), ..diagnostic(json!({"code": "E0001"})) };
        let without_data = Diagnostic { source: Some("remit".to_owned()), ..Diagnostic::default() };
        let damaged = diagnostic(json!({"code": "lease-expired", "path": "../a", "module": 7}));
        check(&[foreign, without_data, damaged], json!([]));
    }

    #[test]
    fn other_kinds_of_actions_are_not_made_up() {
        let data = json!({"code": "lease-expired", "path": "a", "module": "core"});
        let asked = |kind: &str| {
            let only = Some(vec![CodeActionKind::from(kind.to_owned())]);
            let context =
                CodeActionContext { diagnostics: vec![diagnostic(data.clone())], only, trigger_kind: None };
            quick_fixes(context).len()
        };
        assert_eq!([asked("quickfix"), asked(""), asked("source.organizeImports")], [2, 2, 0]);
    }
}
