//! Paths as people type them: relative to where they stand, as git takes them.

use remit_board::path::ProjectPath;

/// Makes a command resolve its `paths` from the current folder to the project's root.
pub fn relative_to_current_folder(command: clap::Command) -> clap::Command {
    if command.get_arguments().any(|arg| arg.get_id() == "paths") {
        command.mut_arg("paths", |arg| arg.value_parser(resolve))
    } else {
        command
    }
}

fn resolve(text: &str) -> Result<ProjectPath, String> {
    remit_engine::project_path(text).map_err(|failure| failure.message)
}
