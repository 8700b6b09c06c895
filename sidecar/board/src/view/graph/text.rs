//! An indented tree: each module once, below the deepest of those that it waits for, with the others named.

use std::fmt::Write;

use super::{Levels, one_line, standing, title};
use crate::view::Shown;

/// Deeper than this, the level is said instead of shown.
const INDENTED: usize = 30;

pub(super) fn draw(shown: &Shown<'_>, levels: &Levels<'_>) -> String {
    let parents: Vec<Option<usize>> = (0..levels.modules.len()).map(|node| parent(levels, node)).collect();
    let mut children = vec![Vec::new(); levels.modules.len()];
    for (node, parent) in parents.iter().enumerate() {
        if let Some(parent) = parent {
            children[*parent].push(node);
        }
    }
    let mut out = String::new();
    let mut next: Vec<usize> = (0..parents.len()).filter(|node| parents[*node].is_none()).rev().collect();
    while let Some(node) = next.pop() {
        line(&mut out, shown, levels, node, parents[node]);
        next.extend(children[node].iter().rev());
    }
    out
}

/// Only one a level above: so the indentation is the level.
fn parent(levels: &Levels<'_>, node: usize) -> Option<usize> {
    let above = |on: &&usize| levels.level[**on] + 1 == levels.level[node];
    levels.dependencies[node].iter().filter(above).min().copied()
}

fn line(out: &mut String, shown: &Shown<'_>, levels: &Levels<'_>, node: usize, parent: Option<usize>) {
    let (module, level) = (levels.modules[node], levels.level[node]);
    out.push_str(&"  ".repeat(level.min(INDENTED)));
    if level > INDENTED {
        let _ = write!(out, "({level} deep) ");
    }
    let _ = write!(out, "{}  {}", module.id, standing(shown, module));
    if let Some(title) = title(module) {
        let _ = write!(out, "  {}", one_line(&title));
    }
    let others: Vec<&str> = levels.dependencies[node]
        .iter()
        .filter(|on| Some(**on) != parent)
        .map(|on| levels.modules[*on].id.as_str())
        .collect();
    if !others.is_empty() {
        let _ = write!(out, "  (also after {})", others.join(", "));
    }
    out.push('\n');
}
