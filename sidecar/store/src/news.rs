//! The newest notifications, as a state of the board shows them.

use remit_board::{
    board::Board,
    event::Event,
    signal::{is_current, repeats},
};

use crate::{
    error::StoreError,
    store::{EventFilter, Store},
};

/// Of so many of the newest: a picture of the board must not cost more for a long history. Whoever wants all asks for
/// notifications.
const LOOKED_AT: u64 = 500;

/// At most `shown` of the newest that can still be acted on, oldest first.
pub fn current_notifications(
    board: &Board,
    store: &mut dyn Store,
    shown: usize,
) -> Result<Vec<Event>, StoreError> {
    let newest = EventFilter {
        notifications_only: true,
        newest: true,
        limit: Some(LOOKED_AT),
        ..EventFilter::default()
    };
    let mut current = store.events(&newest)?;
    current.retain(|event| is_current(board, event));
    let all = current.clone();
    current.retain(|event| !all.iter().any(|later| repeats(later, event)));
    current.drain(..current.len().saturating_sub(shown));
    Ok(current)
}
