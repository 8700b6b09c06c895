//! Leaving: what Remit put outside of the board's folder is taken away; the board only when that is asked for.

use std::{fs, io, path::Path};

use remit_board::failure::{Code, Failure};
use serde::Serialize;

use crate::{LocalEngine, guard::user_binary};

/// What was taken away, and what was left, each a path.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Uninstalled {
    pub removed: Vec<String>,
    pub kept: Vec<String>,
}

impl LocalEngine {
    /// Hooks become what they were; the user's `remit` and the ready MCP entry go. With `board` all of its folder goes, too.
    pub fn uninstall(&self, board: bool) -> Result<Uninstalled, Failure> {
        let mut done = Uninstalled::default();
        let guarded =
            self.guard_state().map_or(0, |state| state.hooks.iter().filter(|one| one.guarded).count());
        if guarded > 0 {
            done.removed.push(format!("the guard in {}", self.guard_uninstall()?.folder));
        }
        if let Some(binary) = user_binary() {
            remove(&mut done, &binary, |file| fs::remove_file(file))?;
            forget_empty_folders(&binary);
        }
        let entry = self.plan.path().join("mcp-host-config.json");
        remove(&mut done, &entry, |file| fs::remove_file(file))?;
        if board {
            self.remove_board(&mut done)?;
        } else if self.plan.path().is_dir() {
            done.kept.push(self.plan.path().display().to_string());
        }
        Ok(done)
    }

    fn remove_board(&self, done: &mut Uninstalled) -> Result<(), Failure> {
        self.close_store();
        let folder = self.plan.path();
        // A link leads to somebody else's files.
        if folder.is_symlink() {
            done.kept.push(folder.display().to_string());
            return Ok(());
        }
        remove(done, folder, |folder| fs::remove_dir_all(folder))?;
        self.place
            .state_dirs()
            .iter()
            .try_for_each(|state| remove(done, state, |state| fs::remove_dir_all(state)))
    }
}

/// `remit/bin` of the user's programs, unless something else lies there.
fn forget_empty_folders(binary: &Path) {
    for folder in binary.ancestors().skip(1).take(2) {
        // A folder that isn't empty stays.
        let _ = fs::remove_dir(folder);
    }
}

fn remove(
    done: &mut Uninstalled,
    path: &Path,
    act: impl FnOnce(&Path) -> io::Result<()>,
) -> Result<(), Failure> {
    match act(path) {
        Ok(()) => done.removed.push(path.display().to_string()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => {
            return Err(Failure::new(
                Code::ReadOnly,
                format!("{} can't be taken away: {error}", path.display()),
            )
            .hint("what stood before it is gone already; run the same again when it can be removed"));
        }
    }
    Ok(())
}
