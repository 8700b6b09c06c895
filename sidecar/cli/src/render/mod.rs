//! What people read on the terminal: a short table or a sentence. The only place that prints.

mod answers;
mod intake;
mod next;
mod replies;
mod table;

use std::io::Write;

use anstream::{eprintln, stdout};
use remit_board::{
    failure::Failure,
    reply::{ConflictRow, Reply},
};
use serde::Serialize;

/// How an answer reads.
pub trait Human {
    fn text(&self) -> String;

    /// What makes of an answer a refusal on the command line, so that scripts can branch: the board's views take it as
    /// an answer.
    fn refusal(&self) -> Option<Failure> {
        None
    }

    /// Whether the text is told all the same, where it is a refusal.
    fn is_told_when_refused(&self) -> bool {
        false
    }
}

/// A reply, and the command that it answers: asking somebody changes nothing that could be told instead.
pub struct Done {
    pub command: &'static str,
    pub reply: Reply,
}

impl Serialize for Done {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.reply.serialize(serializer)
    }
}

impl Human for Done {
    fn text(&self) -> String {
        match (self.command, &self.reply) {
            ("request-handoff", Reply::ModuleChanged(changed)) => replies::handoff_requested(changed),
            (_, reply) => reply.text(),
        }
    }
}

/// A text that is the whole answer, under its name in JSON.
pub struct Printed {
    name: &'static str,
    text: String,
}

impl Printed {
    pub fn new(name: &'static str, text: String) -> Self {
        Self { name, text }
    }
}

impl Human for Printed {
    fn text(&self) -> String {
        self.text.clone()
    }
}

impl Serialize for Printed {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([(self.name, &self.text)])
    }
}

/// A reader that went away (`remit modules | head`) is no failure.
pub fn line(text: &str) {
    let text = text.trim_end_matches('\n');
    if !text.is_empty() {
        let mut out = stdout().lock();
        drop(writeln!(out, "{text}").and_then(|()| out.flush()));
    }
}

pub fn json(value: &impl Serialize) {
    match serde_json::to_string(value) {
        Ok(text) => line(&text),
        Err(error) => failure(&Failure::internal(error)),
    }
}

pub fn failure(failure: &Failure) {
    trouble(&format!("{RED}error{RESET}"), failure);
}

/// What stopped nothing.
pub fn warning(failure: &Failure) {
    trouble(&format!("{BOLD}warning{RESET}"), failure);
}

fn trouble(word: &str, failure: &Failure) {
    eprintln!("{word}: {}", failure.message);
    for row in conflict_lines(failure) {
        eprintln!("  {row}");
    }
    if let Some(hint) = &failure.hint {
        eprintln!("{BOLD}hint{RESET}: {hint}");
    }
}

fn conflict_lines(failure: &Failure) -> Vec<String> {
    let rows = failure.details.get("conflicts").cloned().unwrap_or_default();
    let rows: Vec<ConflictRow> = serde_json::from_value(rows).unwrap_or_default();
    rows.iter().map(answers::conflict_line).collect()
}

// `anstream` takes the colours out where the output is no terminal.
const RED: &str = "\u{1b}[1;31m";
const BOLD: &str = "\u{1b}[1m";
const RESET: &str = "\u{1b}[0m";

impl Human for remit_engine::Uninstalled {
    fn text(&self) -> String {
        let removed = self.removed.iter().map(|one| format!("Took away {one}"));
        let kept =
            self.kept.iter().map(|one| format!("Kept the board in {one} (--board takes it away, too)"));
        let lines: Vec<String> = removed.chain(kept).collect();
        if lines.is_empty() { "There was nothing to take away.".to_owned() } else { lines.join("\n") }
    }
}
