//! Windows on one repository, through the door that an editor uses.

#![allow(clippy::unwrap_used, reason = "a test may")]

use std::{
    path::{Path, PathBuf},
    process::Command as Process,
    time::{Duration, Instant},
};

use remit_board::{
    command::{Asking, Command, Query},
    door::{Presence, WindowDoor, WindowSpec},
    failure::Code,
    ids::{LeaseToken, WindowId},
    path::ProjectPath,
    reply::{BoardReply, Diagnosis, FindingCode, FindingsReply},
};
use remit_engine::open_window;
use serde_json::{Value, json};

struct Repository {
    folder: tempfile::TempDir,
}

impl Repository {
    fn new() -> Self {
        let repository = Self { folder: tempfile::tempdir().unwrap() };
        std::fs::create_dir_all(repository.main().join("src")).unwrap();
        repository.git(&["init", "-q", "-b", "main"]);
        repository.write("src/lib.rs", "pub fn one() {}\n");
        repository.git(&["add", "-A"]);
        repository.git(&["commit", "-q", "-m", "one"]);
        repository
    }

    fn main(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join("main")
    }

    fn linked(&self) -> PathBuf {
        let linked = self.main().with_file_name("linked");
        self.git(&["worktree", "add", "-q", linked.to_str().unwrap()]);
        linked
    }

    fn write(&self, path: &str, text: &str) {
        std::fs::write(self.main().join(path), text).unwrap();
    }

    fn git(&self, arguments: &[&str]) {
        let identity = ["-c", "user.name=t", "-c", "user.email=t@example.invalid"];
        let status =
            Process::new("git").current_dir(self.main()).args(identity).args(arguments).status().unwrap();
        assert!(status.success(), "git {arguments:?}");
    }
}

struct Window(WindowDoor);

impl Window {
    fn open(folder: &Path, hint: Option<&WindowId>) -> Self {
        let spec =
            WindowSpec { folder: folder.to_owned(), window_id: hint.cloned(), ..WindowSpec::default() };
        Self(open_window(None, spec).unwrap())
    }

    fn run(&self, name: &str, arguments: Value) -> Result<Value, Code> {
        self.ask(Asking::default(), name, arguments)
    }

    fn ask(&self, asking: Asking, name: &str, arguments: Value) -> Result<Value, Code> {
        let command = Command::from_json(name, arguments).unwrap().unwrap();
        let outcome = self.0.engine.execute(&asking, command);
        outcome.result.map(|reply| serde_json::to_value(reply).unwrap()).map_err(|failure| failure.code)
    }

    fn query<T: serde::de::DeserializeOwned>(&self, name: &str) -> T {
        let query = Query::from_json(name, json!({})).unwrap().unwrap();
        let answer = self.0.engine.query(&Asking::default(), query).result.unwrap();
        serde_json::from_value(serde_json::to_value(answer).unwrap()).unwrap()
    }

    fn board(&self) -> BoardReply {
        self.query("board")
    }

    fn diagnoses(&self) -> Vec<Diagnosis> {
        self.query::<FindingsReply>("findings").diagnoses
    }

    fn codes(&self) -> Vec<FindingCode> {
        self.diagnoses().into_iter().map(|one| one.code).collect()
    }

    fn types_in(&self, path: &str) {
        let path: ProjectPath = path.parse().unwrap();
        let presence = Presence { unsaved: vec![path.clone()], open: vec![path], ..Presence::default() };
        self.0.engine.presence(presence).result.unwrap();
    }

    fn saves(&self, path: &str) {
        let path: ProjectPath = path.parse().unwrap();
        let presence = Presence { saved: vec![path.clone()], open: vec![path], ..Presence::default() };
        self.0.engine.presence(presence).result.unwrap();
    }
}

/// A board with module `core` over `src`, made by the window itself.
fn with_board(window: &Window) {
    window.run("bootstrap", json!({})).unwrap();
    window.0.engine.renew().result.unwrap();
    window.run("add-module", json!({ "id": "core", "owned_paths": ["src"] })).unwrap();
}

