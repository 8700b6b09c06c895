//! What others edit in the same file: said, shown where it stands, and gone with its cause.

use remit_board::{
    door::Share,
    reply::{Clash, CollisionWire, Diagnosis, EditedBy, FindingCode, LineRange, Severity},
};
use serde_json::{Value, json};

use crate::{Worktree, client::Client, diagnosis, engine::Script};

#[tokio::test]
async fn unsaved_text_is_said_as_it_stands_and_no_more_of_it_is_shared_than_the_settings_say() {
    let (worktree, mut script) = (Worktree::with(&[("a", "one\n")]), Script::new());
    let mut client = Client::open(&script, &worktree.path()).await;
    client.open_document(&worktree.uri("a"), "typed\n").await;
    let presence = script.presence_of(|presence| !presence.texts.is_empty()).await;
    assert_eq!((presence.texts[0].1.as_str(), presence.share), ("typed\n", Share::Lines));
    assert_eq!(presence.bases[0].1.as_str(), "one\n", "what it was made of, as far as anybody knows");
    client.edit(&worktree.uri("a"), 2, [0, 5], [0, 5], " on").await;
    let presence = script.presence_of(|presence| !presence.texts.is_empty()).await;
    assert_eq!(presence.texts[0].1.as_str(), "typed on\n");
    let settings = json!({"settings": {"remit": {"presence": "off"}}});
    client.notify("workspace/didChangeConfiguration", settings).await;
    assert_eq!(script.presence_of(|_| true).await.share, Share::Off);
    client.finish().await;
}

#[tokio::test]
async fn unsaved_text_is_said_with_what_the_window_last_read_whatever_is_on_the_disk_by_now() {
    let (worktree, mut script) = (Worktree::with(&[("a", "one\n")]), Script::new());
    let mut client = Client::open(&script, &worktree.path()).await;
    client.open_document(&worktree.uri("a"), "one\n").await;
    client.edit(&worktree.uri("a"), 2, [0, 3], [0, 3], ", typed at once").await;
    let presence = script.presence_of(|presence| !presence.texts.is_empty()).await;
    assert_eq!(presence.bases[0].1.as_str(), "one\n");
    worktree.write("a", "somebody else\n");
    client.edit(&worktree.uri("a"), 3, [0, 0], [0, 0], "now ").await;
    let presence = script.presence_of(|presence| !presence.texts.is_empty()).await;
    assert_eq!(presence.texts[0].1.as_str(), "now one, typed at once\n");
    assert_eq!(presence.bases[0].1.as_str(), "one\n");
    client.finish().await;
}

#[tokio::test]
async fn text_that_was_restored_unsaved_is_held_against_the_file_as_it_was_found() {
    let (worktree, mut script) = (Worktree::with(&[("a", "one\n")]), Script::new());
    let mut client = Client::open(&script, &worktree.path()).await;
    client.open_document(&worktree.uri("a"), "restored\n").await;
    let presence = script.presence_of(|presence| !presence.texts.is_empty()).await;
    assert_eq!((presence.bases[0].1.as_str(), presence.texts[0].1.as_str()), ("one\n", "restored\n"));
    worktree.write("a", "somebody else\n");
    client.edit(&worktree.uri("a"), 2, [0, 8], [0, 8], ", and more").await;
    let presence = script.presence_of(|presence| !presence.texts.is_empty()).await;
    assert_eq!(presence.bases[0].1.as_str(), "one\n");
    assert_eq!(presence.texts[0].1.as_str(), "restored, and more\n");
    client.finish().await;
}

/// Before the document's text is known, a diagnostic stands at the beginning of its lines.
async fn when_on_text(client: &mut Client, uri: &str) -> Vec<Value> {
    loop {
        let diagnostics = client.diagnostics(uri).await;
        if diagnostics[0]["range"]["end"]["character"] != 0 {
            return diagnostics;
        }
    }
}

