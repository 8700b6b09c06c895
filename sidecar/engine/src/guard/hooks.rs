//! Installing the guard beside hooks that are there already, and leaving them as they were.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use remit_board::failure::{Code, Failure};
use remit_worktree::{Worktree, hooks};
use serde::Serialize;

use super::script::{ASIDE, Guarded, Ours, is_shell_script, ours_in};
use crate::{LocalEngine, place};

const HOOKS: [&str; 2] = ["pre-commit", "pre-push"];

/// What was done, or what there is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GuardHooks {
    pub folder: String,
    pub hooks: Vec<HookState>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HookState {
    pub hook: &'static str,
    pub guarded: bool,
    /// What a person should know of it; empty mostly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl LocalEngine {
    /// Adds the guard to git's hooks; what was there goes on working. Repeating it changes nothing.
    pub fn guard_install(&self, warn: bool) -> Result<GuardHooks, Failure> {
        let (worktree, folder) = self.hooks_folder()?;
        fs::create_dir_all(&folder).map_err(|error| cannot_change(&folder, &error))?;
        let binary = lasting_binary()?;
        self.each_hook(&folder, |hook, file| {
            let tracked = hooks::is_tracked(worktree, file);
            install(&Guarded { hook, binary: &binary, warn }, file)?;
            let note =
                tracked.then(|| "git tracks this file: the added lines show up as a change of it".to_owned());
            Ok(HookState { hook, guarded: true, note })
        })
    }

    /// Takes away what `guard_install` added, and nothing else.
    pub fn guard_uninstall(&self) -> Result<GuardHooks, Failure> {
        let (_, folder) = self.hooks_folder()?;
        self.each_hook(&folder, |hook, file| {
            uninstall(hook, file)?;
            let aside = file.with_file_name(format!("{hook}{ASIDE}"));
            let note = aside
                .exists()
                .then(|| format!("{} was left: another hook took its place meanwhile", aside.display()));
            Ok(HookState { hook, guarded: false, note })
        })
    }

    /// Which hooks are guarded; `None` where there are no hooks, outside git.
    pub fn guard_state(&self) -> Option<GuardHooks> {
        let (_, folder) = self.hooks_folder().ok()?;
        let state = |hook, file: &Path| {
            let guarded = read(file)?.is_some_and(|text| ours_in(&text) != Ours::Nothing);
            Ok(HookState { hook, guarded, note: None })
        };
        self.each_hook(&folder, state).ok()
    }

    fn hooks_folder(&self) -> Result<(&Worktree, PathBuf), Failure> {
        let outside = || {
            Failure::invalid(format!(
                "{} is in no worktree of a git repository, so there are no hooks; nothing was changed",
                self.place.board_root.display()
            ))
        };
        let worktree = self.place.worktree.as_ref().ok_or_else(outside)?;
        let folder = hooks::folder(worktree).map_err(place::failure)?.ok_or_else(outside)?;
        Ok((worktree, folder))
    }

    fn each_hook(
        &self,
        folder: &Path,
        mut act: impl FnMut(&'static str, &Path) -> io::Result<HookState>,
    ) -> Result<GuardHooks, Failure> {
        let mut states = Vec::new();
        for hook in HOOKS {
            let file = folder.join(hook);
            states.push(act(hook, &file).map_err(|error| cannot_change(&file, &error))?);
        }
        Ok(GuardHooks { folder: folder.display().to_string(), hooks: states })
    }
}

fn install(guarded: &Guarded<'_>, file: &Path) -> io::Result<()> {
    if fs::symlink_metadata(file).is_err() {
        return write_program(file, &guarded.new_file(), None);
    }
    let text = if file.is_symlink() { None } else { read(file)? };
    match text.as_deref().map(|text| (text, ours_in(text))) {
        Some((_, Ours::Whole)) => write_program(file, &guarded.new_file(), None),
        Some((_, Ours::Among(theirs))) => write_program(file, &guarded.insert_into(&theirs), Some(file)),
        Some((text, Ours::Nothing)) if is_shell_script(text) && is_program(file) => {
            write_program(file, &guarded.insert_into(text), Some(file))
        }
        _ => {
            fs::rename(file, free_name(file, guarded.hook)?)?;
            write_program(file, &guarded.new_file(), None)
        }
    }
}

fn uninstall(hook: &str, file: &Path) -> io::Result<()> {
    let Some(text) = read(file)? else { return Ok(()) };
    match ours_in(&text) {
        Ours::Nothing => Ok(()),
        Ours::Among(theirs) => write_program(file, &theirs, Some(file)),
        Ours::Whole => {
            let aside = file.with_file_name(format!("{hook}{ASIDE}"));
            if fs::symlink_metadata(&aside).is_ok() { fs::rename(aside, file) } else { fs::remove_file(file) }
        }
    }
}

/// Only one program can be moved aside: a second means that another tool wrote over our hook.
fn free_name(file: &Path, hook: &str) -> io::Result<PathBuf> {
    let aside = file.with_file_name(format!("{hook}{ASIDE}"));
    match fs::symlink_metadata(&aside) {
        Err(_) => Ok(aside),
        Ok(_) => Err(io::Error::new(
            io::ErrorKind::AlreadyExists,
            format!("{} is in the way: move or remove it first", aside.display()),
        )),
    }
}

/// `None` where there is no file, and for one that is no text.
fn read(file: &Path) -> io::Result<Option<String>> {
    match fs::read(file) {
        Ok(bytes) => Ok(String::from_utf8(bytes).ok()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// git runs hooks that it may execute, and leaves the others alone.
fn is_program(file: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::metadata(file).is_ok_and(|found| found.permissions().mode() & 0o111 != 0)
    }
    #[cfg(not(unix))]
    file.is_file()
}

/// git sees the hook before or the hook after. The rights are those of `like`, else anybody may run it.
fn write_program(file: &Path, text: &str, like: Option<&Path>) -> io::Result<()> {
    let folder = file.parent().unwrap_or(file);
    let mut beside = tempfile::NamedTempFile::new_in(folder)?;
    io::Write::write_all(&mut beside, text.as_bytes())?;
    match like {
        Some(like) => fs::set_permissions(beside.path(), fs::metadata(like)?.permissions())?,
        #[cfg(unix)]
        None => fs::set_permissions(beside.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755))?,
        #[cfg(not(unix))]
        None => {}
    }
    beside.persist(file).map(drop).map_err(|error| error.error)
}

fn cannot_change(file: &Path, error: &io::Error) -> Failure {
    Failure::new(Code::ReadOnly, format!("{} can't be changed: {error}", file.display())).hint(
        "hooks that were handled before it may be changed; run the same again, or `remit guard uninstall`",
    )
}

/// The user's own `remit`, which outlives versions of the extension, else this program.
fn lasting_binary() -> Result<PathBuf, Failure> {
    let placed = user_binary().filter(|file| is_program(file));
    let own = || std::env::current_exe();
    placed.map_or_else(own, Ok).map_err(|error| {
        Failure::internal(format!("the path of this program is not known: {error}; nothing was changed"))
    })
}

/// Where the extension places `remit` for terminals, hooks and configurations to name.
pub fn user_binary() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if cfg!(windows) {
        return Some(set("LOCALAPPDATA")?.join("remit").join("bin").join("remit.exe"));
    }
    let home = set("HOME");
    let data = if cfg!(target_os = "macos") {
        home?.join("Library").join("Application Support")
    } else {
        set("XDG_DATA_HOME").or_else(|| Some(home?.join(".local").join("share")))?
    };
    Some(data.join("remit").join("bin").join("remit"))
}
