//! Noticing that git's heads or index moved.
//!
//! Git replaces a file by renaming another over it, so the *folder* of each file is watched: a watch on the file dies
//! with the first commit.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Duration,
};

use notify::{Config, Event, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};
use remit_board::failure::{Code, Failure};

use crate::inbox::{Inbox, Message};

/// How often the fallback looks.
const POLL: Duration = Duration::from_secs(2);

/// Watches until it is dropped.
pub(crate) struct GitWatcher {
    _watcher: Option<Box<dyn Watcher + Send>>,
}

impl GitWatcher {
    pub(crate) fn start(watched: Vec<PathBuf>, inbox: &Inbox) -> Self {
        if watched.is_empty() {
            return Self { _watcher: None };
        }
        let native = watch(RecommendedWatcher::new(handler(&watched, inbox), Config::default()), &watched);
        let watcher = native.or_else(|error| {
            let _ = inbox.post(Message::Unwatched(unwatched(&error)));
            let config = Config::default().with_poll_interval(POLL);
            watch(PollWatcher::new(handler(&watched, inbox), config), &watched)
        });
        Self {
            _watcher: watcher.map_err(|error| tracing::error!("git's folder can't be watched: {error}")).ok(),
        }
    }
}

fn unwatched(error: &notify::Error) -> Failure {
    Failure::new(Code::Locked, format!("git's folder is looked at every {} s only: {error}", POLL.as_secs()))
        .hint("on Linux, raise fs.inotify.max_user_watches")
}

fn watch<W: Watcher + Send + 'static>(
    watcher: notify::Result<W>,
    watched: &[PathBuf],
) -> notify::Result<Box<dyn Watcher + Send>> {
    let mut watcher = watcher?;
    for (folder, mode) in folders(watched) {
        watcher.watch(&folder, mode)?;
    }
    Ok(Box::new(watcher))
}

/// Each folder once, the stronger mode winning; what isn't there and has no folder either is left out.
fn folders(watched: &[PathBuf]) -> BTreeMap<PathBuf, RecursiveMode> {
    let mut folders = BTreeMap::new();
    for path in watched {
        if path.is_dir() {
            folders.insert(path.clone(), RecursiveMode::Recursive);
        } else if let Some(folder) = path.parent().filter(|folder| folder.is_dir()) {
            folders.entry(folder.to_owned()).or_insert(RecursiveMode::NonRecursive);
        }
    }
    folders
}

fn handler(watched: &[PathBuf], inbox: &Inbox) -> impl FnMut(notify::Result<Event>) + Send + 'static {
    let (watched, inbox) = (watched.to_owned(), inbox.clone());
    move |event| {
        if event.is_err() || event.is_ok_and(|event| concerns(&event, &watched)) {
            let _ = inbox.post(Message::GitMoved);
        }
    }
}

/// Reading is no change: the engine's own look at the index must not call for the next one.
fn concerns(event: &Event, watched: &[PathBuf]) -> bool {
    let is_lock = |path: &Path| path.extension().is_some_and(|extension| extension == "lock");
    let is_watched =
        |path: &PathBuf| !is_lock(path) && watched.iter().any(|watched| path.starts_with(watched));
    event.need_rescan() || (!matches!(event.kind, EventKind::Access(_)) && event.paths.iter().any(is_watched))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use notify::event::{AccessKind, AccessMode, CreateKind, Flag, ModifyKind};

    use super::*;

    #[test]
    fn only_changes_of_what_is_watched_concern() {
        let watched = [PathBuf::from("/r/.git/index"), PathBuf::from("/r/.git/refs")];
        let event = |kind: EventKind, path: &str| Event::new(kind).add_path(path.into());
        let changed = EventKind::Modify(ModifyKind::Any);
        assert!(concerns(&event(changed, "/r/.git/index"), &watched));
        assert!(concerns(&event(EventKind::Create(CreateKind::File), "/r/.git/refs/heads/a/b"), &watched));
        assert!(!concerns(&event(changed, "/r/.git/index.lock"), &watched));
        assert!(!concerns(&event(changed, "/r/.git/refs/heads/main.lock"), &watched));
        assert!(!concerns(&event(changed, "/r/.git/COMMIT_EDITMSG"), &watched));
        assert!(!concerns(
            &event(EventKind::Access(AccessKind::Open(AccessMode::Any)), "/r/.git/index"),
            &watched
        ));
        assert!(concerns(&Event::new(EventKind::Other).set_flag(Flag::Rescan), &watched));
    }

    #[tokio::test]
    async fn a_file_that_is_replaced_again_and_again_is_noticed_each_time() {
        let git = tempfile::tempdir().unwrap();
        let index = git.path().join("index");
        fs::write(&index, "0").unwrap();
        let (inbox, mut messages) = Inbox::new();
        let _watcher = GitWatcher::start(vec![index.clone(), git.path().join("packed-refs")], &inbox);
        for round in 0..5 {
            fs::write(git.path().join("index.lock"), round.to_string()).unwrap();
            fs::rename(git.path().join("index.lock"), &index).unwrap();
            assert!(matches!(messages.recv().await, Some(Message::GitMoved)));
            while messages.try_recv().is_ok() {}
        }
        fs::write(git.path().join("packed-refs"), "new").unwrap();
        assert!(matches!(messages.recv().await, Some(Message::GitMoved)));
    }
}
