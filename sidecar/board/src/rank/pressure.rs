//! What the graph of dependencies alone says of each open module: how long the chain of work behind it is, how much
//! waits for it in all, and how urgent the most urgent of that is.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::{
    board::Board,
    ids::ModuleId,
    module::{Module, Priority, Status},
};

/// Up to so many open modules everything that waits for each is counted; beyond, only what is asked about.
const COUNTED_FOR_ALL: usize = 20_000;
/// Columns that are counted at once: their rows stay in the processor's cache.
const WORDS: usize = 8;
const COLUMNS: usize = WORDS * 64;

pub struct Pressure<'a> {
    modules: Vec<&'a Module>,
    at: HashMap<&'a ModuleId, u32, RandomState>,
    dependents: Edges,
    /// Something that it depends on is not done.
    waits: Vec<bool>,
    chain: Vec<u32>,
    /// The most urgent priority among the module and all that waits for it, and whose it is.
    urgent: Vec<(Priority, u32)>,
    /// `None` on a board too large to count everything.
    downstream: Option<Vec<u32>>,
}

/// What the graph says of one open module.
#[derive(Clone, Copy, Debug)]
pub struct Behind<'a> {
    /// Something that it depends on is not done.
    pub waits: bool,
    /// How many modules wait one after the other behind it, on the longest chain.
    pub chain: u32,
    /// The most urgent among itself and all that waits for it.
    pub most_urgent: &'a Module,
    /// On a very large board only those that wait directly.
    pub downstream: Downstream,
}

/// How many modules wait for one; where it isn't exact there may be more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Downstream {
    pub count: u32,
    pub exact: bool,
}

/// For each node where its neighbours begin, and all neighbours in one row.
#[derive(Default)]
struct Edges {
    starts: Vec<u32>,
    to: Vec<u32>,
}

impl Edges {
    fn of(&self, node: u32) -> &[u32] {
        let node = node as usize;
        &self.to[self.starts[node] as usize..self.starts[node + 1] as usize]
    }

    fn reversed(&self) -> Self {
        let nodes = self.starts.len() - 1;
        let mut starts = vec![0; nodes + 1];
        for to in &self.to {
            starts[*to as usize + 1] += 1;
        }
        for node in 0..nodes {
            starts[node + 1] += starts[node];
        }
        let mut free = starts.clone();
        let mut to = vec![0; self.to.len()];
        for from in 0..nodes as u32 {
            for neighbour in self.of(from) {
                let slot = &mut free[*neighbour as usize];
                to[*slot as usize] = from;
                *slot += 1;
            }
        }
        Self { starts, to }
    }
}

fn is_open(module: &Module) -> bool {
    !matches!(module.status, Status::Done | Status::Cancelled)
}

impl<'a> Pressure<'a> {
    pub fn of(board: &'a Board) -> Self {
        let modules: Vec<&Module> = board.modules.values().filter(|module| is_open(module)).collect();
        let at: HashMap<_, _, RandomState> =
            modules.iter().zip(0..).map(|(module, n)| (&module.id, n)).collect();
        let mut dependencies = Edges { starts: vec![0], to: Vec::new() };
        let is_done = |id| board.modules.get(id).is_some_and(|module: &Module| module.status == Status::Done);
        let mut waits = vec![false; modules.len()];
        for (module, waits) in modules.iter().zip(&mut waits) {
            for id in &module.depends_on {
                match at.get(id) {
                    Some(node) => dependencies.to.push(*node),
                    None if is_done(id) => continue,
                    None => {}
                }
                *waits = true;
            }
            dependencies.starts.push(dependencies.to.len() as u32);
        }
        let dependents = dependencies.reversed();
        let order = last_first(&dependencies, &dependents);
        let (chain, urgent) = along(&order, &dependencies, &modules);
        let downstream = (modules.len() <= COUNTED_FOR_ALL).then(|| count_all(&order, &dependents));
        Self { modules, at, dependents, waits, chain, urgent, downstream }
    }

