//! Events that leave the board are archived: each once, whatever happens on the way.

use std::{fs, io};

use remit_board::{board::Row, decision::Decision, retention::Retention};
use remit_store::{
    EventFilter, Steward, Store,
    archive::{ArchiveLine, Step, entries, prune, prune_with},
    testing::Sample,
};

use crate::bed::{Disk, add_module, commit};

const KEPT: u64 = 10;

fn keep(max_rows: u64) -> Retention {
    Retention { max_rows, ..Retention::default() }
}

fn board_with_events(count: u64) -> Disk {
    let disk = Disk::with_board();
    let events = (1..=count).map(|n| Sample::event(&format!("event {n}"))).collect();
    commit(&mut disk.open(), Decision { events, ..Sample::decision([]) });
    disk
}

/// Every line of the archive, in the order of files and lines.
fn archived(disk: &Disk) -> Vec<ArchiveLine> {
    let entries = entries(&disk.plan).unwrap();
    let text: String = entries.iter().map(|entry| fs::read_to_string(&entry.path).unwrap()).collect();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Archive and board together hold each event once, in order, with its own words.
fn assert_nothing_lost_or_doubled(disk: &Disk, count: u64) {
    let kept = disk.open().events(&EventFilter::default()).unwrap();
    let all: Vec<(u64, String)> = archived(disk)
        .into_iter()
        .map(|line| (line.seq, line.summary))
        .chain(kept.into_iter().map(|event| (event.seq, event.summary)))
        .collect();
    let expected: Vec<_> = (1..=count).map(|n| (n, format!("event {n}"))).collect();
    assert!(all == expected, "{} lines and rows instead of {count}", all.len());
}

#[test]
fn what_goes_is_archived_first_and_the_rest_stays() {
    let disk = board_with_events(50);
    let before = disk.open().read().unwrap().board.revision;
    assert_eq!(prune(&disk.plan, &mut disk.open(), keep(KEPT)).unwrap(), 40);
    assert_nothing_lost_or_doubled(&disk, 50);
    assert_eq!(archived(&disk).len(), 40);
    assert_eq!(prune(&disk.plan, &mut disk.open(), keep(KEPT)).unwrap(), 0);
    assert_eq!(prune(&disk.plan, &mut disk.open(), keep(0)).unwrap(), 10);
    assert_nothing_lost_or_doubled(&disk, 50);
    assert_eq!(disk.open().read().unwrap().board.revision, before, "it is bookkeeping");
    let entries = entries(&disk.plan).unwrap();
    assert_eq!((entries.len(), entries[0].first, entries[0].last, entries[0].events), (1, 1, 50, 50));
}

/// What a killed process leaves of the bytes that it was writing.
const TEARS: [fn(&mut Vec<u8>); 4] = [
    |_| {},
    Vec::clear,
    |text| text.truncate(text.len() / 2),
    |text| text.truncate(text.len().saturating_sub(1)),
];

/// Stops before the `n`th step, having torn what is written before; says whether there was such a step.
fn stop_at(disk: &Disk, n: usize, tear: fn(&mut Vec<u8>)) -> bool {
    let mut steps = 0;
    let outcome = prune_with(&disk.plan, &mut disk.open(), keep(KEPT), &mut |step| {
        steps += 1;
        if let Step::Write(text) = step
            && steps + 1 == n
        {
            tear(text);
        }
        if steps == n { Err(io::Error::other("stopped")) } else { Ok(()) }
    });
    outcome.is_err()
}

#[test]
fn stopped_before_any_step_it_loses_and_doubles_nothing() {
    for tear in TEARS {
        for n in 1.. {
            let disk = board_with_events(2_050);
            if !stop_at(&disk, n, tear) {
                assert!(n > 9, "two batches have two times five steps");
                break;
            }
            prune(&disk.plan, &mut disk.open(), keep(KEPT)).unwrap();
            assert_nothing_lost_or_doubled(&disk, 2_050);
        }
    }
}

#[test]
fn stopped_again_and_again_it_comes_to_its_end() {
    let disk = board_with_events(100);
    for (n, tear) in (1..=5).flat_map(|n| TEARS.map(|tear| (n, tear))) {
        assert!(stop_at(&disk, n, tear));
    }
    prune(&disk.plan, &mut disk.open(), keep(KEPT)).unwrap();
    assert_nothing_lost_or_doubled(&disk, 100);
}

#[test]
fn a_file_holds_ten_thousand_numbers_and_the_next_one_goes_on() {
    let disk = board_with_events(10_500);
    assert!(stop_at(&disk, 29, TEARS[2]));
    prune(&disk.plan, &mut disk.open(), keep(KEPT)).unwrap();
    assert_nothing_lost_or_doubled(&disk, 10_500);
    let ranges: Vec<_> = entries(&disk.plan).unwrap().iter().map(|entry| (entry.first, entry.last)).collect();
    assert_eq!(ranges, [(1, 10_000), (10_001, 10_490)]);
}

#[test]
fn a_damaged_archive_is_left_as_it_is_and_so_is_the_board() {
    let disk = board_with_events(50);
    prune(&disk.plan, &mut disk.open(), keep(20)).unwrap();
    let path = entries(&disk.plan).unwrap()[0].path.clone();
    let damaged = fs::read_to_string(&path).unwrap().replacen("\"seq\":7,", "\"seq\":x,", 1);
    fs::write(&path, &damaged).unwrap();
    let error = prune(&disk.plan, &mut disk.open(), keep(KEPT)).unwrap_err();
    assert!(error.to_string().contains("damaged"), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), damaged);
    assert_eq!(disk.open().events(&EventFilter::default()).unwrap().len(), 20);
}

