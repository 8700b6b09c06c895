//! `doctor`: everything that could trouble a board, each a line with what to do. It changes nothing.

mod selftest;

use remit_board::{
    board::Board,
    failure::{Code, Failure},
    reply::{Check, DoctorReply},
    retention::Retention,
    time::Millis,
    words::{counted, duration},
};
use remit_store::{Clock, Health, Options, Snapshot, archive};

use crate::local::LocalEngine;

impl LocalEngine {
    /// Without a board, too: what there is to say of the ground it would stand on.
    pub(crate) fn doctor(&self, self_test: bool) -> DoctorReply {
        let mut checks = vec![self.disk_check(), git_check(self)];
        match self.board_checks() {
            Ok(of_board) => checks.extend(of_board),
            Err(failure) => checks.push(unreachable(&failure)),
        }
        checks.push(self.hook_check());
        if self_test {
            checks.extend(selftest::play());
        }
        DoctorReply { checks }
    }

    fn board_checks(&self) -> Result<Vec<Check>, Failure> {
        let snapshot = self.snapshot()?;
        let health = self.with_store(|store| store.health())?;
        let must_archive = self.with_store(|store| archive::is_due(store, snapshot.now))?;
        let board = &snapshot.board;
        let (modules, agents) =
            (counted(board.modules.len(), "module"), counted(board.agents.len(), "agent"));
        let mut checks = vec![
            Check::ok(
                "board",
                format!("revision {} in {}; {modules}, {agents}", board.revision, self.plan.path().display()),
            ),
            self.file_check(),
            journal_check(&health),
            format_check(&health),
            projection_check(&health),
            lease_check(&snapshot),
            self.session_check(&snapshot),
            clock_check(&snapshot),
            retention_check(&health, must_archive),
            self.confirmation_check(&snapshot),
        ];
        checks.extend(candidate_check(board));
        #[cfg(unix)]
        checks.push(self.rights_check());
        checks.extend(kept_check(&health));
        Ok(checks)
    }

    fn disk_check(&self) -> Check {
        match remit_store::network_name(self.plan.path()) {
            None => Check::ok("disk", "the board's folder lies on a disk of this machine"),
            Some(name) => Check::note("disk", format!("the board's folder lies on a network file system ({name})"))
                .advice("use `remit serve` on the machine that has the disk, or make the board with `remit bootstrap --shared-storage true`"),
        }
    }

    fn file_check(&self) -> Check {
        match remit_store::examine(&self.plan, &Options::default()) {
            Ok(None) => Check::ok("database", "SQLite finds the file whole"),
            Ok(Some(damage)) => Check::problem(
                "database",
                format!("the file is damaged: {}", damage.lines.join("; ")),
            )
            .advice(
                "`remit validate --repair` sets it aside and rebuilds the board from the files beside it",
            ),
            Err(error) => unreachable(&error.into()),
        }
    }

    fn session_check(&self, snapshot: &Snapshot) -> Check {
        const STALE_MS: i64 = 24 * 3600 * 1000;
        let live = self.live_sessions(snapshot);
        let sessions = snapshot.board.sessions.values();
        let is_stale = |session: &&remit_board::session::Session| {
            let seen = snapshot.last_seen.get(&session.id).copied().unwrap_or(session.registered_at);
            !live.contains(&session.id) && snapshot.now.0 - seen.0 > STALE_MS
        };
        let stale = sessions.filter(is_stale).count();
        let all = snapshot.board.sessions.len();
        if stale == 0 {
            return Check::ok("sessions", format!("{} live of {all}", live.len()));
        }
        Check::note("sessions", format!("{stale} of {all} were not seen for a day"))
            .advice("`remit reap-sessions --max-age-seconds 86400` forgets them")
    }

    fn confirmation_check(&self, snapshot: &Snapshot) -> Check {
        let worktree = crate::place::worktree_label(&self.place);
        let branch = self.branch();
        match remit_board::decide::confirmed_branch(&snapshot.board, worktree.as_deref(), branch.as_deref()) {
            Ok(()) => Check::ok("preflight", "this worktree is on the branch that was confirmed"),
            Err(refusal) => {
                let message = refusal.message.trim_end_matches("; nothing was changed").to_owned();
                let check = Check::note("preflight", message);
                match refusal.hint {
                    Some(hint) => check.advice(hint),
                    None => check,
                }
            }
        }
    }

    fn hook_check(&self) -> Check {
        let Some(state) = self.guard_state() else {
            return Check::note("guard", "there are no git hooks outside of a repository");
        };
        let open: Vec<&str> = state.hooks.iter().filter(|one| !one.guarded).map(|one| one.hook).collect();
        if open.is_empty() {
            return Check::ok("guard", format!("git's hooks in {} are guarded", state.folder));
        }
        Check::note("guard", format!("{} in {} are not guarded", open.join(" and "), state.folder))
            .advice("`remit guard install` stops commits of what others own")
    }

    /// The database holds lease tokens.
    #[cfg(unix)]
    fn rights_check(&self) -> Check {
        use std::os::unix::fs::PermissionsExt;
        let file = self.plan.database();
        let mode = std::fs::metadata(&file).map_or(0, |found| found.permissions().mode() & 0o777);
        if mode & 0o077 == 0 {
            return Check::ok("rights", "only you can read the database");
        }
        Check::problem("rights", format!("others can read the database and its lease tokens (mode {mode:o})"))
            .advice(format!("chmod 600 '{}'*", file.display()))
    }
}

fn unreachable(failure: &Failure) -> Check {
    let message = failure.message.trim_end_matches("; nothing was changed").to_owned();
    let check = if failure.code == Code::NoBoard {
        Check::note("board", message)
    } else {
        Check::problem("board", message)
    };
    match &failure.hint {
        Some(hint) => check.advice(hint.clone()),
        None => check,
    }
}

