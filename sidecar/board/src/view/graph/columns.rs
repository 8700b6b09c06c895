//! The plain way to place a graph that is too large or too entangled for a tidy one: a column for each level, straight lines.

use super::{
    layout::{BOX, Edge, GAP, Layout},
    levels::Levels,
};

/// Of more lines nobody can follow one.
const LINES_AT_MOST: usize = 10_000;

pub(super) fn of(levels: &Levels<'_>, joined: &[bool]) -> Layout {
    let mut free = vec![0; levels.depth()];
    let mut boxes = vec![(0, 0); joined.len()];
    let mut size = (0, 0);
    for node in (0..joined.len()).filter(|node| joined[*node]) {
        let level = levels.level[node];
        let (x, y) = (level as i64 * (BOX.0 + GAP.0), free[level]);
        free[level] += BOX.1 + GAP.1;
        boxes[node] = (x, y);
        size = (size.0.max(x + BOX.0), size.1.max(y + BOX.1));
    }
    let edges = levels.edges().take(LINES_AT_MOST).map(|(from, to)| Edge { from, to, lanes: Vec::new() });
    Layout { size, boxes, edges: edges.collect(), is_led: false }
}
