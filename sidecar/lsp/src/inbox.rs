//! The one way to the face's state. Handlers and threads post here without waiting, so messages arrive in the order in
//! which they happened.

use remit_board::{
    door::{Outcome, Presence, Renewal, Woken},
    failure::Failure,
    reply::{Envelope, FindingsReply},
};
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};
use tower_lsp::ls_types::{
    DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, DidSaveTextDocumentParams, Hover, HoverParams, InitializeParams,
    InitializeResult, WorkspaceFoldersChangeEvent,
};

use crate::{folders::Folders, opening::Opened, unsaved::Checked, uri::Roots};

pub(crate) type Answer<T> = oneshot::Sender<T>;

pub(crate) enum Message {
    Initialize(Box<InitializeParams>, Answer<InitializeResult>),
    /// The door is open, or not.
    Opened(Result<Box<Opened>, Failure>, Answer<InitializeResult>),
    Initialized,
    Shutdown,
    /// Answered by the task that owns the face: that is what the client wants to know of.
    Ping(Answer<()>),

    DocumentOpened(DidOpenTextDocumentParams),
    DocumentChanged(DidChangeTextDocumentParams),
    DocumentSaved(DidSaveTextDocumentParams),
    DocumentClosed(DidCloseTextDocumentParams),
    FilesChanged(DidChangeWatchedFilesParams),
    FoldersChanged(WorkspaceFoldersChangeEvent),
    /// Where these folders lie.
    Surveyed(Folders, Roots),

    Board(Value, Answer<Envelope>),
    Command(Value, Answer<Envelope>),
    Query(Value, Answer<Envelope>),
    /// A command of this window was carried out.
    Executed,

    Woken(Result<Woken, Failure>),
    /// Others may have edited what this window edits.
    Nearby,
    /// The settings of the client: whatever it says of them.
    Configured(Value),
    Hover(HoverParams, Answer<Option<Hover>>),
    Renewed(Result<Renewal, Failure>),
    Checked(Vec<Checked>),
    Looked(Looked),
    /// Git's heads or the index moved, or the watcher lost count.
    GitMoved,
    /// A thread of the face ended by a defect.
    Broken,
    /// The watcher of git's files has to poll.
    Unwatched(Failure),
}

/// What came of a look at the board.
#[derive(Debug)]
pub(crate) struct Looked {
    /// What the engine could not be told, and why.
    pub(crate) unsaid: Option<(Presence, Failure)>,
    pub(crate) findings: Outcome<FindingsReply>,
}

impl Message {
    /// Whether it is about files, which it names as the client does.
    pub(crate) fn names_files(&self) -> bool {
        matches!(
            self,
            Self::DocumentOpened(_)
                | Self::DocumentChanged(_)
                | Self::DocumentSaved(_)
                | Self::DocumentClosed(_)
                | Self::FilesChanged(_)
                | Self::Hover(..)
        )
    }
}

#[derive(Clone)]
pub(crate) struct Inbox {
    sender: mpsc::UnboundedSender<Message>,
}

/// Nobody reads the inbox any more.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Closed;

impl Inbox {
    /// Unbounded, but fed by the transport, which is not, and by threads that mostly wait.
    pub(crate) fn new() -> (Self, mpsc::UnboundedReceiver<Message>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self { sender }, receiver)
    }

    pub(crate) fn post(&self, message: Message) -> Result<(), Closed> {
        self.sender.send(message).map_err(|_| Closed)
    }

    /// Posts at once, then waits for the answer; `None` when the face is gone.
    pub(crate) async fn ask<T>(&self, message: impl FnOnce(Answer<T>) -> Message) -> Option<T> {
        let (answer, answered) = oneshot::channel();
        self.post(message(answer)).ok()?;
        answered.await.ok()
    }
}
