//! A picture that tells each status by colour, mark and word, and that an editor can clothe in its own colours and make
//! clickable: all colours are variables of `svg.css`, and each group has its module in `data-module`.

use std::fmt::Write;

use super::{
    Levels,
    layout::{BOX, Edge, Layout},
    standing, title,
};
use crate::{
    module::{Module, Status},
    view::Shown,
    words,
};

const MARGIN: i64 = 16;
/// So many letters fit into a box.
const FITTING: usize = 27;
/// A viewer that shows more is slow to scroll, and nobody finds anything.
const DRAWN_AT_MOST: usize = 2_000;
const NOTE: i64 = 24;
const STYLE: &str = include_str!("svg.css");

pub(super) fn draw(shown: &Shown<'_>, levels: &Levels<'_>) -> String {
    if levels.modules.len() <= DRAWN_AT_MOST {
        return picture(shown, levels, levels.modules.len());
    }
    picture(shown, &Levels::among(most_telling(levels)), levels.modules.len())
}

/// What is finished goes first, the oldest before the others.
fn most_telling<'a>(levels: &Levels<'a>) -> Vec<&'a Module> {
    let is_over = |status: Status| matches!(status, Status::Done | Status::Cancelled);
    let (over, open): (Vec<&Module>, Vec<&Module>) =
        levels.modules.iter().copied().partition(|module| is_over(module.status));
    open.into_iter().chain(over.into_iter().rev()).take(DRAWN_AT_MOST).collect()
}

fn picture(shown: &Shown<'_>, levels: &Levels<'_>, of: usize) -> String {
    let layout = Layout::of(levels);
    let note = note(levels, &layout, of);
    let top = MARGIN + if note.is_empty() { 0 } else { NOTE };
    let (width, height) = (layout.size.0 + 2 * MARGIN, layout.size.1 + top + MARGIN);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"remit-graph\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" role=\"group\" aria-labelledby=\"remit-title\" aria-describedby=\"remit-desc\">\n\
         <title id=\"remit-title\">Modules and what they wait for</title>\n<desc id=\"remit-desc\">{}</desc>\n\
         <style>{STYLE}</style>\n{}",
        description(levels, &note),
        include_str!("marks.svg")
    );
    if !note.is_empty() {
        let _ = writeln!(out, "<text class=\"note\" x=\"{MARGIN}\" y=\"{NOTE}\">{note}</text>");
    }
    let _ = writeln!(out, "<g transform=\"translate({MARGIN} {top})\">");
    for one in &layout.edges {
        edge(&mut out, levels, &layout, one);
    }
    for (module, corner) in levels.modules.iter().zip(&layout.boxes) {
        module_box(&mut out, shown, module, *corner);
    }
    out.push_str("</g>\n</svg>\n");
    out
}

fn description(levels: &Levels<'_>, note: &str) -> String {
    let done = levels.modules.iter().filter(|module| module.status == Status::Done).count();
    let modules = words::counted(levels.modules.len(), "module");
    let depth = words::counted(levels.depth(), "level");
    let said = format!("{modules} on {depth} from left to right, {done} of them done. {note}");
    said.trim_end().to_owned()
}

/// What the picture does not show, so that nobody takes it for all.
fn note(levels: &Levels<'_>, layout: &Layout, of: usize) -> String {
    let mut note = Vec::new();
    let (drawn, lines) = (levels.modules.len(), levels.edges().count());
    if drawn < of {
        note.push(format!("{drawn} of {of} modules, finished ones are left out first."));
    }
    if !layout.is_led {
        note.push("Too many lines to lead them around the boxes.".to_owned());
    }
    if layout.edges.len() < lines {
        note.push(format!("{} of {lines} lines are drawn.", layout.edges.len()));
    }
    if !note.is_empty() {
        note.push("`remit graph` has all of it as text.".to_owned());
    }
    note.join(" ")
}

/// From the right side of the one waited for, through its lanes, to the left side of the one that waits. On a cycle, which
/// only a damaged board has, a line may lead back.
fn edge(out: &mut String, levels: &Levels<'_>, layout: &Layout, edge: &Edge) {
    let (start, end) = (layout.boxes[edge.from], layout.boxes[edge.to]);
    let (leave, enter) = if start.0 < end.0 { (BOX.0, 0) } else { (0, BOX.0) };
    let mut at = (start.0 + leave, start.1 + BOX.1 / 2);
    let mut path = format!("M{} {}", at.0, at.1);
    let mut curve = |path: &mut String, next: (i64, i64)| {
        let half = (at.0 + next.0) / 2;
        let _ = write!(path, "C{half} {} {half} {} {} {}", at.1, next.1, next.0, next.1);
        at = (next.0 - enter + leave, next.1);
    };
    for (x, y) in &edge.lanes {
        curve(&mut path, (x + enter, *y));
        let _ = write!(path, "H{}", x + leave);
    }
    curve(&mut path, (end.0 + enter, end.1 + BOX.1 / 2));
    let _ = writeln!(
        out,
        "<path class=\"edge\" data-from=\"{}\" data-to=\"{}\" marker-end=\"url(#remit-arrow)\" d=\"{path}\"/>",
        levels.modules[edge.from].id, levels.modules[edge.to].id
    );
}

fn module_box(out: &mut String, shown: &Shown<'_>, module: &Module, (x, y): (i64, i64)) {
    let (id, status, standing) = (module.id.as_str(), module.status.as_str(), standing(shown, module));
    let title = title(module);
    let said = title.as_deref().map_or_else(String::new, |title| format!(": {title}"));
    let whole = escaped(&format!("{id}{said} ({standing})"));
    let _ = writeln!(
        out,
        "<g class=\"module {status}\" id=\"module-{id}\" data-module=\"{id}\" tabindex=\"0\" role=\"img\" \
         aria-label=\"{whole}\" transform=\"translate({x} {y})\">\
         <title>{whole}</title><rect class=\"box\" width=\"{w}\" height=\"{h}\" rx=\"5\"/>\
         <rect class=\"stripe\" width=\"6\" height=\"{h}\" rx=\"3\"/>\
         <use class=\"mark\" href=\"#remit-{status}\" x=\"{mark}\" y=\"5\" width=\"12\" height=\"12\"/>\
         <text class=\"id\" x=\"13\" y=\"15\">{short}</text><text class=\"what\" x=\"13\" y=\"29\">{title}</text>\
         <text class=\"standing\" x=\"13\" y=\"42\">{shown}</text></g>",
        w = BOX.0,
        h = BOX.1,
        mark = BOX.0 - 18,
        short = escaped(&shortened(id, FITTING - 3)),
        title = escaped(&shortened(title.as_deref().unwrap_or_default(), FITTING)),
        shown = escaped(&shortened(&standing, FITTING)),
    );
}

fn shortened(text: &str, fitting: usize) -> String {
    match text.char_indices().nth(fitting) {
        None => text.to_owned(),
        Some(_) => text.chars().take(fitting - 1).chain(['…']).collect(),
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
