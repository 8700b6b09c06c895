//! What a command leaves to a process of its own.
//!
//! On a large board, writing the files beside the database takes longer than all the rest of a command. Whoever types one
//! waits for its process to end, so another one, which nobody waits for, writes them. It lets commits gather, and while
//! it is at work the next commands leave them to it.

use std::process::{Command, ExitCode, Stdio};

use remit_engine::LocalEngine;

use crate::{args::Globals, run};

/// The hidden subcommand.
pub const NAME: &str = "tend";

/// After a command has answered.
pub fn after_command(globals: &Globals, engine: &LocalEngine) {
    let left_to_another = engine.has_much_to_tend() && (engine.is_tended() || start(globals));
    if !left_to_another {
        engine.try_to_be_steward();
    }
}

pub fn until_quiet(globals: &Globals) -> ExitCode {
    if let Ok(engine) = run::open(globals) {
        engine.tend_until_quiet();
    }
    ExitCode::SUCCESS
}

/// It stands where we stand, so it finds the same board; it holds none of our pipes, or who reads them would wait for it.
fn start(globals: &Globals) -> bool {
    let Ok(remit) = std::env::current_exe() else { return false };
    let mut command = Command::new(remit);
    if let Some(root) = &globals.project_root {
        command.arg("--project-root").arg(root);
    }
    command.arg(NAME).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // An interrupt from the terminal is for the command.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.spawn().is_ok()
}
