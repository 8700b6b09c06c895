//! One session from its first byte to its end, however it ends.

use std::{
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use remit_board::{
    door::OpenWindow,
    failure::{Code, Failure},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::oneshot,
    task::JoinSet,
};
use tower_lsp::LspService;

use crate::{
    face::Face,
    frames::UNREADABLE,
    inbox::{Inbox, Message},
    input::Input,
    lifetime,
    outbox::Outbox,
    protocol,
    server::{Complaint, Custom, Ping, Server},
};

/// Requests that wait for the engine must not keep text changes out.
const CONCURRENCY: usize = 1024;
/// How long requests under way may take once the input has ended.
const GRACE: Duration = Duration::from_secs(5);

/// Why a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// As the protocol wants it: `shutdown`, then `exit` or the end of the input.
    Orderly,
    /// `exit` or the end of the input without a `shutdown` before.
    Abrupt,
    /// The process that started the session is no longer there.
    ClientDied,
    /// The face itself failed: the client should start another.
    Broken,
}

impl From<Ended> for ExitCode {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::Orderly => ExitCode::SUCCESS,
            Ended::Abrupt | Ended::ClientDied => ExitCode::FAILURE,
            Ended::Broken => ExitCode::from(70),
        }
    }
}

/// Serves an editor's window over standard input and output until it leaves.
///
/// The caller should end the process with what is returned: a thread may still wait for input that never comes.
pub fn run(open: Arc<OpenWindow>) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_time().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!("no runtime for the language server: {error}");
            return Failure::new(Code::Internal, error.to_string()).kind.exit_code().into();
        }
    };
    let ended = runtime.block_on(serve(tokio::io::stdin(), tokio::io::stdout(), open));
    runtime.shutdown_background();
    ended.into()
}

/// Serves one client until it leaves.
pub async fn serve(input: impl AsyncRead + Unpin, output: impl AsyncWrite, open: Arc<OpenWindow>) -> Ended {
    let (inbox, messages) = Inbox::new();
    let outbox = Outbox::default();
    let shut_down = Arc::new(AtomicBool::new(false));
    let (client, client_known) = oneshot::channel();
    let (input_ended, input_end) = oneshot::channel();

    let mut tasks = JoinSet::new();
    tasks.spawn(Face::new(open, inbox.clone(), outbox.clone(), client).run(messages));
    let (service, socket) = LspService::build(|client| {
        tasks.spawn(outbox.send_to(client));
        Server::new(inbox, shut_down.clone())
    })
    .custom_method(protocol::BOARD, Custom(Message::Board))
    .custom_method(protocol::COMMAND, Custom(Message::Command))
    .custom_method(protocol::QUERY, Custom(Message::Query))
    .custom_method(protocol::PING, Ping)
    .custom_method(UNREADABLE, Complaint)
    .finish();
    let transport = tower_lsp::Server::new(Input::new(input, input_ended), output, socket)
        .concurrency_level(CONCURRENCY)
        .serve(service);

    let left = || if shut_down.load(Ordering::SeqCst) { Ended::Orderly } else { Ended::Abrupt };
    tokio::select! {
        () = transport => left(),
        () = grace(input_end) => left(),
        () = client_death(client_known) => Ended::ClientDied,
        // Neither the face nor the sender ever ends but by a defect, a panic included.
        _ = tasks.join_next() => Ended::Broken,
    }
}

async fn grace(input_end: oneshot::Receiver<()>) {
    match input_end.await {
        Ok(()) => tokio::time::sleep(GRACE).await,
        Err(_) => std::future::pending().await,
    }
}

async fn client_death(known: oneshot::Receiver<u32>) {
    match known.await {
        Ok(process) => lifetime::ended(process).await,
        Err(_) => std::future::pending().await,
    }
}
