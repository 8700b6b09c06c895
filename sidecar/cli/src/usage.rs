//! Words that make no command: what clap says of them, with the nearest that would, as text and as an envelope.

use std::{
    error::Error,
    ffi::OsString,
    num::{IntErrorKind, ParseIntError},
    process::ExitCode,
};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use remit_board::{failure::Failure, reply::Envelope};

use crate::{args, render};

/// Help and version are answers; everything else that clap says is bad input.
pub fn answer(words: &[OsString], error: clap::Error) -> ExitCode {
    let code = if error.use_stderr() { 2 } else { 0 };
    let name = args::command_name(words);
    let error = in_our_words(error, name.as_deref());
    if code == 2 && words.iter().any(|word| word == "--json") {
        render::json(&Envelope::failed(None, failure(&error, name.as_deref())));
        return ExitCode::from(code);
    }
    if error.print().is_ok() { ExitCode::from(code) } else { ExitCode::from(70) }
}

fn in_our_words(error: clap::Error, name: Option<&str>) -> clap::Error {
    with_whole_number(with_module_flag(with_few_suggestions(error), name))
}

/// Where the standard library speaks of digits and target types.
fn with_whole_number(error: clap::Error) -> clap::Error {
    let Some(trouble) = error.source().and_then(|source| source.downcast_ref::<ParseIntError>()) else {
        return error;
    };
    let wanted = match trouble.kind() {
        IntErrorKind::PosOverflow => "the number is too large",
        _ => "a whole number is wanted, without a unit",
    };
    let text = error.to_string().replace(&trouble.to_string(), wanted);
    let mut said = clap::Error::raw(error.kind(), text.trim_start_matches("error: "));
    if let Some(value) = error.get(ContextKind::InvalidValue) {
        said.insert(ContextKind::InvalidValue, value.clone());
    }
    said
}

/// Clap names all that sound alike, the likeliest last.
fn with_few_suggestions(mut error: clap::Error) -> clap::Error {
    const MOST: usize = 3;
    for kind in [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg] {
        if let Some(ContextValue::Strings(alike)) = error.get(kind) {
            let likeliest = alike.iter().rev().take(MOST).cloned().collect();
            error.insert(kind, ContextValue::Strings(likeliest));
        }
    }
    error
}

/// Most say at first `remit claim core`.
fn with_module_flag(mut error: clap::Error, name: Option<&str>) -> clap::Error {
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidArg) else { return error };
    let takes_module = || name.is_some_and(|name| args::takes(name, "module"));
    if error.kind() == ErrorKind::UnknownArgument && !word.starts_with('-') && takes_module() {
        let tip = format!("a module is named by a flag: '--module {word}'");
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    }
    error
}

/// The first paragraph says what is wrong; a tip says what was meant.
fn failure(error: &clap::Error, name: Option<&str>) -> Failure {
    let text = error.to_string();
    let paragraphs: Vec<String> = text.split("\n\n").map(on_one_line).collect();
    let message = paragraphs.first().map_or("", String::as_str).trim_start_matches("error: ");
    let tip = paragraphs.iter().find_map(|one| one.strip_prefix("tip: ")).map(|tip| format!("{tip}; "));
    let known = name.filter(|_| error.kind() != ErrorKind::InvalidSubcommand);
    let help = known.map_or_else(|| "`remit --help`".to_owned(), |name| format!("`remit {name} --help`"));
    Failure::invalid(with_short_value(message, error)).hint(format!("{}see {help}", tip.unwrap_or_default()))
}

fn on_one_line(paragraph: &str) -> String {
    paragraph.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

/// What is too long to be accepted is too long to be said back.
fn with_short_value(message: &str, error: &clap::Error) -> String {
    const SHOWN_CHARS: usize = 200;
    match error.get(ContextKind::InvalidValue) {
        Some(ContextValue::String(value)) if value.chars().count() > SHOWN_CHARS => {
            let shown: String = value.chars().take(SHOWN_CHARS).chain(['…']).collect();
            message.replace(value.as_str(), &shown)
        }
        _ => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(line: &str) -> Failure {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let error = args::parse(&words).err().expect("the line is no command");
        let name = args::command_name(&words);
        failure(&in_our_words(error, name.as_deref()), name.as_deref())
    }

    #[test]
    fn a_number_with_a_unit_is_told_what_is_wanted() {
        assert_eq!(
            said("remit claim --module m --ttl-seconds 5m").message,
            "invalid value '5m' for '--ttl-seconds <N>': a whole number is wanted, without a unit"
        );
        let long = format!("remit claim --module m --ttl-seconds {}", "9".repeat(999));
        assert!(said(&long).message.len() < 400);
    }

    #[test]
    fn the_envelope_says_what_is_missing() {
        let failure = said("remit claim");
        assert_eq!(failure.message, "the following required arguments were not provided: --module <ID>");
        assert_eq!(failure.hint.as_deref(), Some("see `remit claim --help`"));
    }

    #[test]
    fn a_typo_has_the_likeliest_command_first() {
        let failure = said("remit clam --module m");
        assert!(failure.hint.unwrap().contains("'claim', "), "{}", failure.message);
    }

    #[test]
    fn a_bare_module_is_told_its_flag() {
        assert!(said("remit claim core").hint.unwrap().contains("--module core"));
        assert!(!said("remit modules core").hint.unwrap().contains("--module"));
    }
}
