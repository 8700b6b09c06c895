//! Overlap as the theory has it: three deterministic automata over bytes, walked side by side.

use std::collections::{HashSet, VecDeque};

use regex_automata::{
    Anchored, MatchKind,
    dfa::{Automaton, StartKind, dense},
    util::{primitives::StateID, start},
};

pub struct PathDfa(dense::DFA<Vec<u32>>);

impl PathDfa {
    pub fn new(regex: &str) -> Self {
        // All matches: the automaton is to accept a language, not to stop at the first branch that fits.
        let config = dense::Config::new().start_kind(StartKind::Anchored).match_kind(MatchKind::All);
        Self(dense::Builder::new().configure(config).build(regex).unwrap())
    }

    fn start(&self) -> StateID {
        self.0.start_state(&start::Config::new().anchored(Anchored::Yes)).unwrap()
    }

    fn accepts_in(&self, state: StateID) -> bool {
        self.0.is_match_state(self.0.next_eoi_state(state))
    }
}

/// Whether some text is in all three.
pub fn share_a_text(dfas: [&PathDfa; 3]) -> bool {
    let bytes = telling_bytes(dfas);
    let first = dfas.map(PathDfa::start);
    let mut seen = HashSet::from([first]);
    let mut pending = VecDeque::from([first]);
    while let Some(states) = pending.pop_front() {
        if (0..3).all(|i| dfas[i].accepts_in(states[i])) {
            return true;
        }
        for &byte in &bytes {
            let next = [0, 1, 2].map(|i| dfas[i].0.next_state(states[i], byte));
            if (0..3).all(|i| !dfas[i].0.is_dead_state(next[i])) && seen.insert(next) {
                pending.push_back(next);
            }
        }
    }
    false
}

/// One byte of each kind that the automata tell apart.
fn telling_bytes(dfas: [&PathDfa; 3]) -> Vec<u8> {
    let mut kinds = HashSet::new();
    (0..=255).filter(|&byte| kinds.insert(dfas.map(|dfa| dfa.0.byte_classes().get(byte)))).collect()
}
