//! File events of the board's folder, or of the folder that will hold it.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::Signal;
use crate::{file_system::network_name, files::PlanFolder, identity::FileIdentity};

/// Behind prompt file events; a commit is then seen within 300 ms at the very latest.
const SLOW_POLL: Duration = Duration::from_millis(250);

/// Where file events are missing, or wait until a file is closed.
const QUICK_POLL: Duration = Duration::from_millis(75);

const EVENTS_ARE_PROMPT: bool = cfg!(any(target_os = "linux", target_os = "android"));

pub(super) struct FolderEvents {
    plan: PlanFolder,
    /// `None` where the system gives no (more) watches.
    watcher: Option<RecommendedWatcher>,
    watched: Option<(PathBuf, FileIdentity)>,
}

impl FolderEvents {
    pub fn new(plan: &PlanFolder, signal: Arc<Signal>) -> Self {
        // What another machine writes makes no event on this one.
        if network_name(plan.path()).is_some() {
            return Self { plan: plan.clone(), watcher: None, watched: None };
        }
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            if event.is_ok_and(|event| concerns_the_board(&event)) {
                signal.raise(|raised| raised.file_event = true);
            }
        });
        Self { plan: plan.clone(), watcher: watcher.ok(), watched: None }
    }

    pub fn poll_interval(&self) -> Duration {
        if EVENTS_ARE_PROMPT && self.watched.is_some() { SLOW_POLL } else { QUICK_POLL }
    }

    /// Watches the board's folder, and as long as there is none the one above it.
    pub fn aim(&mut self) {
        let target = self.target();
        let same =
            |a: &(PathBuf, FileIdentity), b: &(PathBuf, FileIdentity)| a.0 == b.0 && a.1.is_same_file(b.1);
        match (&self.watched, &target) {
            (Some(old), Some(new)) if same(old, new) => return,
            (None, None) => return,
            _ => {}
        }
        let Some(watcher) = &mut self.watcher else { return };
        if let Some((old, _)) = self.watched.take() {
            // Fails when the folder is gone, and the watch with it.
            let _ = watcher.unwatch(&old);
        }
        self.watched =
            target.filter(|(folder, _)| watcher.watch(folder, RecursiveMode::NonRecursive).is_ok());
    }

    fn target(&self) -> Option<(PathBuf, FileIdentity)> {
        let there = |folder: &Path| Some((folder.to_owned(), FileIdentity::of(folder).ok()??));
        there(self.plan.path()).or_else(|| there(self.plan.path().parent()?))
    }
}

/// Projections, presence and the neighbours of the folder are nobody's commit.
fn concerns_the_board(event: &notify::Event) -> bool {
    let is_change = matches!(
        event.kind,
        EventKind::Any | EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_)
    );
    event.need_rescan()
        || is_change && event.paths.iter().filter_map(|path| path.file_name()).any(is_of_the_board)
}

fn is_of_the_board(name: &OsStr) -> bool {
    name == PlanFolder::NAME || name.as_encoded_bytes().starts_with(b"coordination.db")
}

#[cfg(test)]
mod tests {
    use notify::event::{AccessKind, CreateKind, ModifyKind};

    use super::*;

    fn event(kind: EventKind, path: &str) -> notify::Event {
        notify::Event::new(kind).add_path(PathBuf::from(path))
    }

    #[test]
    fn only_the_board_wakes() {
        let modify = EventKind::Modify(ModifyKind::Any);
        assert!(concerns_the_board(&event(modify, "/p/project-plan/coordination.db-wal")));
        assert!(concerns_the_board(&event(EventKind::Create(CreateKind::Any), "/p/project-plan")));
        assert!(!concerns_the_board(&event(modify, "/p/project-plan/presence.db-wal")));
        assert!(!concerns_the_board(&event(modify, "/p/project-plan/state.json")));
        assert!(!concerns_the_board(&event(modify, "/p/README.md")));
        assert!(!concerns_the_board(&event(
            EventKind::Access(AccessKind::Any),
            "/p/project-plan/coordination.db"
        )));
    }
}
