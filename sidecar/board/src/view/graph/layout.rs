//! Places for the boxes and ways for the lines, from left to right.
//!
//! The `dugong` crate does it, which ports dagre: what waits lies to the right, few lines cross, long ones are led between
//! the boxes, cycles of a damaged board are broken. Of the kept crates it alone places well and alike in every run (it iterates in
//! order), is quick enough to draw while somebody waits, and stops when a stated amount of work is done. `rust-sugiyama`
//! and `layout-rs` leave out the ways of long lines or draw a style of their own, and the `dagre` crate takes seconds for
//! 500 modules. What it can't do within the bounds stands in plain columns.

use std::collections::BTreeSet;

use dugong::{
    EdgeLabel, GraphLabel, NodeLabel, RankDir, WorkControl, WorkError,
    graphlib::{Graph, GraphOptions},
    layout_controlled,
};

use super::{columns, levels::Levels};

pub(super) const BOX: (i64, i64) = (200, 48);
pub(super) const GAP: (i64, i64) = (90, 16);
/// Between lines that run side by side.
const LANE: i64 = 12;
/// Levels that all lines pass together: placing takes about a second for so many.
const LANES_AT_MOST: usize = 15_000;
/// In the crate's own units; on the same board the same on each machine, unlike a time.
const WORK_AT_MOST: usize = 80_000_000;
/// Modules without lines stand in rows, at least so many side by side.
const SIDE_BY_SIDE: i64 = 4;

type Drawing = Graph<NodeLabel, EdgeLabel, GraphLabel>;

pub(super) struct Layout {
    pub size: (i64, i64),
    /// Of each module: the upper left corner of its box.
    pub boxes: Vec<(i64, i64)>,
    pub edges: Vec<Edge>,
    /// Lines are led around boxes.
    pub is_led: bool,
}

pub(super) struct Edge {
    pub from: usize,
    pub to: usize,
    /// Left ends of the lanes in which it passes columns of boxes, from left to right unless it leads back.
    pub lanes: Vec<(i64, i64)>,
}

impl Layout {
    pub fn of(levels: &Levels<'_>) -> Self {
        let joined = levels.joined();
        let mut layout = led(levels, &joined).unwrap_or_else(|| columns::of(levels, &joined));
        layout.add_rows((0..joined.len()).filter(|node| !joined[*node]).collect());
        layout
    }

    /// What nothing waits for and what waits for nothing, below all others.
    fn add_rows(&mut self, alone: Vec<usize>) {
        let step = (BOX.0 + GAP.1, BOX.1 + GAP.1);
        let square = (alone.len() as f64).sqrt() as i64 / 2;
        let in_row = SIDE_BY_SIDE.max(square).max(self.size.0 / step.0);
        let top = if self.size.1 == 0 { 0 } else { self.size.1 + 2 * GAP.1 };
        for (at, node) in (0..).zip(alone) {
            let (x, y) = (at % in_row * step.0, top + at / in_row * step.1);
            self.boxes[node] = (x, y);
            self.size = (self.size.0.max(x + BOX.0), self.size.1.max(y + BOX.1));
        }
    }
}

/// `None` where it would take too long.
fn led(levels: &Levels<'_>, joined: &[bool]) -> Option<Layout> {
    if levels.lanes() > LANES_AT_MOST {
        return None;
    }
    let mut graph = graph_of(levels, joined);
    layout_controlled(&mut graph, &mut Budget(WORK_AT_MOST)).ok()?;
    let boxes: Vec<(i64, i64)> = (0..joined.len()).map(|node| corner(&graph, node)).collect();
    let columns = (0..joined.len()).filter(|node| joined[*node]).map(|node| boxes[node].0).collect();
    let edges = levels.edges().map(|(from, to)| edge(&graph, &columns, from, to)).collect();
    let size = (whole(graph.graph().width), whole(graph.graph().height));
    Some(Layout { size, boxes, edges, is_led: true })
}

fn graph_of(levels: &Levels<'_>, joined: &[bool]) -> Drawing {
    // As a compound graph parts that hang together with nothing else are placed too.
    let options = GraphOptions { directed: true, multigraph: false, compound: true };
    let mut graph = Drawing::new(options);
    let (nodesep, edgesep, ranksep) = (GAP.1 as f64, LANE as f64, GAP.0 as f64);
    graph.set_graph(GraphLabel { rankdir: RankDir::LR, nodesep, edgesep, ranksep, ..GraphLabel::default() });
    let (width, height) = (BOX.0 as f64, BOX.1 as f64);
    for node in (0..joined.len()).filter(|node| joined[*node]) {
        graph.set_node(name(node), NodeLabel { width, height, ..NodeLabel::default() });
    }
    for (from, to) in levels.edges() {
        let label = EdgeLabel { weight: 1.0, ..EdgeLabel::default() };
        graph.set_edge_with_label(name(from), name(to), label);
    }
    graph
}

fn corner(graph: &Drawing, node: usize) -> (i64, i64) {
    let at = graph.node(&name(node)).and_then(|placed| placed.x.zip(placed.y));
    at.map_or((0, 0), |(x, y)| (whole(x) - BOX.0 / 2, whole(y) - BOX.1 / 2))
}

/// Of its points those in columns of boxes: between columns the line finds its own way.
fn edge(graph: &Drawing, columns: &BTreeSet<i64>, from: usize, to: usize) -> Edge {
    let points = graph.edge(&name(from), &name(to), None).map_or(&[][..], |edge| &edge.points);
    let inner = points.get(1..points.len().saturating_sub(1)).unwrap_or_default();
    let lanes = inner.iter().map(|point| (whole(point.x) - BOX.0 / 2, whole(point.y)));
    Edge { from, to, lanes: lanes.filter(|(x, _)| columns.contains(x)).collect() }
}

/// Names that are numbers would be sorted as numbers.
fn name(node: usize) -> String {
    format!("m{node}")
}

fn whole(coordinate: f64) -> i64 {
    coordinate.round() as i64
}

struct Budget(usize);

impl WorkControl for Budget {
    fn charge(&mut self, units: usize) -> Result<(), WorkError> {
        self.0 = self.0.checked_sub(units).ok_or(WorkError::Interrupted)?;
        Ok(())
    }
}
