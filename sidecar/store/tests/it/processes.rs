//! Many processes on one board, some of them killed in the middle.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use remit_board::{
    board::Row,
    command::{Asking, Claim, ClaimTerms, Command as BoardCommand},
    decide::{Caller, DoneBefore, Situation, decide},
    ids::{AgentId, ModuleId, Seed},
    module::Status,
    scope::CaseRule,
    time::Millis,
};
use remit_store::{
    EventFilter, Options, Outcome, PlanFolder, Request, SqliteStore, Steward, Store, testing::Sample,
};

use crate::bed::{Disk, commit};

const ROLE: &str = "REMIT_TEST_ROLE";
const ROOT: &str = "REMIT_TEST_ROOT";
const NAME: &str = "REMIT_TEST_NAME";

/// This test binary again, as another process that plays `role` on the board below `root`.
pub fn process(role: &str, root: &Path, name: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "processes::another_process", "--ignored", "--nocapture"])
        .env(ROLE, role)
        .env(ROOT, root)
        .env(NAME, name)
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    command
}

#[test]
#[ignore = "not a test: what the processes started by tests run"]
fn another_process() {
    let Ok(role) = std::env::var(ROLE) else { return };
    let plan = PlanFolder::below(Path::new(&std::env::var(ROOT).unwrap()));
    let name = std::env::var(NAME).unwrap();
    match role.as_str() {
        "claim" => claim_until_nothing_is_left(&plan, &name),
        "create" => create(&plan, &name),
        "use read-only" => crate::places::use_read_only(&plan),
        "commit on demand" => crate::watch::commit_on_demand(&plan),
        "present" => crate::presence::come_and_go(&plan, &name),
        other => panic!("no role {other}"),
    }
}

struct Scale {
    processes: usize,
    modules: usize,
    kills: usize,
}

impl Scale {
    fn chosen() -> Self {
        if std::env::var_os("REMIT_SOAK").is_some() {
            Self { processes: 16, modules: 400, kills: 200 }
        } else {
            Self { processes: 6, modules: 60, kills: 8 }
        }
    }
}

fn agent_name(number: usize) -> String {
    format!("agent-{number}")
}

fn board_of(scale: &Scale) -> Disk {
    let disk = Disk::empty();
    // The other processes have the system's clock: what is years old to them, they archive.
    disk.clock.set(system_time());
    let modules = (0..scale.modules).map(|n| Row::Module(Sample::module(&format!("m{n}"))));
    let agents = (0..scale.processes).map(|n| Row::Agent(Sample::agent(&agent_name(n))));
    commit(&mut disk.create(), Sample::decision(modules.chain(agents)));
    disk
}

fn system_time() -> Millis {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Millis(since_1970.as_millis() as i64)
}

fn claim_until_nothing_is_left(plan: &PlanFolder, name: &str) {
    let agent = Sample::agent_id(name);
    let mut store = SqliteStore::open(plan, Options::default()).unwrap();
    loop {
        let board = store.read().unwrap().board;
        let free: Vec<ModuleId> = board
            .modules
            .values()
            .filter(|module| module.status == Status::Todo)
            .map(|module| module.id.clone())
            .collect();
        drop(board);
        let Some(module) = any_of(&free) else { return };
        claim(&mut store, &agent, module);
        Steward::tend_once(plan, &mut store);
    }
}

/// Random enough to spread claims.
fn any_of(modules: &[ModuleId]) -> Option<&ModuleId> {
    use std::hash::{BuildHasher, RandomState};
    let random = RandomState::new().hash_one(Instant::now()) as usize;
    modules.get(random.checked_rem(modules.len())?)
}

/// By the real rules, as an engine would.
fn claim(store: &mut SqliteStore, agent: &AgentId, module: &ModuleId) {
    let command = BoardCommand::Claim(Claim { module: module.clone(), terms: ClaimTerms::default() });
    let caller = Caller { agent: Some(agent.clone()), ..Caller::default() };
    let (asking, seed) = (Asking::default(), Seed::new([7; 32]));
    let request = Request {
        agent: Some(agent.clone()),
        ..Sample::request_with_id(agent.as_str(), module.as_str(), "claim")
    };
    let outcome = store.transact(&request, &mut |board, leases, now| {
        let situation = Situation {
            board,
            leases,
            now,
            asking: &asking,
            caller: &caller,
            seed: &seed,
            case: CaseRule::Sensitive,
            disk: Default::default(),
            before: DoneBefore::Nothing,
            bundle: None,
            survey: None,
        };
        decide(&situation, &command)
    });
    assert!(matches!(outcome, Ok(Outcome::Committed { .. } | Outcome::Refused { .. })), "{outcome:?}");
}

