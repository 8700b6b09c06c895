use std::collections::{BTreeMap, BTreeSet};

use remit_board::{
    board::SafetyProfile,
    findings::{
        Changes, Collision, EditState, LiveScopes, Observer, Scene, conflict_rows, diagnose, findings,
    },
    ids::SessionId,
    path::ProjectPath,
    reply::{Clash, ConflictRow, Diagnosis, EditedBy, FindingCode, LineRange, Severity},
    scope::CaseRule,
    time::Millis,
};
use serde_json::json;

use crate::play::Play;

/// What `who` sees in a worktree: `changed` as `path` or `path@agent` where a window said that it did it.
struct Look<'a> {
    play: &'a Play,
    who: &'a str,
    worktree: &'a str,
    changed: Vec<(ProjectPath, BTreeSet<SessionId>)>,
    open: BTreeSet<ProjectPath>,
    collisions: Vec<Collision>,
}

impl<'a> Look<'a> {
    fn new(play: &'a Play, who: &'a str, worktree: &'a str) -> Self {
        Self { play, who, worktree, changed: Vec::new(), open: BTreeSet::new(), collisions: Vec::new() }
    }

    fn changed(mut self, path: &str, by: &[&str]) -> Self {
        let sessions = by.iter().map(|key| session(self.play, key)).collect();
        self.changed.push((path.parse().unwrap(), sessions));
        self
    }

    fn open(mut self, path: &str) -> Self {
        self.open.insert(path.parse().unwrap());
        self
    }

    /// With an agent in the worktree of `branch`, `ago` milliseconds ago.
    fn collides(mut self, path: &str, branch: &str, with: &str, ago: i64, clashes: &[(u32, u32)]) -> Self {
        let clash = |&(start, end): &(u32, u32)| Clash {
            lines: LineRange { start, end },
            their_lines: Some(LineRange { start, end }),
            their_text: Some("theirs\n".to_owned()),
        };
        self.collisions.push(Collision {
            path: path.parse().unwrap(),
            clashes: clashes.iter().map(clash).collect(),
            merges_at: None,
            with: EditedBy {
                worktree: Some(format!("/{branch}")),
                branch: Some(branch.to_owned()),
                session_id: None,
                agent_id: Some(self.play.agent(with)),
            },
            state: EditState::Saved,
            since: Some(Millis(self.play.now.0 - ago)),
            their_file: Some(format!("/{branch}/{path}")),
        });
        self
    }

    /// The same, but git merges both.
    fn merges(mut self, path: &str, branch: &str, with: &str, at: (u32, u32)) -> Self {
        self = self.collides(path, branch, with, 0, &[]);
        let (start, end) = at;
        self.collisions.iter_mut().last().unwrap().merges_at = Some(LineRange { start, end });
        self
    }

    fn see(&self, all: bool) -> (Vec<ConflictRow>, Vec<Diagnosis>, Option<i64>) {
        let live = LiveScopes::of(&self.play.board, CaseRule::Sensitive);
        let observer = Observer {
            agent: Some(self.play.agent(self.who)),
            session: Some(session(self.play, self.who)),
            worktree: Some(self.worktree.to_owned()),
        };
        let changes = Changes {
            paths: self.changed.iter().cloned().collect::<BTreeMap<_, _>>(),
            open: self.open.clone(),
        };
        let scene = Scene {
            board: &self.play.board,
            leases: &self.play.leases,
            live: &live,
            observer: &observer,
            changes: &changes,
            collisions: &self.collisions,
            now: self.play.now,
        };
        let found = findings(&scene);
        let (diagnoses, stale_at) = diagnose(&scene, &found);
        (conflict_rows(&scene, &found, all, &[]), diagnoses, stale_at.map(|at| at.0))
    }

    fn codes(&self) -> Vec<(String, FindingCode, Severity)> {
        self.see(false).1.into_iter().map(|one| (one.path.to_string(), one.code, one.severity)).collect()
    }

    fn rows(&self) -> Vec<(FindingCode, Option<String>)> {
        let rows = self.see(false).0;
        rows.into_iter().map(|row| (row.code, row.path.or(row.witness).map(String::from))).collect()
    }
}

fn session(play: &Play, who: &str) -> SessionId {
    let agent = play.agent(who);
    play.board.sessions.values().find(|session| session.agent == agent).unwrap().id.clone()
}

