//! What the client is to be told: the newest of each kind, never a queue of what is no longer so.
//!
//! The face writes here and goes on; one task sends, and is the only one that waits for the client. Diagnostics are a
//! map by uri: what is wanted is compared with what was sent, so nothing is sent twice.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use remit_board::ids::ModuleId;
use tokio::sync::Notify;
use tower_lsp::{
    Client,
    ls_types::{Diagnostic, Uri},
};

use crate::protocol::{BoardChanged, LeaseLost, Status};

#[derive(Clone, Debug, Default)]
pub(crate) struct Outbox {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    pending: Mutex<Pending>,
    news: Notify,
}

#[derive(Debug, Default)]
struct Pending {
    /// The client has said `initialized`: before that, nothing may be sent.
    open: bool,
    wanted: BTreeMap<Uri, Vec<Diagnostic>>,
    sent: BTreeMap<Uri, Vec<Diagnostic>>,
    changed: BTreeSet<Uri>,
    status: Option<Status>,
    lost: Vec<ModuleId>,
    board: Option<BoardChanged>,
}

#[derive(Debug, PartialEq)]
enum Letter {
    Diagnostics(Uri, Vec<Diagnostic>),
    Status(Status),
    Lost(LeaseLost),
    Board(BoardChanged),
}

impl Outbox {
    pub(crate) fn open(&self) {
        self.write(|pending| pending.open = true);
    }

    /// These diagnostics and no others.
    pub(crate) fn diagnostics(&self, wanted: BTreeMap<Uri, Vec<Diagnostic>>) {
        self.write(|pending| pending.want(wanted));
    }

    pub(crate) fn board(&self, change: BoardChanged) {
        self.write(|pending| pending.board = Some(change.after(pending.board)));
    }

    pub(crate) fn status(&self, status: Status) {
        self.write(|pending| pending.status = Some(status));
    }

    pub(crate) fn lost(&self, modules: Vec<ModuleId>) {
        self.write(|pending| pending.lost.extend(modules));
    }

    /// Sends until the client is gone.
    pub(crate) async fn send_to(self, client: Client) {
        loop {
            let Some(letter) = self.lock().next() else {
                self.shared.news.notified().await;
                continue;
            };
            match letter {
                Letter::Diagnostics(uri, diagnostics) => {
                    client.publish_diagnostics(uri, diagnostics, None).await
                }
                Letter::Status(status) => client.send_notification::<Status>(status).await,
                Letter::Lost(lost) => client.send_notification::<LeaseLost>(lost).await,
                Letter::Board(change) => client.send_notification::<BoardChanged>(change).await,
            }
        }
    }

    fn write(&self, change: impl FnOnce(&mut Pending)) {
        change(&mut self.lock());
        self.shared.news.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, Pending> {
        self.shared.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pending {
    fn want(&mut self, wanted: BTreeMap<Uri, Vec<Diagnostic>>) {
        let before = std::mem::replace(&mut self.wanted, wanted);
        let now = &self.wanted;
        self.changed.extend(
            now.iter().filter(|(uri, new)| before.get(*uri) != Some(*new)).map(|(uri, _)| uri.clone()),
        );
        self.changed.extend(before.into_keys().filter(|uri| !now.contains_key(uri)));
    }

    fn next(&mut self) -> Option<Letter> {
        if !self.open {
            return None;
        }
        self.next_diagnostics()
            .or_else(|| self.status.take().map(Letter::Status))
            .or_else(|| self.next_lost())
            .or_else(|| self.board.take().map(Letter::Board))
    }

    fn next_diagnostics(&mut self) -> Option<Letter> {
        while let Some(uri) = self.changed.pop_first() {
            let wanted = self.wanted.get(&uri).cloned();
            if wanted.as_ref() == self.sent.get(&uri) {
                continue;
            }
            match &wanted {
                Some(diagnostics) => self.sent.insert(uri.clone(), diagnostics.clone()),
                None => self.sent.remove(&uri),
            };
            return Some(Letter::Diagnostics(uri, wanted.unwrap_or_default()));
        }
        None
    }

    fn next_lost(&mut self) -> Option<Letter> {
        let modules = std::mem::take(&mut self.lost);
        (!modules.is_empty()).then_some(Letter::Lost(LeaseLost { modules }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uri(name: &str) -> Uri {
        format!("file:///{name}").parse().unwrap()
    }

    fn warning(message: &str) -> Vec<Diagnostic> {
        vec![Diagnostic { message: message.to_owned(), ..Diagnostic::default() }]
    }

    fn wanted(files: &[(&str, &str)]) -> BTreeMap<Uri, Vec<Diagnostic>> {
        files.iter().map(|(name, message)| (uri(name), warning(message))).collect()
    }

    fn letters(pending: &mut Pending) -> Vec<Letter> {
        std::iter::from_fn(|| pending.next()).collect()
    }

    fn open() -> Pending {
        Pending { open: true, ..Pending::default() }
    }

    #[test]
    fn the_client_hears_the_newest_only_and_nothing_twice() {
        let mut pending = open();
        pending.want(wanted(&[("a", "one"), ("b", "one")]));
        pending.want(wanted(&[("a", "two"), ("b", "one")]));
        let told = |name: &str, message: &str| Letter::Diagnostics(uri(name), warning(message));
        assert_eq!(letters(&mut pending), [told("a", "two"), told("b", "one")]);
        pending.want(wanted(&[("a", "two"), ("b", "one")]));
        assert_eq!(letters(&mut pending), []);
        pending.want(wanted(&[("a", "three"), ("b", "one")]));
        pending.want(wanted(&[("a", "two"), ("b", "one")]));
        assert_eq!(letters(&mut pending), [], "back to what the client has");
    }

    #[test]
    fn what_is_no_longer_wanted_is_cleared_once() {
        let mut pending = open();
        pending.want(wanted(&[("a", "one"), ("b", "one")]));
        letters(&mut pending);
        pending.want(wanted(&[("b", "one")]));
        assert_eq!(letters(&mut pending), [Letter::Diagnostics(uri("a"), Vec::new())]);
        pending.want(wanted(&[("c", "one")]));
        pending.want(wanted(&[]));
        assert_eq!(letters(&mut pending), [Letter::Diagnostics(uri("b"), Vec::new())], "c was never shown");
    }

    #[test]
    fn nothing_leaves_before_the_client_is_initialized() {
        let mut pending = Pending::default();
        pending.want(wanted(&[("a", "one")]));
        pending.status = Some(Status::ok());
        assert_eq!(letters(&mut pending), []);
        pending.open = true;
        assert_eq!(letters(&mut pending).len(), 2);
    }

    #[test]
    fn board_changes_become_one() {
        let outbox = Outbox::default();
        outbox.open();
        for (revision, volatile) in [(1, false), (2, true)] {
            outbox.board(BoardChanged { revision, volatile, exists: true });
        }
        let expected = BoardChanged { revision: 2, volatile: false, exists: true };
        assert_eq!(letters(&mut outbox.lock()), [Letter::Board(expected)]);
    }
}
