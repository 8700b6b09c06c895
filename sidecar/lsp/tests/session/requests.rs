use serde_json::{Value, json};

use crate::{
    Worktree,
    client::Client,
    diagnosis,
    engine::{Call, Script},
};

#[tokio::test]
async fn the_board_comes_in_the_envelope() {
    let (worktree, script) = (Worktree::with(&[]), Script::new());
    let mut client = Client::open(&script, &worktree.path()).await;
    for params in [json!(null), json!({}), json!([]), json!({"anything": 1})] {
        let envelope = client.request("remit/board", params).await;
        assert_eq!(envelope["ok"], true);
        assert_eq!(envelope["revision"], 1);
        assert_eq!(envelope["result"]["me"]["agent_id"], "agent-me");
    }
    client.finish().await;
}

#[tokio::test]
async fn who_names_the_last_answer_is_told_what_differs_from_it() {
    let (worktree, script) = (Worktree::with(&[]), Script::new());
    let mut client = Client::open(&script, &worktree.path()).await;
    let whole = client.request("remit/board", json!(null)).await;
    let mark = whole["result"]["mark"].clone();
    script.set(|state| state.me = None);
    let difference = client.request("remit/board", json!({"since": mark})).await;
    assert_eq!(difference["result"]["since"], mark);
    assert_eq!(difference["result"]["me"], json!(null));
    assert_eq!(difference["result"]["modules"], json!([]));
    for since in [mark, json!(7), json!("what?"), json!(null)] {
        let whole = client.request("remit/board", json!({"since": since})).await;
        assert_eq!(whole["result"].get("since"), None, "{since}");
    }
    client.finish().await;
}

#[tokio::test]
async fn a_command_reaches_the_engine_and_what_it_changed_is_looked_at() {
    let (worktree, mut script) = (Worktree::with(&[]), Script::new());
    let mut client = Client::open(&script, &worktree.path()).await;
    script.queried("findings").await;
    // The board does not move: only the command itself calls for a look.
    script.set(|state| state.findings = vec![diagnosis("a", "after the command")]);
    let params = json!({"command": "claim", "arguments": {"module": "core"}, "expected_revision": 1});
    let envelope = client.request("remit/command", params).await;
    assert_eq!(envelope, json!({"ok": true, "revision": 1, "result": {"modules": []}}));
    let (asking, command) = script
        .call(|call| match call {
            Call::Executed(asking, command) => Some((asking, command)),
            _ => None,
        })
        .await;
    assert_eq!((asking.expected_revision, command.name()), (Some(1), "claim"));
    client.diagnostics(&worktree.uri("a")).await;
    script.renewed().await;
    client.finish().await;
}

#[tokio::test]
async fn a_refusal_is_an_answer() {
    let (worktree, script) = (Worktree::with(&[]), Script::new());
    let mut client = Client::open(&script, &worktree.path()).await;
    let envelope =
        client.request("remit/command", json!({"command": "release", "arguments": {"module": "core"}})).await;
    assert_eq!(envelope["ok"], false);
    assert_eq!(envelope["revision"], 1);
    assert_eq!(envelope["error"]["kind"], "refused");
    assert_eq!(envelope["error"]["code"], "not-holder");
    client.finish().await;
}