/// `a` holds `m` over `src`, in the worktree `/repo`, where `b` has a window too.
fn board() -> Play {
    let mut play = Play::with_agents();
    play.module("m", &[], &["src"]);
    play.module("n", &[], &["docs"]);
    play.claim("a", "m").unwrap();
    play
}

use FindingCode::{ConcurrentEdit, LeaseExpired, OutsideMyScope, PathOwnedByOther, ScopeOverlap};

#[test]
fn what_is_left_of_a_lease_is_said_as_roughly_as_it_is_long() {
    let mut play = board();
    let end = play.now.0 + 30 * 60_000;
    let mut said = |minutes: i64| {
        play.now.0 = end - minutes * 60_000 + 1;
        let look = Look::new(&play, "b", "/repo").changed("src/x.rs", &["b"]);
        let (_, diagnoses, _) = look.see(false);
        diagnoses[0].message.rsplit_once("runs for ").unwrap().1.to_owned()
    };
    let times = [1, 119, 120, 8 * 60, 7 * 24 * 60].map(&mut said);
    assert_eq!(
        times,
        ["less than a minute.", "119 more minutes.", "2 more hours.", "8 more hours.", "7 more days."]
    );
}

#[test]
fn a_change_in_somebodys_scope_is_found_and_said_in_words() {
    let play = board();
    let look = Look::new(&play, "b", "/repo").changed("src/x.rs", &["b"]);
    assert_eq!(look.codes(), [("src/x.rs".to_owned(), PathOwnedByOther, Severity::Warning)]);
    assert_eq!(look.rows(), [(PathOwnedByOther, Some("src/x.rs".to_owned()))]);
    let (rows, diagnoses, stale_at) = look.see(false);
    let message = &diagnoses[0].message;
    assert_eq!(message, "This file belongs to module m of a; their lease runs for 30 more minutes.");
    assert_eq!(rows[0].changed_by.session_id, Some(session(&play, "b")));
    assert_eq!(stale_at, Some(play.now.0 + 60_000));
}

#[test]
fn the_owner_is_not_warned_of_its_own_file() {
    let play = board();
    assert_eq!(Look::new(&play, "a", "/repo").changed("src/x.rs", &["a"]).codes(), []);
}

#[test]
fn a_change_that_only_the_worktree_is_known_for_is_presumed_the_owners_where_the_owner_works() {
    let play = board();
    let here = Look::new(&play, "b", "/repo").changed("src/x.rs", &[]);
    assert_eq!((here.codes(), here.rows()), (vec![], vec![]));
    assert_eq!(here.see(true).0.len(), 1, "`--all` shows it");
    let elsewhere = Look::new(&play, "b", "/linked").changed("src/x.rs", &[]);
    assert_eq!(elsewhere.rows(), [(PathOwnedByOther, Some("src/x.rs".to_owned()))]);
    assert_eq!(elsewhere.codes().len(), 1);
}

#[test]
fn somebody_elses_change_here_is_a_conflict_but_no_diagnostic_of_mine() {
    let play = board();
    let look = Look::new(&play, "r", "/repo").changed("src/x.rs", &["b"]);
    assert_eq!(look.rows(), [(PathOwnedByOther, Some("src/x.rs".to_owned()))]);
    assert_eq!(look.codes(), []);
}

#[test]
fn an_open_file_is_only_good_to_know() {
    let play = board();
    let look = Look::new(&play, "b", "/repo").open("src/x.rs").open("docs/y.md");
    assert_eq!(look.codes(), [("src/x.rs".to_owned(), PathOwnedByOther, Severity::Information)]);
    assert_eq!(look.rows(), []);
    let owners_change = Look::new(&play, "b", "/repo").changed("src/x.rs", &["a"]).open("src/x.rs");
    assert_eq!(owners_change.codes(), [("src/x.rs".to_owned(), PathOwnedByOther, Severity::Information)]);
}

#[test]
fn severity_follows_the_safety_profile() {
    for (profile, severity) in
        [("safe", Severity::Error), ("balanced", Severity::Warning), ("throughput", Severity::Information)]
    {
        let mut play = board();
        play.safety(profile);
        let codes = Look::new(&play, "b", "/repo").changed("src/x.rs", &["b"]).codes();
        assert_eq!(codes, [("src/x.rs".to_owned(), PathOwnedByOther, severity)], "{profile}");
    }
}

#[test]
fn after_the_expiry_lease_expired_stands_instead() {
    let mut play = board();
    play.pass(1800 + 150);
    let look = Look::new(&play, "b", "/repo").changed("src/x.rs", &["b"]);
    assert_eq!(look.codes(), [("src/x.rs".to_owned(), LeaseExpired, Severity::Information)]);
    assert_eq!(look.rows(), []);
    assert!(look.see(false).1[0].message.contains("ran out 2 minutes ago"));
}

