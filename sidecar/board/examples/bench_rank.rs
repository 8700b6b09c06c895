//! What ranking costs as the board grows: `cargo run --release -p remit-board --example bench_rank`.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints, and knows what it made")]

use std::time::{Duration, Instant};

use remit_board::{
    board::{Board, Leases},
    module::{Module, Priority, Status},
    rank::{Claimable, Pressure, Seeker},
    scope::{CaseRule, Scope},
    time::Millis,
};

/// Three in four modules depend on two of the fifty before them; one in ten is held.
fn board(size: usize) -> Board {
    let mut board = Board::default();
    for n in 0..size {
        let id = |n: usize| format!("module-{n:06}").parse().unwrap();
        let depends_on = match n % 4 {
            0 => Vec::new(),
            step => [n.wrapping_sub(step), n.wrapping_sub(7 * step)]
                .into_iter()
                .filter(|on| *on < n)
                .map(id)
                .collect(),
        };
        let module = Module {
            id: id(n),
            title: format!("Module {n}"),
            status: if n % 10 == 0 { Status::InProgress } else { Status::Todo },
            priority: Priority::try_from((n % 5) as u8).unwrap(),
            specialty: None,
            depends_on,
            owned_paths: Scope::parse([format!("src/part{}/file{n}", n % 97)]).unwrap(),
            candidate_depends_on: Vec::new(),
            candidate_owned_paths: Scope::default(),
            owner: None,
            reviewer: None,
            block_reason: None,
            changes_requested: None,
            assigned_to: None,
            branch: None,
            claimed_head: None,
            created_at: Millis(0),
            ordinal: n as u64,
            revision: 1,
        };
        board.modules.put(module);
    }
    board
}

fn best_of<T>(times: u32, mut work: impl FnMut() -> T) -> Duration {
    let once = |work: &mut dyn FnMut() -> T| {
        let start = Instant::now();
        drop(std::hint::black_box(work()));
        start.elapsed()
    };
    (0..times).map(|_| once(&mut work)).min().unwrap()
}

fn main() {
    println!("{:>8} {:>12} {:>12} {:>12}", "modules", "graph", "the best", "the first 10");
    for size in [100, 1_000, 10_000, 20_000, 50_000] {
        let board = board(size);
        let leases = Leases::default();
        let seeker = Seeker {
            board: &board,
            leases: &leases,
            now: Millis(1),
            case: CaseRule::Sensitive,
            agent: None,
            specialty: None,
        };
        let graph = best_of(20, || {
            Pressure::of(&board).exactly(&"module-000000".parse().unwrap()).map(|behind| behind.chain)
        });
        let best = best_of(20, || Claimable::new(seeker).next().map(|one| one.score));
        let ten = best_of(20, || Claimable::new(seeker).take(10).count());
        println!("{size:>8} {graph:>12.2?} {best:>12.2?} {ten:>12.2?}");
    }
}
