//! Scopes that don't overlap each other, gathered one by one.
//!
//! Each new one is held against all that are there. The newest of those are compared one after the other; the others stand
//! in generations, each an index of its own and larger than the one after it, so that no scope is sorted often.

use super::{case::CaseRule, index::ScopeIndex, overlap::overlap, set::Scope};

/// So many are compared faster than sorted.
const FEW: usize = 32;

pub struct Apart<'s> {
    case: CaseRule,
    /// Largest first.
    generations: Vec<Generation<'s>>,
    newest: Vec<&'s Scope>,
}

struct Generation<'s> {
    scopes: Vec<&'s Scope>,
    index: ScopeIndex<()>,
}

impl<'s> Apart<'s> {
    pub fn new(case: CaseRule) -> Self {
        Self { case, generations: Vec::new(), newest: Vec::new() }
    }

    /// Takes the scope in, unless it overlaps one that is there.
    pub fn add(&mut self, scope: &'s Scope) -> bool {
        if self.meets(scope) {
            return false;
        }
        self.newest.push(scope);
        if self.newest.len() == FEW {
            self.settle();
        }
        true
    }

    fn meets(&self, scope: &Scope) -> bool {
        self.newest.iter().any(|other| overlap(scope, other, self.case).is_some())
            || self.generations.iter().any(|generation| generation.index.meets(scope))
    }

    /// The newest become a generation, together with those that are no larger than it.
    fn settle(&mut self) {
        let mut scopes = std::mem::take(&mut self.newest);
        while let Some(smaller) = self.generations.pop_if(|last| last.scopes.len() <= scopes.len()) {
            scopes.extend(smaller.scopes);
        }
        let index = ScopeIndex::new(scopes.iter().map(|scope| ((), *scope)), self.case);
        self.generations.push(Generation { scopes, index });
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn scopes() -> impl Strategy<Value = Vec<Scope>> {
        let patterns = || vec("(src|lib|Src)/[a-h]{1,2}(/(\\*\\*|[a-c]|\\*\\.rs))?", 0..3);
        vec(patterns().prop_map(|patterns| Scope::parse(patterns).expect("patterns")), 0..400)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn who_is_taken_in_is_who_overlaps_none_of_those_before(scopes in scopes(), sensitive in any::<bool>()) {
            let case = if sensitive { CaseRule::Sensitive } else { CaseRule::Fold };
            let mut apart = Apart::new(case);
            let mut taken: Vec<&Scope> = Vec::new();
            for scope in &scopes {
                let is_apart = taken.iter().all(|other| overlap(scope, other, case).is_none());
                prop_assert_eq!(apart.add(scope), is_apart, "{:?}", scope);
                if is_apart {
                    taken.push(scope);
                }
            }
        }
    }
}
