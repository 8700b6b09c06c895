//! What a shell offers at the tab key: commands, flags, and the ids on the board of the folder that it stands in.

use std::{env, ffi::OsString, io, path::Path};

use clap::Arg;
use clap_complete::{
    CompleteEnv,
    engine::{ArgValueCandidates, CompletionCandidate},
    env::Shells,
};
use remit_board::{
    command::{Asking, Query, State},
    door::Engine,
    reply::{Answer, StateReply},
};
use remit_engine::LocalEngine;

use crate::args;

/// The shell's script calls `remit` with this set to the shell's name.
const VARIABLE: &str = "REMIT_COMPLETE";

pub fn shell_argument() -> Arg {
    Arg::new("shell")
        .required(true)
        .value_name("SHELL")
        .value_parser(clap::builder::PossibleValuesParser::new(Shells::builtins().names()))
        .help("For bash: `source <(remit completions bash)` in ~/.bashrc")
}

/// The script that a shell reads once, when it starts. `program` is how `remit` was called.
pub fn script(shell: &str, program: &Path) -> io::Result<String> {
    let shells = Shells::builtins();
    let unknown = || io::Error::other(format!("{shell} is no shell that completions are known for"));
    let completer = shells.completer(shell).ok_or_else(unknown)?;
    let mut script = Vec::new();
    completer.write_registration(VARIABLE, "remit", "remit", &called(program), &mut script)?;
    String::from_utf8(script).map_err(io::Error::other)
}

/// A bare name is found on the PATH wherever the shell stands; a path holds from everywhere only when it is whole.
fn called(program: &Path) -> String {
    let whole = match program.components().count() {
        0 | 1 => program.to_owned(),
        _ => std::path::absolute(program).unwrap_or_else(|_| program.to_owned()),
    };
    whole.to_string_lossy().into_owned()
}

/// Answers a shell that asks what could stand next; false when no shell asks.
pub fn answer(words: &[OsString]) -> Result<bool, clap::Error> {
    if env::var_os(VARIABLE).is_none() {
        return Ok(false);
    }
    let folder = env::current_dir().ok();
    CompleteEnv::with_factory(tree_that_knows_the_board).var(VARIABLE).try_complete(words, folder.as_deref())
}

fn tree_that_knows_the_board() -> clap::Command {
    args::full_tree().mut_args(with_candidates).mut_subcommands(|command| {
        let makes_the_id = command.get_name() == "add-module";
        command.mut_args(|arg| if makes_the_id && arg.get_id() == "id" { arg } else { with_candidates(arg) })
    })
}

fn with_candidates(arg: Arg) -> Arg {
    match arg.get_id().as_str() {
        "id" | "module" | "depends_on" => arg.add(ArgValueCandidates::new(modules)),
        "agent_id" | "reviewer_id" => arg.add(ArgValueCandidates::new(agents)),
        "to" => arg.add(ArgValueCandidates::new(targets)),
        _ => arg,
    }
}

fn modules() -> Vec<CompletionCandidate> {
    let modules = board().map(|state| state.modules).unwrap_or_default();
    let shown = |title: String, status: &str| if title.is_empty() { status.to_owned() } else { title };
    modules
        .into_iter()
        .map(|module| {
            let help = shown(module.title, module.status.as_str());
            CompletionCandidate::new(module.id.as_str()).help(Some(help.into()))
        })
        .collect()
}

fn agents() -> Vec<CompletionCandidate> {
    agents_as(|id| id.to_owned())
}

fn targets() -> Vec<CompletionCandidate> {
    let groups = ["workers", "reviewers"].map(CompletionCandidate::new);
    groups.into_iter().chain(agents_as(|id| format!("agent:{id}"))).collect()
}

fn agents_as(spelt: impl Fn(&str) -> String) -> Vec<CompletionCandidate> {
    let agents = board().map(|state| state.agents).unwrap_or_default();
    let candidate = |agent: remit_board::reply::AgentWire| {
        CompletionCandidate::new(spelt(agent.id.as_str())).help(Some(agent.name.into()))
    };
    agents.into_iter().map(candidate).collect()
}

/// Nothing is said about a board that can't be read: the line that is being typed will say it.
fn board() -> Option<StateReply> {
    let root = env::var_os("REMIT_PROJECT_ROOT");
    let engine = LocalEngine::open(root.as_deref().map(Path::new)).ok()?;
    match engine.query(&Asking::default(), Query::State(State { format: None })).result {
        Ok(Answer::StateReply(state)) => Some(state),
        _ => None,
    }
}
