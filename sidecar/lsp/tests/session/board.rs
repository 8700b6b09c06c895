use std::time::{Duration, Instant, SystemTime};

use remit_board::{
    failure::{Code, Failure},
    reply::{ChangedBy, ConflictRow, FindingCode, Severity},
};
use serde_json::json;

use crate::{
    Worktree,
    client::Client,
    diagnosis,
    engine::{Call, Script},
};

#[tokio::test]
async fn a_finding_becomes_a_diagnostic_and_leaves_with_its_cause() {
    let (worktree, script) = (Worktree::with(&[]), Script::new());
    let mut client = Client::open(&script, &worktree.path()).await;
    script.commit(|state| state.findings = vec![diagnosis("src/a b.rs", "src is owned by them for 12 min")]);
    let uri = worktree.uri("src/a b.rs");
    let diagnostics = client.diagnostics(&uri).await;
    assert_eq!(
        json!(diagnostics),
        json!([{
            "range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}},
            "severity": 2, "code": "path-owned-by-other", "source": "remit",
            "message": "src is owned by them for 12 min",
            "data": {"code": "path-owned-by-other", "path": "src/a b.rs", "module": "core", "withModule": null,
                "handoffOffered": false, "claimable": null, "compareWith": null, "side": null, "merges": false},
            "relatedInformation": [{
                "location": {
                    "uri": worktree.uri("project-plan/STATUS.md"),
                    "range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}},
                },
                "message": "core, of them, owns src.",
            }],
        }])
    );
    let changed = client.told("remit/boardChanged").await;
    assert_eq!(changed, json!({"revision": 2, "volatile": false, "exists": true}));

    script.commit(|state| state.findings.clear());
    assert!(client.diagnostics(&uri).await.is_empty());
    assert_eq!(client.told("remit/boardChanged").await["revision"], 3);
    client.finish().await;
}

#[tokio::test]
async fn only_what_changed_is_pushed() {
    let (worktree, script) = (Worktree::with(&[]), Script::new());
    let mut client = Client::open(&script, &worktree.path()).await;
    script.commit(|state| state.findings = vec![diagnosis("a", "one"), diagnosis("b", "one")]);
    client.diagnostics(&worktree.uri("a")).await;
    client.diagnostics(&worktree.uri("b")).await;
    client.told("remit/boardChanged").await;
    // The same again, and then a change of `b` alone: the end of the session shows that `a` was not sent again.
    script.commit(|_| {});
    client.told("remit/boardChanged").await;
    let error = |message: &str| remit_board::reply::Diagnosis {
        severity: Severity::Error,
        ..diagnosis("b", message)
    };
    script.commit(|state| state.findings = vec![diagnosis("a", "one"), error("two"), error("three")]);
    let diagnostics = client.diagnostics(&worktree.uri("b")).await;
    let said: Vec<_> = diagnostics.iter().map(|d| (d["severity"].clone(), d["message"].clone())).collect();
    assert_eq!(said, [(json!(1), json!("two")), (json!(1), json!("three"))]);
    client.told("remit/boardChanged").await;
    client.finish().await;
}

#[tokio::test]
async fn a_board_that_appears_later_is_announced_and_the_window_registers() {
    let (worktree, mut script) = (Worktree::with(&[]), Script::new());
    script.set(|state| {
        state.exists = false;
        state.revision = 0;
    });
    let mut client = Client::connect(script.opener(&worktree.path(), Vec::new()));
    client.initialize(&worktree.path()).await;
    let envelope = client.request("remit/board", json!(null)).await;
    assert_eq!(envelope["result"]["exists"], false);
    script.renewed().await;
    script.commit(|state| state.exists = true);
    assert_eq!(
        client.told("remit/boardChanged").await,
        json!({"revision": 1, "volatile": false, "exists": true})
    );
    script.renewed().await;

    script.set(|state| state.exists = false);
    assert_eq!(
        client.told("remit/boardChanged").await,
        json!({"revision": 0, "volatile": false, "exists": false})
    );
    client.finish().await;
}

#[tokio::test]
async fn bookkeeping_is_told_as_volatile() {
    let (worktree, script) = (Worktree::with(&[]), Script::new());
    let mut client = Client::open(&script, &worktree.path()).await;
    script.set(|state| {
        state.bookkeeping += 1;
        state.findings = vec![diagnosis("a", "11 min")];
    });
    assert_eq!(
        client.told("remit/boardChanged").await,
        json!({"revision": 1, "volatile": true, "exists": true})
    );
    client.diagnostics(&worktree.uri("a")).await;
    client.finish().await;
}

#[tokio::test]
async fn other_conflicts_without_a_commit_are_told_as_volatile() {
    let (worktree, script) = (Worktree::with(&[("a", "one\n")]), Script::new());
    let mut client = Client::open(&script, &worktree.path()).await;
    script.set(|state| {
        state.conflicts = vec![ConflictRow {
            code: FindingCode::PathOwnedByOther,
            changed_by: ChangedBy::default(),
            module: Some("core".parse().unwrap()),
            owner: None,
            path: Some("a".parse().unwrap()),
            lease_expires_at: None,
            witness: None,
            with_module: None,
            ranges: None,
            with: None,
            side: None,
            compare_with: None,
        }];
    });
    client.open_document(&worktree.uri("a"), "typed\n").await;
    assert_eq!(
        client.told("remit/boardChanged").await,
        json!({"revision": 1, "volatile": true, "exists": true})
    );
    client.finish().await;
}

