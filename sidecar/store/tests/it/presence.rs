//! Presence comes and goes without a trace on the board.

use std::{fs, process::Child};

use remit_board::time::Millis;
use remit_store::{
    PlanFolder, PresenceDb, PresenceEdit, PresenceEdits, PresenceRow, PresenceState, SessionPresence, Store,
    StoreError,
};

use crate::{
    bed::{Disk, add_module},
    processes::process,
};

fn row(path: &str, state: PresenceState) -> PresenceRow {
    PresenceRow { path: path.parse().unwrap(), state, since: Millis(7), edits: None }
}

fn said(session: &str, rows: &[PresenceRow]) -> SessionPresence {
    SessionPresence {
        session: session.parse().unwrap(),
        worktree: "/w".into(),
        head: None,
        rows: rows.to_vec(),
    }
}

fn publish(presence: &mut PresenceDb, said: &SessionPresence) {
    presence.publish(&said.session, &said.worktree, said.head.as_deref(), &said.rows).unwrap();
}

#[test]
fn what_is_published_is_seen_by_others_until_it_is_withdrawn() {
    let disk = Disk::with_board();
    let (mut here, mut there) = (PresenceDb::new(&disk.plan), PresenceDb::new(&disk.plan));
    assert_eq!(there.all().unwrap(), []);
    assert!(!disk.plan.presence().exists(), "asking makes no file");

    let one = said("s-1", &[row("a/b.rs", PresenceState::Unsaved), row("z \u{e4}.rs", PresenceState::Saved)]);
    publish(&mut here, &one);
    let two = said("s-2", &[]);
    publish(&mut there, &two);
    assert_eq!(there.all().unwrap(), [one, two.clone()]);

    let less = said("s-1", &[row("a/b.rs", PresenceState::Saved)]);
    publish(&mut here, &less);
    assert_eq!(here.all().unwrap(), [less, two.clone()]);

    here.withdraw(&"s-1".parse().unwrap()).unwrap();
    assert_eq!(there.all().unwrap(), [two]);
}

#[test]
fn the_last_session_takes_the_file_with_it() {
    let disk = Disk::with_board();
    let mut presence = PresenceDb::new(&disk.plan);
    let one = said("s-1", &[row("a", PresenceState::Saved)]);
    publish(&mut presence, &one);
    presence.withdraw(&one.session).unwrap();
    let left = fs::read_dir(disk.plan.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(!left.into_iter().any(|name| name.to_string_lossy().starts_with("presence")));
    presence.withdraw(&one.session).unwrap();

    publish(&mut presence, &one);
    assert_eq!(presence.all().unwrap(), [one]);
}

#[test]
fn it_is_its_owners_alone_and_wakes_no_board() {
    let disk = Disk::with_board();
    let mut store = disk.open();
    add_module(&mut store, "a");
    let before = store.read().unwrap();
    publish(&mut PresenceDb::new(&disk.plan), &said("s-1", &[row("a", PresenceState::Saved)]));
    assert_eq!(store.read().unwrap().board.revision, before.board.revision);
    #[cfg(unix)]
    for file in ["presence.db", "presence.db-wal"] {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            fs::metadata(disk.plan.path().join(file)).unwrap().permissions().mode() & 0o777,
            0o600,
            "{file}"
        );
    }
}

#[test]
fn saying_the_same_again_writes_nothing() {
    let disk = Disk::with_board();
    let mut presence = PresenceDb::new(&disk.plan);
    let rows = [row("b", PresenceState::Saved), row("a", PresenceState::Unsaved)];
    publish(&mut presence, &said("s-1", &rows));
    let watcher = rusqlite::Connection::open(disk.plan.presence()).unwrap();
    let version = || watcher.query_row("PRAGMA data_version", [], |row| row.get::<_, i64>(0)).unwrap();
    let before = version();
    publish(&mut presence, &said("s-1", &rows));
    assert_eq!(version(), before);
    publish(&mut presence, &said("s-1", &rows[..1]));
    assert_ne!(version(), before);
}

#[test]
fn damaged_presence_is_thrown_away() {
    let disk = Disk::with_board();
    for content in ["not a database at all, and for long enough that SQLite notices. ".repeat(99), "x".into()]
    {
        fs::write(disk.plan.presence(), content).unwrap();
        let mut presence = PresenceDb::new(&disk.plan);
        assert_eq!(presence.all().unwrap(), []);
        let one = said("s-1", &[row("a", PresenceState::Saved)]);
        publish(&mut presence, &one);
        assert_eq!(presence.all().unwrap(), std::slice::from_ref(&one));
        presence.withdraw(&one.session).unwrap();
    }
}

#[test]
fn presence_of_a_newer_remit_is_left_to_it() {
    let disk = Disk::with_board();
    publish(&mut PresenceDb::new(&disk.plan), &said("s-1", &[]));
    rusqlite::Connection::open(disk.plan.presence())
        .unwrap()
        .execute_batch("PRAGMA user_version = 9")
        .unwrap();
    let answer = PresenceDb::new(&disk.plan).publish(&"s-2".parse().unwrap(), "/w", None, &[]);
    assert!(matches!(answer, Err(StoreError::SchemaNewer { .. })), "{answer:?}");
    assert!(disk.plan.presence().exists());
}

