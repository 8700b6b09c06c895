//! Answers to queries, in short tables.

use remit_board::{
    failure::{Code, Failure},
    reply::{
        Answer, Check, CheckLevel, ConflictRow, EventArchivesReply, EventWire, FindingCode, GraphFormat,
        HandoffWire, LeaseWire, LineRange, ModuleWire, PathOwners, SessionWire, StatusCounts, SummaryReply,
    },
    scope::Scope,
    words::{counted, duration},
};
use serde_json::json;

use super::{
    Human, next,
    replies::mode_and_reasons,
    table::{moment, plain, table},
};

impl Human for Answer {
    fn text(&self) -> String {
        match self {
            Answer::StateReply(_) | Answer::BoardReply(_) | Answer::FindingsReply(_) => {
                serde_json::to_string_pretty(self).unwrap_or_default()
            }
            Answer::SummaryReply(reply) => summary(reply),
            Answer::ModulesReply(reply) => modules(&reply.modules),
            Answer::ModuleShown(reply) => module(&reply.module),
            Answer::SessionsReply(reply) => sessions(&reply.sessions),
            Answer::HandoffsReply(reply) => {
                let bundle = reply.bundle.iter().flat_map(|bundle| bundle.lines());
                let bundle: String = bundle.map(|line| format!("\n{}", plain(line))).collect();
                handoffs(&reply.handoffs) + if bundle.is_empty() { "" } else { "\n" } + &bundle
            }
            Answer::NextHandoffReply(reply) => next_handoff(&reply.handoff),
            Answer::EventArchivesReply(reply) => event_archives(reply),
            Answer::EventsReply(reply) => events(&reply.events, "Nothing has happened since."),
            Answer::NotificationsReply(reply) => {
                events(&reply.notifications, "There is nothing that asks for you.")
            }
            Answer::GraphReply(reply) if reply.modules.is_empty() && reply.format == GraphFormat::Text => {
                NO_MODULES.to_owned()
            }
            Answer::GraphReply(reply) => reply.text.clone(),
            Answer::RankedReply(reply) => next::modules(reply),
            Answer::ActionsReply(reply) => next::actions(reply),
            Answer::OwnersReply(reply) => owners(&reply.paths),
            Answer::ConflictsReply(reply) => match reply.conflicts.as_slice() {
                [] => "No conflicts.".to_owned(),
                rows => rows.iter().map(conflict_line).collect::<Vec<_>>().join("\n"),
            },
            Answer::DoctorReply(reply) => reply.checks.iter().map(check_line).collect::<Vec<_>>().join("\n"),
            Answer::ModeAdviceReply(reply) => {
                format!("{}\n{}", mode_and_reasons(reply.mode, &reply.reasons), reply.meaning)
            }
        }
    }

    fn refusal(&self) -> Option<Failure> {
        match self {
            Answer::ConflictsReply(reply) => conflicts_found(&reply.conflicts),
            Answer::DoctorReply(reply) => problems_found(&reply.checks),
            _ => None,
        }
    }

    fn is_told_when_refused(&self) -> bool {
        matches!(self, Answer::DoctorReply(_))
    }
}

fn conflicts_found(rows: &[ConflictRow]) -> Option<Failure> {
    (!rows.is_empty()).then(|| {
        Failure::new(Code::ConflictsFound, counted(rows.len(), "conflict"))
            .hint("`remit who-owns PATH` says whose a path is; ask for a handoff, or claim the paths")
            .details(json!({ "conflicts": rows }))
    })
}

fn problems_found(checks: &[Check]) -> Option<Failure> {
    let problems = checks.iter().filter(|check| check.level == CheckLevel::Problem).count();
    (problems > 0).then(|| {
        Failure::new(Code::ProblemsFound, format!("{} to be mended", counted(problems, "problem")))
            .hint("each line marked `problem` says what to do")
            .details(json!({ "checks": checks }))
    })
}

fn check_line(check: &Check) -> String {
    let level = match check.level {
        CheckLevel::Ok => "ok",
        CheckLevel::Note => "note",
        CheckLevel::Problem => "problem",
    };
    let mut line = format!("{level:<8} {:<10} {}", check.name, plain(&check.message));
    if let Some(advice) = &check.advice {
        line.push_str(&format!("\n{:<20}{}", "", plain(advice)));
    }
    line
}

fn or_dash<T: ToString>(value: Option<&T>) -> String {
    value.map_or_else(|| "-".to_owned(), ToString::to_string)
}

/// What was given none is called by its id, which stands beside it already.
fn title(id: &str, title: &str) -> String {
    if id == title { String::new() } else { title.to_owned() }
}

fn until(lease: Option<&LeaseWire>) -> String {
    match lease {
        Some(lease) if lease.expired => format!("{} (ran out)", moment(&lease.expires_at)),
        Some(lease) => moment(&lease.expires_at),
        None => "-".to_owned(),
    }
}

