//! For Mermaid, which renders in many readers of markdown.

use std::fmt::Write;

use super::{Levels, one_line, standing, title};
use crate::{module::Status, view::Shown};

/// Ids of modules may be words of the language (`end`), so nodes are numbered.
pub(super) fn draw(shown: &Shown<'_>, levels: &Levels<'_>) -> String {
    let mut out = String::from("flowchart LR\n");
    for (node, module) in levels.modules.iter().enumerate() {
        let title = title(module).map_or_else(String::new, |title| format!("<br/>{}", escaped(&title)));
        let standing = escaped(&standing(shown, module));
        let class = module.status.as_str();
        let _ =
            writeln!(out, "  n{node}[\"{}{title}<br/>{standing}\"]:::{class}", escaped(module.id.as_str()));
    }
    for (node, dependencies) in levels.dependencies.iter().enumerate() {
        for on in dependencies {
            let _ = writeln!(out, "  n{on} --> n{node}");
        }
    }
    for status in Status::ALL {
        let _ = writeln!(out, "  classDef {} {}", status.as_str(), style(status));
    }
    out
}

/// Lines only: colours would suit one theme and not the other.
fn style(status: Status) -> &'static str {
    match status {
        Status::Todo => "stroke-width:1px",
        Status::InProgress | Status::ReviewReady | Status::InReview => "stroke-width:3px",
        Status::Blocked => "stroke-width:3px,stroke-dasharray:6 3",
        Status::Done => "stroke-width:1px,opacity:0.6",
        Status::Cancelled => "stroke-width:1px,stroke-dasharray:2 4,opacity:0.6",
    }
}

/// Everything but letters, digits and a few marks as its number: nothing ends the string, nothing is read as markup.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in one_line(text).chars() {
        match c {
            ' ' | ',' | '.' | '-' | '_' | ':' | '/' | '(' | ')' => out.push(c),
            c if c.is_alphanumeric() => out.push(c),
            c => {
                let _ = write!(out, "#{};", u32::from(c));
            }
        }
    }
    out
}
