//! Edits of the same lines by somebody else: where they stand in the text, and what the other side has there.

use std::path::Path;

use remit_board::{
    markdown::{block, line},
    path::ProjectPath,
    reply::{Clash, CollisionWire, Diagnosis, LineRange},
};
use tower_lsp::ls_types::{
    Diagnostic, DiagnosticRelatedInformation, Hover, HoverContents, Location, MarkupContent, MarkupKind,
    Position, Range,
};

use crate::{
    diagnostics::{Links, diagnostic},
    documents::Documents,
    uri::file_uri,
};

/// One for each block of lines, or for a file where all of it merges.
pub(crate) fn diagnostics(
    diagnosis: &Diagnosis,
    collision: &CollisionWire,
    documents: &Documents,
    links: &Links,
) -> Vec<Diagnostic> {
    let of = |lines: LineRange, their_lines: Option<LineRange>| Diagnostic {
        related_information: related(collision, their_lines).map(|related| vec![related]),
        ..diagnostic(diagnosis, place(&diagnosis.path, lines, documents), links)
    };
    match collision.merges_at {
        Some(lines) => vec![of(lines, None)],
        None => collision.clashes.iter().map(|clash| of(clash.lines, clash.their_lines)).collect(),
    }
}

/// What others have on the line, of each who edits it.
pub(crate) fn hover(
    diagnoses: &[Diagnosis],
    path: &ProjectPath,
    position: Position,
    documents: &Documents,
) -> Option<Hover> {
    let here = diagnoses.iter().filter(|diagnosis| diagnosis.path == *path);
    let mut parts = Vec::new();
    let mut range = None;
    for collision in here.filter_map(|diagnosis| diagnosis.collision.as_ref()) {
        for clash in &collision.clashes {
            let place = place(path, clash.lines, documents);
            if (place.start.line..=place.end.line).contains(&position.line) {
                range.get_or_insert(place);
                parts.push(told(collision, clash));
            }
        }
    }
    let value = parts.join("\n\n");
    let contents = HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value });
    range.map(|range| Hover { contents, range: Some(range) })
}

fn told(collision: &CollisionWire, clash: &Clash) -> String {
    let who = line(&collision.side);
    match (&clash.their_text, clash.their_lines) {
        (_, None) => format!("{who}: these lines are deleted there."),
        (None, _) => format!("{who}: what stands there is not shared."),
        (Some(text), _) => format!("{who}:\n\n{}", block(text)),
    }
}

fn place(path: &ProjectPath, lines: LineRange, documents: &Documents) -> Range {
    documents.lines(path, lines).unwrap_or_else(|| unopened(lines))
}

/// Of a file that is not open only the lines are known.
fn unopened(lines: LineRange) -> Range {
    Range::new(Position::new(lines.start.saturating_sub(1), 0), Position::new(lines.end, 0))
}

fn related(
    collision: &CollisionWire,
    their_lines: Option<LineRange>,
) -> Option<DiagnosticRelatedInformation> {
    let uri = file_uri(Path::new(collision.their_file.as_ref()?))?;
    let range = their_lines.map(unopened).unwrap_or_default();
    let what = if their_lines.is_some() { "lines" } else { "file" };
    let message = format!("the other side’s {what}");
    Some(DiagnosticRelatedInformation { location: Location { uri, range }, message })
}