#[tokio::test]
async fn edits_of_others_stand_on_their_lines_with_what_is_there_in_the_hover() {
    let (worktree, script) = (Worktree::with(&[("a", "one\n  two\nthree\n")]), Script::new());
    script.set(|state| state.findings = vec![collision("a", 2)]);
    let mut client = Client::open(&script, &worktree.path()).await;
    client.open_document(&worktree.uri("a"), "one\n  two\nthree\n").await;
    let diagnostics = when_on_text(&mut client, &worktree.uri("a")).await;
    let at = |line, character| json!({"line": line, "character": character});
    assert_eq!(diagnostics[0]["range"], json!({"start": at(1, 2), "end": at(1, 5)}));
    let related = &diagnostics[0]["relatedInformation"][0];
    assert_eq!(related["message"], "the other side’s lines");
    assert_eq!(related["location"]["uri"], "file:///there/a");
    let hover = |line| {
        let uri = worktree.uri("a");
        json!({"textDocument": {"uri": uri}, "position": {"line": line, "character": 0}})
    };
    let told = client.request("textDocument/hover", hover(1)).await;
    let text = told["contents"]["value"].as_str().unwrap();
    assert!(text.contains("feature/x") && text.contains("````\nzwei ```\n````"), "{text}");
    assert!(client.request("textDocument/hover", hover(0)).await.is_null());
    script.set(|state| {
        state.findings.clear();
        state.nearby += 1;
    });
    assert!(client.diagnostics(&worktree.uri("a")).await.is_empty(), "the cause is gone");
    client.finish().await;
}

#[tokio::test]
async fn what_merges_is_a_hint_that_can_be_compared_and_not_ignored() {
    let (worktree, script) = (Worktree::with(&[("a", "one\n  two\nthree\n")]), Script::new());
    script.set(|state| state.findings = vec![merging("a", 2)]);
    let mut client = Client::open(&script, &worktree.path()).await;
    client.open_document(&worktree.uri("a"), "one\n  two\nthree\n").await;
    let diagnostics = when_on_text(&mut client, &worktree.uri("a")).await;
    assert_eq!(diagnostics.len(), 1);
    assert_eq!(
        (&diagnostics[0]["severity"], &diagnostics[0]["code"]),
        (&json!(4), &json!("concurrent-edit"))
    );
    assert_eq!(diagnostics[0]["range"]["start"], json!({"line": 1, "character": 2}));
    assert_eq!(diagnostics[0]["relatedInformation"][0]["location"]["uri"], "file:///there/a");
    let (uri, range) = (worktree.uri("a"), &diagnostics[0]["range"]);
    let asked =
        json!({"textDocument": {"uri": uri}, "range": range, "context": {"diagnostics": diagnostics}});
    let fixes = client.request("textDocument/codeAction", asked).await;
    let offered: Vec<_> = fixes.as_array().unwrap().iter().map(|fix| &fix["command"]["command"]).collect();
    assert_eq!(offered, ["remit.compareWithOtherSide"], "whoever hid it would miss a collision");
    let at = json!({"textDocument": {"uri": worktree.uri("a")}, "position": {"line": 1, "character": 3}});
    assert!(client.request("textDocument/hover", at).await.is_null());
    client.finish().await;
}

fn merging(path: &str, line: u32) -> Diagnosis {
    let mut diagnosis = collision(path, line);
    if let Some(collision) = &mut diagnosis.collision {
        collision.merges_at = collision.clashes.pop().map(|clash| clash.lines);
    }
    Diagnosis { severity: Severity::Hint, ..diagnosis }
}

fn collision(path: &str, line: u32) -> Diagnosis {
    let lines = LineRange { start: line, end: line };
    Diagnosis {
        code: FindingCode::ConcurrentEdit,
        module: None,
        owner: None,
        collision: Some(CollisionWire {
            with: EditedBy::default(),
            side: "tea#1 in worktree feature/x".to_owned(),
            their_file: Some("/there/a".to_owned()),
            compare_with: Some("/there/a".to_owned()),
            clashes: vec![Clash {
                lines,
                their_lines: Some(lines),
                their_text: Some("zwei ```\n".to_owned()),
            }],
            merges_at: None,
        }),
        ..diagnosis(path, "These lines are edited elsewhere too.")
    }
}