#[tokio::test]
async fn bad_requests_are_told_what_is_wrong_in_the_envelope() {
    let (worktree, mut script) = (Worktree::with(&[]), Script::new());
    let mut client = Client::open(&script, &worktree.path()).await;
    let bad: &[(&str, Value, &str)] = &[
        ("remit/command", json!(null), "command"),
        ("remit/command", json!([1, 2]), "object"),
        ("remit/command", json!({"command": "explode"}), "explode"),
        ("remit/command", json!({"command": "claim"}), "module"),
        ("remit/command", json!({"command": "claim", "arguments": {"module": "a/b"}}), "a/b"),
        ("remit/command", json!({"command": "claim-paths", "arguments": {"paths": ["../x"]}}), "../x"),
        (
            "remit/command",
            json!({"command": "claim", "arguments": {"module": "m"}, "colour": "red"}),
            "colour",
        ),
        ("remit/query", json!({}), "query"),
        ("remit/query", json!({"query": "claim"}), "claim"),
        ("remit/query", json!({"query": "who-owns", "arguments": {"paths": ["a\u{0}b"]}}), "control"),
    ];
    for (method, params, word) in bad {
        let envelope = client.request(method, params.clone()).await;
        assert_eq!(envelope["ok"], false, "{params}");
        assert_eq!(envelope["error"]["kind"], "invalid", "{params}");
        assert!(envelope["error"]["message"].as_str().unwrap().contains(word), "{envelope}");
    }
    let executed =
        script.calls_so_far().into_iter().filter(|call| matches!(call, Call::Executed(..))).count();
    assert_eq!(executed, 0);
    client.finish().await;
}

#[tokio::test]
async fn a_defect_in_one_request_is_told_and_the_server_goes_on() {
    let (worktree, script) = (Worktree::with(&[]), Script::new());
    let mut client = Client::open(&script, &worktree.path()).await;
    let envelope =
        client.request("remit/command", json!({"command": "finish", "arguments": {"module": "core"}})).await;
    assert_eq!(envelope["error"]["kind"], "internal");
    assert!(
        envelope["error"]["message"].as_str().unwrap().contains("finish panicked: a defect"),
        "{envelope}"
    );
    client.finish().await;
}

#[tokio::test]
async fn a_slow_command_keeps_nobody_waiting() {
    let (worktree, mut script) = (Worktree::with(&[]), Script::new());
    let mut client = Client::open(&script, &worktree.path()).await;
    script.queried("findings").await;
    script.set(|state| state.held = true);
    let mut slow = Vec::new();
    for _ in 0..20 {
        slow.push(client.ask("remit/command", json!({"command": "claim-next"})).await);
    }
    assert_eq!(client.request("remit/query", json!({"query": "conflicts"})).await["ok"], true);
    assert_eq!(client.request("remit/ping", json!({})).await, Value::Null, "it works, and does not hang");
    script.set(|state| state.held = false);
    for id in slow {
        assert_eq!(client.answer(id).await["ok"], true);
    }
    client.finish().await;
}

#[tokio::test]
async fn a_diagnostic_brings_its_quick_fixes() {
    let (worktree, script) = (Worktree::with(&[]), Script::new());
    let mut client = Client::open(&script, &worktree.path()).await;
    script.commit(|state| {
        state.findings = vec![remit_board::reply::Diagnosis {
            handoff_offered: true,
            ..diagnosis("app/[id]/page.tsx", "theirs")
        }];
    });
    let uri = worktree.uri("app/[id]/page.tsx");
    let diagnostics = client.diagnostics(&uri).await;
    client.told("remit/boardChanged").await;
    let range = diagnostics[0]["range"].clone();
    let params = json!({"textDocument": {"uri": uri}, "range": range, "context": {"diagnostics": diagnostics, "only": ["quickfix"]}});
    let actions = client.request("textDocument/codeAction", params).await;
    let commands: Vec<_> = actions.as_array().unwrap().iter().map(|action| &action["command"]).collect();
    let target = json!([{"module": "core", "path": "app/[id]/page.tsx"}]);
    assert_eq!(
        json!(commands),
        json!([
            {"title": "Claim the handoff of core", "command": "remit.claimHandoff", "arguments": target},
            {"title": "Open the handoff of core", "command": "remit.openHandoff", "arguments": target},
            {"title": "Request a handoff of core", "command": "remit.requestHandoff", "arguments": target},
            {"title": "Claim this path", "command": "remit.claimPaths", "arguments": target},
            {
                "title": "Ignore core in this file until the window closes",
                "command": "remit.ignoreHere",
                "arguments": [{"module": "core", "path": "app/[id]/page.tsx", "code": "path-owned-by-other"}],
            },
        ])
    );
    assert_eq!(actions[0]["diagnostics"], json!(diagnostics));
    client.finish().await;
}
