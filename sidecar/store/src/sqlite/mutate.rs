//! The life of one mutation, between BEGIN and COMMIT.

use std::sync::Arc;

use remit_board::{
    board::{Board, Leases, Row},
    cursor::{Cursor, Standing},
    decision::Decision,
    ids::SessionId,
    reply::Reply,
    time::Millis,
};
use rusqlite::Connection;

use super::{
    Setting,
    cache::Cache,
    connection::{Link, no_board},
    formats::check_writer,
    guard::{CommitError, Guard},
    meta::Meta,
    rows,
};
use crate::{
    error::StoreError,
    store::{CursorRule, Outcome, Request, Rule, same_id_for_another_command},
};

/// Everything that a rule sees is read under the write lock, so that nothing can change until its decision stands.
struct Opened<'a> {
    guard: Guard<'a>,
    meta: Meta,
    board: Arc<Board>,
    leases: Leases,
    now: Millis,
}

/// What is to be done, or what the same request was answered before.
enum Opening<'a> {
    Begun(Opened<'a>),
    Answered(Box<Outcome>),
}

fn open<'a>(
    setting: &Setting,
    link: &'a Link,
    cache: &mut Cache,
    request: &Request,
) -> Result<Opening<'a>, StoreError> {
    let db = &link.db;
    let guard = Guard::write(db, setting.options.patience)?;
    if !link.is_in_place(&setting.plan) {
        return Err(no_board(&setting.plan));
    }
    let meta = Meta::read(db)?;
    check_writer(&meta, setting.formats)?;
    let board = cache.catch_up(db, &meta)?;
    let now = setting.options.clock.now(meta.clock);
    if let Some(outcome) = answered_before(db, request, &meta, now)? {
        return Ok(Opening::Answered(Box::new(outcome)));
    }
    let leases = rows::all_leases(db)?;
    Ok(Opening::Begun(Opened { guard, meta, board, leases, now }))
}

pub(super) fn mutate(
    setting: &Setting,
    link: &Link,
    cache: &mut Cache,
    request: &Request,
    rule: &mut Rule<'_>,
) -> Result<Outcome, StoreError> {
    let Opened { guard, meta, board, leases, now } = match open(setting, link, cache, request)? {
        Opening::Begun(opened) => opened,
        Opening::Answered(outcome) => return Ok(*outcome),
    };
    let decision = match rule(&board, &leases, now) {
        Ok(decision) => decision,
        Err(refusal) => return Ok(Outcome::Refused { revision: meta.revision, refusal }),
    };
    drop(board);
    let after = write(&link.db, meta, request, &decision, now)?;
    let outcome = commit(guard, after.revision, decision.reply)?;
    if matches!(outcome, Outcome::Committed { .. }) {
        cache.follow(decision.rows, after.revision);
    }
    Ok(outcome)
}

/// Puts a cursor where the rule says. Neither revision nor events move.
pub(super) fn move_cursor(
    setting: &Setting,
    link: &Link,
    cache: &mut Cache,
    request: &Request,
    cursor: &Cursor,
    rule: &mut CursorRule<'_>,
) -> Result<Outcome, StoreError> {
    let db = &link.db;
    let Opened { guard, meta, board, leases, now } = match open(setting, link, cache, request)? {
        Opening::Begun(opened) => opened,
        Opening::Answered(outcome) => return Ok(*outcome),
    };
    let range = rows::event_range(db, meta.event_seq)?;
    let (seq, reply) = match rule(&board, &leases, now, range, rows::find_cursor(db, cursor)?) {
        Ok(moved) => moved,
        Err(refusal) => return Ok(Outcome::Refused { revision: meta.revision, refusal }),
    };
    rows::put_cursor(db, cursor, Standing { seq, incarnation: meta.incarnation })?;
    let decision = Decision::bookkeeping(reply);
    let after = write(db, meta, request, &decision, now)?;
    commit(guard, after.revision, decision.reply)
}

fn commit(guard: Guard<'_>, revision: u64, reply: Reply) -> Result<Outcome, StoreError> {
    match guard.commit() {
        Ok(()) => Ok(Outcome::Committed { revision, reply }),
        Err(CommitError::Failed(error)) => Err(error),
        Err(CommitError::Unknown) => Ok(Outcome::Unknown),
    }
}

/// The same request id again: the first answer, or a refusal when the command is another.
fn answered_before(
    db: &Connection,
    request: &Request,
    meta: &Meta,
    now: Millis,
) -> Result<Option<Outcome>, StoreError> {
    let Some(id) = &request.id else { return Ok(None) };
    let Some(known) = rows::recall(db, request, id, now)? else { return Ok(None) };
    if known.fingerprint != request.fingerprint {
        let refusal = same_id_for_another_command(id.as_str());
        return Ok(Some(Outcome::Refused { revision: meta.revision, refusal }));
    }
    let reply = serde_json::from_str(&known.reply).map_err(|error| {
        StoreError::corrupt(format!("the remembered answer to request {id} is damaged ({error})"))
    })?;
    Ok(Some(Outcome::Replayed { revision: known.revision, reply }))
}

/// Writes the whole decision and says where the board then stands.
fn write(
    db: &Connection,
    mut meta: Meta,
    request: &Request,
    decision: &Decision,
    now: Millis,
) -> Result<Meta, StoreError> {
    if !decision.is_bookkeeping() {
        write_history(db, &mut meta, decision, now)?;
    }
    for change in &decision.leases {
        rows::apply_lease(db, change)?;
    }
    for session in seen_now(request, decision) {
        rows::touch(db, session, now)?;
    }
    if let Some(id) = &request.id {
        let reply = serde_json::to_string(&decision.reply).map_err(|error| {
            StoreError::Defect(format!("the answer to {} can't be kept: {error}", request.command))
        })?;
        rows::remember(db, request, id, meta.revision, now, &reply)?;
    }
    Ok(meta)
}

fn write_history(
    db: &Connection,
    meta: &mut Meta,
    decision: &Decision,
    now: Millis,
) -> Result<(), StoreError> {
    meta.revision += 1;
    meta.clock = now;
    for row in &decision.rows {
        if let Row::Safety(profile) = row {
            meta.safety = *profile;
        }
        rows::write(db, row, meta.revision)?;
    }
    for text in &decision.texts {
        rows::write_text(db, text, meta.revision)?;
    }
    for event in &decision.events {
        meta.event_seq += 1;
        rows::append_event(db, event, meta.event_seq, now, meta.revision)?;
    }
    meta.advance(db)
}

/// Who speaks, and who was just registered.
fn seen_now<'a>(request: &'a Request, decision: &'a Decision) -> impl Iterator<Item = &'a SessionId> {
    let registered = decision.rows.iter().filter_map(|row| match row {
        Row::Session(session) => Some(&session.id),
        _ => None,
    });
    request.touch.iter().chain(registered)
}
