//! What git says, gathered before a transaction for the one command that reads it.

use remit_board::{
    bundle::{BundleFacts, ChangedFile, CommitLine, GitFacts, Since},
    command::Command,
    failure::Failure,
    ids::Specialty,
    intake::Survey,
    module::Module,
    path::ProjectPath,
    reply::ProposedPath,
    scope::{Pattern, Scope, overlap},
};
use remit_store::{Snapshot, Store};
use remit_worktree::{CommitFact, FileFact, Hints, Others, Worktree};

use crate::{local::LocalEngine, place};

impl LocalEngine {
    /// Only a handoff's bundle tells what git knows of the module's paths.
    pub(crate) fn bundle_facts(&self, command: &Command) -> Result<Option<BundleFacts>, Failure> {
        let Command::HandoffBundle(bundle) = command else { return Ok(None) };
        let snapshot = self.snapshot()?;
        // A module that isn't there is refused by the rules, in their words.
        let Some(module) = snapshot.board.modules.get(&bundle.module) else { return Ok(None) };
        let brief = self.with_store(|store| store.brief(&module.id))?;
        let Some(worktree) = self.worktree_of(module) else {
            return Ok(Some(BundleFacts { brief, ..BundleFacts::default() }));
        };
        let covers = |path: &ProjectPath| module.owned_paths.covers(path, self.case);
        let begun = module.claimed_head.as_deref();
        let found = remit_worktree::bundle_facts(&worktree, begun, &covers).map_err(place::failure)?;
        let git = worktree.git.is_some().then(|| git_facts(found));
        Ok(Some(BundleFacts { brief, worktree: worktree.root.display().to_string(), git }))
    }

    /// Whoever offers it may be elsewhere: a reviewer, or somebody who found the lease run out.
    fn worktree_of(&self, module: &Module) -> Option<Worktree> {
        let here = self.place.worktree.as_ref()?;
        let branch = module.branch.as_deref().filter(|branch| self.branch().as_deref() != Some(branch));
        let all =
            branch.map(|_| remit_worktree::worktrees(&self.place)).and_then(Result::ok).unwrap_or_default();
        let its = all.into_iter().find(|one| !one.missing && one.head.branch.as_deref() == branch);
        Some(its.map_or_else(|| here.clone(), |its| its.worktree))
    }

    /// What the project is made of, for `intake` alone. Without a board there is nobody to tell it to.
    pub(crate) fn survey(&self, command: &Command) -> Result<Option<Survey>, Failure> {
        if !matches!(command, Command::Intake(_)) {
            return Ok(None);
        }
        self.snapshot()?;
        let without = || Survey {
            notes: vec!["there is no worktree here whose files could be looked at".to_owned()],
            ..Survey::default()
        };
        Ok(Some(self.place.worktree.as_ref().map_or_else(without, remit_worktree::survey)))
    }

    pub(crate) fn proposals(
        &self,
        snapshot: &Snapshot,
        module: &Module,
    ) -> Result<Vec<ProposedPath>, Failure> {
        let Some(worktree) = &self.place.worktree else { return Ok(Vec::new()) };
        let changed = remit_worktree::changes(worktree).map_err(place::failure)?.list;
        let others: Vec<&Module> = snapshot
            .board
            .modules
            .values()
            .filter(|other| other.id != module.id && !other.owned_paths.is_empty())
            .collect();
        let covers =
            |path: &ProjectPath| others.iter().any(|other| other.owned_paths.covers(path, self.case));
        let reaches_into = |folder: &ProjectPath| {
            let folder = Scope::of_paths([folder]);
            others.iter().any(|other| overlap(&folder, &other.owned_paths, self.case).is_some())
        };
        let hints = Hints {
            id: module.id.as_str(),
            title: &module.title,
            specialty: module.specialty.as_ref().map(Specialty::as_str),
            words: &[],
        };
        let scan = remit_worktree::scan(worktree);
        let others = Others { covers: &covers, reaches_into: &reaches_into };
        Ok(remit_worktree::infer(&hints, &changed, &scan, others)
            .into_iter()
            .filter(|one| !module.owned_paths.covers(&one.path, self.case))
            .map(|one| ProposedPath {
                pattern: Pattern::literal(&one.path),
                evidence: one.evidence.iter().map(ToString::to_string).collect(),
                is_folder: one.is_folder,
                path: one.path,
            })
            .collect())
    }
}

fn git_facts(found: remit_worktree::BundleFacts) -> GitFacts {
    let since = if found.since_begun { Since::Claim } else { Since::Branching };
    let commit = |commit: CommitFact| CommitLine { short_id: commit.short_oid, subject: commit.subject };
    GitFacts {
        branch: found.branch,
        head: found.head,
        base: found.base.map(|base| (base, since)),
        changed: found.files.iter().map(changed_file).collect(),
        commits: found.commits.into_iter().map(commit).collect(),
        uncommitted: found.uncommitted.iter().map(|change| change.path.to_string()).collect(),
    }
}

fn changed_file(file: &FileFact) -> ChangedFile {
    ChangedFile { path: file.path.to_string(), lines: file.insertions.zip(file.deletions) }
}
