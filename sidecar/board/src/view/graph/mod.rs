//! The graph of dependencies, drawn for people, for Graphviz, for Mermaid and as a picture.
//!
//! Each drawing is the same on every machine. Whatever people and agents wrote is escaped as its language asks.

mod columns;
mod dot;
mod layout;
mod levels;
mod mermaid;
mod svg;
mod text;

use levels::Levels;

use super::Shown;
use crate::{
    module::{Module, Status},
    reply::{GraphFormat, GraphNode, GraphReply},
    words::agent_name,
};

pub fn graph(shown: &Shown<'_>, format: GraphFormat) -> GraphReply {
    let levels = Levels::of(shown.board);
    let text = match format {
        GraphFormat::Text => text::draw(shown, &levels),
        GraphFormat::Dot => dot::draw(shown, &levels),
        GraphFormat::Mermaid => mermaid::draw(shown, &levels),
        GraphFormat::Svg => svg::draw(shown, &levels),
    };
    let node = |(module, level): (&&Module, &usize)| GraphNode {
        module: module.id.clone(),
        title: module.title.clone(),
        status: module.status,
        owner: module.owner.clone(),
        level: *level as u64,
        depends_on: module.depends_on.clone(),
    };
    GraphReply { format, text, modules: levels.modules.iter().zip(&levels.level).map(node).collect() }
}

/// `in-progress, worker-b`: how it stands and whose it is.
fn standing(shown: &Shown<'_>, module: &Module) -> String {
    let who = match module.status {
        Status::InReview => module.reviewer.as_ref(),
        _ => module.owner.as_ref(),
    };
    match who {
        Some(id) => format!("{}, {}", module.status.as_str(), one_line(agent_name(shown.board, id))),
        None => module.status.as_str().to_owned(),
    }
}

/// Nothing that people wrote breaks a line or steers a terminal.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The title, where it says more than the id.
fn title(module: &Module) -> Option<String> {
    (module.title != module.id.as_str()).then(|| one_line(&module.title))
}
