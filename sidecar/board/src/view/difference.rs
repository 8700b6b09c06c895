//! A board told by how it differs from an earlier answer: who looks all day is told thousands of rows once.
//!
//! The two answers are compared as they are shown, and not by what happened in between: so whatever made a row another
//! one (a commit, an expiry, a rank), it is told, and nothing else is.

use std::collections::BTreeMap;

use crate::reply::{BoardDifference, BoardReply, Stretch};

pub fn difference(before: &BoardReply, now: &BoardReply) -> BoardDifference {
    BoardDifference {
        head: now.head.clone(),
        agents: stretches(&before.agents, &now.agents, |row| &row.agent.id),
        sessions: stretches(&before.sessions, &now.sessions, |row| &row.id),
        modules: stretches(&before.modules, &now.modules, |row| &row.module.id),
        handoffs: stretches(&before.handoffs, &now.handoffs, |row| &row.handoff.id),
        conflicts: stretches(&before.conflicts, &now.conflicts, |row| {
            (&row.path, &row.module, &row.with_module)
        }),
        notifications: stretches(&before.notifications, &now.notifications, |row| row.event.seq),
    }
}

/// `now` as stretches over `before`. The key tells where to look for a row; only one that is equal stays.
fn stretches<'a, T: Clone + PartialEq, K: Ord>(
    before: &'a [T],
    now: &'a [T],
    key: impl Fn(&'a T) -> K,
) -> Vec<Stretch<T>> {
    let mut places: Option<BTreeMap<K, usize>> = None;
    let mut found: Vec<Stretch<T>> = Vec::new();
    // Where a row stands that neither came nor moved.
    let mut next = 0;
    for row in now {
        let expected = before.get(next).filter(|was| key(was) == key(row));
        let at = expected.map(|_| next).or_else(|| {
            let all = || before.iter().enumerate().map(|(at, row)| (key(row), at)).collect();
            places.get_or_insert_with(all).get(&key(row)).copied()
        });
        match at {
            Some(at) if before[at] == *row => stay(&mut found, at),
            _ => come(&mut found, row),
        }
        next = at.map_or(next, |at| at + 1);
    }
    found
}

fn stay<T>(found: &mut Vec<Stretch<T>>, at: usize) {
    match found.last_mut() {
        Some(last) if last.rows.is_empty() && last.from + last.count == at => last.count += 1,
        _ => found.push(Stretch { from: at, count: 1, rows: Vec::new() }),
    }
}

fn come<T: Clone>(found: &mut Vec<Stretch<T>>, row: &T) {
    match found.last_mut() {
        Some(last) => last.rows.push(row.clone()),
        None => found.push(Stretch { from: 0, count: 0, rows: vec![row.clone()] }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    type Row = (u8, u8);
    type Told = Vec<(usize, usize, Vec<Row>)>;

    fn told(before: &[Row], now: &[Row]) -> Told {
        let told = stretches(before, now, |row| row.0);
        told.into_iter().map(|one| (one.from, one.count, one.rows)).collect()
    }

    fn applied(before: &[Row], told: &Told) -> Vec<Row> {
        let part =
            |(from, count, rows): &(usize, usize, Vec<Row>)| [&before[*from..from + count], rows].concat();
        told.iter().flat_map(part).collect()
    }

    #[test]
    fn what_stays_is_not_told_again() {
        let before = [(1, 0), (2, 0), (3, 0), (4, 0)];
        assert_eq!(told(&before, &before), [(0, 4, vec![])]);
        assert_eq!(told(&before, &[(1, 0), (2, 9), (3, 0), (4, 0)]), [(0, 1, vec![(2, 9)]), (2, 2, vec![])]);
        assert_eq!(told(&before, &[(1, 0), (3, 0), (4, 0)]), [(0, 1, vec![]), (2, 2, vec![])], "one is gone");
        let come = [(1, 0), (9, 0), (2, 0), (3, 0), (4, 0)];
        assert_eq!(told(&before, &come), [(0, 1, vec![(9, 0)]), (1, 3, vec![])], "one has come");
        let moved = [(4, 0), (1, 0), (2, 0), (3, 0)];
        assert_eq!(told(&before, &moved), [(3, 1, vec![]), (0, 3, vec![])], "one has moved");
        assert_eq!(told(&before, &[]), []);
        assert_eq!(told(&[], &before), [(0, 0, before.to_vec())]);
    }

    #[derive(Clone, Debug)]
    enum Step {
        Insert(prop::sample::Index, Row),
        Remove(prop::sample::Index),
        Move(prop::sample::Index, prop::sample::Index),
        Change(prop::sample::Index, u8),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            (any::<prop::sample::Index>(), any::<Row>()).prop_map(|(at, row)| Step::Insert(at, row)),
            any::<prop::sample::Index>().prop_map(Step::Remove),
            (any::<prop::sample::Index>(), any::<prop::sample::Index>())
                .prop_map(|(from, to)| Step::Move(from, to)),
            (any::<prop::sample::Index>(), any::<u8>()).prop_map(|(at, to)| Step::Change(at, to)),
        ]
    }

    fn take(rows: &mut Vec<Row>, step: &Step) {
        match step {
            Step::Insert(at, row) => rows.insert(at.index(rows.len() + 1), *row),
            _ if rows.is_empty() => {}
            Step::Remove(at) => drop(rows.remove(at.index(rows.len()))),
            Step::Move(from, to) => {
                let row = rows.remove(from.index(rows.len()));
                rows.insert(to.index(rows.len() + 1), row);
            }
            Step::Change(at, to) => {
                let at = at.index(rows.len());
                rows[at].1 = *to;
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// Also where two rows have one key.
        #[test]
        fn what_is_told_over_the_earlier_list_is_the_list(
            before in vec((0..12_u8, 0..3_u8), 0..12),
            now in vec((0..12_u8, 0..3_u8), 0..12),
        ) {
            prop_assert_eq!(applied(&before, &told(&before, &now)), now);
        }

        #[test]
        fn a_few_steps_tell_a_few_rows(before in 0..60_u8, steps in vec(step(), 0..6)) {
            let before: Vec<Row> = (0..before).map(|key| (key, 0)).collect();
            let mut now = before.clone();
            steps.iter().for_each(|step| take(&mut now, step));
            let told = told(&before, &now);
            prop_assert_eq!(applied(&before, &told), now);
            let rows: usize = told.iter().map(|(_, _, rows)| rows.len()).sum();
            prop_assert!(rows <= 2 * steps.len(), "{} rows for {:?}", rows, steps);
        }
    }
}
