//! Every file that the steward writes, whole, from one fixed board.

use std::fs;

use remit_board::{
    board::{Row, SafetyProfile, Text},
    decision::Decision,
    event::NewEvent,
    handoff::{HandoffStatus, Target},
    module::{Module, Priority, Status},
    scope::Scope,
};
use remit_store::{Steward, testing::Sample};

use crate::bed::{Disk, commit};

fn module(id: &str, status: Status, owner: Option<&str>) -> Module {
    Module { status, owner: owner.map(Sample::agent_id), ..Sample::module(id) }
}

/// Something in every section, and people who write markup where they can.
fn fixed_board() -> Disk {
    let disk = Disk::with_board();
    let mut store = disk.open();
    let mut ann = Sample::agent("agent-0a0a0a0a");
    ann.thread_key = "Ann | <b>bold</b> `x`".parse().unwrap();
    let mut auth = module("auth", Status::InProgress, Some("agent-0a0a0a0a"));
    auth.title = "# Log in\n\n| with | pipes | and [links](javascript:x) <script>".to_owned();
    auth.priority = Priority::try_from(0).unwrap();
    auth.branch = Some("feature/auth".to_owned());
    auth.owned_paths = Scope::parse(["src/auth", "*.{md,txt}", "app/\\[id\\]/a|b`c.tsx"]).unwrap();
    let mut blocked = module("billing", Status::Blocked, Some("agent-0b0b0b0b"));
    blocked.block_reason = Some("waits for *keys*".to_owned());
    let mut review = module("cache", Status::InReview, Some("agent-0a0a0a0a"));
    review.reviewer = Some(Sample::agent_id("agent-0b0b0b0b"));
    let mut waiting = module("docs", Status::Todo, None);
    waiting.depends_on = vec![Sample::module_id("auth"), Sample::module_id("early")];
    waiting.specialty = Some("prose".parse().unwrap());
    let rows = [
        Row::Agent(ann),
        Row::Agent(Sample::agent("agent-0b0b0b0b")),
        Row::Session(Sample::session("session-1", "agent-0a0a0a0a")),
        Row::Safety(SafetyProfile::Safe),
        Row::Module(auth),
        Row::Module(blocked),
        Row::Module(review),
        Row::Module(waiting),
        Row::Module(module("early", Status::Done, Some("agent-0b0b0b0b"))),
        Row::Module(module("never", Status::Cancelled, None)),
    ];
    let description =
        Text::Description { module: Sample::module_id("auth"), text: "People can log in.\nAnd out.".into() };
    commit(&mut store, Decision { texts: vec![description], ..Sample::decision(rows) });
    hand_over(&mut store);
    disk
}

fn hand_over(store: &mut remit_store::SqliteStore) {
    let mut offered = Sample::handoff("auth", 2);
    offered.from = Sample::agent_id("agent-0a0a0a0a");
    offered.to = Target::Workers(Some("rust".parse().unwrap()));
    offered.summary = "half | done\n## Not a heading".to_owned();
    offered.next_steps = vec!["`rm -rf`".to_owned(), "- test".to_owned()];
    offered.after_expiry = true;
    let mut claimed = Sample::handoff("billing", 2);
    claimed.status = HandoffStatus::Claimed;
    claimed.claimed_by = Some(Sample::agent_id("agent-0b0b0b0b"));
    let mut withdrawn = Sample::handoff("auth", 1);
    withdrawn.status = HandoffStatus::Withdrawn;
    let bundle = "# Handoff: auth\n\nGo on \u{1b}[31mhere\u{7}.".to_owned();
    let texts = vec![Text::Bundle { handoff: offered.id.clone(), text: bundle }];
    let notification = NewEvent {
        kind: "handoff-ready",
        module: Some(Sample::module_id("auth")),
        agent: Some(Sample::agent_id("agent-0a0a0a0a")),
        target: Some(Target::Workers(Some("rust".parse().unwrap()))),
        priority: Some(Priority::default()),
        ..Sample::event("auth is offered")
    };
    let rows = [Row::Handoff(offered), Row::Handoff(claimed), Row::Handoff(withdrawn)];
    commit(store, Decision { texts, events: vec![notification], ..Sample::decision(rows) });
}

fn projected() -> Disk {
    let disk = fixed_board();
    let tended = Steward::tend_once(&disk.plan, &mut disk.open());
    assert_eq!(tended.problems, Vec::<String>::new());
    disk
}

