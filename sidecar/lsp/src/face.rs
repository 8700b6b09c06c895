//! The owner of the face's state: one task, one message at a time, and it waits for nothing but the next message.

use std::sync::Arc;

use remit_board::{
    door::{OpenWindow, Outcome},
    failure::{Code, Failure},
    reply::Envelope,
};
use serde_json::Value;
use tokio::{
    sync::{mpsc, oneshot},
    task::spawn_blocking,
    time::{Instant, sleep_until},
};
use tower_lsp::ls_types::{InitializeParams, InitializeResult, WorkspaceFoldersChangeEvent};

use crate::{
    board::Telling,
    engine::{Door, describe},
    inbox::{Answer, Inbox, Message},
    opening::{Opened, Opening, initialize_result},
    outbox::Outbox,
    protocol::Status,
    requests,
    window::Window,
};

pub(crate) struct Face {
    open: Arc<OpenWindow>,
    inbox: Inbox,
    outbox: Outbox,
    state: State,
    telling: Arc<Telling>,
    /// Told the client's process id, for whoever watches it.
    client: Option<oneshot::Sender<u32>>,
}

enum State {
    Unopened,
    /// Every request is answered with this.
    Failed(Failure),
    Open(Box<Window>),
    ShutDown,
}

impl Face {
    pub(crate) fn new(
        open: Arc<OpenWindow>,
        inbox: Inbox,
        outbox: Outbox,
        client: oneshot::Sender<u32>,
    ) -> Self {
        let telling = Arc::new(Telling::new());
        Self { open, inbox, outbox, state: State::Unopened, telling, client: Some(client) }
    }

    /// Ends by a defect only.
    pub(crate) async fn run(mut self, mut messages: mpsc::UnboundedReceiver<Message>) {
        loop {
            let message = next(&mut messages, self.due()).await;
            if matches!(message, Some(Message::Broken)) {
                return;
            }
            if let Some(message) = message {
                self.receive(message);
            }
            if let State::Open(window) = &mut self.state {
                window.advance(Instant::now());
            }
        }
    }

    fn due(&self) -> Option<Instant> {
        match &self.state {
            State::Open(window) => window.due(),
            _ => None,
        }
    }

    fn receive(&mut self, message: Message) {
        match message {
            Message::Initialize(params, answer) => self.initialize(*params, answer),
            Message::Opened(opened, answer) => self.opened(opened, answer),
            Message::Initialized => self.outbox.open(),
            Message::Shutdown => self.state = State::ShutDown,
            Message::Ping(answer) => drop(answer.send(())),
            Message::Board(params, answer) => self.board(&params, answer),
            Message::Command(params, answer) => self.command(params, answer),
            Message::Query(params, answer) => self.query(params, answer),
            Message::FoldersChanged(event) => self.folders_changed(&event),
            message => {
                if let State::Open(window) = &mut self.state {
                    pass_on(window, message);
                }
            }
        }
    }

    fn initialize(&mut self, params: InitializeParams, answer: Answer<InitializeResult>) {
        if let (Some(process), Some(client)) = (params.process_id, self.client.take()) {
            let _ = client.send(process);
        }
        let (open, inbox) = (self.open.clone(), self.inbox.clone());
        spawn_blocking(move || {
            let opened = guarded(|| Opening::read(params)?.open(open.as_ref()));
            let _ = inbox.post(Message::Opened(opened, answer));
        });
    }

    fn opened(&mut self, opened: Result<Box<Opened>, Failure>, answer: Answer<InitializeResult>) {
        let started = opened.and_then(|opened| {
            let result = initialize_result(Some(&opened.door));
            Window::start(*opened, self.outbox.clone(), &self.inbox).map(|window| (window, result))
        });
        let result = match started {
            Ok((window, result)) => {
                self.state = State::Open(Box::new(window));
                result
            }
            Err(failure) => {
                self.outbox.status(Status::of(&failure));
                self.state = State::Failed(failure);
                initialize_result(None)
            }
        };
        let _ = answer.send(result);
    }

    fn folders_changed(&mut self, event: &WorkspaceFoldersChangeEvent) {
        let State::Open(window) = &mut self.state else { return };
        let (folders, worktree) = window.folders_changed(event);
        let inbox = self.inbox.clone();
        spawn_blocking(move || {
            let roots = folders.roots(&worktree);
            let _ = inbox.post(Message::Surveyed(folders, roots));
        });
    }

