//! Where this process stands, in the words of the rules.

use std::path::{Path, PathBuf};

use remit_board::{
    failure::Failure,
    ids::{HostId, WindowId},
    path::ProjectPath,
};
use remit_worktree::Place;

use crate::window_lock;

/// The path that somebody typed in the current folder, as the project knows it.
pub fn project_path(text: &str) -> Result<ProjectPath, Failure> {
    let invalid = |error: &dyn std::fmt::Display| Failure::invalid(error.to_string());
    // Length, emptiness and control characters are judged as typed, before any file is looked at.
    if let Err(error) = ProjectPath::check_typed(text) {
        return Err(invalid(&error));
    }
    let current = current_folder()?;
    let place = remit_worktree::locate(&current, None).map_err(|error| invalid(&error))?;
    match &place.worktree {
        Some(worktree) => worktree.project_path(&current, Path::new(text)).map_err(|error| invalid(&error)),
        None => ProjectPath::parse(text).map_err(|error| invalid(&error)),
    }
}

pub fn current_folder() -> Result<PathBuf, Failure> {
    std::env::current_dir().map_err(|error| {
        Failure::invalid(format!("the current folder can't be used: {error}; nothing was changed"))
    })
}

/// The worktree's root as it stands in sessions: compared as text, shown to people.
pub fn worktree_label(place: &Place) -> Option<String> {
    place.worktree.as_ref().map(|worktree| worktree.root.to_string_lossy().into_owned())
}

/// A terminal that names no window has its worktree for one.
pub fn terminal_window(place: &Place, host: &HostId) -> WindowId {
    let root = place.worktree.as_ref().map_or(&place.board_root, |worktree| &worktree.root);
    let slot = window_lock::slot_id(host, root, 0);
    slot.as_str().trim_end_matches("#0").parse().unwrap_or(slot)
}

pub fn this_host() -> HostId {
    let name = remit_worktree::identity::host_name();
    let text: String = name.chars().filter(|c| !c.is_control()).take(200).collect();
    text.parse().unwrap_or_else(|_| "localhost".parse().expect("a plain word is a host id"))
}

pub fn failure(error: remit_worktree::WorktreeError) -> Failure {
    Failure::invalid(error.to_string())
}
