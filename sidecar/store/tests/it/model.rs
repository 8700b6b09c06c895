//! The same random history on disk and in memory: every outcome and every later view must agree.

use proptest::prelude::*;
use remit_board::{
    board::{LeaseChange, Row, SafetyProfile, Text},
    decision::Decision,
    failure::{Code, Failure},
    time::Millis,
};
use remit_store::{EventFilter, Outcome, Request, Store, testing::Sample};

use crate::bed::Bed;

#[derive(Clone, Debug)]
enum Step {
    Write { modules: Vec<u8>, safety: bool },
    Describe { module: u8, text: String },
    Register { session: u8 },
    Grant { module: u8, holder: u8 },
    End { module: u8 },
    Renew { module: u8 },
    Refuse,
    Remembered { id: u8, fingerprint: u8 },
    Wait { seconds: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (prop::collection::vec(0..6_u8, 0..4), any::<bool>()).prop_map(|(modules, safety)| Step::Write { modules, safety }),
        1 => (0..6_u8, "[a-zä|\n]{0,6}").prop_map(|(module, text)| Step::Describe { module, text }),
        1 => (0..3_u8).prop_map(|session| Step::Register { session }),
        2 => (0..6_u8, 0..3_u8).prop_map(|(module, holder)| Step::Grant { module, holder }),
        1 => (0..6_u8).prop_map(|module| Step::End { module }),
        1 => (0..6_u8).prop_map(|module| Step::Renew { module }),
        1 => Just(Step::Refuse),
        2 => (0..3_u8, 0..2_u8).prop_map(|(id, fingerprint)| Step::Remembered { id, fingerprint }),
        1 => (0..90_000_u64).prop_map(|seconds| Step::Wait { seconds }),
    ]
}

fn name(number: u8) -> String {
    format!("m{number}")
}

fn take(store: &mut dyn Store, step: &Step, n: usize) -> Outcome {
    let mut request =
        Request { touch: n.is_multiple_of(3).then(|| "s-0".parse().unwrap()), ..Sample::request("step") };
    if let Step::Remembered { id, fingerprint } = step {
        request = Sample::request_with_id("ann", &name(*id), &name(*fingerprint));
    }
    store
        .transact(&request, &mut |board, leases, now| decide(step, n, board.revision, leases.0.len(), now))
        .unwrap()
}

fn decide(step: &Step, n: usize, revision: u64, leases: usize, now: Millis) -> Result<Decision, Failure> {
    let bookkeeping = |change| Ok(Sample::bookkeeping(vec![change]));
    match step {
        Step::Write { modules, safety } => {
            let mut rows: Vec<Row> = modules
                .iter()
                .map(|number| {
                    let mut module = Sample::module(&name(*number));
                    module.title = format!("{n}: after {revision}, {leases} leases, at {now}");
                    Row::Module(module)
                })
                .collect();
            rows.extend(safety.then_some(Row::Safety(SafetyProfile::Throughput)));
            Ok(Sample::decision(rows))
        }
        Step::Describe { module, text } => {
            let text = Text::Description { module: Sample::module_id(&name(*module)), text: text.clone() };
            Ok(Decision { texts: vec![text], ..Sample::decision([]) })
        }
        Step::Register { session } => {
            Ok(Sample::decision([Row::Session(Sample::session(&format!("s-{session}"), "ann"))]))
        }
        Step::Grant { module, holder } => {
            bookkeeping(LeaseChange::Grant(Sample::lease(&name(*module), &name(*holder), &n.to_string())))
        }
        Step::End { module } => bookkeeping(LeaseChange::End(Sample::module_id(&name(*module)))),
        Step::Renew { module } => bookkeeping(LeaseChange::Renew {
            module: Sample::module_id(&name(*module)),
            ttl_seconds: n as u64,
            expires_at: now.plus_seconds(n as u64),
        }),
        Step::Remembered { .. } => Ok(Sample::decision([Row::Module(Sample::module("remembered"))])),
        Step::Refuse | Step::Wait { .. } => Err(Failure::new(Code::WrongStatus, format!("at {revision}"))),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn disk_and_memory_tell_the_same_history(steps in prop::collection::vec(step(), 1..40)) {
        let beds = [Bed::memory(), Bed::sqlite()];
        // Two accesses to each board, so that each must catch up with the other.
        let mut accesses = beds.each_ref().map(|bed| [bed.open(), bed.open()]);
        for (n, step) in steps.iter().enumerate() {
            let outcomes = [0, 1].map(|kind| {
                if let Step::Wait { seconds } = step {
                    beds[kind].clock.advance_seconds(*seconds);
                }
                take(&mut *accesses[kind][n % 2], step, n)
            });
            prop_assert_eq!(&outcomes[0], &outcomes[1], "step {}: {:?}", n, step);
        }
        let [memory, disk] = accesses.map(|[mut one, mut other]| [view(&mut *one), view(&mut *other)]);
        prop_assert_eq!(&memory[0], &disk[0]);
        prop_assert_eq!(&memory[0], &memory[1]);
        prop_assert_eq!(&disk[0], &disk[1]);
        let [fresh_memory, fresh_disk] = beds.map(|bed| view(&mut *bed.open()));
        prop_assert_eq!(&fresh_memory, &memory[0]);
        prop_assert_eq!(&fresh_disk, &memory[0]);
    }
}

/// Everything there is to see, apart from the incarnation.
fn view(store: &mut dyn Store) -> String {
    let snapshot = store.read().unwrap();
    let mut board = (*snapshot.board).clone();
    board.incarnation = 0;
    let leases: Vec<String> =
        snapshot.leases.0.values().map(|lease| format!("{lease:?} {}", lease.token.reveal())).collect();
    let events = store.events(&EventFilter::default()).unwrap();
    let texts = store.briefs().unwrap();
    let (now, seen, last) = (snapshot.now, &snapshot.last_seen, snapshot.last_event);
    format!("{board:#?}\n{leases:#?}\n{now} {seen:?} {last}\n{events:#?}\n{texts:?}")
}