    fn board(&self, params: &Value, answer: Answer<Envelope>) {
        let telling = self.telling.clone();
        self.work(Ok(requests::since(params)), answer, move |door, since| {
            let Outcome { revision, result } = door.board();
            let result = result.and_then(|board| telling.tell(board, since.as_deref()));
            Outcome { revision, result }.into_envelope()
        });
    }

    fn query(&self, params: Value, answer: Answer<Envelope>) {
        self.work(requests::query(params), answer, |door, (asking, query)| door.query(&asking, query));
    }

    fn command(&self, params: Value, answer: Answer<Envelope>) {
        let inbox = self.inbox.clone();
        self.work(requests::command(params), answer, move |door, (asking, command)| {
            let envelope = door.execute(&asking, command);
            if envelope.ok {
                let _ = inbox.post(Message::Executed);
            }
            envelope
        });
    }

    /// Calls the engine on a thread of its own: requests don't wait for each other.
    fn work<T: Send + 'static>(
        &self,
        request: Result<T, Failure>,
        answer: Answer<Envelope>,
        call: impl FnOnce(Door, T) -> Envelope + Send + 'static,
    ) {
        match self.door().and_then(|door| Ok((door, request?))) {
            Ok((door, request)) => {
                spawn_blocking(move || {
                    let _ = answer.send(call(door, request));
                });
            }
            Err(failure) => {
                let _ = answer.send(Envelope::failed(None, failure));
            }
        }
    }

    fn door(&self) -> Result<Door, Failure> {
        match &self.state {
            State::Open(window) => Ok(window.door.clone()),
            State::Failed(failure) => Err(failure.clone()),
            State::Unopened | State::ShutDown => {
                Err(Failure::new(Code::ServerDown, "the window is not open; nothing was done"))
            }
        }
    }
}

/// `None` when the time has come.
async fn next(messages: &mut mpsc::UnboundedReceiver<Message>, due: Option<Instant>) -> Option<Message> {
    let Some(due) = due else { return messages.recv().await };
    tokio::select! {
        biased;
        message = messages.recv() => message,
        () = sleep_until(due) => None,
    }
}

fn pass_on(window: &mut Window, message: Message) {
    let Some(message) = window.unless_early(message) else { return };
    match message {
        Message::DocumentOpened(params) => window.document_opened(params),
        Message::DocumentChanged(params) => window.document_changed(params),
        Message::DocumentSaved(params) => window.document_saved(&params.text_document.uri),
        Message::DocumentClosed(params) => window.document_closed(&params.text_document.uri),
        Message::FilesChanged(params) => window.files_changed(params),
        Message::Surveyed(folders, roots) => {
            window.surveyed(&folders, roots).into_iter().for_each(|message| pass_on(window, message));
        }
        Message::Executed => window.executed(),
        Message::Woken(woken) => window.woken(woken),
        Message::Nearby => window.nearby(),
        Message::Configured(settings) => window.configured(&settings),
        Message::Hover(params, answer) => drop(answer.send(window.hover(&params))),
        Message::Renewed(renewal) => window.renewed(renewal),
        Message::Checked(checked) => window.checked(checked),
        Message::Looked(looked) => window.looked(looked),
        Message::GitMoved => window.git_moved(),
        Message::Unwatched(failure) => window.unwatched(&failure),
        Message::Initialize(..)
        | Message::FoldersChanged(_)
        | Message::Opened(..)
        | Message::Initialized
        | Message::Shutdown
        | Message::Ping(_)
        | Message::Board(..)
        | Message::Command(..)
        | Message::Query(..)
        | Message::Broken => {}
    }
}

/// A defect in opening a door is an answer too.
fn guarded<T>(open: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(open))
        .unwrap_or_else(|panic| Err(Failure::internal(describe("opening the window", panic.as_ref()))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_defect_in_a_thread_ends_the_face() {
        let (inbox, messages) = Inbox::new();
        let refuse = |_| Err(Failure::invalid("not opened in this test"));
        let (client, _) = oneshot::channel();
        let face = Face::new(Arc::new(refuse), inbox.clone(), Outbox::default(), client);
        inbox.post(Message::Broken).unwrap();
        face.run(messages).await;
    }
}