#[test]
fn a_window_without_a_board_writes_nothing_and_joins_when_one_is_made() {
    let repository = Repository::new();
    let (a, b) = (Window::open(&repository.main(), None), Window::open(&repository.main(), None));
    a.types_in("src/lib.rs");
    assert!(!a.board().head.exists);
    assert_eq!(a.codes(), []);
    assert_eq!((&a.0.window_id, &b.0.window_id), (&None, &None), "windows are told apart by a board only");
    assert!(!repository.main().join("project-plan").exists());
    assert!(!repository.main().join(".git/remit").exists());
    assert_eq!(a.run("claim", json!({ "module": "core" })), Err(Code::NoBoard));
    assert!(!repository.main().join("project-plan").exists(), "a refused command makes no board");

    with_board(&a);
    let woken = b.0.engine.wait(None, Duration::from_secs(30)).result.unwrap().unwrap();
    assert!(woken.exists);
    b.0.engine.renew().result.unwrap();
    let (me, other) = (a.board().head.me.unwrap(), b.board().head.me.unwrap());
    assert_ne!(me.agent_id, other.agent_id, "two windows on one folder are two agents");
    assert_eq!(b.board().sessions.iter().filter(|session| session.live).count(), 2);
}

#[test]
fn typing_in_somebodys_module_is_found_and_a_handover_changes_sides() {
    let repository = Repository::new();
    let a = Window::open(&repository.main(), None);
    with_board(&a);
    let b = Window::open(&repository.main(), None);
    let c = Window::open(&repository.linked(), None);
    a.run("claim", json!({ "module": "core" })).unwrap();
    for window in [&a, &b, &c] {
        window.types_in("src/lib.rs");
    }
    assert_eq!(a.codes(), []);
    assert_eq!(b.codes(), [FindingCode::PathOwnedByOther]);
    assert_eq!(c.codes(), [FindingCode::PathOwnedByOther]);
    let conflicts = c.board().conflicts;
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0].changed_by.session_id, c.board().head.me.unwrap().session_id);

    a.run("handoff-bundle", json!({ "module": "core", "summary": "half done" })).unwrap();
    assert!(b.diagnoses()[0].handoff_offered);
    b.run("claim-handoff", json!({ "module": "core" })).unwrap();
    assert_eq!(b.codes(), []);
    assert_eq!(a.codes(), [FindingCode::PathOwnedByOther]);
    assert_eq!(a.run("finish", json!({ "module": "core" })), Err(Code::NotHolder));
}

#[test]
fn what_a_window_saved_stays_its_own_and_is_forgotten_when_taken_back() {
    let repository = Repository::new();
    let a = Window::open(&repository.main(), None);
    with_board(&a);
    let b = Window::open(&repository.main(), None);
    a.run("claim", json!({ "module": "core" })).unwrap();
    repository.write("src/lib.rs", "pub fn two() {}\n");
    b.saves("src/lib.rs");
    assert_eq!(b.diagnoses()[0].severity, remit_board::reply::Severity::Warning);
    assert_eq!(b.board().conflicts.len(), 1);
    repository.write("src/lib.rs", "pub fn one() {}\n");
    let touched = Presence { touched: vec!["src/lib.rs".parse().unwrap()], ..Presence::default() };
    b.0.engine.presence(touched).result.unwrap();
    assert_eq!((b.codes(), b.board().conflicts), (vec![], vec![]));
}

#[test]
fn a_sidecar_that_comes_back_is_the_same_session_and_keeps_its_leases() {
    let repository = Repository::new();
    let a = Window::open(&repository.main(), None);
    with_board(&a);
    let claimed = a.run("claim", json!({ "module": "core" })).unwrap();
    let before = a.board().head.me.unwrap();
    let window = before.window_id.clone().unwrap();
    drop(a);

    let again = Window::open(&repository.main(), Some(&window));
    let after = again.board().head.me.unwrap();
    assert_eq!((&after.agent_id, &after.session_id), (&before.agent_id, &before.session_id));
    assert_eq!(after.session_epoch, before.session_epoch.map(|epoch| epoch + 1));
    let old: LeaseToken = serde_json::from_value(claimed["lease"]["token"].clone()).unwrap();
    let stale = Asking { lease_token: Some(old), ..Asking::default() };
    assert_eq!(again.ask(stale, "release", json!({ "module": "core" })), Err(Code::StaleLease));
    again.run("release", json!({ "module": "core" })).unwrap();
}

