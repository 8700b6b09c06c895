//! The one door to a board: every face speaks to this trait, and nothing else decides about ownership.

use std::{path::PathBuf, sync::Arc, time::Duration};

use crate::{
    command::{Asking, Command, Query},
    failure::Failure,
    ids::{HostId, ModuleId, Specialty, ThreadKey, WindowId},
    path::ProjectPath,
    reply::{Answer, Envelope, Me, Reply},
    session::Role,
};

/// Synchronous on purpose: a one-shot command starts no runtime, async faces call it on a worker thread.
pub trait Engine: Send + Sync {
    /// Decides and commits one command.
    fn execute(&self, asking: &Asking, command: Command) -> Outcome<Reply>;

    /// Answers one question; writes nothing.
    fn query(&self, asking: &Asking, query: Query) -> Outcome<Answer>;

    /// Says that the window is still here: registers it where the board does not know it yet, and renews its
    /// leases. Does nothing, successfully, where there is no board.
    fn renew(&self) -> Outcome<Renewal>;

    /// Says what the window has open and changed, and which paths of the worktree may have changed.
    fn presence(&self, presence: Presence) -> Outcome<()>;

    /// Returns when others may have edited what this window edits, with a mark to give to the next call; `None` when
    /// nothing of that came to pass within `timeout`. One waiter at a time.
    fn nearby(&self, after: Option<u64>, timeout: Duration) -> Outcome<Option<u64>>;

    /// Returns when the board is no longer as it was at `after`, when bookkeeping moved, when the next lease runs
    /// out; `None` when nothing of that came to pass within `timeout`. One waiter at a time.
    fn wait(&self, after: Option<u64>, timeout: Duration) -> Outcome<Option<Woken>>;
}

/// What came of it, and the revision of the board at that moment, if one was read.
#[derive(Clone, Debug)]
pub struct Outcome<T> {
    pub revision: Option<u64>,
    pub result: Result<T, Failure>,
}

impl<T> Outcome<T> {
    pub fn done(revision: Option<u64>, value: T) -> Self {
        Self { revision, result: Ok(value) }
    }

    pub fn failed(revision: Option<u64>, failure: Failure) -> Self {
        Self { revision, result: Err(failure) }
    }

    /// Of what reads no board.
    pub fn of(result: Result<T, Failure>) -> Self {
        Self { revision: None, result }
    }

    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Outcome<U> {
        Outcome { revision: self.revision, result: self.result.map(f) }
    }
}

impl<T: serde::Serialize> Outcome<T> {
    pub fn into_envelope(self) -> Envelope {
        match self.result.and_then(|value| serde_json::to_value(value).map_err(Failure::internal)) {
            Ok(value) => Envelope::done(self.revision, value),
            Err(failure) => Envelope::failed(self.revision, failure),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Renewal {
    /// `None` where there is no board.
    pub me: Option<Me>,
    /// Modules whose lease passed to somebody else since the last renewal.
    pub lost: Vec<ModuleId>,
    /// How long the caller may wait until it renews again.
    pub next_in: Option<Duration>,
}

/// A window's view of the worktree. `unsaved` and `open` replace what was said before; the rest is news.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Presence {
    /// Documents whose text differs from the disk.
    pub unsaved: Vec<ProjectPath>,
    /// What stands in them; of one that is not named here no more is known than that it differs.
    pub texts: Vec<(ProjectPath, Arc<String>)>,
    /// What the window last read of their files, or wrote; of one that is not named here that is not known.
    pub bases: Vec<(ProjectPath, Arc<String>)>,
    /// How much of that others may see.
    pub share: Share,
    pub open: Vec<ProjectPath>,
    /// Files that this window has written to disk.
    pub saved: Vec<ProjectPath>,
    /// Files or folders that somebody may have changed.
    pub touched: Vec<ProjectPath>,
    /// A head, the index or the watcher itself moved: look at everything again.
    pub rescan: bool,
}

/// What a window tells others on this machine of text that it has not saved. What is saved, they see on the disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Share {
    Off,
    /// Which lines are edited, not what stands in them.
    Ranges,
    #[default]
    Lines,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Woken {
    /// False while there is no board.
    pub exists: bool,
    pub revision: u64,
    /// Only bookkeeping moved: an expiry passed or was renewed.
    pub volatile: bool,
}

/// What a window says of itself when it opens its door.
#[derive(Clone, Debug, Default)]
pub struct WindowSpec {
    /// The folder that is open in the editor.
    pub folder: PathBuf,
    pub thread_key: Option<ThreadKey>,
    pub role: Option<Role>,
    pub specialties: Vec<Specialty>,
    pub host_id: Option<HostId>,
    /// The id that the window had before; it is kept unless another live window has it.
    pub window_id: Option<WindowId>,
    pub lease_seconds: Option<u64>,
}

/// A window's door, with what the face must know of the ground it stands on.
#[derive(Clone)]
pub struct WindowDoor {
    pub engine: Arc<dyn Engine>,
    /// The id under which the window is registered: windows share a board, so there is none before there is one.
    pub window_id: Option<WindowId>,
    /// The root of the worktree: project paths are relative to it.
    pub worktree: PathBuf,
    /// The folder of the board's files, whether it is there or not.
    pub board: PathBuf,
    /// Files and folders of git that move with heads and the index.
    pub watch: Vec<PathBuf>,
}

/// Given to the language server by the binary, which alone opens doors.
pub type OpenWindow = dyn Fn(WindowSpec) -> Result<WindowDoor, Failure> + Send + Sync;