#[tokio::test]
async fn a_flood_of_commits_is_looked_at_now_and_then_and_its_end_is_shown() {
    let (worktree, mut script) = (Worktree::with(&[]), Script::new());
    let mut client = Client::open(&script, &worktree.path()).await;
    script.commit(|state| state.findings = vec![diagnosis("a", "0")]);
    client.diagnostics(&worktree.uri("a")).await;
    script.calls_so_far();
    let start = Instant::now();
    const COMMITS: u64 = 2000;
    for number in 1..=COMMITS {
        script.commit(|state| state.findings = vec![diagnosis("a", &number.to_string())]);
        tokio::task::yield_now().await;
    }
    let mut pushes = 0;
    loop {
        pushes += 1;
        if client.diagnostics(&worktree.uri("a")).await[0]["message"].as_str() == Some(&COMMITS.to_string()) {
            break;
        }
    }
    while client.told("remit/boardChanged").await["revision"] != COMMITS + 2 {}
    let most = start.elapsed().as_millis() as usize / 50 + 2;
    let looks = script.calls_so_far().iter().filter(|call| matches!(call, Call::Queried("findings"))).count();
    assert!(looks <= most && pushes <= looks, "{looks} looks and {pushes} pushes where {most} are due");
    client.finish().await;
}

#[tokio::test]
async fn trouble_is_told_once_and_its_end_too() {
    let (worktree, script) = (Worktree::with(&[]), Script::new());
    let mut client = Client::open(&script, &worktree.path()).await;
    script.commit(|state| state.findings = vec![diagnosis("a", "one")]);
    client.diagnostics(&worktree.uri("a")).await;
    client.told("remit/boardChanged").await;
    let too_new = Failure::new(Code::SchemaNewer, "the board is newer").hint("restart this window");
    for _ in 0..2 {
        script.commit(|state| state.trouble = Some(too_new.clone()));
        client.told("remit/boardChanged").await;
    }
    assert_eq!(
        client.told("remit/status").await,
        json!({"level": "error", "code": "schema-newer", "message": "the board is newer", "hint": "restart this window"})
    );
    // What was found before stands until something else is found.
    script.commit(|state| {
        state.trouble = None;
        state.findings.clear();
    });
    client.told("remit/boardChanged").await;
    assert_eq!(client.told("remit/status").await, json!({"level": "ok", "message": ""}));
    assert!(client.diagnostics(&worktree.uri("a")).await.is_empty());
    client.finish().await;
}

#[tokio::test]
async fn a_board_that_went_away_takes_the_diagnostics_with_it() {
    let (worktree, script) = (Worktree::with(&[]), Script::new());
    let mut client = Client::open(&script, &worktree.path()).await;
    script.commit(|state| state.findings = vec![diagnosis("a", "one")]);
    client.diagnostics(&worktree.uri("a")).await;
    client.told("remit/boardChanged").await;
    script.set(|state| {
        state.exists = false;
        state.trouble = Some(Failure::new(Code::NoBoard, "there is no board"));
    });
    assert_eq!(client.told("remit/boardChanged").await["exists"], false);
    assert!(client.diagnostics(&worktree.uri("a")).await.is_empty());
    client.finish().await;
}

#[tokio::test]
async fn leases_are_renewed_in_time_and_lost_ones_are_told() {
    let (worktree, mut script) = (Worktree::with(&[]), Script::new());
    script.set(|state| state.next_in = Some(Duration::from_millis(20)));
    let mut client = Client::open(&script, &worktree.path()).await;
    for _ in 0..3 {
        script.renewed().await;
    }
    script.set(|state| state.lost = vec!["core".parse().unwrap(), "web".parse().unwrap()]);
    assert_eq!(client.told("remit/leaseLost").await, json!({"modules": ["core", "web"]}));
    client.finish().await;
    // Nothing is renewed once the client has asked to shut down; one renewal may have been under way.
    script.calls_so_far();
}

#[tokio::test]
async fn a_message_that_grows_old_is_made_anew() {
    let (worktree, script) = (Worktree::with(&[]), Script::new());
    let mut client = Client::open(&script, &worktree.path()).await;
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis() as i64;
    script.commit(|state| {
        state.findings = vec![diagnosis("a", "2 min left")];
        state.stale_at = Some(now + 200);
    });
    client.diagnostics(&worktree.uri("a")).await;
    client.told("remit/boardChanged").await;
    // Nobody wakes the board: only the clock does.
    script.set(|state| {
        state.findings = vec![diagnosis("a", "1 min left")];
        state.stale_at = None;
    });
    assert_eq!(client.diagnostics(&worktree.uri("a")).await[0]["message"], "1 min left");
    client.finish().await;
}

#[tokio::test]
async fn files_outside_of_the_open_folder_are_not_shown() {
    let (worktree, script) = (Worktree::with(&[("web/a", ""), ("core/a", "")]), Script::new());
    let mut client = Client::connect(script.opener(&worktree.path(), Vec::new()));
    client.initialize(&worktree.path().join("web")).await;
    client.told("remit/boardChanged").await;
    script.commit(|state| state.findings = vec![diagnosis("core/a", "hidden"), diagnosis("web/a", "shown")]);
    assert_eq!(client.diagnostics(&worktree.uri("web/a")).await[0]["message"], "shown");
    client.told("remit/boardChanged").await;
    client.finish().await;
}
