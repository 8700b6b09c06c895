//! Holding the parts of a project against the board: which are new, and which somebody planned already.

use std::collections::BTreeMap;

use super::{Part, Survey, naming};
use crate::{
    board::Board,
    decide::find_cycle,
    ids::ModuleId,
    module::Module,
    path::ProjectPath,
    scope::{CaseRule, Scope, ScopeIndex, overlap},
};

/// A part as a module that could be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate<'a> {
    pub id: ModuleId,
    pub standing: Standing,
    pub part: &'a Part,
    pub owned_paths: Scope,
    /// In the order of ids, without itself.
    pub depends_on: Vec<ModuleId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    New,
    /// A module of the board stands for the part; the candidate bears its id.
    Known,
}

/// One for each part, in their order, with a note for each circle in which they need each other.
pub fn candidates<'a>(
    survey: &'a Survey,
    board: &Board,
    case: CaseRule,
) -> (Vec<Candidate<'a>>, Vec<String>) {
    let parts = &survey.parts;
    let known = Known::of(board, case);
    let known: Vec<Option<ModuleId>> = parts.iter().map(|part| known.module_of(part)).collect();
    let ids = naming::ids(parts, board, &known);
    let all: Vec<Candidate<'a>> = parts
        .iter()
        .enumerate()
        .map(|(at, part)| Candidate {
            id: ids[at].clone(),
            standing: if known[at].is_some() { Standing::Known } else { Standing::New },
            part,
            owned_paths: Scope::of_paths(&part.paths),
            depends_on: needed(part, &ids, &ids[at]),
        })
        .collect();
    let notes = circle(&all).into_iter().collect();
    (all, notes)
}

fn needed(part: &Part, ids: &[ModuleId], own: &ModuleId) -> Vec<ModuleId> {
    let mut needed: Vec<ModuleId> =
        part.needs.iter().filter_map(|need| ids.get(need.part)).cloned().collect();
    needed.retain(|id| id != own);
    needed.sort();
    needed.dedup();
    needed
}

/// A guess need not be free of circles, but who confirms it should know.
fn circle(candidates: &[Candidate<'_>]) -> Option<String> {
    const NAMED: usize = 8;
    let needs: BTreeMap<&ModuleId, &[ModuleId]> =
        candidates.iter().map(|one| (&one.id, one.depends_on.as_slice())).collect();
    let cycle = find_cycle(needs.keys().copied(), |id| needs.get(id).copied().unwrap_or_default())?;
    let named: Vec<&str> = cycle.iter().take(NAMED).map(|id| id.as_str()).collect();
    let more = if cycle.len() > NAMED { " → …" } else { "" };
    Some(format!(
        "some parts need each other in a circle ({}{more}): confirm only one direction of it",
        named.join(" → ")
    ))
}

/// The board's modules by what they own or might own.
struct Known<'a> {
    board: &'a Board,
    case: CaseRule,
    /// Of places among `modules`.
    scopes: ScopeIndex<usize>,
    modules: Vec<&'a Module>,
}

impl<'a> Known<'a> {
    fn of(board: &'a Board, case: CaseRule) -> Self {
        let modules: Vec<&Module> = board.modules.values().collect();
        let scopes: Vec<Scope> = modules.iter().map(|module| all_paths(module)).collect();
        let scopes = ScopeIndex::new(scopes.iter().enumerate(), case);
        Self { board, case, scopes, modules }
    }

    /// The oldest module that covers at least half of the part's paths, or that bears its name and meets it.
    fn module_of(&self, part: &Part) -> Option<ModuleId> {
        let mut covered: BTreeMap<usize, usize> = BTreeMap::new();
        for path in &part.paths {
            for at in self.scopes.owners(&inside(path)) {
                *covered.entry(*at).or_default() += 1;
            }
        }
        let enough = covered.into_iter().filter(|(_, paths)| paths * 2 >= part.paths.len());
        let best = enough.min_by_key(|(at, paths)| (std::cmp::Reverse(*paths), self.modules[*at].ordinal));
        best.map(|(at, _)| self.modules[at].id.clone()).or_else(|| self.namesake(part))
    }

    /// A module of the part's name that says nothing of its paths, or not all of them.
    fn namesake(&self, part: &Part) -> Option<ModuleId> {
        let module = self.board.modules.get(&naming::plain_id(part)?)?;
        let scope = all_paths(module);
        let meets = || overlap(&scope, &Scope::of_paths(&part.paths), self.case).is_some();
        (scope.is_empty() || meets()).then(|| module.id.clone())
    }
}

fn all_paths(module: &Module) -> Scope {
    module.owned_paths.patterns().chain(module.candidate_owned_paths.patterns()).cloned().collect()
}

/// Somewhere below: `docs/**` covers all that is in `docs`, though not its name.
fn inside(path: &ProjectPath) -> ProjectPath {
    ProjectPath::parse(&format!("{path}/-")).unwrap_or_else(|_| path.clone())
}
