use remit_board::{door::Presence, path::ProjectPath};
use serde_json::{Value, json};

use crate::{
    Worktree,
    client::{Client, in_time},
    diagnosis,
    engine::{Call, Script},
};

fn paths(texts: &[&str]) -> Vec<ProjectPath> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

/// A window whose first words to the engine have been heard.
async fn window(worktree: &Worktree) -> (Client, Script) {
    let mut script = Script::new();
    let client = Client::open(&script, &worktree.path()).await;
    assert_eq!(script.presence().await, Presence::default());
    script.queried("findings").await;
    (client, script)
}

fn lines(diagnostic: &Value) -> Value {
    let at =
        |end: &str| [diagnostic["range"][end]["line"].clone(), diagnostic["range"][end]["character"].clone()];
    json!([at("start"), at("end")])
}

#[tokio::test]
async fn typing_makes_a_document_unsaved_and_saving_ends_it() {
    let worktree = Worktree::with(&[("a", "one\ntwo\n")]);
    let (mut client, mut script) = window(&worktree).await;
    let uri = worktree.uri("a");
    client.open_document(&uri, "one\ntwo\n").await;
    assert_eq!(script.presence().await, Presence { open: paths(&["a"]), ..Presence::default() });

    client.edit(&uri, 2, [1, 0], [1, 3], "2").await;
    assert_eq!(
        script.presence().await,
        Presence { open: paths(&["a"]), unsaved: paths(&["a"]), ..Presence::default() }
    );
    worktree.write("a", "one\n2\n");
    client.save_document(&uri).await;
    assert_eq!(
        script.presence().await,
        Presence { open: paths(&["a"]), saved: paths(&["a"]), ..Presence::default() }
    );
    client.close_document(&uri).await;
    assert_eq!(script.presence().await, Presence::default());
    client.finish().await;
}

#[tokio::test]
async fn what_was_typed_is_where_the_diagnostic_stands() {
    let worktree = Worktree::with(&[("a", "one\n  two\nthree\n")]);
    let (mut client, mut script) = window(&worktree).await;
    let uri = worktree.uri("a");
    script.set(|state| state.findings = vec![diagnosis("a", "theirs")]);
    client.open_document(&uri, "one\n  two\nthree\n").await;
    assert_eq!(lines(&client.diagnostics(&uri).await[0]), json!([[0, 0], [0, 3]]), "open, not changed");

    client.edit(&uri, 2, [1, 5], [1, 5], " 😀😀").await;
    assert_eq!(lines(&client.diagnostics(&uri).await[0]), json!([[1, 2], [1, 10]]));
    client.edit(&uri, 3, [1, 8], [1, 10], "!").await;
    client.edit(&uri, 4, [2, 5], [2, 5], "\nfour").await;
    loop {
        // The two edits may have been seen as one or one after the other.
        match lines(&client.diagnostics(&uri).await[0]) {
            place if place == json!([[1, 2], [1, 9]]) => {}
            place if place == json!([[1, 2], [3, 4]]) => break,
            place => panic!("{place}"),
        }
    }
    worktree.write("a", "one\n  two 😀!\nthree\nfour\n");
    client.save_document(&uri).await;
    assert_eq!(lines(&client.diagnostics(&uri).await[0]), json!([[0, 0], [0, 3]]));
    script.presence().await;
    client.finish().await;
}

#[tokio::test]
async fn presence_is_said_before_it_is_asked_what_is_wrong() {
    let worktree = Worktree::with(&[("a", "one\n")]);
    let (mut client, mut script) = window(&worktree).await;
    client.open_document(&worktree.uri("a"), "typed\n").await;
    script.presence().await;
    script.queried("findings").await;
    let calls = script.calls_so_far();
    assert!(calls.is_empty(), "each once: {calls:?}");
    client.finish().await;
}

