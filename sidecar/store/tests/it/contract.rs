//! The promises of `Store`, asked of the one on disk and of the one in memory.

use std::sync::atomic::{AtomicUsize, Ordering};

use remit_board::{
    board::{Confirmation, LeaseChange, Row, SafetyProfile, Text},
    cursor::{Cursor, EventRange, Stream},
    decision::Decision,
    event::NewEvent,
    failure::{Code, Failure},
    handoff::Notes,
    handoff::{HandoffStatus, Target},
    module::Brief,
    module::{Priority, Status},
    scope::Scope,
    time::Millis,
};
use remit_store::{EventFilter, Outcome, Request, Store, testing::Sample};

use crate::bed::{Bed, add_module, commit};

macro_rules! contract {
    ($($promise:ident,)*) => {
        mod in_memory {
            $(#[test] fn $promise() { super::$promise(&crate::bed::Bed::memory()); })*
        }
        mod on_disk {
            $(#[test] fn $promise() { super::$promise(&crate::bed::Bed::sqlite()); })*
        }
    };
}

contract! {
    a_commit_raises_the_revision_by_one_and_its_rows_carry_it,
    every_field_of_every_row_comes_back,
    events_are_numbered_without_a_gap,
    bookkeeping_leaves_revision_and_events_alone,
    leases_are_granted_renewed_and_ended,
    a_rule_sees_expiries_that_others_have_moved,
    a_refusal_leaves_no_trace,
    the_same_request_has_one_effect_and_gives_the_first_answer,
    the_same_id_for_another_command_is_invalid,
    a_request_id_belongs_to_its_agent,
    a_refused_request_may_succeed_later,
    a_request_is_forgotten_after_a_day,
    whoever_speaks_or_registers_was_seen,
    texts_are_found_by_id,
    events_are_filtered,
    the_oldest_events_are_forgotten_and_numbers_go_on,
    a_cursor_stands_where_it_was_put_and_moves_no_revision,
    a_refused_cursor_stays,
    a_snapshot_stays_as_it_was,
    no_update_is_lost_between_writers,
    time_does_not_run_back_after_a_commit,
    the_rule_is_given_the_time_of_the_commit,
}

fn transact(store: &mut dyn Store, request: &Request, decision: &Decision) -> Outcome {
    store.transact(request, &mut |_, _, _| Ok(decision.clone())).unwrap()
}

fn a_commit_raises_the_revision_by_one_and_its_rows_carry_it(bed: &Bed) {
    let (mut here, mut there) = (bed.open(), bed.open());
    assert_eq!(here.read().unwrap().board.revision, 0);

    let decision = Sample::decision([Row::Module(Sample::module("a")), Row::Module(Sample::module("b"))]);
    let outcome = transact(&mut *here, &Sample::request("import-plan"), &decision);
    assert_eq!(outcome, Outcome::Committed { revision: 1, reply: Sample::reply() });
    assert_eq!(add_module(&mut *here, "a"), 2);

    for store in [&mut here, &mut there] {
        let board = store.read().unwrap().board;
        assert_eq!(board.revision, 2);
        assert_eq!(board.modules[&Sample::module_id("a")].revision, 2);
        assert_eq!(board.modules[&Sample::module_id("b")].revision, 1);
    }
}

fn every_field_of_every_row_comes_back(bed: &Bed) {
    let mut module = Sample::module("full");
    module.title = "it's \"quoted\", | and\nälso \u{1f980}".to_owned();
    module.status = Status::InReview;
    module.priority = Priority::try_from(0).unwrap();
    module.specialty = Some("rust".parse().unwrap());
    module.depends_on = vec![Sample::module_id("z"), Sample::module_id("a")];
    module.owned_paths = Scope::parse(["src/**/*.rs", "app/\\[id\\]/page.tsx"]).unwrap();
    module.candidate_depends_on = vec![Sample::module_id("m")];
    module.candidate_owned_paths = Scope::parse(["*.md"]).unwrap();
    module.owner = Some(Sample::agent_id("ann"));
    module.reviewer = Some(Sample::agent_id("bob"));
    module.block_reason = Some(String::new());
    module.changes_requested = Some("line\nand line".to_owned());
    module.assigned_to = Some("agent-2".parse().unwrap());
    module.branch = Some("feature/x".to_owned());
    module.ordinal = 7;
    let mut agent = Sample::agent("ann");
    agent.specialties = vec!["rust".parse().unwrap(), "sql".parse().unwrap()];
    let mut session = Sample::session("s-1", "ann");
    session.worktree = None;
    session.reaped = true;
    let mut handoff = Sample::handoff("full", 3);
    handoff.to = Target::Reviewers(Some("sql".parse().unwrap()));
    handoff.status = HandoffStatus::Claimed;
    handoff.after_expiry = true;
    handoff.claimed_by = Some(Sample::agent_id("bob"));
    let mut confirmation = Sample::confirmation("/w\u{e4}", "detached");
    confirmation.topology.window_count = Some(3);
    confirmation.topology.shared_storage = Some(false);
    confirmation.agent = Some(Sample::agent_id("ann"));

    let rows = [
        Row::Module(module.clone()),
        Row::Module(Sample::module("plain")),
        Row::Agent(agent.clone()),
        Row::Session(session.clone()),
        Row::Handoff(handoff.clone()),
        Row::Confirmation(confirmation.clone()),
        Row::Safety(SafetyProfile::Safe),
    ];
    commit(&mut *bed.open(), Sample::decision(rows));

    let board = bed.open().read().unwrap().board;
    module.revision = 1;
    agent.revision = 1;
    session.revision = 1;
    handoff.revision = 1;
    assert_eq!(board.modules[&module.id], module);
    assert_eq!(board.agents[&agent.id], agent);
    assert_eq!(board.sessions[&session.id], session);
    assert_eq!(board.handoffs[&handoff.id], handoff);
    assert_eq!(board.confirmations[&confirmation.worktree], Confirmation { revision: 1, ..confirmation });
    assert_eq!(board.safety, SafetyProfile::Safe);
    assert_eq!(board.project, "project");
}

fn events_are_numbered_without_a_gap(bed: &Bed) {
    let mut store = bed.open();
    add_module(&mut *store, "a");
    bed.clock.advance_seconds(1);
    let two = [Row::Module(Sample::module("b")), Row::Module(Sample::module("c"))];
    commit(&mut *store, Sample::decision(two));
    commit(&mut *store, Sample::bookkeeping(vec![]));
    add_module(&mut *bed.open(), "d");

    let events = bed.open().events(&EventFilter::default()).unwrap();
    let numbers: Vec<(u64, u64)> = events.iter().map(|event| (event.seq, event.revision)).collect();
    assert_eq!(numbers, [(1, 1), (2, 2), (3, 2), (4, 3)]);
    assert_eq!(events[1].at, bed.clock.now());
    assert_eq!(events[0].at.plus_seconds(1), events[1].at);
    assert_eq!(store.read().unwrap().last_event, 4);
}

fn bookkeeping_leaves_revision_and_events_alone(bed: &Bed) {
    let mut store = bed.open();
    add_module(&mut *store, "a");
    let grant = Sample::bookkeeping(vec![LeaseChange::Grant(Sample::lease("a", "ann", "secret"))]);
    let outcome = transact(&mut *store, &Sample::request("renew"), &grant);
    assert_eq!(outcome, Outcome::Committed { revision: 1, reply: Sample::reply() });

    let snapshot = bed.open().read().unwrap();
    assert_eq!(snapshot.board.revision, 1);
    assert_eq!(snapshot.last_event, 1);
    assert_eq!(snapshot.leases.of(&Sample::module_id("a")), Some(&Sample::lease("a", "ann", "secret")));
}

fn leases_are_granted_renewed_and_ended(bed: &Bed) {
    let mut store = bed.open();
    let a = Sample::module_id("a");
    let mut with_session = Sample::lease("a", "ann", "first");
    with_session.session = Some("s-1".parse().unwrap());
    commit(&mut *store, Sample::bookkeeping(vec![LeaseChange::Grant(with_session)]));
    commit(&mut *store, Sample::bookkeeping(vec![LeaseChange::Grant(Sample::lease("a", "bob", "second"))]));
    assert_eq!(bed.open().read().unwrap().leases.of(&a), Some(&Sample::lease("a", "bob", "second")));

    let renewal = LeaseChange::Renew { module: a.clone(), ttl_seconds: 60, expires_at: Millis(5) };
    let renewal_of_none =
        LeaseChange::Renew { module: Sample::module_id("b"), ttl_seconds: 1, expires_at: Millis(6) };
    commit(&mut *store, Sample::bookkeeping(vec![renewal, renewal_of_none]));
    let leases = bed.open().read().unwrap().leases;
    assert_eq!(leases.0.len(), 1);
    assert_eq!(leases.of(&a).map(|lease| (lease.ttl_seconds, lease.expires_at)), Some((60, Millis(5))));

    commit(&mut *store, Sample::bookkeeping(vec![LeaseChange::End(a)]));
    assert!(bed.open().read().unwrap().leases.0.is_empty());
}

fn a_rule_sees_expiries_that_others_have_moved(bed: &Bed) {
    let (mut here, mut there) = (bed.open(), bed.open());
    let a = Sample::module_id("a");
    commit(&mut *here, Sample::bookkeeping(vec![LeaseChange::Grant(Sample::lease("a", "ann", "t"))]));
    here.read().unwrap();
    let renewal = LeaseChange::Renew { module: a.clone(), ttl_seconds: 9, expires_at: Millis(9) };
    commit(&mut *there, Sample::bookkeeping(vec![renewal]));

    let seen = AtomicUsize::new(0);
    let request = Sample::request("claim");
    here.transact(&request, &mut |_, leases, _| {
        seen.store(leases.of(&a).unwrap().ttl_seconds as usize, Ordering::SeqCst);
        Ok(Sample::bookkeeping(vec![]))
    })
    .unwrap();
    assert_eq!(seen.into_inner(), 9);
}

fn a_refusal_leaves_no_trace(bed: &Bed) {
    let mut store = bed.open();
    add_module(&mut *store, "a");
    let before = store.read().unwrap();
    let request =
        Request { touch: Some("s-1".parse().unwrap()), ..Sample::request_with_id("ann", "r-1", "f") };
    let refusal = Failure::new(Code::WrongStatus, "no");
    let outcome = store.transact(&request, &mut |_, _, _| Err(refusal.clone())).unwrap();
    assert_eq!(outcome, Outcome::Refused { revision: 1, refusal });

    let after = bed.open().read().unwrap();
    assert_eq!(after.board, before.board);
    assert_eq!(after.last_event, 1);
    assert!(after.last_seen.is_empty());
}

fn the_same_request_has_one_effect_and_gives_the_first_answer(bed: &Bed) {
    let request = Sample::request_with_id("ann", "r-1", "f");
    let decision = Sample::decision([Row::Module(Sample::module("a"))]);
    assert!(matches!(
        transact(&mut *bed.open(), &request, &decision),
        Outcome::Committed { revision: 1, .. }
    ));
    add_module(&mut *bed.open(), "b");

    let again = bed.open().transact(&request, &mut |_, _, _| panic!("the rule must not run again")).unwrap();
    let reply = serde_json::to_value(Sample::reply()).unwrap();
    assert_eq!(again, Outcome::Replayed { revision: 1, reply });
    assert_eq!(bed.open().read().unwrap().board.revision, 2);
}

fn the_same_id_for_another_command_is_invalid(bed: &Bed) {
    let mut store = bed.open();
    transact(&mut *store, &Sample::request_with_id("ann", "r-1", "f"), &Sample::decision([]));
    let other = Sample::request_with_id("ann", "r-1", "another");
    match store.transact(&other, &mut |_, _, _| panic!("the rule must not run")).unwrap() {
        Outcome::Refused { refusal, .. } => assert_eq!(refusal.code, Code::Invalid),
        outcome => panic!("{outcome:?}"),
    }
}

fn a_request_id_belongs_to_its_agent(bed: &Bed) {
    let mut store = bed.open();
    let decision = Sample::decision([Row::Module(Sample::module("a"))]);
    let nobody = Request { agent: None, ..Sample::request_with_id("ann", "r-1", "f") };
    for request in
        [Sample::request_with_id("ann", "r-1", "f"), Sample::request_with_id("bob", "r-1", "g"), nobody]
    {
        assert!(
            matches!(transact(&mut *store, &request, &decision), Outcome::Committed { .. }),
            "{request:?}"
        );
    }
}

fn a_refused_request_may_succeed_later(bed: &Bed) {
    let mut store = bed.open();
    let request = Sample::request_with_id("ann", "r-1", "f");
    store.transact(&request, &mut |_, _, _| Err(Failure::new(Code::LeaseHeld, "not now"))).unwrap();
    let outcome = transact(&mut *store, &request, &Sample::decision([Row::Module(Sample::module("a"))]));
    assert!(matches!(outcome, Outcome::Committed { revision: 1, .. }));
}

fn a_request_is_forgotten_after_a_day(bed: &Bed) {
    const DAY: u64 = 24 * 3600;
    let mut store = bed.open();
    let request = Sample::request_with_id("ann", "r-1", "f");
    let decision = Sample::decision([Row::Module(Sample::module("a"))]);
    transact(&mut *store, &request, &decision);

    bed.clock.advance_seconds(DAY);
    store.upkeep(true).unwrap();
    assert!(matches!(transact(&mut *store, &request, &decision), Outcome::Replayed { .. }));
    bed.clock.advance_seconds(1);
    assert!(matches!(transact(&mut *store, &request, &decision), Outcome::Committed { revision: 2, .. }));
    assert!(matches!(transact(&mut *store, &request, &decision), Outcome::Replayed { revision: 2, .. }));

    bed.clock.advance_seconds(DAY + 1);
    store.upkeep(true).unwrap();
    assert!(matches!(transact(&mut *store, &request, &decision), Outcome::Committed { revision: 3, .. }));
}

fn whoever_speaks_or_registers_was_seen(bed: &Bed) {
    let mut store = bed.open();
    let start = bed.clock.now();
    commit(&mut *store, Sample::decision([Row::Session(Sample::session("s-1", "ann"))]));
    bed.clock.advance_seconds(5);
    let request = Request { touch: Some("s-2".parse().unwrap()), ..Sample::request("heartbeat") };
    transact(&mut *store, &request, &Sample::bookkeeping(vec![]));

    let seen = bed.open().read().unwrap().last_seen;
    assert_eq!(seen.get(&"s-1".parse().unwrap()), Some(&start));
    assert_eq!(seen.get(&"s-2".parse().unwrap()), Some(&bed.clock.now()));
}

fn texts_are_found_by_id(bed: &Bed) {
    let mut store = bed.open();
    let description = |module: &str, text: &str| Text::Description {
        module: Sample::module_id(module),
        text: text.to_owned(),
    };
    let handoff = Sample::handoff("a", 1).id;
    let bundle = Text::Bundle { handoff: handoff.clone(), text: "# Bundle\n".to_owned() };
    let texts = vec![description("a", "what a is"), description("b", "b"), description("c", "c"), bundle];
    commit(&mut *store, Decision { texts, ..Sample::decision([]) });
    commit(
        &mut *store,
        Decision { texts: vec![description("b", "better"), description("c", "")], ..Sample::decision([]) },
    );

    let mut other = bed.open();
    assert_eq!(other.read().unwrap().board.revision, 2, "a text is history");
    assert_eq!(other.brief(&Sample::module_id("a")).unwrap().description, "what a is");
    assert_eq!(other.brief(&Sample::module_id("d")).unwrap(), Brief::default());
    assert_eq!(other.bundle(&handoff).unwrap().as_deref(), Some("# Bundle\n"));
    assert_eq!(other.bundle(&Sample::handoff("a", 2).id).unwrap(), None);
    let all: Vec<String> = other.briefs().unwrap().into_values().map(|brief| brief.description).collect();
    assert_eq!(all, ["what a is", "better"]);

    let lists = |acceptance: &[&str], verify: &[&str]| {
        let [acceptance, verify] =
            [acceptance, verify].map(|items| items.iter().map(ToString::to_string).collect());
        let module = Sample::module_id("a");
        vec![
            Text::Acceptance { module: module.clone(), items: acceptance },
            Text::Verify { module, items: verify },
        ]
    };
    let notes = Notes { decisions: vec!["one\ntwo".to_owned()], ..Notes::default() };
    let texts = [
        lists(&["it works"], &["run it", "look"]),
        vec![Text::Notes { handoff: handoff.clone(), notes: notes.clone() }],
    ];
    commit(&mut *store, Decision { texts: texts.concat(), ..Sample::decision([]) });
    commit(&mut *store, Decision { texts: lists(&[], &["look"]), ..Sample::decision([]) });
    let told = other.brief(&Sample::module_id("a")).unwrap();
    assert_eq!(
        (told.description.as_str(), told.acceptance.len(), told.verify),
        ("what a is", 0, vec!["look".to_owned()])
    );
    assert_eq!(other.notes().unwrap(), [(handoff, notes)].into());
}

fn varied_events() -> Vec<NewEvent> {
    let mut events = Vec::new();
    for n in 0..24_u8 {
        events.push(NewEvent {
            kind: ["claim", "release"][usize::from(n % 2)],
            source: ["board", "preflight"][usize::from(n % 3 == 0)],
            module: (n % 4 != 0).then(|| Sample::module_id(if n % 5 == 0 { "a" } else { "b" })),
            agent: (n % 3 == 1).then(|| Sample::agent_id("ann")),
            target: [None, Some(Target::Workers(None)), Some(Target::Agent(Sample::agent_id("ann")))]
                [usize::from(n % 3)]
            .clone(),
            priority: (n % 2 == 0).then(|| Priority::try_from(n % 5).unwrap()),
            specialty: (n % 6 == 0).then(|| "rust".parse().unwrap()),
            ..Sample::event(&format!("event {n}"))
        });
    }
    events
}

fn events_are_filtered(bed: &Bed) {
    let mut store = bed.open();
    commit(&mut *store, Decision { events: varied_events(), ..Sample::decision([]) });
    let all = store.events(&EventFilter::default()).unwrap();
    assert_eq!(all.len(), 24);

    let any = EventFilter::default;
    let filters = [
        EventFilter { since: 7, ..any() },
        EventFilter { since: 24, ..any() },
        EventFilter { notifications_only: true, ..any() },
        EventFilter { kind: Some("claim".into()), source: Some("preflight".into()), ..any() },
        EventFilter { module: Some(Sample::module_id("a")), ..any() },
        EventFilter { target: Some(Target::Workers(None)), ..any() },
        EventFilter { target: Some(Target::Workers(Some("rust".parse().unwrap()))), ..any() },
        EventFilter { priority: Some(Priority::try_from(4).unwrap()), since: 3, ..any() },
        EventFilter { specialty: Some("rust".parse().unwrap()), notifications_only: true, ..any() },
        EventFilter { until: Some(9), since: 2, ..any() },
        EventFilter { agent: Some(Sample::agent_id("ann")), ..any() },
        EventFilter { addressed_to: vec![Target::Workers(None), "agent:ann".parse().unwrap()], ..any() },
        EventFilter { addressed_to: vec!["agent:nobody".parse().unwrap()], ..any() },
    ];
    for filter in filters {
        let admitted: Vec<_> = all.iter().filter(|event| filter.admits(event)).cloned().collect();
        assert_eq!(store.events(&filter).unwrap(), admitted, "{filter:?}");
        for limit in [0, 1, 3, 100] {
            let first = EventFilter { limit: Some(limit), ..filter.clone() };
            let expected: Vec<_> = admitted.iter().take(limit as usize).cloned().collect();
            assert_eq!(store.events(&first).unwrap(), expected, "{first:?}");
            let last = EventFilter { newest: true, ..first };
            let skipped = admitted.len().saturating_sub(limit as usize);
            assert_eq!(store.events(&last).unwrap(), admitted[skipped..], "{last:?}");
        }
    }
}

fn a_snapshot_stays_as_it_was(bed: &Bed) {
    let mut store = bed.open();
    add_module(&mut *store, "a");
    let before = store.read().unwrap();
    add_module(&mut *store, "b");
    add_module(&mut *bed.open(), "c");
    let after = store.read().unwrap();
    assert_eq!((before.board.revision, before.board.modules.len()), (1, 1));
    assert_eq!((after.board.revision, after.board.modules.len()), (3, 3));
}

fn no_update_is_lost_between_writers(bed: &Bed) {
    const WRITERS: usize = 4;
    const EACH: usize = 25;
    let mut store = bed.open();
    add_module(&mut *store, "counter");
    let writers: Vec<Box<dyn Store>> = (0..WRITERS).map(|_| bed.open()).collect();
    std::thread::scope(|scope| {
        for mut writer in writers {
            scope.spawn(move || (0..EACH).for_each(|_| count_up(&mut *writer)));
        }
    });
    let board = store.read().unwrap().board;
    let expected = (WRITERS * EACH) as u64;
    assert_eq!(board.modules[&Sample::module_id("counter")].ordinal, expected);
    assert_eq!(board.revision, expected + 1);
}

fn count_up(store: &mut dyn Store) {
    let request = Sample::request("count");
    let outcome = store.transact(&request, &mut |board, _, _| {
        let mut counter = board.modules[&Sample::module_id("counter")].clone();
        counter.ordinal += 1;
        Ok(Sample::decision([Row::Module(counter)]))
    });
    assert!(matches!(outcome, Ok(Outcome::Committed { .. })), "{outcome:?}");
}

fn time_does_not_run_back_after_a_commit(bed: &Bed) {
    let mut store = bed.open();
    let start = bed.clock.now();
    add_module(&mut *store, "a");
    bed.clock.set(Millis(start.0 - 2_000));
    assert_eq!(bed.open().read().unwrap().now, start);
    add_module(&mut *store, "b");
    assert_eq!(store.events(&EventFilter { since: 1, ..EventFilter::default() }).unwrap()[0].at, start);
}

fn the_rule_is_given_the_time_of_the_commit(bed: &Bed) {
    let mut store = bed.open();
    let given = std::cell::Cell::new(Millis(0));
    let request = Sample::request("claim");
    store
        .transact(&request, &mut |_, _, now| {
            given.set(now);
            Ok(Sample::decision([Row::Module(Sample::module("a"))]))
        })
        .unwrap();
    assert_eq!(given.get(), bed.clock.now());
    assert_eq!(store.events(&EventFilter::default()).unwrap()[0].at, given.get());
}

fn the_oldest_events_are_forgotten_and_numbers_go_on(bed: &Bed) {
    let mut store = bed.open();
    assert_eq!(store.event_range().unwrap(), EventRange { first: 1, last: 0 });
    for id in ["a", "b", "c"] {
        add_module(&mut *store, id);
    }
    assert_eq!(store.event_range().unwrap(), EventRange { first: 1, last: 3 });
    store.forget_events(2).unwrap();
    assert_eq!(bed.open().event_range().unwrap(), EventRange { first: 3, last: 3 });
    store.forget_events(3).unwrap();
    assert_eq!(store.event_range().unwrap(), EventRange { first: 4, last: 3 });
    assert_eq!(add_module(&mut *store, "d"), 4, "forgetting is no revision");
    let events = bed.open().events(&EventFilter::default()).unwrap();
    assert_eq!(events.iter().map(|event| event.seq).collect::<Vec<_>>(), [4]);
}

fn cursor(agent: &str, stream: Stream) -> Cursor {
    Cursor { agent: Some(Sample::agent_id(agent)), stream, id: "mine".parse().unwrap() }
}

fn a_cursor_stands_where_it_was_put_and_moves_no_revision(bed: &Bed) {
    let mut store = bed.open();
    add_module(&mut *store, "a");
    let here = cursor("ann", Stream::Events);
    assert_eq!(store.cursor(&here).unwrap(), None);
    let mut seen = Vec::new();
    for seq in [7, 5] {
        let outcome =
            store.move_cursor(&Sample::request("ack-events"), &here, &mut |board, _, _, range, standing| {
                seen.push((board.revision, range.last, standing.map(|standing| standing.seq)));
                Ok((seq, Sample::reply()))
            });
        assert_eq!(outcome.unwrap(), Outcome::Committed { revision: 1, reply: Sample::reply() });
    }
    seen.dedup();
    assert_eq!(seen, [(1, 1, None), (1, 1, Some(7))]);
    let mut other = bed.open();
    assert_eq!(other.cursor(&here).unwrap().map(|standing| standing.seq), Some(5));
    assert_eq!(other.cursor(&cursor("ann", Stream::Notifications)).unwrap(), None);
    assert_eq!(other.cursor(&cursor("bob", Stream::Events)).unwrap(), None);
    assert_eq!(other.read().unwrap().last_event, 1);
}

fn a_refused_cursor_stays(bed: &Bed) {
    let mut store = bed.open();
    let here = cursor("ann", Stream::Events);
    let request = Sample::request_with_id("ann", "r-1", "f");
    let refused = store
        .move_cursor(&request, &here, &mut |_, _, _, _, _| Err(Failure::new(Code::CursorAhead, "too far")));
    assert!(matches!(refused.unwrap(), Outcome::Refused { revision: 0, .. }));
    assert_eq!(store.cursor(&here).unwrap(), None);
    let mut put =
        |seq| store.move_cursor(&request, &here, &mut |_, _, _, _, _| Ok((seq, Sample::reply()))).unwrap();
    assert!(matches!(put(3), Outcome::Committed { .. }));
    assert!(matches!(put(9), Outcome::Replayed { .. }), "the same request has one effect");
    assert_eq!(store.cursor(&here).unwrap().map(|standing| standing.seq), Some(3));
}
