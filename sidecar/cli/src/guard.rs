//! `remit guard`: what git's hooks and coding agents' tool-use hooks run, and putting the former in place.

use std::{
    ffi::OsString,
    io::Read,
    panic::{self, AssertUnwindSafe},
    process::ExitCode,
};

use clap::Subcommand;
use remit_board::{
    door::Outcome,
    failure::{Code, Failure},
    reply::ConflictRow,
};
use remit_engine::{LocalEngine, guard::GuardHooks};

use crate::{
    args::Globals,
    render::{self, Human},
    run::{Form, answer, open},
};

#[derive(Clone, Debug, Subcommand)]
pub enum GuardTask {
    /// Add the guard to git's pre-commit and pre-push hooks; what was there goes on working
    Install {
        /// Only warn, stop no commit
        #[arg(long)]
        warn: bool,
    },
    /// Take the guard out of git's hooks
    Uninstall,
    /// Judge a coding agent's tool use: its hook JSON on standard input; exit code 2 stops the tool
    Check {
        /// Only warn, stop no tool
        #[arg(long)]
        warn: bool,
    },
    /// What git's pre-commit hook runs: exit code 1 stops the commit
    #[command(hide = true)]
    PreCommit {
        /// Only warn, stop no commit
        #[arg(long)]
        warn: bool,
    },
    /// What git's pre-push hook runs; it only warns
    #[command(hide = true)]
    PrePush {
        /// Accepted for hooks that only warn, as this one does anyhow
        #[arg(long)]
        warn: bool,
        /// The remote's name, and its address
        remote: Vec<OsString>,
    },
}

const STOPS_A_COMMIT: u8 = 1;
const STOPS_A_TOOL: u8 = 2;

impl GuardTask {
    pub const ABOUT: &str = "Stop commits and coding agents' tools that would change what others own";
}

/// Whether the words are those of a hook.
pub fn is_hook(words: &[OsString]) -> bool {
    let is = |word: &OsString, name: &str| word == name;
    let guard = words.iter().position(|word| is(word, "guard"));
    let task = guard.and_then(|at| words.get(at + 1));
    task.is_some_and(|task| ["check", "pre-commit", "pre-push"].iter().any(|name| is(task, name)))
}

pub fn let_pass(why: &str) -> ExitCode {
    render::warning(&Failure::new(Code::Internal, format!("the guard let this pass: {}", why.trim_end())));
    ExitCode::SUCCESS
}

pub fn perform(globals: &Globals, task: &GuardTask) -> ExitCode {
    match task {
        GuardTask::Install { warn } => change(globals, |engine| engine.guard_install(*warn)),
        GuardTask::Uninstall => change(globals, LocalEngine::guard_uninstall),
        GuardTask::Check { warn } => {
            let judge = || {
                let root = globals.project_root.as_deref();
                LocalEngine::guard_tool(root, &globals.asking, &standard_input())
            };
            hook(judge, "this file is somebody else's", (!warn).then_some(STOPS_A_TOOL), TOOL_HINT)
        }
        GuardTask::PreCommit { warn } => {
            let judge = || open(globals)?.guard_commit(&globals.asking);
            let stop = (!warn).then_some(STOPS_A_COMMIT);
            hook(judge, "this commit changes what others own", stop, COMMIT_HINT)
        }
        GuardTask::PrePush { remote, .. } => {
            let name = remote.first().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let judge = || open(globals)?.guard_push(&globals.asking, &name, &standard_input());
            hook(judge, "this push brings changes of what others own", None, PUSH_HINT)
        }
    }
}

const COMMIT_HINT: &str = "`remit request-handoff --module ID` asks for it, `git restore --staged PATH` leaves it out, `git commit --no-verify` goes past the guard";
const PUSH_HINT: &str = "tell the owners, or ask for a handoff with `remit request-handoff --module ID`";
const TOOL_HINT: &str = "work on what you hold; `remit who-owns PATH` says whose a path is, `remit request-handoff --module ID` asks for it";

fn change(globals: &Globals, act: impl FnOnce(&LocalEngine) -> Result<GuardHooks, Failure>) -> ExitCode {
    let result = open(globals).and_then(|engine| act(&engine));
    answer(Form::of(globals), Outcome { revision: None, result })
}

/// Says what was found and stops with `stop`; a guard's own troubles stop nobody.
fn hook(
    judge: impl FnOnce() -> Result<Vec<ConflictRow>, Failure>,
    message: &str,
    stop: Option<u8>,
    hint: &str,
) -> ExitCode {
    // The sentence below says what happened, for people who can't do anything about the place in the code.
    panic::set_hook(Box::new(|_| ()));
    let rows = match panic::catch_unwind(AssertUnwindSafe(judge)) {
        Ok(Ok(rows)) => rows,
        Ok(Err(failure)) => return let_pass(&failure.message),
        Err(_) => return let_pass("a defect in remit; please report it with `remit --version`"),
    };
    if rows.is_empty() {
        return ExitCode::SUCCESS;
    }
    let failure = Failure::new(Code::ConflictsFound, message)
        .hint(hint)
        .details(serde_json::json!({ "conflicts": rows }));
    match stop {
        Some(code) => {
            render::failure(&failure);
            ExitCode::from(code)
        }
        None => {
            render::warning(&failure);
            ExitCode::SUCCESS
        }
    }
}

/// What is no text is nothing that could be judged.
fn standard_input() -> String {
    let mut bytes = Vec::new();
    let read = std::io::stdin().read_to_end(&mut bytes);
    if read.is_ok() { String::from_utf8_lossy(&bytes).into_owned() } else { String::new() }
}

impl Human for GuardHooks {
    fn text(&self) -> String {
        let mut text = format!("git's hooks in {}:", self.folder);
        for one in &self.hooks {
            let state = if one.guarded { "guarded" } else { "not guarded" };
            let note = one.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
            text.push_str(&format!("\n  {:<10}  {state}{note}", one.hook));
        }
        text
    }
}
