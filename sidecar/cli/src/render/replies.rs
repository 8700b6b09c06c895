//! Replies to commands, in sentences.

use remit_board::{
    handoff::HandoffStatus,
    mode::Mode,
    module::Status,
    reply::{
        Claimed, Confirmed, GivenLease, HandedOver, Inferred, ModuleChanged, Pruned, Reclaimed, Registered,
        Reply, ScopeConflict, Validated,
    },
    words::{counted, duration},
};

use super::{
    Human, intake,
    table::{moment, plain},
};

impl Human for Reply {
    fn text(&self) -> String {
        match self {
            Reply::Bootstrapped(reply) if reply.created => format!("Made the board: {}", reply.board),
            Reply::Bootstrapped(reply) => format!("The board was already there: {}", reply.board),
            Reply::Confirmed(reply) => confirmed(reply),
            Reply::Registered(reply) => registered(reply),
            Reply::ModuleChanged(reply) => module_changed(reply),
            Reply::Imported(reply) => match reply.modules.as_slice() {
                [only] => format!("Imported {only}."),
                many => format!("Imported {}.", counted(many.len(), "module")),
            },
            Reply::Claimed(reply) => claimed(reply),
            Reply::Renewed(reply) => format!("Renewed {} {}.", reply.module.id, until(&reply.lease)),
            Reply::Kept(reply) => format!("Renewed {}.", counted(reply.modules.len(), "module")),
            Reply::Reclaimed(reply) => reclaimed(reply),
            Reply::HandedOver(reply) => handed_over(reply),
            Reply::Inferred(reply) => inferred(reply),
            Reply::IntakeReply(reply) => intake::text(reply),
            Reply::Pruned(reply) => pruned(reply),
            Reply::Reaped(reply) => {
                format!("Took {} off the registry.", counted(reply.sessions.len(), "session"))
            }
            Reply::Validated(reply) => validated(reply),
            Reply::CursorMoved(reply) => {
                format!("{} has read up to {}.", plain(reply.cursor_id.as_str()), reply.up_to)
            }
        }
    }
}

fn confirmed(reply: &Confirmed) -> String {
    let one = &reply.preflight;
    let mut text = format!("Confirmed {} on {}.\n", plain(&one.worktree), plain(&one.branch));
    text.push_str(&mode_and_reasons(one.mode, &one.reasons));
    text.push_str(&format!("\nThe safety profile is {}.", reply.safety_profile.as_str()));
    for effect in &reply.safety_effects {
        text.push_str(&format!("\n  {effect}"));
    }
    text
}

pub fn mode_and_reasons(mode: Mode, reasons: &[String]) -> String {
    let reasons = reasons.iter().map(|reason| format!("\n  {}", plain(reason)));
    format!("The mode is {}.{}", mode.as_str(), reasons.collect::<String>())
}

fn until(lease: &GivenLease) -> String {
    format!("until {} ({})", moment(&lease.expires_at), duration(lease.ttl_seconds))
}

fn registered(reply: &Registered) -> String {
    let mut text = format!(
        "{} is registered as {} in {}.\nsession {} epoch {}",
        reply.agent_id,
        reply.role.as_str(),
        plain(reply.window_id.as_str()),
        reply.session_id,
        reply.session_epoch
    );
    for lease in &reply.leases {
        text.push_str(&format!("\nholds {} {}", lease.module, until(&lease.lease)));
    }
    text.push_str(&format!("\nexport REMIT_AGENT_ID={}", reply.agent_id));
    text
}

fn module_changed(reply: &ModuleChanged) -> String {
    let module = &reply.module;
    let owner = module.owner.as_ref().filter(|_| module.status != Status::Todo);
    let of = owner.map_or_else(String::new, |owner| format!(" ({owner})"));
    let mut text = format!("{}: {}{of}", module.id, module.status.as_str());
    match module.status {
        Status::Blocked => text.push_str(&said(module.block_reason.as_deref())),
        Status::InProgress => text.push_str(&said(module.changes_requested.as_deref())),
        Status::ReviewReady => {
            let reviewer = module.reviewer.as_ref().map(|reviewer| format!("for {reviewer}"));
            text.push_str(&said(reviewer.as_deref()));
        }
        _ => {}
    }
    if let Some(agent) = &module.assigned_to {
        text.push_str(&format!(", assigned to {agent}"));
    }
    with_conflicts(text, &reply.conflicts)
}