#[tokio::test]
async fn odd_names_arrive_as_they_are() {
    let names = ["a b/c.txt", "app/[id]/page.tsx", "100%.md", "übung/😀.rs", "a%20b", "c:d&e=f+g,;'"];
    let files: Vec<_> = names.iter().map(|name| (*name, "one\n")).collect();
    let worktree = Worktree::with(&files);
    let (mut client, mut script) = window(&worktree).await;
    for name in names {
        let uri = worktree.uri(name);
        script.set(|state| state.findings = vec![diagnosis(name, "theirs")]);
        client.open_document(&uri, "typed\n").await;
        let presence = script.presence().await;
        assert_eq!((presence.unsaved, presence.open), (paths(&[name]), paths(&[name])));
        assert_eq!(client.diagnostics(&uri).await.len(), 1);
        script.set(|state| state.findings.clear());
        client.close_document(&uri).await;
        assert!(client.diagnostics(&uri).await.is_empty());
        script.presence().await;
        script.queried("findings").await;
    }
    client.finish().await;
}

#[tokio::test]
async fn documents_that_are_none_of_the_project_are_ignored() {
    let worktree = Worktree::with(&[(".git/config", ""), ("project-plan/STATUS.md", ""), ("a", "one\n")]);
    let (mut client, mut script) = window(&worktree).await;
    for uri in [
        "untitled:Untitled-1".to_owned(),
        "file:///etc/hostname".to_owned(),
        format!("git:{}/a?%7B%7D", worktree.path().display()),
        worktree.uri(".git/config"),
        worktree.uri("project-plan/STATUS.md"),
        worktree.uri("../outside"),
    ] {
        client.open_document(&uri, "typed\n").await;
        client.edit(&uri, 2, [0, 0], [0, 0], "more").await;
        client.save_document(&uri).await;
        client.close_document(&uri).await;
    }
    // A document that was never opened, and one whose changes are nonsense.
    client.edit(&worktree.uri("never"), 2, [0, 0], [0, 0], "x").await;
    client.open_document(&worktree.uri("a"), "one\n").await;
    assert_eq!(script.presence().await, Presence { open: paths(&["a"]), ..Presence::default() });
    client.edit(&worktree.uri("a"), 2, [9, 9], [0, 1], "x").await;
    assert_eq!(script.presence().await.unsaved, paths(&["a"]));
    client.finish().await;
}

#[tokio::test]
async fn half_a_surrogate_pair_ends_nothing() {
    let worktree = Worktree::with(&[("a", "one\n")]);
    let (mut client, mut script) = window(&worktree).await;
    let uri = worktree.uri("a");
    let body = format!(
        r#"{{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{{"textDocument":{{"uri":"{uri}","languageId":"x","version":1,"text":"\ud83d"}}}}}}"#
    );
    client.send_raw(&format!("Content-Length: {}\r\n\r\n{body}", body.len())).await;
    assert_eq!(script.presence().await.unsaved, paths(&["a"]));
    client.finish().await;
}

#[tokio::test]
async fn what_can_not_be_read_is_answered_and_ends_nothing() {
    let worktree = Worktree::with(&[("a", "one\n")]);
    let (mut client, mut script) = window(&worktree).await;
    for (bytes, code) in [
        ("Content-Length: 9\r\n\r\n{not json", -32700),
        ("Content-Length: 2\r\n\r\n[]", -32600),
        ("Content-Length: none\r\n\r\nwhatever this is", -32700),
    ] {
        client.send_raw(bytes).await;
        let answer = client.complaint().await;
        assert_eq!((&answer["error"]["code"], answer.get("result")), (&json!(code), None), "{bytes}");
    }
    client.open_document(&worktree.uri("a"), "two\n").await;
    assert_eq!(script.presence().await.unsaved, paths(&["a"]));
    client.finish().await;
}

