//! How deep each module lies: what depends on nothing first, everything else behind the deepest that it waits for.

use std::collections::HashMap;

use crate::{board::Board, ids::ModuleId, module::Module};

pub(super) struct Levels<'a> {
    /// In the order in which they were made.
    pub modules: Vec<&'a Module>,
    pub level: Vec<usize>,
    /// Of each module, by position; what isn't among them is left out.
    pub dependencies: Vec<Vec<usize>>,
}

impl<'a> Levels<'a> {
    pub fn of(board: &'a Board) -> Self {
        Self::among(board.modules.values().collect())
    }

    pub fn among(mut modules: Vec<&'a Module>) -> Self {
        modules.sort_by_key(|module| (module.ordinal, &module.id));
        let at: HashMap<&ModuleId, usize> =
            modules.iter().zip(0..).map(|(module, n)| (&module.id, n)).collect();
        let known =
            |module: &&Module| module.depends_on.iter().filter_map(|id| at.get(id).copied()).collect();
        let dependencies: Vec<Vec<usize>> = modules.iter().map(known).collect();
        let level = levels(&dependencies);
        Self { modules, level, dependencies }
    }

    pub fn depth(&self) -> usize {
        self.level.iter().max().map_or(0, |deepest| deepest + 1)
    }

    /// From what is waited for to what waits. A module that waits for itself, on a damaged board, has no line to draw.
    pub fn edges(&self) -> impl Iterator<Item = (usize, usize)> {
        let to_one =
            |(to, from): (usize, &Vec<usize>)| from.iter().map(move |from| (*from, to)).collect::<Vec<_>>();
        self.dependencies.iter().enumerate().flat_map(to_one).filter(|(from, to)| from != to)
    }

    /// Which modules wait for another one, or are waited for.
    pub fn joined(&self) -> Vec<bool> {
        let mut joined = vec![false; self.modules.len()];
        for (from, to) in self.edges() {
            joined[from] = true;
            joined[to] = true;
        }
        joined
    }

    /// How many levels all lines pass together, those at their ends not counted.
    pub fn lanes(&self) -> usize {
        self.edges().map(|(from, to)| self.level[to].saturating_sub(self.level[from] + 1)).sum()
    }
}

fn reversed(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut back = vec![Vec::new(); edges.len()];
    for (from, to) in edges.iter().enumerate() {
        to.iter().for_each(|to| back[*to].push(from));
    }
    back
}

/// What lies on a cycle, which only a damaged board has, stays at level 0.
fn levels(dependencies: &[Vec<usize>]) -> Vec<usize> {
    let dependents = reversed(dependencies);
    let mut level = vec![0; dependencies.len()];
    let mut open: Vec<usize> = dependencies.iter().map(Vec::len).collect();
    let mut ready: Vec<usize> = (0..open.len()).filter(|node| open[*node] == 0).collect();
    while let Some(node) = ready.pop() {
        for dependent in &dependents[node] {
            level[*dependent] = level[*dependent].max(level[node] + 1);
            open[*dependent] -= 1;
            if open[*dependent] == 0 {
                ready.push(*dependent);
            }
        }
    }
    let stuck = |node: &usize| open[*node] > 0;
    (0..open.len()).filter(stuck).for_each(|node| level[node] = 0);
    level
}