fn summary(reply: &SummaryReply) -> String {
    let profile = reply.safety.profile.as_str();
    let mut text = format!("{}; the safety profile is {profile}", counts(&reply.counts));
    if !reply.held.is_empty() {
        let rows: Vec<_> = reply
            .held
            .iter()
            .map(|held| {
                let status = held.status.as_str().to_owned();
                [
                    held.module.to_string(),
                    status,
                    or_dash(held.owner.as_ref()),
                    until(held.lease.as_ref()),
                    title(held.module.as_str(), &held.title),
                ]
            })
            .collect();
        text.push_str(&format!("\n\n{}", table(["held", "status", "owner", "until", "title"], &rows)));
    }
    if !reply.claimable.is_empty() {
        let rows: Vec<_> = reply
            .claimable
            .iter()
            .map(|one| {
                [one.module.to_string(), one.reasons.join(", "), title(one.module.as_str(), &one.title)]
            })
            .collect();
        text.push_str(&format!("\n\n{}", table(["claimable", "why", "title"], &rows)));
    }
    if !reply.open_handoffs.is_empty() {
        text.push_str(&format!("\n\n{}", handoffs(&reply.open_handoffs)));
    }
    text
}

fn counts(counts: &StatusCounts) -> String {
    let all = [
        (counts.todo, "to do"),
        (counts.in_progress, "in progress"),
        (counts.blocked, "blocked"),
        (counts.review_ready, "to review"),
        (counts.in_review, "in review"),
        (counts.done, "done"),
        (counts.cancelled, "cancelled"),
    ];
    let there: Vec<String> =
        all.iter().filter(|(count, _)| *count > 0).map(|(count, name)| format!("{count} {name}")).collect();
    if there.is_empty() { "no modules yet".to_owned() } else { there.join(", ") }
}

const NO_MODULES: &str =
    "There are no modules yet: `remit add-module ID` adds one, `remit intake` looks for them in the sources.";

fn modules(modules: &[ModuleWire]) -> String {
    if modules.is_empty() {
        return NO_MODULES.to_owned();
    }
    let rows: Vec<_> = modules
        .iter()
        .map(|module| {
            [
                module.id.to_string(),
                status(module),
                u8::from(module.priority).to_string(),
                or_dash(module.owner.as_ref()),
                title(module.id.as_str(), &module.title),
            ]
        })
        .collect();
    table(["module", "status", "priority", "owner", "title"], &rows)
}

/// What nobody confirmed yet is told apart from what was planned.
fn status(module: &ModuleWire) -> String {
    let candidate = if module.is_candidate() { ", candidate" } else { "" };
    format!("{}{candidate}", module.status.as_str())
}

fn module(module: &ModuleWire) -> String {
    let mut text =
        format!("{}  {}", module.id, plain(&title(module.id.as_str(), &module.title))).trim_end().to_owned();
    text.push('\n');
    let mut row = |name: &str, value: String| text.push_str(&format!("{name:<12}{}\n", plain(&value)));
    row("status", status(module));
    row("priority", u8::from(module.priority).to_string());
    row("specialty", or_dash(module.specialty.as_ref()));
    row("owner", or_dash(module.owner.as_ref()));
    for (name, said) in [("blocked by", &module.block_reason), ("changes", &module.changes_requested)] {
        if let Some(said) = said {
            row(name, said.clone());
        }
    }
    if let Some(agent) = &module.assigned_to {
        row("assigned to", agent.to_string());
    }
    row("reviewer", or_dash(module.reviewer.as_ref()));
    row("lease until", until(module.lease.as_ref()));
    let dependencies: Vec<&str> = module.depends_on.iter().map(|id| id.as_str()).collect();
    row("depends on", if dependencies.is_empty() { "-".to_owned() } else { dependencies.join(", ") });
    row("owns", patterns(&module.owned_paths));
    if !module.candidate_owned_paths.is_empty() || !module.candidate_depends_on.is_empty() {
        let guessed: Vec<&str> = module.candidate_depends_on.iter().map(|id| id.as_str()).collect();
        row("might need", if guessed.is_empty() { "-".to_owned() } else { guessed.join(", ") });
        row("might own", patterns(&module.candidate_owned_paths));
        row("confirm by", format!("remit confirm-module {} --all", module.id));
    }
    row("changed at", format!("revision {}", module.revision));
    if !module.description.is_empty() {
        text.push('\n');
        for line in module.description.lines() {
            text.push_str(&format!("{}\n", plain(line)));
        }
    }
    for (title, items) in [("done when", &module.acceptance), ("verify", &module.verify)] {
        if !items.is_empty() {
            let items: Vec<String> = items.iter().map(|item| format!("  - {}", plain(item))).collect();
            text.push_str(&format!("\n{title}\n{}\n", items.join("\n")));
        }
    }
    text
}

fn patterns(scope: &Scope) -> String {
    let patterns: Vec<String> = scope.patterns().map(ToString::to_string).collect();
    if patterns.is_empty() { "-".to_owned() } else { patterns.join(", ") }
}

