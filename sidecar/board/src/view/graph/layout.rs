//! Places for a layered drawing: levels from left to right, few crossings, and long edges led between the boxes.
//!
//! Written here because the kept crates don't fit: `rust-sugiyama` places differently from run to run and leaves the
//! ways of long edges out, `layout-rs` draws its own fixed style, `ascii-dag` asks for a newer compiler.

use super::levels::Levels;

pub(super) const BOX: (i64, i64) = (200, 48);
const GAP: (i64, i64) = (90, 16);
const LANE: i64 = 12;
/// Sweeps over the layers, there and back.
const SWEEPS: usize = 6;
/// Beyond so many, long edges go straight: nobody reads such a picture by its lines.
const LANES_AT_MOST: usize = 20_000;

/// A box of a module, or the lane of an edge that passes a level.
struct Slot {
    module: Option<usize>,
    level: usize,
    /// Where its lines come from and lead to.
    before: Vec<usize>,
    after: Vec<usize>,
    y: i64,
}

pub(super) struct Layout {
    pub size: (i64, i64),
    /// Of each module: the upper left corner of its box.
    pub boxes: Vec<(i64, i64)>,
    pub edges: Vec<Edge>,
}

pub(super) struct Edge {
    pub from: usize,
    pub to: usize,
    /// Left ends of the lanes that it passes.
    pub lanes: Vec<(i64, i64)>,
}

impl Layout {
    pub fn of(levels: &Levels<'_>) -> Self {
        let mut slots: Vec<Slot> =
            levels.level.iter().zip(0..).map(|(level, n)| slot(Some(n), *level)).collect();
        let ways = lead(&mut slots, levels);
        let mut layers: Vec<Vec<usize>> = vec![Vec::new(); levels.depth()];
        for (n, slot) in slots.iter().enumerate() {
            layers[slot.level].push(n);
        }
        uncross(&slots, &mut layers);
        place(&mut slots, &layers);
        let boxes = slots[..levels.modules.len()].iter().map(|slot| (x_of(slot.level), slot.y)).collect();
        let bottom = slots.iter().map(|slot| slot.y + height(slot)).max().unwrap_or(0);
        let size = (x_of(levels.depth().max(1) - 1) + BOX.0, bottom);
        let point = |n: &usize| (x_of(slots[*n].level), slots[*n].y + LANE / 2);
        let edges = ways
            .into_iter()
            .map(|(from, to, lanes)| Edge { from, to, lanes: lanes.iter().map(point).collect() })
            .collect();
        Self { size, boxes, edges }
    }
}

fn slot(module: Option<usize>, level: usize) -> Slot {
    Slot { module, level, before: Vec::new(), after: Vec::new(), y: 0 }
}

fn x_of(level: usize) -> i64 {
    level as i64 * (BOX.0 + GAP.0)
}

fn height(slot: &Slot) -> i64 {
    if slot.module.is_some() { BOX.1 } else { LANE }
}

/// Gives every edge a lane on each level between its ends.
fn lead(slots: &mut Vec<Slot>, levels: &Levels<'_>) -> Vec<(usize, usize, Vec<usize>)> {
    let mut ways = Vec::new();
    let modules = slots.len();
    for (to, dependencies) in levels.dependencies.iter().enumerate() {
        for from in dependencies {
            let mut lanes = Vec::new();
            let mut last = *from;
            let between = levels.level[*from] + 1..levels.level[to];
            for level in between.take_while(|_| slots.len() < modules + LANES_AT_MOST).collect::<Vec<_>>() {
                slots.push(slot(None, level));
                let lane = slots.len() - 1;
                connect(slots, last, lane);
                lanes.push(lane);
                last = lane;
            }
            connect(slots, last, to);
            ways.push((*from, to, lanes));
        }
    }
    ways
}

fn connect(slots: &mut [Slot], from: usize, to: usize) {
    slots[from].after.push(to);
    slots[to].before.push(from);
}

/// Sorts each layer by the middle of what it is connected to, in whole numbers, so that all machines sort alike.
fn uncross(slots: &[Slot], layers: &mut [Vec<usize>]) {
    let mut position = vec![0i64; slots.len()];
    let number = |layer: &[usize], position: &mut [i64]| {
        layer.iter().zip(0..).for_each(|(slot, n)| position[*slot] = n * 1_000);
    };
    layers.iter().for_each(|layer| number(layer, &mut position));
    for sweep in 0..SWEEPS {
        let forward = sweep % 2 == 0;
        let order: Vec<usize> =
            if forward { (0..layers.len()).collect() } else { (0..layers.len()).rev().collect() };
        for level in order {
            let neighbours = |slot: usize| if forward { &slots[slot].before } else { &slots[slot].after };
            layers[level]
                .sort_by_key(|slot| (middle(neighbours(*slot), &position).unwrap_or(position[*slot]), *slot));
            number(&layers[level], &mut position);
        }
    }
}

fn middle(of: &[usize], position: &[i64]) -> Option<i64> {
    let count = i64::try_from(of.len()).ok().filter(|count| *count > 0)?;
    Some(of.iter().map(|slot| position[*slot]).sum::<i64>() / count)
}

/// As near as the one above lets it to the height of what leads to it, so that chains are straight.
fn place(slots: &mut [Slot], layers: &[Vec<usize>]) {
    for layer in layers {
        let mut free = 0;
        for n in layer {
            let slot = &slots[*n];
            let centres = slot.before.iter().map(|before| slots[*before].y + height(&slots[*before]) / 2);
            let wanted = match slot.before.len() {
                0 => free,
                count => centres.sum::<i64>() / count as i64 - height(slot) / 2,
            };
            let y = wanted.max(free);
            free = y + height(slot) + GAP.1;
            slots[*n].y = y;
        }
    }
}
