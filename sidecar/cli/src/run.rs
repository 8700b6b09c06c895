//! One command line from its words to its exit code.

use std::{ffi::OsString, path::Path, process::ExitCode, sync::Arc};

use remit_board::{
    command::{Command, Query, State, StateFormat, Summary},
    door::{Engine, Outcome},
    failure::{Failure, Kind},
    reply::{Answer, Reply},
};
use remit_engine::LocalEngine;
use serde::Serialize;

use crate::{
    args::{self, Globals, Task},
    completions, guard, interrupt, plan_file, reference,
    render::{self, Done, Human, Printed},
    schema, skill, tend, usage,
};

pub fn run(words: &[OsString]) -> ExitCode {
    match completions::answer(words) {
        Ok(false) => {}
        Ok(true) => return ExitCode::SUCCESS,
        Err(error) => return usage::answer(words, error),
    }
    match args::parse(words) {
        Ok((globals, task)) => perform(&globals, task),
        // A hook must not stop anybody over an environment that it can't make sense of.
        Err(error) if guard::is_hook(words) && error.use_stderr() => guard::let_pass(&error.to_string()),
        Err(error) => usage::answer(words, error),
    }
}

fn perform(globals: &Globals, task: Task) -> ExitCode {
    match task {
        Task::Uninstall { board } => {
            let result = open(globals).and_then(|engine| {
                let mut done = engine.uninstall(board)?;
                done.removed.extend(skill::uninstall()?);
                Ok(done)
            });
            answer(Form::of(globals), Outcome { revision: None, result })
        }
        Task::Guard(task) => guard::perform(globals, &task),
        Task::Lsp => lsp(globals),
        Task::Tend => tend::until_quiet(globals),
        Task::Schema => print(&schema::text()),
        Task::Reference => print(&reference::text(&args::full_tree())),
        Task::Skill { install } => answer(Form::of(globals), Outcome::of(teach(install.as_deref()))),
        Task::Completions(shell) => answer(Form::of(globals), Outcome::of(complete(&shell))),
        Task::Execute(command) => execute(globals, command),
        Task::ImportPlan(file) => match plan_file::read(&file) {
            Ok(plan) => execute(globals, Command::ImportPlan(plan)),
            Err(failure) => {
                let failure = with_help(failure, "import-plan");
                answer(Form::of(globals), Outcome::<Reply>::failed(None, failure))
            }
        },
        Task::Query(query) => ask(globals, query),
    }
}

fn print(text: &str) -> ExitCode {
    render::line(text);
    ExitCode::SUCCESS
}

fn teach(install: Option<&Path>) -> Result<Printed, Failure> {
    match install {
        Some(skills) => {
            skill::install(skills).map(|file| Printed::new("installed", file.display().to_string()))
        }
        None => Ok(Printed::new("skill", skill::TEXT.to_owned())),
    }
}

fn complete(shell: &str) -> Result<Printed, Failure> {
    let program = std::env::args_os().next().unwrap_or_else(|| "remit".into());
    let script = completions::script(shell, Path::new(&program)).map_err(Failure::internal)?;
    Ok(Printed::new("script", script))
}

pub(crate) fn open(globals: &Globals) -> Result<LocalEngine, Failure> {
    LocalEngine::open(globals.project_root.as_deref())
}

fn execute(globals: &Globals, command: Command) -> ExitCode {
    let engine = match open(globals) {
        Ok(engine) => engine,
        Err(failure) => return answer(Form::of(globals), Outcome::<Reply>::failed(None, failure)),
    };
    let name = command.name();
    let Outcome { revision, result } = engine.execute(&globals.asking, command);
    let result =
        result.map(|reply| Done { command: name, reply }).map_err(|failure| with_help(failure, name));
    let code = answer(Form::of(globals), Outcome { revision, result });
    // The answer is out; what follows must not keep the caller waiting for it.
    tend::after_command(globals, &engine);
    leave(engine);
    code
}

/// Bad input that says nothing better is helped by what the command takes.
fn with_help(failure: Failure, name: &str) -> Failure {
    match (failure.kind, &failure.hint) {
        (Kind::Invalid, None) => failure.hint(format!("`remit {name} --help` says what it takes")),
        _ => failure,
    }
}

/// The process ends, and the system takes back at once what would take long to be given back piece by piece.
fn leave(engine: LocalEngine) {
    std::mem::forget(engine);
}

fn ask(globals: &Globals, query: Query) -> ExitCode {
    if query.watch_seconds().is_some() {
        interrupt::leave_whole();
    }
    let name = query.name();
    let (query, form) = match query {
        Query::State(State { format: Some(StateFormat::Summary) }) => {
            (Query::Summary(Summary {}), Form::of(globals))
        }
        data @ (Query::State(_) | Query::BoardView(_) | Query::Findings(_)) if !globals.json => {
            (data, Form::Data)
        }
        query => (query, Form::of(globals)),
    };
    match open(globals) {
        Ok(engine) => {
            let Outcome { revision, result } = engine.query(&globals.asking, query);
            let result = result.map_err(|failure| with_help(failure, name));
            let code = answer(form, Outcome { revision, result });
            leave(engine);
            code
        }
        Err(failure) => answer(form, Outcome::<Answer>::failed(None, failure)),
    }
}

/// How the answer is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Envelope,
    /// The result alone, as JSON.
    Data,
    Text,
}

impl Form {
    pub(crate) fn of(globals: &Globals) -> Self {
        if globals.json { Form::Envelope } else { Form::Text }
    }
}

pub(crate) fn answer<T: Serialize + Human>(form: Form, outcome: Outcome<T>) -> ExitCode {
    let outcome = refused(form, outcome);
    let code = outcome.result.as_ref().err().map_or(0, |failure| failure.kind.exit_code());
    match (form, &outcome.result) {
        (Form::Envelope, _) => render::json(&outcome.into_envelope()),
        (Form::Data, Ok(value)) => render::json(value),
        (Form::Text, Ok(value)) => render::line(&value.text()),
        (_, Err(failure)) => render::failure(failure),
    }
    ExitCode::from(code)
}

/// What an answer means for scripts; `doctor` tells its lines in either case.
fn refused<T: Human>(form: Form, outcome: Outcome<T>) -> Outcome<T> {
    let refusal = outcome.result.as_ref().ok().and_then(|value| Some((value, value.refusal()?)));
    let Some((value, failure)) = refusal else { return outcome };
    if form == Form::Text && value.is_told_when_refused() {
        render::line(&value.text());
    }
    Outcome::failed(outcome.revision, failure)
}

/// Standard output is the protocol there, so what the log says goes to standard error.
fn log_to_stderr() {
    let level = std::env::var("REMIT_LOG").ok().and_then(|level| level.parse().ok());
    let level = level.unwrap_or(tracing_subscriber::filter::LevelFilter::WARN);
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(false).with_max_level(level).init();
}

fn lsp(globals: &Globals) -> ExitCode {
    log_to_stderr();
    let root = globals.project_root.clone();
    remit_lsp::run(Arc::new(move |spec| remit_engine::open_window(root.as_deref(), spec)))
}
