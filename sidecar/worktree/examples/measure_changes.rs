//! What looking at a worktree costs, beside git's own `status` in the same run.
//!
//! `cargo run --release -p remit-worktree --example measure_changes -- REPOSITORY`
//!
//! Saves one tracked file again and again, and leaves it as it was.

#![allow(clippy::print_stdout)]

use std::error::Error;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs};

use remit_board::path::ProjectPath;
use remit_worktree::{ChangeTracker, Worktree, changes, locate, scan, worktrees};

const ROUNDS: usize = 15;

type Anything<T> = Result<T, Box<dyn Error>>;

fn main() -> Anything<()> {
    let folder = env::args().nth(1).ok_or("name a repository")?;
    let place = locate(folder.as_ref(), None)?;
    let worktree = place.worktree.clone().ok_or("a bare repository has no changes")?;
    let files = git(&worktree.root, &["ls-files", "-z"])?.split(|byte| *byte == 0).count() - 1;
    println!("{} with {files} tracked files, medians of {ROUNDS}", worktree.root.display());

    // In turns, so that what else the machine does falls on both.
    let (mut status, mut full) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        status.push(timed(|| git(&worktree.root, &["status", "--porcelain", "-uall"]))?);
        full.push(timed(|| changes(&worktree))?);
    }
    let floor = median(status);
    report("git status --porcelain -uall", floor, floor);
    report("changes, in full", median(full), floor);
    one_saved_file(&worktree, floor)?;
    report("locate", median_of(|| locate(&worktree.root, None))?, floor);
    report("head_branch", median_of(|| worktree.head_branch())?, floor);
    report("worktrees", median_of(|| worktrees(&place))?, floor);
    report("scan", median_of(|| Ok::<_, String>(scan(&worktree)))?, floor);
    Ok(())
}

fn one_saved_file(worktree: &Worktree, floor: Duration) -> Anything<()> {
    let mut tracker = ChangeTracker::start(worktree.clone())?;
    report("tracker, start", median_of(|| ChangeTracker::start(worktree.clone()))?, floor);
    let path = some_tracked_file(worktree)?;
    let file = worktree.absolute(&path);
    let before = fs::read(&file)?;
    let same_size: Vec<u8> = before.iter().rev().copied().collect();
    let longer = [&before[..], b"\n"].concat();
    report("one saved file", saved(&mut tracker, &path, [&longer, &before])?, floor);
    report("one saved file of the same size", saved(&mut tracker, &path, [&same_size, &before])?, floor);
    let new = ProjectPath::parse(&format!("{path}.new"))?;
    report("one new file", made(&mut tracker, &new)?, floor);
    Ok(())
}

/// What the look costs, without the writing.
fn saved(tracker: &mut ChangeTracker, path: &ProjectPath, texts: [&[u8]; 2]) -> Anything<Duration> {
    let file = tracker.worktree().absolute(path);
    let mut times = Vec::new();
    for text in texts.iter().cycle().take(2 * ROUNDS) {
        fs::write(&file, text)?;
        times.push(timed(|| tracker.refresh_paths(std::slice::from_ref(path)))?);
    }
    Ok(median(times))
}

fn made(tracker: &mut ChangeTracker, path: &ProjectPath) -> Anything<Duration> {
    let file = tracker.worktree().absolute(path);
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        fs::write(&file, "")?;
        times.push(timed(|| tracker.refresh_paths(std::slice::from_ref(path)))?);
        fs::remove_file(&file)?;
        tracker.refresh_paths(std::slice::from_ref(path))?;
    }
    Ok(median(times))
}

/// One from the middle that has something in it.
fn some_tracked_file(worktree: &Worktree) -> Anything<ProjectPath> {
    let listed = git(&worktree.root, &["ls-files", "-z"])?;
    let names: Vec<&[u8]> = listed.split(|byte| *byte == 0).collect();
    let fits =
        |path: &ProjectPath| fs::metadata(worktree.absolute(path)).is_ok_and(|found| found.len() > 100);
    let mut from_middle =
        names.iter().skip(names.len() / 2).filter_map(|name| std::str::from_utf8(name).ok());
    from_middle
        .find_map(|name| ProjectPath::parse(name).ok().filter(fits))
        .ok_or_else(|| "no file fits".into())
}

fn git(folder: &Path, arguments: &[&str]) -> Anything<Vec<u8>> {
    let mut command = Command::new("git");
    command.current_dir(folder).args(arguments).env("GIT_OPTIONAL_LOCKS", "0").stderr(Stdio::inherit());
    Ok(command.output()?.stdout)
}

fn timed<T, E: Into<Box<dyn Error>>>(work: impl FnOnce() -> Result<T, E>) -> Anything<Duration> {
    let start = Instant::now();
    work().map_err(Into::into)?;
    Ok(start.elapsed())
}

fn median_of<T, E: Into<Box<dyn Error>>>(mut work: impl FnMut() -> Result<T, E>) -> Anything<Duration> {
    let times: Anything<Vec<Duration>> = (0..ROUNDS).map(|_| timed(&mut work)).collect();
    Ok(median(times?))
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn report(what: &str, time: Duration, floor: Duration) {
    let ratio = time.as_secs_f64() / floor.as_secs_f64();
    println!("{what:<34} {:>10.3} ms  {ratio:>7.3} of git status", time.as_secs_f64() * 1000.0);
}