#[tokio::test]
async fn a_slow_engine_does_not_keep_text_out() {
    let worktree = Worktree::with(&[("a", ""), ("b", "")]);
    let (mut client, mut script) = window(&worktree).await;
    script.set(|state| state.held = true);
    client.open_document(&worktree.uri("a"), "").await;
    script.queried("findings").await;
    // The engine does not answer now. Thousands of edits are more than any queue on the way holds.
    const EDITS: i32 = 5000;
    for version in 2..EDITS {
        client.edit(&worktree.uri("a"), version, [0, 0], [0, 0], "x").await;
    }
    client.open_document(&worktree.uri("b"), "typed").await;
    // An answer shows that everything before it has been taken in.
    assert_eq!(client.request("remit/board", json!({})).await["ok"], true);
    worktree.write("a", &"x".repeat(EDITS as usize - 2));
    script.set(|state| state.held = false);
    let presence = script.presence().await;
    assert_eq!(
        presence,
        Presence { open: paths(&["a", "b"]), unsaved: paths(&["b"]), ..Presence::default() }
    );
    client.finish().await;
}

#[tokio::test]
async fn files_that_change_on_disk_are_passed_on() {
    let worktree = Worktree::with(&[("a", "one\n"), ("src/b", "one\n")]);
    let (mut client, mut script) = window(&worktree).await;
    client.open_document(&worktree.uri("a"), "one\n").await;
    script.presence().await;
    worktree.write("a", "written by somebody else\n");
    let change = |path: &str| json!({"uri": worktree.uri(path), "type": 2});
    let changes = [change("a"), change("src"), change(".git/index"), change("project-plan/state.json")];
    client.notify("workspace/didChangeWatchedFiles", json!({"changes": changes})).await;
    // The file moved under the document, which nobody typed into: it is not unsaved.
    assert_eq!(
        script.presence().await,
        Presence { open: paths(&["a"]), touched: paths(&["a", "src"]), ..Presence::default() }
    );
    client
        .notify(
            "workspace/didChangeWatchedFiles",
            json!({"changes": [{"uri": worktree.uri("").trim_end_matches('/'), "type": 3}]}),
        )
        .await;
    assert!(script.presence().await.rescan);
    client.finish().await;
}

#[tokio::test]
async fn a_commit_asks_for_a_look_at_everything() {
    let worktree =
        Worktree::with(&[(".git/HEAD", "ref: refs/heads/main\n"), (".git/refs/heads/main", "1\n")]);
    let git = worktree.path().join(".git");
    let mut script = Script::new();
    let watched = vec![git.join("HEAD"), git.join("index"), git.join("refs")];
    let mut client = Client::connect(script.opener(&worktree.path(), watched));
    client.initialize(&worktree.path()).await;
    client.told("remit/boardChanged").await;
    assert_eq!(script.presence().await, Presence::default());
    worktree.write(".git/index.lock", "2");
    std::fs::rename(git.join("index.lock"), git.join("index")).unwrap();
    worktree.write(".git/refs/heads/main", "2\n");
    assert_eq!(script.presence().await, Presence { rescan: true, ..Presence::default() });
    client.finish().await;
}

#[tokio::test]
async fn typing_into_a_file_of_a_hundred_thousand_lines_is_taken_in_at_once() {
    let text = "let value = compute(1, 2, 3); // a line\n".repeat(100_000);
    let worktree = Worktree::with(&[("big", &text)]);
    let (mut client, mut script) = window(&worktree).await;
    let uri = worktree.uri("big");
    client.open_document(&uri, &text).await;
    assert_eq!(script.presence().await.open, paths(&["big"]));
    for version in 2..300 {
        client.edit(&uri, version, [50_000, 0], [50_000, 0], "x").await;
    }
    let presence = in_time("the presence", script.presence()).await;
    assert_eq!(presence.unsaved, paths(&["big"]));
    script.set(|state| state.findings = vec![diagnosis("big", "theirs")]);
    client.edit(&uri, 300, [50_001, 0], [50_001, 0], "y").await;
    script.commit(|_| {});
    client.told("remit/boardChanged").await;
    while lines(&client.diagnostics(&uri).await[0])[1] != json!([50_001, 40]) {}
    client.finish().await;
    let keys = 299;
    let calls = script.calls_so_far();
    let told = calls.iter().filter(|call| matches!(call, Call::Presence(_))).count();
    assert!(told < keys / 10, "the text is told now and then, not with every key: {told} times");
}