fn git_check(engine: &LocalEngine) -> Check {
    match &engine.place.worktree {
        Some(worktree) if worktree.git.is_some() => match remit_worktree::git_version() {
            Ok(version) => Check::ok("git", version),
            Err(error) => Check::problem("git", error.to_string()),
        },
        _ => Check::note("git", "this folder is in no git repository: changes come from saved files only"),
    }
}

fn journal_check(health: &Health) -> Check {
    let sqlite = format!("SQLite {}", health.sqlite_version);
    // A board of an older format is read as it will be, from a copy; the next command that writes changes it.
    if health.journal == "memory" {
        return Check::ok(
            "journal",
            format!("{sqlite}; a copy in memory until the format is brought up to date"),
        );
    }
    let is_wal = health.journal == "wal";
    match health.network_disk {
        Some(name) if is_wal => Check::problem(
            "journal",
            format!(
                "{sqlite} with a write-ahead log on {name}, where it can't be shared: nothing is written"
            ),
        )
        .advice("`remit bootstrap --shared-storage true` changes to a rollback journal"),
        None if !is_wal => Check::note(
            "journal",
            format!("{sqlite} with a rollback journal ({}), as for a shared folder", health.journal),
        )
        .advice("`remit bootstrap --shared-storage false` changes to the quicker write-ahead log"),
        _ if is_wal => Check::ok(
            "journal",
            format!("{sqlite} with a write-ahead log of {} KiB", health.log_length.div_ceil(1024)),
        ),
        _ => Check::ok("journal", format!("{sqlite} with a rollback journal ({})", health.journal)),
    }
}

fn format_check(health: &Health) -> Check {
    let Health { format, known_format, .. } = health;
    match format.cmp(known_format) {
        std::cmp::Ordering::Equal => {
            Check::ok("format", format!("format {format}, the one that this remit writes"))
        }
        std::cmp::Ordering::Less => Check::note(
            "format",
            format!("format {format} of an older remit; this one writes {known_format}"),
        )
        .advice("the next command that writes makes a copy and brings it up to date"),
        std::cmp::Ordering::Greater => Check::note(
            "format",
            format!("format {format} of a newer remit, which still lets this one ({known_format}) write"),
        )
        .advice("install the newest remit"),
    }
}

fn projection_check(health: &Health) -> Check {
    match health.shown_revision {
        Some(shown) if shown == health.revision => {
            Check::ok("files", "what stands beside the database shows its newest revision")
        }
        shown => {
            let shown = shown.map_or("nothing".to_owned(), |shown| format!("revision {shown}"));
            Check::note("files", format!("state.json shows {shown}, the board is at {}", health.revision))
                .advice("the next command that writes brings the files up to date")
        }
    }
}

fn lease_check(snapshot: &Snapshot) -> Check {
    let expired: Vec<String> = snapshot
        .leases
        .0
        .values()
        .filter(|lease| lease.is_expired(snapshot.now))
        .map(|lease| format!("{} of {}", lease.module, lease.holder))
        .collect();
    if expired.is_empty() {
        return Check::ok("leases", format!("{} held, none has run out", snapshot.leases.0.len()));
    }
    const NAMED: usize = 5;
    let named = expired.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    let more =
        if expired.len() > NAMED { format!(" and {} more", expired.len() - NAMED) } else { String::new() };
    Check::note(
        "leases",
        format!("{} of {} have run out: {named}{more}", expired.len(), snapshot.leases.0.len()),
    )
    .advice("their holders may go on; `remit reclaim` gives the modules back")
}

/// The store follows a clock that steps back only when it steps far.
fn clock_check(snapshot: &Snapshot) -> Check {
    const NOTICED_MS: i64 = 5_000;
    let Millis(here) = Clock::system().read();
    let ahead = snapshot.now.0 - here;
    if ahead.abs() < NOTICED_MS {
        return Check::ok("clock", "this machine's clock agrees with the board's");
    }
    Check::problem(
        "clock",
        format!(
            "the board's newest commit is {} ahead of this machine's clock",
            duration(ahead.unsigned_abs() / 1000)
        ),
    )
    .advice("set the clocks of all machines that share the board by NTP: leases run by them")
}

fn candidate_check(board: &Board) -> Option<Check> {
    let candidates = board.modules.values().filter(|module| module.is_candidate()).count();
    let message = match candidates {
        0 => return None,
        1 => "1 module to do owns nothing yet but what a scan guessed".to_owned(),
        n => format!("{n} modules to do own nothing yet but what a scan guessed"),
    };
    let check = Check::note("candidates", message);
    Some(check.advice(
        "`remit confirm-module ID --all` makes it count; until then nobody is warned about those paths",
    ))
}

/// Asks what the steward asks after every commit: what it would archive then should not be there for long.
fn retention_check(health: &Health, must_archive: bool) -> Check {
    let Retention { max_rows, max_age_seconds } = Retention::default();
    let events = counted(usize::try_from(health.events).unwrap_or(usize::MAX), "event");
    let policy = format!(
        "{events}; the newest {max_rows} stay, for {}, then they are archived",
        duration(max_age_seconds)
    );
    if !must_archive {
        return Check::ok("retention", policy);
    }
    Check::note("retention", format!("{policy}; some are beyond that"))
        .advice("the next command that writes archives them, or `remit prune-events` now")
}

fn kept_check(health: &Health) -> Option<Check> {
    let names = health.kept.iter().filter_map(|path| path.file_name()).map(|name| name.to_string_lossy());
    let names = names.collect::<Vec<_>>().join(", ");
    (!names.is_empty()).then(|| {
        Check::note("copies", format!("older databases lie beside the board: {names}"))
            .advice("delete them when you don't need them any more")
    })
}
