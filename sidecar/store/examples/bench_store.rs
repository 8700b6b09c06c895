//! What the store costs, beside the floor of the same machine and disk, in one run.
//!
//! `cargo run --release -p remit-store --example bench_store`. The other processes are this program again.

#![allow(clippy::print_stdout, reason = "its figures are its output")]

use std::{
    env,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use remit_board::{board::Row, decision::Decision};
use remit_store::{
    Change, CommitWatch, Options, Outcome, PlanFolder, SqliteStore, Steward, Store, testing::Sample,
};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

const WRITERS: usize = 8;
const SATURATED: Duration = Duration::from_secs(2);
const COMMITS_SEEN: usize = 400;

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => bench(),
        ["nothing", _] => Ok(()),
        ["floor", root] => floor(Path::new(root)),
        ["one-shot", root] => one_shot(Path::new(root), false),
        ["one-shot-and-files", root] => one_shot(Path::new(root), true),
        ["saturate", root] => saturate(Path::new(root)),
        ["on-demand", root] => commit_on_demand(Path::new(root)),
        ["make", root, modules] => board(Path::new(root), modules.parse()?).map(drop),
        _ => Err("this program takes no arguments".into()),
    }
}

fn bench() -> Result<()> {
    for modules in [100, 1_000, 10_000] {
        one_shots(modules)?;
    }
    writers()?;
    seen()?;
    at_rest()
}

fn process(role: &str, root: &Path) -> Result<Command> {
    let mut command = Command::new(env::current_exe()?);
    command.arg(role).arg(root);
    Ok(command)
}

fn board(root: &Path, modules: usize) -> Result<SqliteStore> {
    let mut store = SqliteStore::create(&PlanFolder::below(root), "bench", Options::default())?.store;
    let rows = (0..modules).map(|n| Row::Module(Sample::module(&format!("module-{n}"))));
    commit(&mut store, &Sample::decision(rows))?;
    Ok(store)
}

fn commit(store: &mut SqliteStore, decision: &Decision) -> Result<()> {
    match store.transact(&Sample::request("bench"), &mut |_, _, _| Ok(decision.clone()))? {
        Outcome::Committed { .. } => Ok(()),
        other => Err(format!("not committed: {other:?}").into()),
    }
}

// One command, from the start of its process to its end.

fn one_shots(modules: usize) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut store = board(folder.path(), modules)?;
    Steward::tend_once(&PlanFolder::below(folder.path()), &mut store);
    drop(store);
    make_floor(folder.path())?;
    let roles = ["nothing", "floor", "one-shot", "one-shot-and-files"];
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); roles.len()];
    for round in 0..if modules > 5_000 { 60 } else { 150 } {
        for (role, times) in roles.iter().zip(&mut times) {
            let start = Instant::now();
            if !process(role, folder.path())?.status()?.success() {
                return Err(format!("{role} failed").into());
            }
            // The first rounds warm the disk's cache.
            if round >= 5 {
                times.push(start.elapsed());
            }
        }
    }
    let medians: Vec<Duration> = times.iter_mut().map(|times| quantile(times, 50)).collect();
    println!("one command on a board of {modules} modules, median of a whole process");
    for ((role, median), times) in roles.iter().zip(&medians).zip(&mut times) {
        let ratio = median.as_secs_f64() / medians[1].as_secs_f64();
        println!(
            "  {role:<20} {:>8.2} ms   {ratio:.2} × floor   p95 {:.2} ms",
            ms(*median),
            ms(quantile(times, 95))
        );
    }
    Ok(())
}

fn make_floor(root: &Path) -> Result<()> {
    let db = rusqlite::Connection::open(root.join("floor.db"))?;
    db.execute_batch(
        "PRAGMA journal_mode = WAL; CREATE TABLE counter (n INTEGER); INSERT INTO counter VALUES (0)",
    )?;
    Ok(())
}

fn floor(root: &Path) -> Result<()> {
    let db = rusqlite::Connection::open(root.join("floor.db"))?;
    db.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    db.execute_batch("PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE; UPDATE counter SET n = n + 1; COMMIT")?;
    Ok(())
}

/// Ends as a command should: what the process holds is not given back piece by piece.
fn one_shot(root: &Path, files: bool) -> Result<()> {
    let plan = PlanFolder::below(root);
    let mut store = SqliteStore::open(&plan, Options::default())?;
    store.read()?;
    claim_one(&mut store)?;
    if files {
        let tended = Steward::tend_once(&plan, &mut store);
        if !tended.problems.is_empty() {
            return Err(tended.problems.join("; ").into());
        }
    }
    std::process::exit(0)
}

/// Writes what a claim writes: a module, a lease, an event.
fn claim_one(store: &mut SqliteStore) -> Result<()> {
    let outcome = store.transact(&Sample::request("bench"), &mut |board, _, _| {
        let mut module = board.modules.values().next().cloned().unwrap_or_else(|| Sample::module("module-0"));
        module.owner = Some(Sample::agent_id("ann"));
        let lease = Sample::lease(module.id.as_str(), "ann", "token");
        let leases = vec![remit_board::board::LeaseChange::Grant(lease)];
        Ok(Decision { leases, ..Sample::decision([Row::Module(module)]) })
    })?;
    match outcome {
        Outcome::Committed { .. } => Ok(()),
        other => Err(format!("not committed: {other:?}").into()),
    }
}