#[test]
fn overlapping_claims_are_one_diagnostic_on_the_files_in_both() {
    let mut play = board();
    play.module("o", &[], &["src/o"]);
    play.claim("b", "o").unwrap();
    let look = Look::new(&play, "b", "/repo").changed("src/o/x.rs", &["b"]).changed("src/p.rs", &["b"]);
    assert_eq!(
        look.codes(),
        [
            ("src/o/x.rs".to_owned(), ScopeOverlap, Severity::Warning),
            ("src/p.rs".to_owned(), PathOwnedByOther, Severity::Warning),
        ]
    );
    let (rows, _, _) = look.see(false);
    let overlap = rows.iter().find(|row| row.code == ScopeOverlap).unwrap();
    assert_eq!(
        (overlap.module.as_ref().unwrap().as_str(), overlap.with_module.as_ref().unwrap().as_str()),
        ("m", "o")
    );
}

#[test]
fn what_i_changed_outside_of_all_scopes_is_said_once_i_hold_something() {
    let mut play = board();
    assert_eq!(Look::new(&play, "b", "/repo").changed("x", &["b"]).codes(), []);
    play.claim("b", "n").unwrap();
    let look =
        Look::new(&play, "b", "/repo").changed("x", &["b"]).changed("docs/a.md", &["b"]).changed("y", &[]);
    assert_eq!(look.codes(), [("x".to_owned(), OutsideMyScope, Severity::Information)]);
}

#[test]
fn a_module_that_nobody_began_and_that_covers_the_path_can_be_claimed_instead() {
    let mut play = board();
    play.claim("b", "n").unwrap();
    play.module("first", &[], &["tools"]);
    play.module("second", &["first"], &["tools", "later"]);
    let claimable = |path: &str| {
        let look = Look::new(&play, "b", "/repo").changed(path, &["b"]);
        look.see(false).1[0].claimable.as_ref().map(ToString::to_string)
    };
    assert_eq!(claimable("tools/x.rs").as_deref(), Some("first"));
    assert_eq!(claimable("later/x.rs"), None, "it waits for another one");
    assert_eq!(claimable("y"), None);
}

#[test]
fn of_the_other_claim_is_told_what_the_message_does_not_say() {
    let mut play = board();
    let claim = |play: &Play| {
        let diagnoses = Look::new(play, "b", "/linked").changed("src/x.rs", &["b"]).see(false).1;
        diagnoses[0].claim.clone().unwrap()
    };
    assert_eq!(claim(&play), "in-progress, owns src.");
    play.run("a", "edit-module", json!({ "id": "m", "title": "Totals" })).unwrap();
    assert_eq!(claim(&play), "“Totals”, in-progress, owns src.");
}

#[test]
fn the_reviewer_is_not_warned_of_what_it_reviews() {
    let mut play = board();
    let id = "m".parse().unwrap();
    let reviewer = play.agent("r");
    let module = play.board.modules.get_mut(&id).unwrap();
    module.status = remit_board::module::Status::InReview;
    module.reviewer = Some(reviewer);
    assert_eq!(Look::new(&play, "r", "/linked").changed("src/x.rs", &["r"]).codes(), []);
    assert_eq!(Look::new(&play, "b", "/linked").changed("src/x.rs", &["b"]).codes().len(), 1);
}

#[test]
fn after_a_handover_the_warning_changes_sides() {
    let mut play = board();
    play.run("a", "handoff-bundle", json!({ "module": "m" })).unwrap();
    assert!(Look::new(&play, "b", "/repo").changed("src/x.rs", &["b"]).see(false).1[0].handoff_offered);
    play.run("b", "claim-handoff", json!({ "module": "m" })).unwrap();
    assert_eq!(Look::new(&play, "b", "/repo").changed("src/x.rs", &["b"]).codes(), []);
    assert_eq!(Look::new(&play, "a", "/repo").changed("src/x.rs", &["a"]).codes().len(), 1);
}

