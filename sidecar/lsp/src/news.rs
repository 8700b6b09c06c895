//! What the engine is to be told of the window, and was not told yet.

use std::collections::BTreeSet;

use remit_board::{
    door::{Presence, Share},
    path::ProjectPath,
};

use crate::documents::Documents;

/// With more touched paths than this, looking at everything again is cheaper.
const MOST_PATHS: usize = 5_000;

#[derive(Clone, Debug, PartialEq)]
struct Said {
    unsaved: Vec<(ProjectPath, i32)>,
    open: Vec<ProjectPath>,
    share: Share,
}

#[derive(Debug, Default)]
pub(crate) struct News {
    saved: BTreeSet<ProjectPath>,
    touched: BTreeSet<ProjectPath>,
    rescan: bool,
    pub(crate) share: Share,
    /// The unsaved documents, in which version, and the open ones, as the engine knows them.
    said: Option<Said>,
}

impl News {
    pub(crate) fn sharing(share: Share) -> Self {
        Self { share, ..Self::default() }
    }

    pub(crate) fn saved(&mut self, path: ProjectPath) {
        self.saved.insert(path);
    }

    pub(crate) fn touched(&mut self, path: ProjectPath) {
        self.touched.insert(path);
        if self.touched.len() > MOST_PATHS {
            self.rescan();
        }
    }

    pub(crate) fn rescan(&mut self) {
        self.touched.clear();
        self.rescan = true;
    }

    /// `None` when the engine knows it all.
    pub(crate) fn presence(&mut self, documents: &Documents) -> Option<Presence> {
        let unsaved = documents.unsaved();
        let versions = unsaved.iter().map(|unsaved| (unsaved.path.clone(), unsaved.version)).collect();
        let said = Said { unsaved: versions, open: documents.opened(), share: self.share };
        let is_known = self.said.as_ref() == Some(&said);
        if is_known && self.saved.is_empty() && self.touched.is_empty() && !self.rescan {
            return None;
        }
        let open = said.open.clone();
        self.said = Some(said);
        Some(Presence {
            unsaved: unsaved.iter().map(|unsaved| unsaved.path.clone()).collect(),
            bases: unsaved.iter().filter_map(|one| Some((one.path.clone(), one.base.clone()?))).collect(),
            texts: unsaved.into_iter().map(|unsaved| (unsaved.path, unsaved.text)).collect(),
            share: self.share,
            open,
            saved: std::mem::take(&mut self.saved).into_iter().collect(),
            touched: std::mem::take(&mut self.touched).into_iter().collect(),
            rescan: std::mem::take(&mut self.rescan),
        })
    }

    /// It could not be said after all.
    pub(crate) fn unsaid(&mut self, presence: Presence) {
        self.said = None;
        self.saved.extend(presence.saved);
        self.rescan |= presence.rescan;
        presence.touched.into_iter().for_each(|path| self.touched(path));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> ProjectPath {
        ProjectPath::parse(text).unwrap()
    }

    #[test]
    fn the_engine_hears_everything_once() {
        let (mut news, documents) = (News::default(), Documents::default());
        assert_eq!(news.presence(&documents), Some(Presence::default()), "also that nothing is open");
        assert_eq!(news.presence(&documents), None);
        news.saved(path("a"));
        news.touched(path("b"));
        let presence = Presence { saved: vec![path("a")], touched: vec![path("b")], ..Presence::default() };
        assert_eq!(news.presence(&documents), Some(presence.clone()));
        assert_eq!(news.presence(&documents), None);
        news.unsaid(presence.clone());
        assert_eq!(news.presence(&documents), Some(presence), "said again");
    }

    #[test]
    fn a_flood_of_paths_becomes_one_look_at_everything() {
        let mut news = News::default();
        for number in 0..=MOST_PATHS {
            news.touched(path(&format!("src/{number}")));
        }
        let presence = news.presence(&Documents::default()).unwrap();
        assert!(presence.rescan && presence.touched.is_empty());
    }
}
