//! `infer-paths`: what git and the files say a module should own, and writing it down when asked.

use remit_board::{
    command::{Asking, Command, EditModule, InferPaths, ModuleFields},
    door::Outcome,
    module::Module,
    reply::{Inferred, ProposedPath, Reply},
    scope::Pattern,
    words,
};

use crate::local::LocalEngine;

impl LocalEngine {
    pub(crate) fn infer_paths(&self, asking: &Asking, command: &InferPaths) -> Outcome<Reply> {
        let snapshot = match self.snapshot() {
            Ok(snapshot) => snapshot,
            Err(failure) => return Outcome::failed(None, failure),
        };
        let revision = Some(snapshot.board.revision);
        let Some(module) = snapshot.board.modules.get(&command.module) else {
            return Outcome::failed(revision, words::unknown_module(&snapshot.board, &command.module));
        };
        let proposals = match self.proposals(&snapshot, module) {
            Ok(proposals) => proposals,
            Err(failure) => return Outcome::failed(revision, failure),
        };
        if !command.apply || proposals.is_empty() {
            let reply = Inferred { module: module.id.clone(), proposals, applied: false };
            return Outcome::done(revision, reply.into());
        }
        self.apply(asking, module, proposals)
    }

    /// Adds to what the module owns; its scope is redrawn by the same rule as by hand.
    fn apply(&self, asking: &Asking, module: &Module, proposals: Vec<ProposedPath>) -> Outcome<Reply> {
        let owned = module.owned_paths.patterns().cloned();
        let all: Vec<Pattern> = owned.chain(proposals.iter().map(|one| one.pattern.clone())).collect();
        let fields = ModuleFields { owned_paths: Some(all), ..ModuleFields::default() };
        let edit =
            EditModule { id: module.id.clone(), fields, clear_depends_on: false, clear_owned_paths: false };
        let edited = self.mutate(asking, Command::EditModule(edit));
        edited.map(|_| Inferred { module: module.id.clone(), proposals, applied: true }.into())
    }
}
