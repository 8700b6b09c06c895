//! Why there is nothing to hand out: what everything waits for, and whom.

use serde_json::{Value, json};

use super::{Seeker, claimable};
use crate::{
    decide::refuses,
    failure::{Code, Failure},
    ids::{AgentId, ModuleId},
    module::{Module, Status},
};

/// So many modules are named in `details` for each cause; `counts` has them all.
const NAMED: usize = 20;

/// One cause, with the modules of which it is true.
struct Cause {
    name: &'static str,
    words: String,
    rows: Vec<Value>,
    count: usize,
}

impl Cause {
    /// `None` where the cause is true of no module.
    fn of<'a>(
        name: &'static str,
        modules: Vec<&'a Module>,
        row: impl Fn(&'a Module) -> Value,
        words: impl FnOnce(&[&'a Module]) -> String,
    ) -> Option<Self> {
        if modules.is_empty() {
            return None;
        }
        let rows = modules.iter().take(NAMED).map(|module| row(module)).collect();
        Some(Self { name, words: words(&modules), rows, count: modules.len() })
    }
}

pub fn nothing_to_claim(seeker: &Seeker<'_>) -> Failure {
    failure(seeker, "nothing can be claimed now", claim_causes(seeker), "all work is done or given up")
}

pub fn nothing_to_review(seeker: &Seeker<'_>) -> Failure {
    failure(seeker, "nothing waits for a review by you", review_causes(seeker), "no module was submitted")
}

pub fn nothing_to_do(seeker: &Seeker<'_>) -> Failure {
    // What is under review is told by whom it waits for.
    let claims = claim_causes(seeker).into_iter().filter(|cause| cause.name != "in_review");
    let causes = claims.chain(review_causes(seeker)).collect();
    failure(seeker, "there is nothing for you to do now", causes, "all work is done or given up")
}

fn failure(seeker: &Seeker<'_>, what: &str, causes: Vec<Cause>, otherwise: &str) -> Failure {
    let all = seeker.board.modules.len();
    let why: Vec<&str> = causes.iter().map(|cause| cause.words.as_str()).collect();
    let why = match (all, why.as_slice()) {
        (0, _) => "the board has no modules yet".to_owned(),
        (_, []) => otherwise.to_owned(),
        (_, why) => why.join("; "),
    };
    let counts: serde_json::Map<String, Value> =
        causes.iter().map(|cause| (cause.name.to_owned(), json!(cause.count))).collect();
    let mut details: serde_json::Map<String, Value> =
        causes.into_iter().map(|cause| (cause.name.to_owned(), Value::Array(cause.rows))).collect();
    details.insert("counts".to_owned(), Value::Object(counts));
    let hint = match all {
        0 => {
            "`remit add-module ID` adds one, `remit import-plan FILE` many, `remit intake` looks for them in the sources"
        }
        _ => "`remit graph` shows what waits for what, `remit summary` who holds what",
    };
    Failure::new(Code::Nothing, format!("{what}: {why}")).hint(hint).details(Value::Object(details))
}

fn claim_causes(seeker: &Seeker<'_>) -> Vec<Cause> {
    let board = seeker.board;
    let (suiting, others): (Vec<&Module>, Vec<&Module>) =
        board.modules.values().partition(|module| seeker.suits(module));
    let at = |statuses: &[Status]| -> Vec<&Module> {
        suiting.iter().copied().filter(|module| statuses.contains(&module.status)).collect()
    };
    let (waiting, free): (Vec<&Module>, Vec<&Module>) =
        at(&[Status::Todo]).into_iter().partition(|module| board.open_dependencies(module).next().is_some());
    let lease = |module: &Module| seeker.leases.of(&module.id);
    let held: Vec<&Module> = at(&[Status::InProgress, Status::Blocked])
        .into_iter()
        .filter(|module| {
            !seeker.owns(module) && lease(module).is_some_and(|lease| !lease.is_expired(seeker.now))
        })
        .collect();
    let (offered, mine): (Vec<&Module>, Vec<&Module>) = at(&[Status::InProgress, Status::Blocked])
        .into_iter()
        .filter(|module| seeker.owns(module))
        .partition(|module| seeker.offers(module));
    let occupied = free.into_iter().filter(|module| is_occupied(seeker, module)).collect();
    let unsuited = others.into_iter().filter(|module| module.status == Status::Todo).collect();
    let causes = [
        Cause::of("waiting", waiting, |module| waiting_row(seeker, module), |all| waiting_words(seeker, all)),
        Cause::of("held", held, |module| held_row(seeker, module), |all| held_words(seeker, all)),
        Cause::of("offered", offered, id_row, |all| {
            format!("{} for whoever takes your handoff", counted(all, "waits", "wait"))
        }),
        Cause::of("mine", mine, id_row, |all| format!("{} already yours", counted(all, "is", "are"))),
        Cause::of(
            "occupied",
            occupied,
            |module| occupied_row(seeker, module),
            |all| format!("{} paths that somebody holds, and the board is safe", counted(all, "has", "have")),
        ),
        Cause::of("other_specialty", unsuited, id_row, |all| {
            format!("{} for another specialty", counted(all, "asks", "ask"))
        }),
        Cause::of("in_review", at(&[Status::ReviewReady, Status::InReview]), id_row, |all| {
            format!("{} under review", counted(all, "is", "are"))
        }),
    ];
    causes.into_iter().flatten().collect()
}

fn review_causes(seeker: &Seeker<'_>) -> Vec<Cause> {
    let reviews = || seeker.board.modules.values().filter(|module| module.status.is_review());
    let own = reviews().filter(|module| seeker.owns(module)).collect();
    let others = || reviews().filter(|module| !seeker.owns(module));
    let named = others().filter(|module| module.status == Status::ReviewReady && module.reviewer.is_some());
    let running = others().filter(|module| module.status == Status::InReview).collect();
    let causes = [
        Cause::of("own_work", own, id_row, |all| {
            format!("{} your own work, which somebody else reviews", counted(all, "is", "are"))
        }),
        Cause::of(
            "named",
            named.collect(),
            |module| json!({ "module": module.id, "reviewer": module.reviewer }),
            |all| {
                let who = people(all.iter().filter_map(|module| module.reviewer.as_ref()));
                format!("{} for {who} (`remit start-review` takes it anyway)", counted(all, "waits", "wait"))
            },
        ),
        Cause::of(
            "in_review",
            running,
            |module| held_row(seeker, module),
            |all| {
                let who = people(all.iter().filter_map(|module| module.reviewer.as_ref()));
                format!("{} reviewed by {who}", counted(all, "is", "are"))
            },
        ),
    ];
    causes.into_iter().flatten().collect()
}

fn id_row(module: &Module) -> Value {
    json!({ "module": module.id })
}

fn is_occupied(seeker: &Seeker<'_>, module: &Module) -> bool {
    let conflicts = claimable::conflicts(seeker, module);
    refuses(seeker.board, seeker.leases, seeker.now, &conflicts)
}

fn occupied_row(seeker: &Seeker<'_>, module: &Module) -> Value {
    json!({ "module": module.id, "conflicts": claimable::conflicts(seeker, module) })
}

fn waiting_row(seeker: &Seeker<'_>, module: &Module) -> Value {
    let open: Vec<&ModuleId> = seeker.board.open_dependencies(module).collect();
    json!({ "module": module.id, "open": open })
}

fn waiting_words(seeker: &Seeker<'_>, all: &[&Module]) -> String {
    let mut open: Vec<&ModuleId> =
        all.iter().flat_map(|module| seeker.board.open_dependencies(module)).collect();
    open.sort();
    open.dedup();
    let cancelled = |id: &&&ModuleId| {
        seeker.board.modules.get(id).is_some_and(|module| module.status == Status::Cancelled)
    };
    let given_up = match open.iter().find(cancelled) {
        Some(id) => format!(", of which {id} was cancelled"),
        None => String::new(),
    };
    format!("{} for {}{given_up}", counted(all, "waits", "wait"), listed(open.iter().map(|id| id.as_str())))
}

fn held_row(seeker: &Seeker<'_>, module: &Module) -> Value {
    let lease = seeker.leases.of(&module.id);
    json!({
        "module": module.id,
        "holder": lease.map(|lease| &lease.holder),
        "expires_at": lease.map(|lease| lease.expires_at.rfc3339()),
    })
}

fn held_words(seeker: &Seeker<'_>, all: &[&Module]) -> String {
    let leases = || all.iter().filter_map(|module| seeker.leases.of(&module.id));
    let next = leases().map(|lease| lease.expires_at).min();
    let until = next.map_or_else(String::new, |at| format!(", the next lease until {at}"));
    format!("{} held by {}{until}", counted(all, "is", "are"), people(leases().map(|lease| &lease.holder)))
}

fn counted(modules: &[&Module], one: &str, many: &str) -> String {
    match modules {
        [only] => format!("{} {one}", only.id),
        all => format!("{} modules {many}", all.len()),
    }
}

fn people<'a>(agents: impl Iterator<Item = &'a AgentId>) -> String {
    let mut agents: Vec<&str> = agents.map(AgentId::as_str).collect();
    agents.sort_unstable();
    agents.dedup();
    listed(agents.into_iter())
}

/// The first three, and how many more.
fn listed<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = names.len().saturating_sub(3);
    let first: Vec<&str> = names.take(3).collect();
    match more {
        0 => first.join(", "),
        n => format!("{} and {n} more", first.join(", ")),
    }
}