#[cfg(unix)]
#[test]
fn nothing_is_archived_through_a_link() {
    let disk = board_with_events(50);
    let elsewhere = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), disk.plan.path().join("archive")).unwrap();
    assert!(prune(&disk.plan, &mut disk.open(), keep(KEPT)).is_err());
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
    assert_eq!(disk.open().events(&EventFilter::default()).unwrap().len(), 50);
}

#[test]
fn a_board_made_anew_has_archives_of_its_own() {
    let disk = board_with_events(20);
    prune(&disk.plan, &mut disk.open(), keep(KEPT)).unwrap();
    for name in ["coordination.db", "coordination.db-wal", "coordination.db-shm"] {
        fs::remove_file(disk.plan.path().join(name)).unwrap();
    }
    disk.clock.advance_seconds(1);
    disk.create();
    add_module(&mut disk.open(), "new");
    prune(&disk.plan, &mut disk.open(), keep(0)).unwrap();
    let seqs: Vec<u64> = archived(&disk).iter().map(|line| line.seq).collect();
    assert_eq!(seqs, (1..=10).chain([1]).collect::<Vec<_>>());
}

#[test]
fn the_steward_archives_what_is_too_old_or_too_many() {
    let disk = board_with_events(50);
    let tend = || Steward::tend_once(&disk.plan, &mut disk.open()).problems;
    assert_eq!(tend(), Vec::<String>::new());
    assert!(archived(&disk).is_empty());
    disk.clock.advance_seconds(Retention::default().max_age_seconds + 7200);
    add_module(&mut disk.open(), "young");
    assert_eq!(tend(), Vec::<String>::new());
    assert_eq!(archived(&disk).len(), 50);
    let kept = disk.open().events(&EventFilter::default()).unwrap();
    assert_eq!(kept.iter().map(|event| event.seq).collect::<Vec<_>>(), [51]);
}

#[test]
fn an_archive_that_can_not_be_written_stops_no_command() {
    let disk = board_with_events(50);
    fs::write(disk.plan.path().join("archive"), "in the way").unwrap();
    disk.clock.advance_seconds(Retention::default().max_age_seconds + 7200);
    commit(&mut disk.open(), Sample::decision([Row::Module(Sample::module("a"))]));
    let tended = Steward::tend_once(&disk.plan, &mut disk.open());
    assert!(tended.problems.iter().any(|problem| problem.contains("can't be archived")), "{tended:?}");
    assert_eq!(disk.open().event_range().unwrap().first, 1);
}
