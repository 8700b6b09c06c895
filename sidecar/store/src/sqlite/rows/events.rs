use remit_board::{
    cursor::EventRange,
    event::{Event, NewEvent},
    module::Priority,
    time::Millis,
};
use rusqlite::{Connection, params, params_from_iter, types::Value};

use super::{Cells, each, texts, to_integer};
use crate::{error::StoreError, store::EventFilter};

const COLUMNS: &str = "seq, at, revision, kind, source, module, agent, target, priority, specialty, summary";

pub(in crate::sqlite) fn append(
    db: &Connection,
    event: &NewEvent,
    seq: u64,
    at: Millis,
    revision: u64,
) -> Result<(), StoreError> {
    let event = Event {
        seq,
        at,
        revision,
        kind: event.kind.to_owned(),
        source: event.source.to_owned(),
        module: event.module.clone(),
        agent: event.agent.clone(),
        target: event.target.clone(),
        priority: event.priority,
        specialty: event.specialty.clone(),
        summary: event.summary.clone(),
    };
    insert(db, &event)
}

pub(in crate::sqlite) fn insert(db: &Connection, event: &Event) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT INTO events (seq, at, revision, kind, source, module, agent, target, priority, specialty, summary) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?
    .execute(params![
        to_integer(event.seq),
        event.at.0,
        to_integer(event.revision),
        event.kind,
        event.source,
        event.module.as_ref().map(|module| module.as_str()),
        event.agent.as_ref().map(|agent| agent.as_str()),
        event.target.as_ref().map(|target| target.to_string()),
        event.priority.map(u8::from),
        event.specialty.as_ref().map(|specialty| specialty.as_str()),
        event.summary,
    ])?;
    Ok(())
}

fn read(cells: &Cells<'_>) -> Result<Event, StoreError> {
    let priority = cells.maybe_number::<u8>(8)?.map(Priority::try_from).transpose();
    Ok(Event {
        seq: cells.number(0)?,
        at: cells.time(1)?,
        revision: cells.number(2)?,
        kind: cells.string(3)?,
        source: cells.string(4)?,
        module: cells.maybe_parsed(5)?,
        agent: cells.maybe_parsed(6)?,
        target: cells.maybe_parsed(7)?,
        priority: priority.map_err(|error| cells.flaw(error))?,
        specialty: cells.maybe_parsed(9)?,
        summary: cells.string(10)?,
    })
}

pub(in crate::sqlite) fn select(db: &Connection, filter: &EventFilter) -> Result<Vec<Event>, StoreError> {
    let mut events = Vec::new();
    let (sql, values) = query(filter)?;
    each(db, "events", &sql, params_from_iter(values), |cells| {
        events.push(read(cells)?);
        Ok(())
    })?;
    if filter.newest {
        events.reverse();
    }
    Ok(events)
}

/// The same question as `EventFilter::admits`, with no condition that nobody asked for: a command spends more time on
/// having a question understood than on its answer. Rows are walked in the order of their key, from where the reader
/// stands, so that no read costs more for the events before it.
fn query(filter: &EventFilter) -> Result<(String, Vec<Value>), StoreError> {
    let number = |number: u64| Value::from(to_integer(number));
    let text = |text: &str| Value::from(text.to_owned());
    let mut sql = format!("SELECT {COLUMNS} FROM events WHERE seq > ?");
    let mut values = vec![number(filter.since)];
    // Spelled out, so that the partial indexes of notifications are used.
    if filter.notifications_only || filter.target.is_some() || !filter.addressed_to.is_empty() {
        sql.push_str(" AND target IS NOT NULL");
    }
    let conditions = [
        (" AND seq <= ?", filter.until.map(number)),
        (" AND source = ?", filter.source.as_deref().map(text)),
        (" AND kind = ?", filter.kind.as_deref().map(text)),
        (" AND priority = ?", filter.priority.map(|priority| Value::from(u8::from(priority)))),
        (" AND target = ?", filter.target.as_ref().map(|target| Value::from(target.to_string()))),
        (" AND specialty = ?", filter.specialty.as_ref().map(|specialty| text(specialty.as_str()))),
        (" AND module = ?", filter.module.as_ref().map(|module| text(module.as_str()))),
        (" AND agent = ?", filter.agent.as_ref().map(|agent| text(agent.as_str()))),
        (" AND target IN (SELECT value FROM json_each(?))", addressed_to(filter)?.map(Value::from)),
    ];
    for (condition, value) in conditions {
        if let Some(value) = value {
            sql.push_str(condition);
            values.push(value);
        }
    }
    sql.push_str(if filter.newest { " ORDER BY seq DESC" } else { " ORDER BY seq" });
    if let Some(limit) = filter.limit {
        sql.push_str(" LIMIT ?");
        values.push(number(limit));
    }
    Ok((sql, values))
}

fn addressed_to(filter: &EventFilter) -> Result<Option<String>, StoreError> {
    texts(&filter.addressed_to.iter().map(ToString::to_string).collect::<Vec<_>>())
}

/// `newest` is the board's own count: the table may be empty.
pub(in crate::sqlite) fn range(db: &Connection, newest: u64) -> Result<EventRange, StoreError> {
    let mut first = newest + 1;
    each(db, "events", "SELECT seq FROM events ORDER BY seq LIMIT 1", [], |cells| {
        first = cells.number(0)?;
        Ok(())
    })?;
    Ok(EventRange { first, last: newest })
}

pub(in crate::sqlite) fn forget(db: &Connection, up_to: u64) -> Result<usize, StoreError> {
    Ok(db.prepare_cached("DELETE FROM events WHERE seq <= ?1")?.execute([to_integer(up_to)])?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(filter: &EventFilter) -> String {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(include_str!("../schema.sql")).unwrap();
        let mut statement = db.prepare(&format!("EXPLAIN QUERY PLAN {}", query(filter).unwrap().0)).unwrap();
        let mut rows = statement.raw_query();
        let mut plan = String::new();
        while let Some(row) = rows.next().unwrap() {
            plan.push_str(&row.get::<_, String>(3).unwrap());
            plan.push('\n');
        }
        plan
    }

    #[test]
    fn the_notifications_of_a_module_are_found_without_a_walk() {
        let filter = EventFilter {
            notifications_only: true,
            module: Some("core".parse().unwrap()),
            kind: Some("review-ready".into()),
            ..EventFilter::default()
        };
        let plan = plan(&filter);
        assert!(plan.contains("SEARCH events USING INDEX notifications_of_modules"), "{plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{plan}");
    }

    #[test]
    fn events_are_read_from_where_the_reader_stands_and_never_sorted() {
        let addressed = EventFilter {
            addressed_to: vec!["workers".parse().unwrap(), "agent:ann".parse().unwrap()],
            ..EventFilter::default()
        };
        for newest in [false, true] {
            let all = EventFilter { newest, ..EventFilter::default() };
            let own = EventFilter { newest, ..addressed.clone() };
            assert!(plan(&all).contains("SEARCH events USING INTEGER PRIMARY KEY"), "{}", plan(&all));
            assert!(plan(&own).contains("SEARCH events USING INDEX notifications"), "{}", plan(&own));
            for plan in [plan(&all), plan(&own)] {
                assert!(!plan.contains("TEMP B-TREE") && !plan.contains("SCAN events"), "{plan}");
            }
        }
    }
}