#[test]
fn each_module_gets_exactly_one_holder() {
    let scale = Scale::chosen();
    let disk = board_of(&scale);
    let mut claimers = start_claimers(&disk, &scale);
    for claimer in &mut claimers {
        assert!(claimer.wait().unwrap().success());
    }
    assert_sound(&disk, &scale);
}

#[test]
fn processes_that_are_killed_break_nothing() {
    let scale = Scale::chosen();
    let disk = board_of(&scale);
    let mut claimers = start_claimers(&disk, &scale);
    for kill in 0..scale.kills {
        let number = kill % scale.processes;
        // Long enough for some to be in the middle of a commit, others just opening.
        std::thread::sleep(Duration::from_micros(300 + 700 * (kill as u64 * 7 % 10)));
        claimers[number].kill().unwrap();
        claimers[number].wait().unwrap();
        claimers[number] = process("claim", disk.root(), &agent_name(number)).spawn().unwrap();
    }
    for claimer in &mut claimers {
        assert!(claimer.wait().unwrap().success());
    }
    assert_sound(&disk, &scale);
}

fn start_claimers(disk: &Disk, scale: &Scale) -> Vec<Child> {
    let start = |number| process("claim", disk.root(), &agent_name(number)).spawn().unwrap();
    (0..scale.processes).map(start).collect()
}

fn assert_sound(disk: &Disk, scale: &Scale) {
    let mut store = disk.open();
    let snapshot = store.read().unwrap();
    let events = store.events(&EventFilter::default()).unwrap();
    let numbers: Vec<u64> = events.iter().map(|event| event.seq).collect();
    assert_eq!(numbers, (1..=snapshot.last_event).collect::<Vec<_>>(), "events without a gap");
    let mut revisions: Vec<u64> = events.iter().map(|event| event.revision).collect();
    assert!(revisions.is_sorted(), "events in the order of revisions");
    revisions.dedup();
    assert_eq!(revisions, (1..=snapshot.board.revision).collect::<Vec<_>>(), "revisions without a gap");

    assert_eq!(snapshot.board.modules.len(), scale.modules);
    for module in snapshot.board.modules.values() {
        let id = &module.id;
        let lease = snapshot.leases.of(id).expect("claimed");
        assert_eq!(module.owner.as_ref(), Some(&lease.holder));
        let claims: Vec<_> = events
            .iter()
            .filter(|event| event.kind == "claim" && event.module.as_ref() == Some(id))
            .collect();
        assert_eq!(claims.len(), 1, "{id} was claimed once");
        assert_eq!(claims[0].agent.as_ref(), Some(&lease.holder));
        assert_eq!(claims[0].revision, module.revision);
    }
    drop(store);
    let db = rusqlite::Connection::open(disk.plan.database()).unwrap();
    let verdict: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok");

    let mut store = disk.open();
    Steward::tend_once(&disk.plan, &mut store);
    let shown = std::fs::read_to_string(disk.plan.state_json()).unwrap();
    assert!(
        shown.starts_with(&format!("{{\"revision\":{},", snapshot.board.revision)),
        "the projections are whole"
    );
    serde_json::from_str::<serde_json::Value>(&shown).unwrap();
}

fn create(plan: &PlanFolder, name: &str) {
    let created = SqliteStore::create(plan, name, Options::default()).unwrap();
    let mut store = created.store;
    crate::bed::add_module(&mut store, name);
    let project = store.read().unwrap().board.project.clone();
    assert_eq!(created.created, project == name, "whoever made it named it");
}

#[test]
fn processes_that_make_the_board_at_once_make_one() {
    for _ in 0..3 {
        let disk = Disk::empty();
        let mut makers: Vec<Child> =
            (0..6).map(|n| process("create", disk.root(), &agent_name(n)).spawn().unwrap()).collect();
        for maker in &mut makers {
            assert!(maker.wait().unwrap().success());
        }
        let board = disk.open().read().unwrap().board;
        assert_eq!(board.modules.len(), 6, "nobody's module went to another board");
        assert_eq!(board.revision, 6);
    }
}

#[test]
fn a_maker_that_is_killed_leaves_no_board_or_a_whole_one() {
    for round in 0..12_u64 {
        let disk = Disk::empty();
        let mut maker = process("create", disk.root(), "first").spawn().unwrap();
        let start = Instant::now();
        while !disk.plan.path().exists() && start.elapsed() < Duration::from_secs(5) {
            std::thread::yield_now();
        }
        std::thread::sleep(Duration::from_micros(round * 400));
        maker.kill().unwrap();
        maker.wait().unwrap();

        let mut store = disk.create();
        crate::bed::add_module(&mut store, "after");
        assert!(store.read().unwrap().board.modules.contains_key(&Sample::module_id("after")));
    }
}
