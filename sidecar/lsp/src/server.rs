//! The protocol's methods. A handler posts its message before it first waits, and the transport starts handlers in the
//! order of their messages: so the inbox sees what the client sent in the order in which it was sent.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use remit_board::reply::Envelope;
use serde_json::{Value, json};
use tower_lsp::{
    LanguageServer,
    jsonrpc::{Error, ErrorCode, FromParams, Method, Result},
    ls_types::{
        CodeActionParams, CodeActionResponse, DidChangeConfigurationParams, DidChangeTextDocumentParams,
        DidChangeWatchedFilesParams, DidChangeWorkspaceFoldersParams, DidCloseTextDocumentParams,
        DidOpenTextDocumentParams, DidSaveTextDocumentParams, Hover, HoverParams, InitializeParams,
        InitializeResult, InitializedParams,
    },
};

use crate::{
    actions,
    inbox::{Answer, Inbox, Message},
};

pub(crate) struct Server {
    inbox: Inbox,
    /// The client asked to shut down: leaving is then no failure.
    shut_down: Arc<AtomicBool>,
}

impl Server {
    pub(crate) fn new(inbox: Inbox, shut_down: Arc<AtomicBool>) -> Self {
        Self { inbox, shut_down }
    }

    /// A closed inbox means that the process is about to end; nobody is left to be told.
    fn post(&self, message: Message) {
        let _ = self.inbox.post(message);
    }

    async fn ask<T>(&self, message: impl FnOnce(Answer<T>) -> Message) -> Result<T> {
        self.inbox.ask(message).await.ok_or_else(Error::internal_error)
    }
}

impl LanguageServer for Server {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        self.ask(|answer| Message::Initialize(Box::new(params), answer)).await
    }

    async fn initialized(&self, _: InitializedParams) {
        self.post(Message::Initialized);
    }

    async fn shutdown(&self) -> Result<()> {
        self.shut_down.store(true, Ordering::SeqCst);
        self.post(Message::Shutdown);
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        self.post(Message::DocumentOpened(params));
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        self.post(Message::DocumentChanged(params));
    }

    async fn did_save(&self, params: DidSaveTextDocumentParams) {
        self.post(Message::DocumentSaved(params));
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        self.post(Message::DocumentClosed(params));
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        self.post(Message::FilesChanged(params));
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        self.post(Message::FoldersChanged(params.event));
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        self.post(Message::Configured(params.settings));
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        self.ask(|answer| Message::Hover(params, answer)).await
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        Ok(Some(actions::quick_fixes(params.context)))
    }
}

/// A custom request: parameters of any shape or none at all become a message, the envelope is the answer.
#[derive(Clone, Copy)]
pub(crate) struct Custom(pub(crate) fn(Value, Answer<Envelope>) -> Message);

pub(crate) struct Params(Value);

impl FromParams for Params {
    fn from_params(params: Option<Value>) -> Result<Self> {
        Ok(Self(params.unwrap_or_else(|| json!({}))))
    }
}

impl<'s> Method<&'s Server, Params, Result<Envelope>> for Custom {
    type Future = Pin<Box<dyn Future<Output = Result<Envelope>> + Send + 's>>;

    fn invoke(&self, server: &'s Server, Params(params): Params) -> Self::Future {
        let message = self.0;
        Box::pin(server.ask(move |answer| message(params, answer)))
    }
}

/// Whether the session still moves: answered at once, however much work is under way.
#[derive(Clone, Copy)]
pub(crate) struct Ping;

impl<'s> Method<&'s Server, Params, Result<()>> for Ping {
    type Future = Pin<Box<dyn Future<Output = Result<()>> + Send + 's>>;

    fn invoke(&self, server: &'s Server, _: Params) -> Self::Future {
        Box::pin(server.ask(Message::Ping))
    }
}

/// The answer to what could not be read, by the code that says why.
#[derive(Clone, Copy)]
pub(crate) struct Complaint;

impl<'s> Method<&'s Server, Params, Result<Value>> for Complaint {
    type Future = std::future::Ready<Result<Value>>;

    fn invoke(&self, _: &'s Server, Params(code): Params) -> Self::Future {
        let is_json = code == json!(ErrorCode::InvalidRequest.code());
        std::future::ready(Err(if is_json { Error::invalid_request() } else { Error::parse_error() }))
    }
}