#[test]
fn status() {
    insta::assert_snapshot!(fs::read_to_string(projected().plan.status()).unwrap());
}

#[test]
fn handoffs() {
    insta::assert_snapshot!(fs::read_to_string(projected().plan.handoffs()).unwrap());
}

#[test]
fn bundle() {
    let disk = projected();
    insta::assert_snapshot!(fs::read_to_string(disk.plan.bundle(&Sample::module_id("auth"))).unwrap());
}

#[test]
fn state() {
    let text = fs::read_to_string(projected().plan.state_json()).unwrap();
    assert!(text.starts_with("{\"revision\":2,\"incarnation\":"));
    let state: serde_json::Value = serde_json::from_str(&text).unwrap();
    insta::assert_json_snapshot!(state);
}

#[test]
fn agents() {
    insta::assert_snapshot!(fs::read_to_string(projected().plan.agents()).unwrap());
}

#[test]
fn sessions() {
    insta::assert_snapshot!(fs::read_to_string(projected().plan.sessions()).unwrap());
}

#[test]
fn notifications() {
    insta::assert_snapshot!(fs::read_to_string(projected().plan.notifications()).unwrap());
}

#[test]
fn handoff_index() {
    let text = fs::read_to_string(projected().plan.handoff_index()).unwrap();
    assert!(text.starts_with("{\"revision\":2,\"incarnation\":"));
    insta::assert_json_snapshot!(serde_json::from_str::<serde_json::Value>(&text).unwrap());
}

#[test]
fn a_notification_whose_cause_is_gone_is_taken_off_the_page() {
    let disk = projected();
    let before = fs::read_to_string(disk.plan.notifications()).unwrap();
    assert!(before.contains("handoff-ready"), "{before}");
    let mut claimed = Sample::handoff("auth", 2);
    claimed.status = HandoffStatus::Claimed;
    commit(&mut disk.open(), Sample::decision([Row::Handoff(claimed)]));
    Steward::tend_once(&disk.plan, &mut disk.open());
    let after = fs::read_to_string(disk.plan.notifications()).unwrap();
    assert!(!after.contains("handoff-ready"), "{after}");
}

#[test]
fn a_reaped_session_is_taken_off_the_pages() {
    let disk = projected();
    let mut reaped = Sample::session("session-1", "agent-0a0a0a0a");
    reaped.reaped = true;
    commit(&mut disk.open(), Sample::decision([Row::Session(reaped)]));
    Steward::tend_once(&disk.plan, &mut disk.open());
    for file in [disk.plan.sessions(), disk.plan.state_json()] {
        assert!(!fs::read_to_string(file).unwrap().contains("session-1"));
    }
}

#[test]
fn an_empty_board_says_what_to_do() {
    let disk = Disk::with_board();
    Steward::tend_once(&disk.plan, &mut disk.open());
    insta::assert_snapshot!("empty_status", fs::read_to_string(disk.plan.status()).unwrap());
    insta::assert_snapshot!("empty_handoffs", fs::read_to_string(disk.plan.handoffs()).unwrap());
    insta::assert_snapshot!("empty_agents", fs::read_to_string(disk.plan.agents()).unwrap());
    insta::assert_snapshot!("empty_sessions", fs::read_to_string(disk.plan.sessions()).unwrap());
    insta::assert_snapshot!("empty_notifications", fs::read_to_string(disk.plan.notifications()).unwrap());
}

#[test]
fn no_secret_and_no_time_left_is_shown() {
    let disk = fixed_board();
    let grant =
        remit_board::board::LeaseChange::Grant(Sample::lease("auth", "agent-0a0a0a0a", "very-secret-token"));
    let rows = [Row::Module(module("auth", Status::InProgress, Some("agent-0a0a0a0a")))];
    commit(&mut disk.open(), Decision { leases: vec![grant], ..Sample::decision(rows) });
    Steward::tend_once(&disk.plan, &mut disk.open());
    let plan = &disk.plan;
    let pages = [plan.status(), plan.handoffs(), plan.agents(), plan.sessions(), plan.notifications()];
    for file in pages.into_iter().chain([plan.handoff_index(), plan.state_json()]) {
        let text = fs::read_to_string(file).unwrap();
        assert!(!text.contains("very-secret-token") && !text.contains("expires"), "{text}");
    }
}