// Many writers that never rest.

fn writers() -> Result<()> {
    let folder = tempfile::tempdir()?;
    drop(board(folder.path(), 100)?);
    let one = commits_of(folder.path(), 1)?;
    let many = commits_of(folder.path(), WRITERS)?;
    let (slowest, fastest) =
        (many.iter().min().copied().unwrap_or(0), many.iter().max().copied().unwrap_or(0));
    let (alone, together) = (one.iter().sum::<u64>(), many.iter().sum::<u64>());
    println!("saturated writers, {} s each", SATURATED.as_secs());
    println!("  one writer           {alone:>8} commits");
    println!(
        "  {WRITERS} writers            {together:>8} commits   {:.2} × one writer's",
        together as f64 / alone as f64
    );
    println!("  each                 {many:?}   slowest {:.2} × fastest", slowest as f64 / fastest as f64);
    Ok(())
}

fn commits_of(root: &Path, writers: usize) -> Result<Vec<u64>> {
    let start = |_| -> Result<Child> { Ok(process("saturate", root)?.stdout(Stdio::piped()).spawn()?) };
    let children = (0..writers).map(start).collect::<Result<Vec<Child>>>()?;
    let count = |child: Child| -> Result<u64> {
        Ok(String::from_utf8(child.wait_with_output()?.stdout)?.trim().parse()?)
    };
    children.into_iter().map(count).collect()
}

fn saturate(root: &Path) -> Result<()> {
    let mut store = SqliteStore::open(&PlanFolder::below(root), Options::default())?;
    let start = Instant::now();
    let mut commits = 0;
    while start.elapsed() < SATURATED {
        claim_one(&mut store)?;
        commits += 1;
    }
    println!("{commits}");
    Ok(())
}

// How soon a commit is noticed elsewhere.

fn seen() -> Result<()> {
    let folder = tempfile::tempdir()?;
    drop(board(folder.path(), 100)?);
    let mut watch = CommitWatch::new(&PlanFolder::below(folder.path()));
    let mut other =
        process("on-demand", folder.path())?.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let (Some(mut demand), Some(done)) = (other.stdin.take(), other.stdout.take()) else {
        return Err("the other process can't be spoken to".into());
    };
    let mut done = BufReader::new(done).lines();
    let mut delays = Vec::new();
    for n in 0..COMMITS_SEEN {
        // So that some commits come while looks are due, and others after a rest.
        std::thread::sleep(Duration::from_millis((n as u64 * 7) % 60));
        writeln!(demand)?;
        while watch.wait(Instant::now() + Duration::from_secs(5)) != Change::Committed {}
        let seen = since_1970();
        let committed: u64 = done.next().ok_or("the other process died")??.parse()?;
        delays.push(seen.saturating_sub(Duration::from_nanos(committed)));
        while watch.wait(Instant::now()) == Change::Committed {}
    }
    drop(demand);
    other.wait()?;
    let (p50, p99) = (quantile(&mut delays, 50), quantile(&mut delays, 99));
    let worst = quantile(&mut delays, 100);
    println!("a commit in one process until it is seen in another, {COMMITS_SEEN} commits");
    println!("  p50 {:.3} ms   p99 {:.3} ms   worst {:.3} ms", ms(p50), ms(p99), ms(worst));
    Ok(())
}

fn commit_on_demand(root: &Path) -> Result<()> {
    let mut store = SqliteStore::open(&PlanFolder::below(root), Options::default())?;
    for line in std::io::stdin().lines() {
        line?;
        claim_one(&mut store)?;
        println!("{}", since_1970().as_nanos());
    }
    Ok(())
}

// What waiting costs when nothing happens.

fn at_rest() -> Result<()> {
    const REST: Duration = Duration::from_secs(5);
    if run_time().is_err() {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    drop(board(folder.path(), 100)?);
    let mut watch = CommitWatch::new(&PlanFolder::below(folder.path()));
    while watch.wait(Instant::now()) != Change::Deadline {}
    let start = run_time()?;
    while watch.wait(Instant::now() + REST) != Change::Deadline {}
    let used = run_time()?.saturating_sub(start);
    println!("a watch at rest for {} s", REST.as_secs());
    println!("  {:.4} % of a core", 100.0 * used.as_secs_f64() / REST.as_secs_f64());
    Ok(())
}

/// Linux keeps it for each thread.
fn run_time() -> Result<Duration> {
    let mut nanos = 0;
    for task in std::fs::read_dir("/proc/self/task")? {
        let stat = std::fs::read_to_string(task?.path().join("schedstat"))?;
        nanos += stat.split(' ').next().unwrap_or("0").parse::<u64>()?;
    }
    Ok(Duration::from_nanos(nanos))
}

fn since_1970() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

fn quantile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    let index = (times.len() * percent / 100).min(times.len().saturating_sub(1));
    times.get(index).copied().unwrap_or_default()
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
