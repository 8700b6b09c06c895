use remit_lsp::Ended;
use serde_json::json;

use crate::{Worktree, client::Client, engine::Script};

#[tokio::test]
async fn exit_ends_the_session_while_the_input_stays_open() {
    let (worktree, script) = (Worktree::with(&[]), Script::new());
    let client = Client::open(&script, &worktree.path()).await;
    client.finish().await;
}

#[tokio::test]
async fn exit_does_not_wait_for_a_slow_engine() {
    let (worktree, mut script) = (Worktree::with(&[]), Script::new());
    let mut client = Client::open(&script, &worktree.path()).await;
    script.queried("findings").await;
    script.set(|state| state.held = true);
    let id = client.ask("remit/command", json!({"command": "claim-next"})).await;
    script.call(|call| matches!(call, crate::engine::Call::Executed(..)).then_some(())).await;
    client.notify("exit", json!(null)).await;
    assert_eq!(client.error(id).await["message"], "Canceled");
    assert_eq!(client.ended().await, Ended::Abrupt);
    script.set(|state| state.held = false);
}

#[tokio::test]
async fn the_end_of_the_input_ends_the_session() {
    let (worktree, script) = (Worktree::with(&[]), Script::new());
    let mut client = Client::open(&script, &worktree.path()).await;
    client.close_input();
    assert_eq!(client.ended().await, Ended::Abrupt);

    let mut client = Client::open(&script, &worktree.path()).await;
    client.request("shutdown", json!(null)).await;
    client.close_input();
    assert_eq!(client.ended().await, Ended::Orderly);
}

#[tokio::test]
async fn input_before_and_instead_of_initialize_is_survived() {
    let (worktree, script) = (Worktree::with(&[]), Script::new());
    let mut client = Client::connect(script.opener(&worktree.path(), Vec::new()));
    client.open_document("file:///a", "too early").await;
    client.notify("remit/unheard-of", json!({})).await;
    client.close_input();
    assert_eq!(client.ended().await, Ended::Abrupt);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_death_of_the_client_ends_the_session_even_if_nobody_waits_for_it() {
    let (worktree, script) = (Worktree::with(&[]), Script::new());
    let mut process = std::process::Command::new("sleep").arg("3600").spawn().unwrap();
    let mut client = Client::connect(script.opener(&worktree.path(), Vec::new()));
    let params = json!({"processId": process.id(), "rootUri": worktree.uri("").trim_end_matches('/'), "capabilities": {}});
    client.initialize_with(params).await;
    client.told("remit/boardChanged").await;
    process.kill().unwrap();
    assert_eq!(client.ended().await, Ended::ClientDied);
    process.wait().unwrap();
}