fn sessions(sessions: &[SessionWire]) -> String {
    if sessions.is_empty() {
        return "Nobody has registered yet: `remit init-agent --thread-key NAME` does.".to_owned();
    }
    let rows: Vec<_> = sessions
        .iter()
        .map(|session| {
            [
                session.agent.to_string(),
                session.id.to_string(),
                session.epoch.to_string(),
                if session.live { "live" } else { "-" }.to_owned(),
                or_dash(session.branch.as_ref()),
                session.window_id.to_string(),
            ]
        })
        .collect();
    table(["agent", "session", "epoch", "live", "branch", "window"], &rows)
}

fn handoffs(handoffs: &[HandoffWire]) -> String {
    if handoffs.is_empty() {
        return "There are no handoffs.".to_owned();
    }
    let rows: Vec<_> = handoffs
        .iter()
        .map(|handoff| {
            [
                handoff.module.to_string(),
                handoff.status.as_str().to_owned(),
                handoff.from.to_string(),
                handoff.to.to_string(),
                handoff.path.clone(),
            ]
        })
        .collect();
    table(["handoff", "status", "from", "to", "bundle"], &rows)
}

fn next_handoff(handoff: &HandoffWire) -> String {
    let mut text = format!("{} is offered by {} to {}.\n", handoff.module, handoff.from, handoff.to);
    if !handoff.summary.is_empty() {
        text.push_str(&format!("{}\n", plain(&handoff.summary)));
    }
    text.push_str(&format!("Read {}, then: remit claim-handoff --module {}", handoff.path, handoff.module));
    text
}

fn event_archives(reply: &EventArchivesReply) -> String {
    let kept = format!(
        "The board keeps the newest {} events, for {}.",
        reply.retention.max_rows,
        duration(reply.retention.max_age_seconds)
    );
    if reply.event_archives.is_empty() {
        return format!("Nothing was archived yet. {kept}");
    }
    let rows: Vec<_> = reply
        .event_archives
        .iter()
        .map(|one| [one.path.clone(), one.first.to_string(), one.last.to_string(), one.events.to_string()])
        .collect();
    format!("{}\n\n{kept}", table(["archive", "first", "last", "events"], &rows))
}

fn events(events: &[EventWire], none: &str) -> String {
    if events.is_empty() {
        return none.to_owned();
    }
    let rows: Vec<_> = events
        .iter()
        .map(|event| {
            [
                event.seq.to_string(),
                moment(&event.at),
                event.kind.clone(),
                or_dash(event.module.as_ref()),
                or_dash(event.target.as_ref()),
                event.summary.clone(),
            ]
        })
        .collect();
    table(["seq", "at", "kind", "module", "to", "summary"], &rows)
}

fn owners(paths: &[PathOwners]) -> String {
    let mut rows = Vec::new();
    for path in paths {
        if path.owners.is_empty() {
            rows.push([path.path.to_string(), "-".to_owned(), "nobody".to_owned(), "-".to_owned()]);
        }
        for owner in &path.owners {
            let name = or_dash(owner.owner.as_ref());
            let name = if owner.mine { format!("{name} (you)") } else { name };
            rows.push([path.path.to_string(), owner.module.to_string(), name, until(owner.lease.as_ref())]);
        }
    }
    table(["path", "module", "owner", "until"], &rows)
}

pub fn conflict_line(row: &ConflictRow) -> String {
    let owner = or_dash(row.owner.as_ref());
    match row.code {
        FindingCode::ScopeOverlap => {
            let witness = or_dash(row.witness.as_ref());
            let mine = or_dash(row.with_module.as_ref());
            format!("{witness}: {mine} overlaps {} of {owner}", or_dash(row.module.as_ref()))
        }
        FindingCode::ConcurrentEdit => edited_elsewhere(row),
        _ => {
            let path = or_dash(row.path.as_ref());
            let until =
                row.lease_expires_at.as_ref().map_or_else(String::new, |at| format!(" until {}", moment(at)));
            let by = row
                .changed_by
                .agent_id
                .as_ref()
                .map_or_else(String::new, |agent| format!(" (changed by {agent})"));
            format!("{path}: {} of {owner}{until}{by}", or_dash(row.module.as_ref()))
        }
    }
}

/// `src/a.rs:4-6,9: also edited in /home/ann/fix (feature/x) by agent-1a2b3c4d`.
fn edited_elsewhere(row: &ConflictRow) -> String {
    let line = |range: &LineRange| match range.start == range.end {
        true => range.start.to_string(),
        false => format!("{}-{}", range.start, range.end),
    };
    let lines: Vec<String> = row.ranges.iter().flatten().map(line).collect();
    let lines = if lines.is_empty() { String::new() } else { format!(":{}", lines.join(",")) };
    let with = row.with.clone().unwrap_or_default();
    let branch = with.branch.map_or_else(String::new, |branch| format!(" ({branch})"));
    let agent = with.agent_id.map_or_else(String::new, |agent| format!(" by {agent}"));
    format!(
        "{}{lines}: also edited in {}{branch}{agent}",
        or_dash(row.path.as_ref()),
        or_dash(with.worktree.as_ref())
    )
}
