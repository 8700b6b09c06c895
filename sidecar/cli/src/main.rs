//! The `remit` binary: the command line, and the one place where doors to a board are opened.

mod args;
mod completions;
mod guard;
mod interrupt;
mod paths;
mod plan_file;
mod reference;
mod render;
mod run;
mod schema;
mod skill;
mod tend;
mod usage;
mod version;

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<std::ffi::OsString> = std::env::args_os().collect();
    run::run(&words)
}
