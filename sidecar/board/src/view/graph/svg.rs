//! A picture that takes its colours from where it is shown, and whose boxes an editor can make clickable: each group
//! has its module in `data-module`.

use std::fmt::Write;

use super::{
    Levels,
    layout::{BOX, Edge, Layout},
    standing, title,
};
use crate::{
    module::{Module, Status},
    view::Shown,
};

const MARGIN: i64 = 16;
/// So many letters fit into a box.
const FITTING: usize = 28;

const STYLE: &str = "\
    svg{color-scheme:light dark;font:12px system-ui,sans-serif}\
    .module rect{fill:none;stroke:currentColor;stroke-width:1}\
    .module text{fill:currentColor}\
    .module .id{font-weight:600}\
    .module .standing{opacity:.75;font-size:10px}\
    .in-progress rect,.review-ready rect,.in-review rect{stroke-width:2.5}\
    .blocked rect{stroke-width:2.5;stroke-dasharray:6 3}\
    .done{opacity:.55}\
    .cancelled{opacity:.55}.cancelled rect{stroke-dasharray:2 4}\
    .edge{fill:none;stroke:currentColor;stroke-opacity:.45}";

pub(super) fn draw(shown: &Shown<'_>, levels: &Levels<'_>) -> String {
    let layout = Layout::of(levels);
    let (width, height) = (layout.size.0 + 2 * MARGIN, layout.size.1 + 2 * MARGIN);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         color=\"currentColor\" role=\"img\" aria-labelledby=\"remit-title remit-desc\">\n\
         <title id=\"remit-title\">Modules and what they wait for</title>\n<desc id=\"remit-desc\">{}</desc>\n\
         <style>{STYLE}</style>\n\
         <defs><marker id=\"remit-arrow\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" \
         orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" fill=\"currentColor\" fill-opacity=\".45\"/></marker></defs>\n\
         <g transform=\"translate({MARGIN} {MARGIN})\">\n",
        description(levels)
    );
    for one in &layout.edges {
        edge(&mut out, levels, &layout, one);
    }
    for (module, corner) in levels.modules.iter().zip(&layout.boxes) {
        module_box(&mut out, shown, module, *corner);
    }
    out.push_str("</g>\n</svg>\n");
    out
}

fn description(levels: &Levels<'_>) -> String {
    let done = levels.modules.iter().filter(|module| module.status == Status::Done).count();
    format!(
        "{} modules on {} levels from left to right, {done} of them done.",
        levels.modules.len(),
        levels.depth()
    )
}

/// From the right side of the one waited for, through its lanes, to the left side of the one that waits.
fn edge(out: &mut String, levels: &Levels<'_>, layout: &Layout, edge: &Edge) {
    let (start, end) = (layout.boxes[edge.from], layout.boxes[edge.to]);
    let mut at = (start.0 + BOX.0, start.1 + BOX.1 / 2);
    let mut path = format!("M{} {}", at.0, at.1);
    let mut curve = |path: &mut String, next: (i64, i64)| {
        let half = (at.0 + next.0) / 2;
        let _ = write!(path, "C{half} {} {half} {} {} {}", at.1, next.1, next.0, next.1);
        at = (next.0 + BOX.0, next.1);
    };
    for lane in &edge.lanes {
        curve(&mut path, *lane);
        let _ = write!(path, "H{}", lane.0 + BOX.0);
    }
    curve(&mut path, (end.0, end.1 + BOX.1 / 2));
    let _ = writeln!(
        out,
        "<path class=\"edge\" data-from=\"{}\" data-to=\"{}\" marker-end=\"url(#remit-arrow)\" d=\"{path}\"/>",
        levels.modules[edge.from].id, levels.modules[edge.to].id
    );
}

fn module_box(out: &mut String, shown: &Shown<'_>, module: &Module, (x, y): (i64, i64)) {
    let (id, standing) = (module.id.as_str(), standing(shown, module));
    let title = title(module);
    let said = title.as_deref().map_or_else(String::new, |title| format!(": {title}"));
    let _ = writeln!(
        out,
        "<g class=\"module {status}\" id=\"module-{id}\" data-module=\"{id}\" tabindex=\"0\" transform=\"translate({x} {y})\">\
         <title>{whole}</title><rect width=\"{w}\" height=\"{h}\" rx=\"5\"/>\
         <text class=\"id\" x=\"8\" y=\"15\">{short}</text><text x=\"8\" y=\"29\">{title}</text>\
         <text class=\"standing\" x=\"8\" y=\"42\">{shown}</text></g>",
        status = module.status.as_str(),
        whole = escaped(&format!("{id}{said} ({standing})")),
        w = BOX.0,
        h = BOX.1,
        short = escaped(&shortened(id)),
        title = escaped(&shortened(title.as_deref().unwrap_or_default())),
        shown = escaped(&shortened(&standing)),
    );
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(FITTING) {
        None => text.to_owned(),
        Some(_) => text.chars().take(FITTING - 1).chain(['…']).collect(),
    }
}

/// XML has no place for some characters, however they are written.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