#[test]
fn without_a_board_there_is_no_presence() {
    let disk = Disk::empty();
    let mut presence = PresenceDb::new(&disk.plan);
    let answer = presence.publish(&"s-1".parse().unwrap(), "/w", None, &[]);
    assert!(matches!(answer, Err(StoreError::NoBoard { .. })), "{answer:?}");
    assert_eq!(presence.all().unwrap(), []);
    assert!(!disk.plan.path().exists());

    let disk = Disk::with_board();
    let mut presence = PresenceDb::new(&disk.plan);
    publish(&mut presence, &said("s-1", &[]));
    fs::remove_dir_all(disk.plan.path()).unwrap();
    assert_eq!(presence.all().unwrap(), []);
    presence.withdraw(&"s-1".parse().unwrap()).unwrap();
    assert!(presence.publish(&"s-1".parse().unwrap(), "/w", None, &[]).is_err());
    assert!(!disk.plan.path().exists());
}

/// The role of a window that opens, says something, sees it, and closes; again and again.
pub fn come_and_go(plan: &PlanFolder, name: &str) {
    for n in 0..20 {
        let mut presence = PresenceDb::new(plan);
        let mine = said(name, &[row(&format!("file-{n}"), PresenceState::Unsaved)]);
        publish(&mut presence, &mine);
        let all = presence.all().unwrap();
        assert!(all.contains(&mine), "{name} does not see its own words in {all:?}");
        presence.withdraw(&mine.session).unwrap();
    }
}

/// The file is taken away and made again all the time.
#[test]
fn windows_that_come_and_go_do_not_lose_what_they_say() {
    let disk = Disk::with_board();
    let mut windows: Vec<Child> =
        (0..4).map(|n| process("present", disk.root(), &format!("s-{n}")).spawn().unwrap()).collect();
    for window in &mut windows {
        assert!(window.wait().unwrap().success());
    }
    assert_eq!(PresenceDb::new(&disk.plan).all().unwrap(), []);
}

#[test]
fn unsaved_edits_travel_with_or_without_their_lines() {
    let disk = Disk::with_board();
    let mut presence = PresenceDb::new(&disk.plan);
    let edit =
        |text: Option<&str>| PresenceEdit { start: 1, removed: 0, added: 1, text: text.map(str::to_owned) };
    let edits = PresenceEdits { base: "b1".into(), edits: vec![edit(Some("\"new\"\n")), edit(None)] };
    let typed = PresenceRow { edits: Some(edits), ..row("a", PresenceState::Unsaved) };
    let one = SessionPresence { head: Some("c0ffee".into()), ..said("s-1", &[typed]) };
    publish(&mut presence, &one);
    assert_eq!(PresenceDb::new(&disk.plan).all().unwrap(), [one]);
}

#[test]
fn the_pulse_moves_with_what_others_say_and_with_nothing_else() {
    let disk = Disk::with_board();
    let (mut here, mut there) = (PresenceDb::new(&disk.plan), PresenceDb::new(&disk.plan));
    let mine = "s-1".parse().unwrap();
    let mut pulse = || here.pulse(Some(&mine)).unwrap();
    assert_eq!(pulse(), 0);
    publish(&mut there, &said("s-1", &[row("a", PresenceState::Unsaved)]));
    let quiet = pulse();
    publish(&mut there, &said("s-1", &[]));
    assert_eq!(pulse(), quiet, "my own words are no news");
    publish(&mut there, &said("s-2", &[row("a", PresenceState::Unsaved)]));
    let spoken = pulse();
    assert_ne!(spoken, quiet);
    publish(&mut there, &said("s-2", &[row("a", PresenceState::Unsaved)]));
    assert_eq!(pulse(), spoken);
    there.withdraw(&"s-2".parse().unwrap()).unwrap();
    assert_eq!(pulse(), quiet);
}

#[test]
fn a_file_of_an_older_remit_is_taken_up_and_left_readable_to_it() {
    let disk = Disk::with_board();
    let old = rusqlite::Connection::open(disk.plan.presence()).unwrap();
    old.execute_batch(
        "PRAGMA journal_mode = WAL;
         CREATE TABLE sessions (session TEXT PRIMARY KEY, worktree TEXT NOT NULL) STRICT, WITHOUT ROWID;
         CREATE TABLE changes (session TEXT NOT NULL, path TEXT NOT NULL, state TEXT NOT NULL,
           since INTEGER NOT NULL, PRIMARY KEY (session, path)) STRICT, WITHOUT ROWID;
         PRAGMA user_version = 1;",
    )
    .unwrap();
    let mut presence = PresenceDb::new(&disk.plan);
    let mine = said("s-2", &[row("b", PresenceState::Saved)]);
    publish(&mut presence, &mine);
    old.execute_batch(
        "INSERT INTO sessions (session, worktree) VALUES ('s-1', '/w');
         INSERT INTO changes (session, path, state, since) VALUES ('s-1', 'a', 'unsaved', 7);",
    )
    .unwrap();
    assert_eq!(presence.all().unwrap(), [said("s-1", &[row("a", PresenceState::Unsaved)]), mine]);
}
