//! What reading events costs at the beginning, in the middle and at the end of a long history: it should be the same.
//!
//! `cargo run --release -p remit-store --example bench_events [EVENTS]`.

#![allow(clippy::print_stdout, reason = "its figures are its output")]

use std::time::{Duration, Instant};

use remit_board::{
    board::Row,
    cursor::{Cursor, Stream},
    decision::Decision,
    event::NewEvent,
};
use remit_store::{EventFilter, Options, Outcome, PlanFolder, SqliteStore, Store, testing::Sample};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

const EVENTS: u64 = 1_000_000;
const IN_A_COMMIT: u64 = 10_000;
/// As many as `remit events` gives out.
const PAGE: u64 = 100;
const READS: u32 = 200;
/// Every so many are addressed: to workers, and every tenth of those to one agent alone.
const ADDRESSED: u64 = 5;

fn main() -> Result<()> {
    let events = std::env::args().nth(1).map_or(Ok(EVENTS), |count| count.parse())?;
    let folder = tempfile::tempdir()?;
    let mut store =
        SqliteStore::create(&PlanFolder::below(folder.path()), "bench", Options::default())?.store;
    let begun = Instant::now();
    fill(&mut store, events)?;
    println!("{events} events written in {:.1} s", begun.elapsed().as_secs_f64());
    let cursor =
        Cursor { agent: Some(Sample::agent_id("ann")), stream: Stream::Events, id: "bench".parse()? };
    let places =
        [("beginning", 0), ("middle", events / 2), ("end", events.saturating_sub(PAGE * ADDRESSED * 10))];
    for (what, filter) in questions()? {
        let mut costs = Vec::new();
        for (place, position) in places {
            put(&mut store, &cursor, position)?;
            let (cost, found) = read(&mut store, &cursor, &filter)?;
            costs.push(cost);
            println!("{what:<34} {place:<10} {found:>4} events {:>9.1} µs", cost.as_secs_f64() * 1e6);
        }
        let most = costs.iter().max().copied().unwrap_or_default().as_secs_f64();
        let first = costs.first().copied().unwrap_or_default().as_secs_f64();
        println!("{what:<34} the dearest is {:.2} times the beginning (aim: 1)", most / first);
    }
    Ok(())
}

fn questions() -> Result<Vec<(&'static str, EventFilter)>> {
    let page = || EventFilter { limit: Some(PAGE), ..EventFilter::default() };
    let to_ann = vec!["agent:ann".parse()?];
    Ok(vec![
        ("all events", page()),
        ("one kind of two", EventFilter { kind: Some("claim".to_owned()), ..page() }),
        ("notifications", EventFilter { notifications_only: true, ..page() }),
        ("notifications of one agent in ten", EventFilter { addressed_to: to_ann, ..page() }),
    ])
}

fn fill(store: &mut SqliteStore, events: u64) -> Result<()> {
    let mut next = 1;
    while next <= events {
        let last = events.min(next + IN_A_COMMIT - 1);
        let made = (next..=last).map(event).collect();
        let decision = Decision { events: made, ..Sample::decision([Row::Module(Sample::module("core"))]) };
        store.transact(&Sample::request("import-plan"), &mut |_, _, _| Ok(decision.clone()))?;
        next = last + 1;
    }
    Ok(())
}

fn event(seq: u64) -> NewEvent {
    let kind = if seq.is_multiple_of(2) { "claim" } else { "edit-module" };
    let target = match seq {
        _ if seq.is_multiple_of(ADDRESSED * 10) => "agent:ann".parse().ok(),
        _ if seq.is_multiple_of(ADDRESSED) => "workers".parse().ok(),
        _ => None,
    };
    NewEvent {
        kind,
        module: Some(Sample::module_id("core")),
        agent: Some(Sample::agent_id("ben")),
        target,
        ..Sample::event("what an event says in about so many words as people write")
    }
}

fn put(store: &mut SqliteStore, cursor: &Cursor, seq: u64) -> Result<()> {
    let moved = store.move_cursor(&Sample::request("ack-events"), cursor, &mut |_, _, _, _, _| {
        Ok((seq, Sample::reply()))
    })?;
    match moved {
        Outcome::Committed { .. } => Ok(()),
        other => Err(format!("the cursor did not move: {other:?}").into()),
    }
}

/// The median of what `remit events --cursor-id C` asks of the store: where the cursor stands, a page, and the range.
fn read(store: &mut SqliteStore, cursor: &Cursor, filter: &EventFilter) -> Result<(Duration, usize)> {
    let (mut times, mut found) = (Vec::new(), 0);
    for _ in 0..READS {
        let begun = Instant::now();
        let since = store.cursor(cursor)?.map_or(0, |standing| standing.seq);
        found = store.events(&EventFilter { since, ..filter.clone() })?.len();
        store.event_range()?.check(since)?;
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    Ok((times.get(times.len() / 2).copied().unwrap_or_default(), found))
}
