//! Cursors, held to the simplest model: a reader that writes down every event it was given.

use proptest::prelude::*;
use remit_board::{
    cursor::{EventRange, Standing, acknowledged, resume},
    failure::Code,
};

const HERE: u64 = 1;

#[derive(Clone, Debug)]
enum Step {
    Happen(u64),
    Prune(u64),
    /// Reads at most so many, and acknowledges them (or not, as one that dies would).
    Read {
        limit: u64,
        acknowledge: bool,
    },
    /// Acknowledges what was read long ago, as a slow second reader would.
    AcknowledgeLate(u64),
    /// Says that it has seen the gap.
    AcceptGap,
    Rewind(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (1..6_u64).prop_map(Step::Happen),
        1 => (1..8_u64).prop_map(Step::Prune),
        6 => (0..5_u64, prop::bool::weighted(0.8)).prop_map(|(limit, acknowledge)| Step::Read { limit, acknowledge }),
        1 => (0..9_u64).prop_map(Step::AcknowledgeLate),
        1 => Just(Step::AcceptGap),
        1 => (0..9_u64).prop_map(Step::Rewind),
    ]
}

struct World {
    range: EventRange,
    standing: Option<Standing>,
    /// The model: every sequence that was given out and acknowledged, or stepped over knowingly.
    done: std::collections::BTreeSet<u64>,
}

impl World {
    fn put(&mut self, up_to: u64, rewind: bool) -> Result<(), Code> {
        let seq = acknowledged(self.range, self.standing, HERE, Some(up_to), rewind).map_err(|e| e.code)?;
        self.standing = Some(Standing { seq, incarnation: HERE });
        Ok(())
    }

    fn stands_at(&self) -> u64 {
        self.standing.map_or(0, |standing| standing.seq)
    }

    fn read(&mut self, limit: u64, acknowledge: bool) {
        let position = resume(self.standing, HERE).unwrap();
        let from = position.unwrap_or(0);
        if let Some(Err(refusal)) = position.map(|position| self.range.check(position)) {
            assert_eq!(refusal.code, Code::CursorExpired);
            assert_eq!(refusal.details["oldest"], self.range.first);
            assert!(from + 1 < self.range.first, "nothing between was lost");
            return;
        }
        let given: Vec<u64> =
            (self.range.first..=self.range.last).filter(|seq| *seq > from).take(limit as usize).collect();
        if let (true, Some(last)) = (acknowledge, given.last()) {
            self.done.extend(&given);
            self.put(*last, false).unwrap();
        }
    }

    /// A new cursor begins with the oldest event there is, so nothing before that is owed to it.
    fn nothing_was_skipped(&self, owed_from: u64) {
        for seq in owed_from..=self.stands_at() {
            assert!(
                self.done.contains(&seq),
                "{seq} was never given out, but the cursor is at {}",
                self.stands_at()
            );
        }
    }
}

proptest! {
    #[test]
    fn a_cursor_never_skips_and_never_goes_back_unasked(steps in prop::collection::vec(step(), 1..60)) {
        let mut world = World { range: EventRange { first: 1, last: 0 }, standing: None, done: Default::default() };
        for step in steps {
            let before = world.stands_at();
            match step {
                Step::Happen(n) => world.range.last += n,
                Step::Prune(n) => {
                    let first = (world.range.first + n).min(world.range.last + 1);
                    if world.standing.is_none() {
                        world.done.extend(world.range.first..first);
                    }
                    world.range.first = first;
                }
                Step::Read { limit, acknowledge } => world.read(limit, acknowledge),
                Step::AcknowledgeLate(back) => {
                    let seq = before.saturating_sub(back);
                    if world.put(seq, false).is_ok() {
                        prop_assert_eq!(world.stands_at(), before, "what was read stays read");
                    }
                }
                Step::AcceptGap => {
                    if world.standing.is_some() && world.range.check(before).is_err() {
                        world.done.extend(before + 1..world.range.first);
                        world.put(world.range.first - 1, false).unwrap();
                    }
                }
                Step::Rewind(back) => {
                    let seq = before.saturating_sub(back);
                    if world.standing.is_some() && world.put(seq, true).is_ok() {
                        prop_assert_eq!(world.stands_at(), seq);
                        continue;
                    }
                }
            }
            prop_assert!(world.stands_at() >= before);
            world.nothing_was_skipped(1);
        }
    }
}

#[test]
fn a_position_ahead_of_the_board_or_of_another_board_is_told_so() {
    let range = EventRange { first: 3, last: 9 };
    assert_eq!(range.check(10).unwrap_err().code, Code::CursorAhead);
    let elsewhere = Some(Standing { seq: 5, incarnation: 7 });
    assert_eq!(resume(elsewhere, HERE).unwrap_err().code, Code::CursorAhead);
    assert_eq!(
        acknowledged(range, elsewhere, HERE, Some(4), false),
        Ok(4),
        "its number there means nothing here"
    );
    assert_eq!(acknowledged(range, None, HERE, None, false), Ok(9));
}

#[test]
fn the_edge_of_what_was_pruned_is_no_gap() {
    let range = EventRange { first: 3, last: 9 };
    assert_eq!(range.check(2), Ok(()));
    let refusal = range.check(1).unwrap_err();
    assert_eq!((refusal.code, &refusal.details["oldest"]), (Code::CursorExpired, &3.into()));
    let empty = EventRange { first: 10, last: 9 };
    assert_eq!(empty.check(9), Ok(()));
    assert_eq!(empty.check(8).unwrap_err().code, Code::CursorExpired);
}
