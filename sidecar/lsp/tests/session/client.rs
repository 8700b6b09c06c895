//! A client over an in-memory connection. Whatever the server sends must be read: a session that ends with an unread
//! message fails its test.

use std::{collections::VecDeque, future::Future, path::Path, sync::Arc, time::Duration};

use remit_board::door::OpenWindow;
use remit_lsp::{Ended, serve};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream, duplex},
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    task::JoinHandle,
};

use crate::engine::Script;

pub async fn in_time<T>(what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(Duration::from_secs(20), future).await {
        Ok(value) => value,
        Err(_) => panic!("waited in vain for {what}"),
    }
}

pub struct Client {
    to_server: Option<DuplexStream>,
    from_server: UnboundedReceiver<Value>,
    unread: VecDeque<Value>,
    served: Option<JoinHandle<Ended>>,
    requests: i64,
}

impl Client {
    pub fn connect(open: Arc<OpenWindow>) -> Self {
        let (to_server, input) = duplex(1 << 16);
        let (output, from_server) = duplex(1 << 16);
        let (sender, received) = unbounded_channel();
        tokio::spawn(read_all(from_server, sender));
        let served = Some(tokio::spawn(serve(input, output, open)));
        Self {
            to_server: Some(to_server),
            from_server: received,
            unread: VecDeque::new(),
            served,
            requests: 0,
        }
    }

    /// A window on `folder` with a board at revision 1, which has been announced.
    pub async fn open(script: &Script, folder: &Path) -> Self {
        let mut client = Self::connect(script.opener(folder, Vec::new()));
        client.initialize(folder).await;
        assert_eq!(client.told("remit/boardChanged").await["revision"], 1);
        client
    }

    pub async fn initialize(&mut self, folder: &Path) -> Value {
        let uri = uri(folder, "");
        let params = json!({"processId": null, "rootUri": uri.trim_end_matches('/'), "capabilities": {}});
        self.initialize_with(params).await
    }

    pub async fn initialize_with(&mut self, params: Value) -> Value {
        let result = self.request("initialize", params).await;
        self.notify("initialized", json!({})).await;
        result
    }

    pub async fn notify(&mut self, method: &str, params: Value) {
        self.send(json!({"jsonrpc": "2.0", "method": method, "params": params})).await;
    }

    /// The result; an error of JSON-RPC fails the test.
    pub async fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params).await;
        self.answer(id).await
    }

    /// Sends a request and does not wait for its answer.
    pub async fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.requests += 1;
        let mut message = json!({"jsonrpc": "2.0", "id": self.requests, "method": method});
        if !params.is_null() {
            message["params"] = params;
        }
        self.send(message).await;
        self.requests
    }

    /// The error of JSON-RPC that a request ended with.
    pub async fn error(&mut self, id: i64) -> Value {
        self.find(|message| message["id"] == id && message.get("method").is_none()).await["error"].take()
    }

    /// The answer to what the server could not read: it belongs to no request.
    pub async fn complaint(&mut self) -> Value {
        self.find(|message| message.get("id").is_some_and(Value::is_null)).await
    }

    pub async fn answer(&mut self, id: i64) -> Value {
        let answer = self.find(|message| message["id"] == id && message.get("method").is_none()).await;
        assert!(answer.get("error").is_none(), "{answer}");
        answer["result"].clone()
    }

    /// The parameters of the next notification of this kind.
    pub async fn told(&mut self, method: &str) -> Value {
        self.find(|message| message["method"] == method).await["params"].take()
    }

    pub async fn diagnostics(&mut self, uri: &str) -> Vec<Value> {
        let message = self.find(|message| message["params"]["uri"] == uri).await;
        assert_eq!(message["method"], "textDocument/publishDiagnostics");
        message["params"]["diagnostics"].as_array().unwrap().clone()
    }

    pub async fn open_document(&mut self, uri: &str, text: &str) {
        let document = json!({"uri": uri, "languageId": "plain", "version": 1, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": document})).await;
    }

    /// Replaces `[line, character]` to `[line, character]`.
    pub async fn edit(&mut self, uri: &str, version: i32, from: [u32; 2], to: [u32; 2], text: &str) {
        let position = |[line, character]: [u32; 2]| json!({"line": line, "character": character});
        let change = json!({"range": {"start": position(from), "end": position(to)}, "text": text});
        let document = json!({"uri": uri, "version": version});
        self.notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": [change]}))
            .await;
    }

    pub async fn save_document(&mut self, uri: &str) {
        self.notify("textDocument/didSave", json!({"textDocument": {"uri": uri}})).await;
    }

    pub async fn close_document(&mut self, uri: &str) {
        self.notify("textDocument/didClose", json!({"textDocument": {"uri": uri}})).await;
    }

    pub async fn send(&mut self, message: Value) {
        let body = message.to_string();
        self.send_raw(&format!("Content-Length: {}\r\n\r\n{body}", body.len())).await;
    }

    pub async fn send_raw(&mut self, bytes: &str) {
        let to_server = self.to_server.as_mut().expect("connected");
        in_time("the server to read", to_server.write_all(bytes.as_bytes())).await.unwrap();
    }

    /// Ends the session as the protocol wants it, while the input stays open.
    pub async fn finish(mut self) {
        let answer = self.request("shutdown", Value::Null).await;
        assert_eq!(answer, Value::Null);
        self.notify("exit", Value::Null).await;
        assert_eq!(self.ended().await, Ended::Orderly);
    }

    pub fn close_input(&mut self) {
        self.to_server = None;
    }

    /// Waits for the end, whatever brings it about.
    pub async fn ended(mut self) -> Ended {
        let served = self.served.take().expect("not ended yet");
        let ended = in_time("the end of the session", served).await.unwrap();
        while let Some(message) = in_time("the end of the output", self.from_server.recv()).await {
            self.unread.push_back(message);
        }
        assert!(self.unread.is_empty(), "nobody read {:#?}", self.unread);
        ended
    }

    async fn find(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.unread.iter().position(&fits) {
            return self.unread.remove(at).unwrap();
        }
        loop {
            let Some(message) = in_time("a message of the server", self.from_server.recv()).await else {
                panic!("the server has left; unread: {:#?}", self.unread);
            };
            if fits(&message) {
                return message;
            }
            self.unread.push_back(message);
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let is_over = self.served.is_none() || std::thread::panicking();
        assert!(is_over, "the session was not ended, so nobody knows what else was sent");
    }
}

async fn read_all(from_server: DuplexStream, sender: UnboundedSender<Value>) {
    let mut from_server = BufReader::new(from_server);
    loop {
        let (mut header, mut length) = (String::new(), 0);
        while from_server.read_line(&mut header).await.unwrap() > 2 {
            if let Some(number) = header.strip_prefix("Content-Length: ") {
                length = number.trim().parse().unwrap();
            }
            header.clear();
        }
        if length == 0 {
            return;
        }
        let mut body = vec![0; length];
        from_server.read_exact(&mut body).await.unwrap();
        sender.send(serde_json::from_slice(&body).unwrap()).unwrap();
    }
}

/// As an editor writes it.
pub fn uri(folder: &Path, path: &str) -> String {
    let file = format!("{}/{path}", folder.to_str().unwrap());
    let escaped = file.bytes().map(|byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    });
    format!("file://{}", escaped.collect::<String>())
}
