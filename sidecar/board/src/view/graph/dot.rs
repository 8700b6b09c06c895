//! For Graphviz: `remit graph --format dot | dot -Tpng`.

use std::fmt::Write;

use super::{Levels, one_line, standing, title};
use crate::{module::Status, view::Shown};

pub(super) fn draw(shown: &Shown<'_>, levels: &Levels<'_>) -> String {
    let mut out =
        String::from("digraph remit {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n");
    for module in &levels.modules {
        let title = title(module).map_or_else(String::new, |title| format!("\n{title}"));
        let label = format!("{}{title}\n{}", module.id, standing(shown, module));
        let (id, status) = (module.id.as_str(), module.status.as_str());
        let style = style(module.status);
        let _ = writeln!(
            out,
            "  {id} [id={element}, class={status}, label={label}, style={style}];",
            id = quoted(id),
            element = quoted(&format!("module-{id}")),
            status = quoted(status),
            label = quoted(&label),
        );
    }
    for (node, dependencies) in levels.dependencies.iter().enumerate() {
        for on in dependencies {
            let (from, to) = (levels.modules[*on].id.as_str(), levels.modules[node].id.as_str());
            let _ = writeln!(out, "  {} -> {};", quoted(from), quoted(to));
        }
    }
    out.push_str("}\n");
    out
}

fn style(status: Status) -> &'static str {
    match status {
        Status::Todo => "solid",
        Status::InProgress | Status::ReviewReady | Status::InReview => "bold",
        Status::Blocked => "diagonals",
        Status::Done => "rounded",
        Status::Cancelled => "dotted",
    }
}

/// A backslash would begin an escape such as `\N`, which stands for the node's name.
fn quoted(text: &str) -> String {
    let lines: Vec<String> =
        text.split('\n').map(|line| one_line(line).replace('\\', "\\\\").replace('"', "\\\"")).collect();
    format!("\"{}\"", lines.join("\\n"))
}