    /// Every open module, in the order of ids, with what is behind it.
    pub fn open(&self) -> impl Iterator<Item = (&'a Module, Behind<'a>)> {
        self.modules.iter().zip(0..).map(|(module, node)| (*module, self.behind(node)))
    }

    /// The same of one of them, with everything counted on a board of any size.
    pub fn exactly(&self, id: &ModuleId) -> Option<Behind<'a>> {
        let node = *self.at.get(id)?;
        let mut behind = self.behind(node);
        if !behind.downstream.exact {
            behind.downstream = Downstream { count: self.walk(node), exact: true };
        }
        Some(behind)
    }

    pub fn counts_all(&self) -> bool {
        self.downstream.is_some()
    }

    fn behind(&self, node: u32) -> Behind<'a> {
        let at = node as usize;
        let count = match &self.downstream {
            Some(counts) => counts[at],
            None => self.dependents.of(node).len() as u32,
        };
        Behind {
            waits: self.waits[at],
            chain: self.chain[at],
            most_urgent: self.modules[self.urgent[at].1 as usize],
            downstream: Downstream { count, exact: self.counts_all() },
        }
    }

    fn walk(&self, start: u32) -> u32 {
        let mut seen = vec![false; self.modules.len()];
        let mut next = vec![start];
        let mut count = 0;
        while let Some(node) = next.pop() {
            for dependent in self.dependents.of(node) {
                if !std::mem::replace(&mut seen[*dependent as usize], true) {
                    count += 1;
                    next.push(*dependent);
                }
            }
        }
        count
    }
}

/// Every module after all that wait for it. What lies on a cycle, which only a damaged board has, is left out.
fn last_first(dependencies: &Edges, dependents: &Edges) -> Vec<u32> {
    let nodes = dependencies.starts.len() as u32 - 1;
    let mut open: Vec<usize> = (0..nodes).map(|node| dependents.of(node).len()).collect();
    let mut order: Vec<u32> = (0..nodes).filter(|node| open[*node as usize] == 0).collect();
    let mut next = 0;
    while next < order.len() {
        for dependency in dependencies.of(order[next]) {
            open[*dependency as usize] -= 1;
            if open[*dependency as usize] == 0 {
                order.push(*dependency);
            }
        }
        next += 1;
    }
    order
}

fn along(order: &[u32], dependencies: &Edges, modules: &[&Module]) -> (Vec<u32>, Vec<(Priority, u32)>) {
    let mut chain = vec![0; modules.len()];
    let mut urgent: Vec<(Priority, u32)> = modules.iter().map(|module| module.priority).zip(0..).collect();
    for node in order {
        let (length, most) = (chain[*node as usize] + 1, urgent[*node as usize]);
        for dependency in dependencies.of(*node) {
            let dependency = *dependency as usize;
            chain[dependency] = length.max(chain[dependency]);
            if most.0 < urgent[dependency].0 {
                urgent[dependency] = most;
            }
        }
    }
    (chain, urgent)
}

