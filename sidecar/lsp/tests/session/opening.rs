use std::sync::Arc;

use remit_board::{
    door::WindowSpec,
    failure::{Code, Failure},
};
use serde_json::json;

use crate::{
    Worktree,
    client::Client,
    engine::{Call, Script},
};

#[tokio::test]
async fn the_client_learns_which_window_it_is() {
    let (worktree, mut script) = (Worktree::with(&[]), Script::new());
    let mut client = Client::connect(script.opener(&worktree.path(), Vec::new()));
    let result = client
        .initialize_with(json!({
            "processId": null, "capabilities": {},
            "workspaceFolders": [{"uri": worktree.uri("web"), "name": "web"}],
            "initializationOptions": {"windowId": "host:w#2", "threadKey": "ada", "leaseSeconds": 90},
        }))
        .await;
    assert_eq!(result["serverInfo"]["name"], "remit");
    let capabilities = &result["capabilities"];
    assert_eq!(
        capabilities["experimental"]["remit"],
        json!({"windowId": "host:w#2", "worktree": worktree.path(), "version": env!("CARGO_PKG_VERSION")})
    );
    assert_eq!(capabilities["positionEncoding"], "utf-16");
    assert_eq!(capabilities["textDocumentSync"]["change"], 2, "incremental");
    assert_eq!(capabilities["textDocumentSync"]["save"], json!({"includeText": false}));
    let folders = json!({"supported": true, "changeNotifications": true});
    assert_eq!(capabilities["workspace"]["workspaceFolders"], folders);
    assert_eq!(capabilities["codeActionProvider"]["codeActionKinds"], json!(["quickfix"]));
    assert!(capabilities.get("executeCommandProvider").is_none());

    let spec = script.call(|call| match call {
        Call::Opened(spec) => Some(spec),
        _ => None,
    });
    let spec = spec.await;
    assert_eq!(spec.folder, worktree.path().join("web"));
    assert_eq!(spec.thread_key.unwrap().as_str(), "ada");
    assert_eq!(spec.lease_seconds, Some(90));
    client.told("remit/boardChanged").await;
    client.finish().await;
}

async fn check_failed(mut client: Client, params: serde_json::Value, code: &str, words: &str) {
    let result = client.initialize_with(params).await;
    assert_eq!(result["capabilities"]["experimental"]["remit"]["windowId"], json!(null));
    let status = client.told("remit/status").await;
    assert_eq!(status["level"], "error");
    assert_eq!(status["code"], code);
    assert!(status["message"].as_str().unwrap().contains(words), "{status}");
    client.open_document("file:///a", "text").await;
    for (method, params) in [
        ("remit/board", json!(null)),
        ("remit/command", json!({"command": "claim-next"})),
        ("remit/query", json!({"query": "modules"})),
    ] {
        let envelope = client.request(method, params).await;
        assert_eq!(envelope["ok"], false);
        assert_eq!(envelope["error"]["code"], code);
        assert_eq!(envelope["error"]["message"], status["message"]);
    }
    client.finish().await;
}

#[tokio::test]
async fn a_window_that_can_not_be_opened_says_why_to_every_request() {
    let refuse =
        |_: WindowSpec| Err(Failure::new(Code::Corrupt, "the board is damaged").hint("run validate"));
    let params = json!({"processId": null, "rootUri": "file:///work", "capabilities": {}});
    check_failed(Client::connect(Arc::new(refuse)), params.clone(), "corrupt", "damaged").await;
    check_failed(Client::connect(Arc::new(|_| panic!("a defect"))), params, "internal", "a defect").await;
}

#[tokio::test]
async fn a_window_without_a_folder_or_with_bad_options_is_told_so() {
    let (worktree, script) = (Worktree::with(&[]), Script::new());
    let connect = || Client::connect(script.opener(&worktree.path(), Vec::new()));
    check_failed(connect(), json!({"processId": null, "capabilities": {}}), "invalid", "no folder").await;
    let params = json!({"processId": null, "rootUri": "file:///w", "capabilities": {},
        "initializationOptions": {"role": "king"}});
    check_failed(connect(), params, "invalid", "king").await;
}