#[test]
fn while_a_window_lives_its_id_is_not_given_to_another() {
    let repository = Repository::new();
    let a = Window::open(&repository.main(), None);
    with_board(&a);
    let first = Window::open(&repository.main(), None).0.window_id.unwrap();
    let held = Window::open(&repository.main(), None);
    let held_id = held.0.window_id.clone().unwrap();
    assert_eq!(held_id, first, "a closed window's slot is free again");
    let reloaded = Window::open(&repository.main(), Some(&held_id));
    assert_ne!(reloaded.0.window_id, Some(held_id));
}

#[test]
fn a_lease_that_runs_out_wakes_the_others_and_gives_way_to_a_takeover() {
    let repository = Repository::new();
    let a = Window::open(&repository.main(), None);
    with_board(&a);
    let c = Window::open(&repository.linked(), None);
    let claimed = a.run("claim", json!({ "module": "core", "ttl_seconds": 1 })).unwrap();
    c.types_in("src/lib.rs");
    assert_eq!(c.codes(), [FindingCode::PathOwnedByOther]);
    assert_eq!(c.run("claim", json!({ "module": "core" })), Err(Code::LeaseHeld));
    let revision = c.board().head.revision;
    let woken = c.0.engine.wait(Some(revision), Duration::from_secs(30)).result.unwrap().unwrap();
    assert!(woken.volatile, "an expiry is no revision");
    assert_eq!(c.codes(), [FindingCode::LeaseExpired]);
    c.run("claim", json!({ "module": "core" })).unwrap();
    assert_eq!(c.codes(), []);
    let old: LeaseToken = serde_json::from_value(claimed["lease"]["token"].clone()).unwrap();
    let stale = Asking { lease_token: Some(old), ..Asking::default() };
    assert_eq!(a.ask(stale, "release", json!({ "module": "core" })), Err(Code::NotHolder));
    assert_eq!(a.0.engine.renew().result.unwrap().lost, ["core".parse().unwrap()]);
    assert_eq!(a.0.engine.renew().result.unwrap().lost, [], "said once");
}

#[test]
fn a_windows_leases_run_as_long_as_its_settings_say() {
    let repository = Repository::new();
    let spec = WindowSpec { folder: repository.main(), lease_seconds: Some(90), ..WindowSpec::default() };
    let a = Window(open_window(None, spec).unwrap());
    with_board(&a);
    assert_eq!(a.run("claim", json!({ "module": "core" })).unwrap()["lease"]["ttl_seconds"], 90);
    let asked = a.run("claim", json!({ "module": "core", "ttl_seconds": 5 })).unwrap();
    assert_eq!(asked["lease"]["ttl_seconds"], 5);
}

#[test]
fn a_renewal_keeps_a_lease_and_bumps_no_revision() {
    let repository = Repository::new();
    let a = Window::open(&repository.main(), None);
    with_board(&a);
    a.run("claim", json!({ "module": "core", "ttl_seconds": 2 })).unwrap();
    let before = a.board();
    let expiry = |board: &BoardReply| board.modules[0].module.lease.clone().unwrap().expires_at;
    let due = a.0.engine.renew().result.unwrap().next_in.unwrap();
    assert!(due <= Duration::from_millis(667), "{due:?}");
    assert_eq!(expiry(&a.board()), expiry(&before), "too early to renew");
    let woken = a.0.engine.wait(Some(before.head.revision), due + Duration::from_millis(10)).result.unwrap();
    assert_eq!(woken, None, "nothing happened");
    a.0.engine.renew().result.unwrap();
    let after = a.board();
    assert_eq!(after.head.revision, before.head.revision);
    assert!(expiry(&after) > expiry(&before));
}