/// A bit for each module that waits, some columns at a time: exact, and without a row for every pair.
fn count_all(order: &[u32], dependents: &Edges) -> Vec<u32> {
    let nodes = dependents.starts.len() - 1;
    let mut counts = vec![0; nodes];
    let mut rows = vec![[0u64; WORDS]; nodes];
    let waited_for: Vec<u32> =
        order.iter().copied().filter(|node| !dependents.of(*node).is_empty()).collect();
    for first in (0..nodes).step_by(COLUMNS) {
        for node in &waited_for {
            let mut row = [0u64; WORDS];
            for dependent in dependents.of(*node) {
                let dependent = *dependent as usize;
                for (word, other) in row.iter_mut().zip(&rows[dependent]) {
                    *word |= other;
                }
                if let Some(column) = dependent.checked_sub(first).filter(|column| *column < COLUMNS) {
                    row[column / 64] |= 1 << (column % 64);
                }
            }
            counts[*node as usize] += row.iter().map(|word| word.count_ones()).sum::<u32>();
            rows[*node as usize] = row;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `edges[n]` are the modules before `n` on which `n` depends; `closed` are done or cancelled.
    fn board(edges: &[Vec<usize>], closed: &[usize]) -> Board {
        let mut board = Board::default();
        for (n, depends_on) in edges.iter().enumerate() {
            let id = |n: usize| -> ModuleId { format!("m{n}").parse().unwrap() };
            let status = if closed.contains(&n) { Status::Done } else { Status::Todo };
            let module = Module {
                id: id(n),
                title: String::new(),
                status,
                priority: Priority::try_from((n % 5) as u8).unwrap(),
                specialty: None,
                depends_on: depends_on.iter().map(|on| id(*on)).collect(),
                owned_paths: Default::default(),
                candidate_depends_on: Vec::new(),
                candidate_owned_paths: Default::default(),
                owner: None,
                reviewer: None,
                block_reason: None,
                changes_requested: None,
                assigned_to: None,
                branch: None,
                claimed_head: None,
                created_at: Default::default(),
                ordinal: n as u64,
                revision: 0,
            };
            board.modules.put(module);
        }
        board
    }

    /// By definition, one module at a time: who waits for it, and how long the longest chain of them is.
    fn by_definition(board: &Board, id: &ModuleId) -> (u32, u32) {
        let waiting = |id: &ModuleId| -> Vec<ModuleId> {
            let waits = |module: &&Module| is_open(module) && module.depends_on.contains(id);
            board.modules.values().filter(waits).map(|module| module.id.clone()).collect()
        };
        let mut all = std::collections::BTreeSet::new();
        let mut next = waiting(id);
        while let Some(one) = next.pop() {
            if all.insert(one.clone()) {
                next.extend(waiting(&one));
            }
        }
        let longest = waiting(id).iter().map(|one| by_definition(board, one).1 + 1).max().unwrap_or(0);
        (all.len() as u32, longest)
    }

    fn graphs() -> impl Strategy<Value = (Vec<Vec<usize>>, Vec<usize>)> {
        let edges = (1..14usize).prop_flat_map(|size| {
            let before = |n: usize| prop::collection::btree_set(0..n.max(1), 0..4.min(n + 1));
            (0..size)
                .map(|n| before(n).prop_map(move |set| set.into_iter().filter(|on| *on < n).collect()))
                .collect::<Vec<_>>()
        });
        (edges, prop::collection::vec(0..14usize, 0..4))
    }

    proptest! {
        #[test]
        fn counts_are_what_the_definition_says((edges, closed) in graphs()) {
            let board = board(&edges, &closed);
            let pressure = Pressure::of(&board);
            for module in board.modules.values().filter(|module| is_open(module)) {
                let (downstream, chain) = by_definition(&board, &module.id);
                let behind = pressure.exactly(&module.id).unwrap();
                prop_assert_eq!(behind.downstream, Downstream { count: downstream, exact: true });
                prop_assert_eq!(behind.waits, board.open_dependencies(module).next().is_some());
                prop_assert_eq!(pressure.walk(pressure.at[&module.id]), downstream);
                prop_assert_eq!(behind.chain, chain);
                prop_assert!(behind.most_urgent.priority <= module.priority);
            }
        }
    }

    #[test]
    fn more_columns_than_one_block_are_counted() {
        let edges: Vec<Vec<usize>> = (0..2000).map(|n| if n == 0 { vec![] } else { vec![n - 1] }).collect();
        let board = board(&edges, &[]);
        let pressure = Pressure::of(&board);
        let id = |n: usize| -> ModuleId { format!("m{n}").parse().unwrap() };
        let first = pressure.exactly(&id(0)).unwrap();
        assert_eq!((first.downstream.count, first.chain), (1999, 1999));
        assert_eq!(pressure.exactly(&id(1500)).unwrap().downstream.count, 499);
    }

    #[test]
    fn a_cycle_on_a_damaged_board_is_survived() {
        let mut board = board(&[vec![], vec![0], vec![1]], &[]);
        let first: ModuleId = "m0".parse().unwrap();
        board.modules.get_mut(&first).unwrap().depends_on = vec!["m2".parse().unwrap()];
        assert_eq!(Pressure::of(&board).exactly(&first).unwrap().chain, 0);
    }
}
