//! Folders of the project that the client opens and closes while the session runs.

use remit_board::{door::Presence, path::ProjectPath};
use serde_json::json;

use crate::{
    Worktree,
    client::{Client, uri},
    diagnosis,
    engine::{Call, Script},
};

/// A window that has `web` open.
async fn window_on_web(worktree: &Worktree, script: &mut Script) -> Client {
    let mut client = Client::connect(script.opener(&worktree.path(), Vec::new()));
    let folders = json!([{"uri": worktree.uri("web"), "name": "web"}]);
    client.initialize_with(json!({"processId": null, "capabilities": {}, "workspaceFolders": folders})).await;
    client.told("remit/boardChanged").await;
    client
}

async fn change(client: &mut Client, added: &[String], removed: &[String]) {
    let folders =
        |uris: &[String]| uris.iter().map(|uri| json!({"uri": uri, "name": "any"})).collect::<Vec<_>>();
    let event = json!({"added": folders(added), "removed": folders(removed)});
    client.notify("workspace/didChangeWorkspaceFolders", json!({"event": event})).await;
}

fn path(text: &str) -> ProjectPath {
    text.parse().unwrap()
}

#[tokio::test]
async fn what_is_wrong_in_a_folder_is_shown_from_when_it_is_opened_until_it_is_closed() {
    let (worktree, mut script) = (Worktree::with(&[("web/a", "one\n"), ("api/b", "one\n")]), Script::new());
    script.set(|state| state.findings = vec![diagnosis("web/a", "in web"), diagnosis("api/b", "in api")]);
    let mut client = window_on_web(&worktree, &mut script).await;
    assert_eq!(client.diagnostics(&worktree.uri("web/a")).await.len(), 1);

    change(&mut client, &[worktree.uri("api")], &[]).await;
    assert_eq!(client.diagnostics(&worktree.uri("api/b")).await[0]["message"], "in api");
    change(&mut client, &[], &[worktree.uri("web")]).await;
    assert!(client.diagnostics(&worktree.uri("web/a")).await.is_empty());
    change(&mut client, &[worktree.uri("web"), worktree.uri("web")], &[worktree.uri("api")]).await;
    assert!(client.diagnostics(&worktree.uri("api/b")).await.is_empty());
    assert_eq!(client.diagnostics(&worktree.uri("web/a")).await.len(), 1);

    let opened = script.calls_so_far().into_iter().filter(|call| matches!(call, Call::Opened(_)));
    assert_eq!(opened.count(), 1, "it is the same window all the while");
    client.finish().await;
}

#[tokio::test]
async fn what_happened_in_a_folder_that_was_not_open_is_looked_for() {
    let (worktree, mut script) = (Worktree::with(&[("web/a", "one\n"), ("api/b", "one\n")]), Script::new());
    let mut client = window_on_web(&worktree, &mut script).await;
    assert_eq!(script.presence().await, Presence::default());
    change(&mut client, &[worktree.uri("api")], &[]).await;
    assert!(script.presence().await.rescan);
    client.finish().await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_folder_behind_a_link_has_its_own_spelling_at_once_and_until_its_files_are_closed() {
    let (worktree, mut script) = (Worktree::with(&[("web/a", "one\n"), ("api/b", "one\n")]), Script::new());
    let elsewhere = tempfile::tempdir().unwrap();
    let link = elsewhere.path().canonicalize().unwrap().join("link");
    std::os::unix::fs::symlink(worktree.path(), &link).unwrap();
    let by_link = |below: &str| uri(&link, below).trim_end_matches('/').to_owned();
    script.set(|state| state.findings = vec![diagnosis("api/b", "in api")]);
    let mut client = window_on_web(&worktree, &mut script).await;

    change(&mut client, &[by_link("")], &[worktree.uri("web")]).await;
    client.open_document(&by_link("api/b"), "typed\n").await;
    let presence = script.presence_of(|presence| !presence.open.is_empty()).await;
    assert_eq!((presence.open, presence.unsaved), (vec![path("api/b")], vec![path("api/b")]));
    assert_eq!(client.diagnostics(&by_link("api/b")).await[0]["message"], "in api");

    change(&mut client, &[worktree.uri("web")], &[by_link("")]).await;
    client.close_document(&by_link("api/b")).await;
    script.presence_of(|presence| presence.open.is_empty()).await;
    // With the text's lines and without, and none at the end.
    while !client.diagnostics(&by_link("api/b")).await.is_empty() {}
    client.finish().await;
}

#[tokio::test]
async fn a_window_whose_folders_are_all_closed_is_where_it_was_opened() {
    let (worktree, mut script) = (Worktree::with(&[("web/a", "one\n"), ("api/b", "one\n")]), Script::new());
    script.set(|state| state.findings = vec![diagnosis("web/a", "in web"), diagnosis("api/b", "in api")]);
    let mut client = window_on_web(&worktree, &mut script).await;
    assert_eq!(client.diagnostics(&worktree.uri("web/a")).await.len(), 1);
    change(&mut client, &[], &[worktree.uri("web"), "untitled:any".to_owned()]).await;
    script.presence_of(|presence| presence.rescan).await;
    client.finish().await;
}