/// It stays where it was: whoever was asked is told.
pub fn handoff_requested(reply: &ModuleChanged) -> String {
    let module = &reply.module;
    let holder = module.lease.as_ref().map(|lease| &lease.holder).or(module.owner.as_ref());
    let holder = holder.map_or_else(|| "its holder".to_owned(), ToString::to_string);
    format!(
        "Asked {holder} to hand {} over; `remit next-handoff --watch-seconds 60` waits for it.",
        module.id
    )
}

fn said(text: Option<&str>) -> String {
    text.map_or_else(String::new, |text| format!(", {}", plain(text)))
}

fn claimed(reply: &Claimed) -> String {
    let module = &reply.module;
    let verb = if module.status == Status::InReview { "Reviewing" } else { "Claimed" };
    let mut text = format!("{verb} {} {}.", module.id, until(&reply.lease));
    if module.title != module.id.as_str() {
        text.push_str(&format!("\n{}", plain(&module.title)));
    }
    if let Some(changes) = &module.changes_requested {
        text.push_str(&format!("\nchanges requested: {}", plain(changes)));
    }
    for pattern in module.owned_paths.patterns() {
        text.push_str(&format!("\n  {pattern}"));
    }
    if module.owned_paths.is_empty() && !module.candidate_owned_paths.is_empty() {
        text.push_str(&format!(
            "\nIt owns nothing yet: `remit confirm-module {} --all` confirms what it might.",
            module.id
        ));
    }
    with_conflicts(text, &reply.conflicts)
}

fn with_conflicts(mut text: String, conflicts: &[ScopeConflict]) -> String {
    for conflict in conflicts {
        let owner = conflict.owner.as_ref().map_or("nobody", |owner| owner.as_str());
        text.push_str(&format!(
            "\nwarning: overlaps {} of {owner}: both own {}",
            conflict.module, conflict.witness
        ));
    }
    text
}

fn pruned(reply: &Pruned) -> String {
    match reply.archived {
        0 => "Nothing had to go to the archive.".to_owned(),
        n => {
            let events = counted(usize::try_from(n).unwrap_or(usize::MAX), "event");
            format!("Archived {events}; the oldest on the board is now {}.", reply.oldest)
        }
    }
}

fn reclaimed(reply: &Reclaimed) -> String {
    let rows = reply
        .modules
        .iter()
        .map(|row| format!("{}: {} (was held by {})", row.module, row.status.as_str(), row.holder));
    rows.collect::<Vec<_>>().join("\n")
}

fn handed_over(reply: &HandedOver) -> String {
    let handoff = &reply.handoff;
    let to = match handoff.status {
        HandoffStatus::Offered => format!(" to {}", handoff.to),
        _ => String::new(),
    };
    format!("{}: {}{to}\n{}", handoff.module, handoff.status.as_str(), handoff.path)
}

fn inferred(reply: &Inferred) -> String {
    if reply.proposals.is_empty() {
        return format!(
            "Neither changes nor files hint at paths for {0}; `remit edit-module {0} --owned-path PATTERN` sets them.",
            reply.module
        );
    }
    let mut text = if reply.applied {
        format!("{} now owns:", reply.module)
    } else {
        format!("Proposed for {} (--apply adds them):", reply.module)
    };
    for proposal in &reply.proposals {
        let slash = if proposal.is_folder { "/" } else { "" };
        text.push_str(&format!("\n  {}{slash}  {}", proposal.path, plain(&proposal.evidence.join("; "))));
    }
    text
}

fn validated(reply: &Validated) -> String {
    let mut lines: Vec<String> = reply.mended.iter().map(|line| plain(line)).collect();
    lines.extend(reply.flaws.iter().map(|flaw| format!("{}: {}", plain(&flaw.what), plain(&flaw.repair))));
    if lines.is_empty() {
        "The board is sound.".to_owned()
    } else {
        format!("Repaired:\n  {}", lines.join("\n  "))
    }
}