#[test]
fn a_window_that_slept_past_its_lease_takes_it_up_again_if_nobody_did() {
    let repository = Repository::new();
    let a = Window::open(&repository.main(), None);
    with_board(&a);
    a.run("claim", json!({ "module": "core", "ttl_seconds": 1 })).unwrap();
    let revision = a.board().head.revision;
    a.0.engine.wait(Some(revision), Duration::from_secs(30)).result.unwrap();
    assert!(a.board().modules[0].module.lease.clone().unwrap().expired);
    a.0.engine.renew().result.unwrap();
    assert!(!a.board().modules[0].module.lease.clone().unwrap().expired);
    a.run("finish", json!({ "module": "core" })).unwrap();
}

#[test]
fn a_board_that_is_removed_and_made_again_is_joined_again() {
    let repository = Repository::new();
    let a = Window::open(&repository.main(), None);
    with_board(&a);
    let revision = a.board().head.revision;
    std::fs::remove_dir_all(repository.main().join("project-plan")).unwrap();
    let woken = a.0.engine.wait(Some(revision), Duration::from_secs(30)).result.unwrap().unwrap();
    assert!(!woken.exists);
    assert!(!a.board().head.exists);
    assert_eq!(a.0.engine.renew().result.unwrap().me, None);
    with_board(&a);
    assert!(a.board().head.me.is_some());
    a.run("claim", json!({ "module": "core" })).unwrap();
}

#[test]
fn a_bare_repository_has_no_window() {
    let folder = tempfile::tempdir().unwrap();
    let status = Process::new("git").arg("init").arg("-q").arg("--bare").arg(folder.path()).status().unwrap();
    assert!(status.success());
    let spec = WindowSpec { folder: folder.path().to_owned(), ..WindowSpec::default() };
    let failure = open_window(None, spec).err().unwrap();
    assert_eq!(failure.code, Code::Invalid);
}

#[test]
fn what_calls_a_window_is_told_until_it_is_acknowledged_and_no_longer() {
    let repository = Repository::new();
    let (a, b) = (Window::open(&repository.main(), None), Window::open(&repository.main(), None));
    with_board(&a);
    b.0.engine.renew().result.unwrap();
    let b_agent = b.board().head.me.unwrap().agent_id;
    a.run("assign", json!({ "module": "core", "to": format!("agent:{b_agent}") })).unwrap();
    assert!(a.board().notifications.is_empty(), "it calls somebody else");
    let board = b.board();
    let [assigned] = &board.notifications[..] else { panic!("{:?}", board.notifications) };
    assert_eq!((assigned.event.kind.as_str(), assigned.needs_me), ("assigned", true));
    assert_eq!(assigned.actions, ["claim"]);
    let read = json!({ "cursor_id": board.head.cursor_id, "up_to": assigned.event.seq });
    b.run("ack-notifications", read).unwrap();
    assert!(b.board().notifications.is_empty());
    a.run("add-module", json!({ "id": "web" })).unwrap();
    a.run("assign", json!({ "module": "web", "to": format!("agent:{b_agent}") })).unwrap();
    assert_eq!(b.board().notifications.len(), 1);
    b.run("claim", json!({ "module": "web" })).unwrap();
    assert!(b.board().notifications.is_empty(), "what it asked for is done");
}

/// An owner, and the reviewer who sends `core` back to it.
fn sent_back(repository: &Repository, ttl_seconds: u64) -> (Window, Window) {
    let (a, b) = (Window::open(&repository.main(), None), Window::open(&repository.main(), None));
    with_board(&a);
    b.0.engine.renew().result.unwrap();
    a.run("claim", json!({ "module": "core" })).unwrap();
    a.run("submit", json!({ "module": "core" })).unwrap();
    b.run("start-review", json!({ "module": "core" })).unwrap();
    let changes = json!({ "module": "core", "reason": "tests", "ttl_seconds": ttl_seconds });
    b.run("request-changes", changes).unwrap();
    (a, b)
}

fn is_expired(window: &Window) -> bool {
    window.board().modules[0].module.lease.clone().unwrap().expired
}

fn wait_until_expired(window: &Window) {
    let revision = window.board().head.revision;
    while !is_expired(window) {
        window.0.engine.wait(Some(revision), Duration::from_secs(30)).result.unwrap();
    }
}