#[test]
fn edits_of_the_same_lines_are_told_with_whom_and_since_when() {
    let mut play = board();
    let look = |play: &Play| {
        Look::new(play, "b", "/repo")
            .changed("docs/x.md", &["b"])
            .collides("docs/x.md", "feature", "a", 3 * 60_000, &[(4, 6), (9, 9)])
            .see(false)
    };
    let (rows, diagnoses, stale_at) = look(&play);
    assert_eq!(diagnoses.len(), 1, "one diagnostic a cause");
    assert_eq!(
        diagnoses[0].message,
        "These lines are edited elsewhere too, and would not merge: a in worktree feature, not committed yet, \
         3 minutes ago."
    );
    let collision = diagnoses[0].collision.as_ref().unwrap();
    assert_eq!((collision.side.as_str(), collision.clashes.len()), ("a in worktree feature", 2));
    assert_eq!(stale_at, Some(play.now.0 + 60_000), "in a minute it reads otherwise");
    let row = rows.iter().find(|row| row.code == ConcurrentEdit).unwrap();
    assert_eq!(row.ranges.as_ref().unwrap()[1], LineRange { start: 9, end: 9 });
    assert_eq!(row.with.as_ref().unwrap().branch.as_deref(), Some("feature"));
    assert_eq!(row.side.as_deref(), Some("a in worktree feature"), "as the diagnostic calls it");
    assert_eq!(row.compare_with.as_deref(), Some("/feature/docs/x.md"));
    assert_eq!(collision.compare_with, row.compare_with);
    assert_eq!(row.changed_by.session_id, Some(session(&play, "b")));
    let severity = |play: &Play| look(play).1[0].severity;
    assert_eq!(severity(&play), Severity::Warning);
    for (safety, expected) in
        [(SafetyProfile::Safe, Severity::Error), (SafetyProfile::Throughput, Severity::Information)]
    {
        play.board.safety = safety;
        assert_eq!(severity(&play), expected);
    }
}

#[test]
fn edits_that_merge_are_a_hint_however_safe_the_board_is_and_no_conflict() {
    let mut play = board();
    for safety in [SafetyProfile::Safe, SafetyProfile::Balanced, SafetyProfile::Throughput] {
        play.board.safety = safety;
        let look = Look::new(&play, "b", "/repo").changed("x", &["b"]).merges("x", "feature", "a", (4, 6));
        let (rows, diagnoses, _) = look.see(true);
        assert_eq!(rows, []);
        assert_eq!(diagnoses.len(), 1);
        assert_eq!((diagnoses[0].code, diagnoses[0].severity), (ConcurrentEdit, Severity::Hint));
        assert_eq!(
            diagnoses[0].message,
            "This file is edited elsewhere too, and git merges both: a in worktree feature, not committed yet, \
             just now."
        );
        let merges_at = diagnoses[0].collision.as_ref().unwrap().merges_at;
        assert_eq!(merges_at, Some(LineRange { start: 4, end: 6 }));
    }
}

#[test]
fn what_changed_on_disk_under_unsaved_text_is_told_as_that() {
    let play = board();
    let message = |with: Option<&str>, clashes: &[(u32, u32)]| {
        let mut look =
            Look::new(&play, "b", "/repo").changed("x", &["b"]).collides("x", "repo", "a", 0, clashes);
        let collision = look.collisions.last_mut().unwrap();
        collision.state = EditState::OnDisk;
        collision.with.agent_id = with.map(|key| play.agent(key));
        let (rows, diagnoses, _) = look.see(false);
        assert_eq!(rows.len(), 1);
        diagnoses[0].message.clone()
    };
    assert_eq!(
        message(Some("a"), &[(1, 1)]),
        "These lines were changed on disk under your unsaved text, and would not merge: the file on disk, as a saved it, just now."
    );
    assert_eq!(
        message(None, &[]),
        "This file was changed on disk under your unsaved text, and would not merge: the file on disk, just now."
    );
}

#[test]
fn each_of_several_who_edit_the_same_lines_is_told_of_and_what_others_here_edit_is_theirs() {
    let play = board();
    let look = Look::new(&play, "b", "/repo")
        .changed("x", &["b"])
        .changed("y", &["a"])
        .collides("x", "one", "a", 0, &[(1, 1)])
        .collides("x", "two", "r", 0, &[])
        .collides("y", "one", "a", 0, &[(1, 1)]);
    let codes = look.codes();
    assert_eq!(codes.iter().filter(|(path, code, _)| path == "x" && *code == ConcurrentEdit).count(), 2);
    assert!(!codes.iter().any(|(path, ..)| path == "y"));
    assert_eq!(look.rows().iter().filter(|(code, _)| *code == ConcurrentEdit).count(), 3);
    assert!(look.see(false).1.iter().any(|one| one.message.starts_with("This file is edited")));
}