#[test]
fn an_owner_goes_on_after_changes_were_asked_for() {
    let repository = Repository::new();
    let (a, _b) = sent_back(&repository, 60);
    let board = a.board();
    assert!(board.modules[0].actions.contains(&"resume".to_owned()), "{:?}", board.modules[0].actions);
    assert_eq!(a.run("submit", json!({ "module": "core" })).err(), Some(Code::StaleLease));
    a.run("claim", json!({ "module": "core" })).unwrap();
    a.run("submit", json!({ "module": "core" })).unwrap();
}

#[test]
fn what_was_sent_back_stays_its_owners_as_long_as_the_window_lives() {
    let repository = Repository::new();
    let (a, b) = sent_back(&repository, 3);
    let revision = a.board().head.revision;
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_millis(3500) {
        let next_in = a.0.engine.renew().result.unwrap().next_in.unwrap();
        a.0.engine.wait(Some(revision), next_in).result.unwrap();
        assert!(!is_expired(&a));
    }
    assert_eq!(a.board().head.revision, revision, "bookkeeping is no revision");
    assert_eq!(b.run("claim", json!({ "module": "core" })), Err(Code::LeaseHeld));
    let submitted = a.run("submit", json!({ "module": "core" }));
    assert_eq!(submitted.err(), Some(Code::StaleLease), "to keep the lease is not to go on");
    a.run("claim", json!({ "module": "core" })).unwrap();
    a.run("submit", json!({ "module": "core" })).unwrap();
}

#[test]
fn what_was_sent_back_to_a_closed_window_runs_out() {
    let repository = Repository::new();
    let (a, b) = sent_back(&repository, 1);
    drop(a);
    b.0.engine.renew().result.unwrap();
    wait_until_expired(&b);
    b.0.engine.renew().result.unwrap();
    assert!(is_expired(&b), "it is not the reviewer's to renew");
    b.run("claim", json!({ "module": "core" })).unwrap();
}

#[test]
fn what_was_sent_back_to_an_owner_with_two_windows_is_kept_by_the_one_that_lives() {
    let repository = Repository::new();
    let of_ada = || {
        let thread_key = Some("ada".parse().unwrap());
        let spec = WindowSpec { folder: repository.main(), thread_key, ..WindowSpec::default() };
        Window(open_window(None, spec).unwrap())
    };
    let (first, second, reviewer) = (of_ada(), of_ada(), Window::open(&repository.main(), None));
    with_board(&first);
    for window in [&second, &reviewer] {
        window.0.engine.renew().result.unwrap();
    }
    first.run("claim", json!({ "module": "core" })).unwrap();
    first.run("submit", json!({ "module": "core" })).unwrap();
    reviewer.run("start-review", json!({ "module": "core" })).unwrap();
    let changes = json!({ "module": "core", "reason": "tests", "ttl_seconds": 3 });
    reviewer.run("request-changes", changes).unwrap();
    let lease = |window: &Window| window.board().modules[0].module.lease.clone().unwrap();
    assert_eq!(lease(&second).session_id, None, "nobody knows which window goes on");
    drop(first);

    let begun = Instant::now();
    let revision = second.board().head.revision;
    while begun.elapsed() < Duration::from_millis(3500) {
        let next_in = second.0.engine.renew().result.unwrap().next_in.unwrap();
        reviewer.0.engine.renew().result.unwrap();
        second.0.engine.wait(Some(revision), next_in).result.unwrap();
        assert!(!is_expired(&second));
    }
    assert_eq!(reviewer.run("claim", json!({ "module": "core" })), Err(Code::LeaseHeld));
    second.run("claim", json!({ "module": "core" })).unwrap();
    let me = second.board().head.me.unwrap();
    assert_eq!(lease(&second).session_id, me.session_id);
    second.run("submit", json!({ "module": "core" })).unwrap();
}

#[test]
fn a_window_that_slept_while_its_work_was_sent_back_takes_it_up_again_if_nobody_did() {
    let repository = Repository::new();
    let (a, b) = sent_back(&repository, 1);
    wait_until_expired(&b);
    a.0.engine.renew().result.unwrap();
    assert!(!is_expired(&a));
    let board = a.board();
    assert!(board.modules[0].actions.contains(&"resume".to_owned()), "{:?}", board.modules[0].actions);
}
