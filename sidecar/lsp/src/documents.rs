//! The documents that the client has open: their text, and what is known of each against the disk.

use std::{collections::BTreeMap, sync::Arc};

use remit_board::{path::ProjectPath, reply::LineRange};
use tower_lsp::ls_types::{Range, TextDocumentContentChangeEvent};

use crate::{
    text::Text,
    unsaved::{Check, Checked, Standing},
};

#[derive(Debug, Default)]
pub(crate) struct Documents {
    open: BTreeMap<ProjectPath, Document>,
}

#[derive(Debug)]
struct Document {
    text: Text,
    version: i32,
    settled: Option<Arc<String>>,
    /// Until the first comparison.
    opened: Option<Arc<String>>,
    /// What the client wrote last, until it is seen on the disk.
    saved: Option<Arc<String>>,
    /// `None` until the first comparison with the disk.
    known: Option<(Standing, Range)>,
    /// Text or disk may have changed since the last comparison.
    stale: bool,
    /// The client wrote it since the last comparison.
    written: bool,
}

/// A document that differs from the disk.
#[derive(Clone, Debug)]
pub(crate) struct Unsaved {
    pub(crate) path: ProjectPath,
    pub(crate) version: i32,
    pub(crate) text: Arc<String>,
    /// What the client last read of the file, or wrote.
    pub(crate) base: Option<Arc<String>>,
}

impl Documents {
    pub(crate) fn open(&mut self, path: ProjectPath, text: String, version: i32) {
        let text = Text::new(text);
        let opened = Some(text.content().clone());
        let document = Document {
            text,
            version,
            settled: None,
            opened,
            saved: None,
            known: None,
            stale: true,
            written: false,
        };
        self.open.insert(path, document);
    }

    pub(crate) fn close(&mut self, path: &ProjectPath) -> bool {
        self.open.remove(path).is_some()
    }

    /// False for a document that was never opened.
    pub(crate) fn change(
        &mut self,
        path: &ProjectPath,
        changes: Vec<TextDocumentContentChangeEvent>,
        version: i32,
    ) -> bool {
        let Some(document) = self.open.get_mut(path) else { return false };
        for change in changes {
            match change.range {
                Some(range) => document.text.replace(range, &change.text),
                None => document.text = Text::new(change.text),
            }
        }
        document.version = version;
        document.stale = true;
        true
    }

    pub(crate) fn saved(&mut self, path: &ProjectPath) {
        if let Some(document) = self.open.get_mut(path) {
            document.stale = true;
            document.written = true;
            document.saved = Some(document.text.content().clone());
        }
    }

    /// The file, or the folder that it lies in, may have changed on disk.
    pub(crate) fn touched(&mut self, touched: &ProjectPath) {
        for (path, document) in &mut self.open {
            let rest = path.as_str().strip_prefix(touched.as_str());
            document.stale |= rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        }
    }

    pub(crate) fn all_touched(&mut self) {
        self.open.values_mut().for_each(|document| document.stale = true);
    }

    /// What is to be compared with the disk; asked once, a comparison is not asked for again.
    pub(crate) fn checks(&mut self) -> Vec<Check> {
        let stale = self.open.iter_mut().filter(|(_, document)| document.stale);
        stale
            .map(|(path, document)| {
                document.stale = false;
                Check {
                    path: path.clone(),
                    text: document.text.content().clone(),
                    version: document.version,
                    settled: document.settled.clone(),
                    opened: document.opened.take(),
                    written: std::mem::take(&mut document.written),
                }
            })
            .collect()
    }

    /// True when something is known differently now.
    pub(crate) fn learn(&mut self, checked: Checked) -> bool {
        let Some(document) = self.open.get_mut(&checked.path) else { return false };
        if checked.standing == Standing::Saved && !document.written {
            document.saved = None;
        }
        document.settled = checked.settled;
        let known = Some((checked.standing, checked.place));
        document.stale |= document.version != checked.version;
        std::mem::replace(&mut document.known, known) != known
    }

    pub(crate) fn unsaved(&self) -> Vec<Unsaved> {
        let is_unsaved =
            |document: &Document| document.known.is_some_and(|(standing, _)| standing == Standing::Unsaved);
        let unsaved = self.open.iter().filter(|(_, document)| is_unsaved(document));
        let unsaved = unsaved.map(|(path, document)| Unsaved {
            path: path.clone(),
            version: document.version,
            text: document.text.content().clone(),
            base: document.saved.clone().or_else(|| document.settled.clone()),
        });
        unsaved.collect()
    }

    /// Where lines, counted from one as git counts them, are in an open document.
    pub(crate) fn lines(&self, path: &ProjectPath, lines: LineRange) -> Option<Range> {
        Some(self.open.get(path)?.text.lines(lines.start as usize, lines.end as usize))
    }

    pub(crate) fn opened(&self) -> Vec<ProjectPath> {
        self.paths(|standing| standing != Standing::Foreign)
    }

    /// Where a message about an open document should stand.
    pub(crate) fn place(&self, path: &ProjectPath) -> Option<Range> {
        self.open.get(path)?.known.map(|(_, place)| place)
    }

    fn paths(&self, fits: impl Fn(Standing) -> bool) -> Vec<ProjectPath> {
        let known = self
            .open
            .iter()
            .filter(|(_, document)| document.known.is_some_and(|(standing, _)| fits(standing)));
        known.map(|(path, _)| path.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> ProjectPath {
        ProjectPath::parse(text).unwrap()
    }

    fn edit(documents: &mut Documents, at: &str, text: &str, version: i32) -> bool {
        let whole = TextDocumentContentChangeEvent { range: None, range_length: None, text: text.to_owned() };
        documents.change(&path(at), vec![whole], version)
    }

    fn answer(check: &Check, standing: Standing) -> Checked {
        Checked {
            path: check.path.clone(),
            version: check.version,
            standing,
            settled: check.settled.clone(),
            place: Range::default(),
        }
    }

    #[test]
    fn a_document_counts_once_it_was_compared_with_the_disk() {
        let mut documents = Documents::default();
        documents.open(path("a"), "text".into(), 1);
        assert!(documents.opened().is_empty());
        let checks = documents.checks();
        assert!(documents.checks().is_empty(), "asked once");
        assert!(documents.learn(answer(&checks[0], Standing::Unsaved)));
        assert_eq!(documents.opened(), [path("a")]);
        assert_eq!(documents.unsaved()[0].path, path("a"));
        assert!(!documents.learn(answer(&checks[0], Standing::Unsaved)), "nothing new");
        documents.close(&path("a"));
        assert!(documents.opened().is_empty());
    }

    #[test]
    fn an_edit_during_a_comparison_asks_for_another() {
        let mut documents = Documents::default();
        documents.open(path("a"), "text".into(), 1);
        let checks = documents.checks();
        edit(&mut documents, "a", "typed", 2);
        assert_eq!(checks[0].text.as_str(), "text", "the comparison keeps what it was given");
        documents.learn(answer(&checks[0], Standing::Saved));
        assert_eq!(documents.checks()[0].text.as_str(), "typed");
    }

    #[test]
    fn unsaved_text_comes_with_what_was_last_read_or_saved() {
        let base = |documents: &Documents| documents.unsaved()[0].base.as_deref().cloned();
        let judge = |documents: &mut Documents, standing| {
            let check = documents.checks().remove(0);
            let settled =
                if standing == Standing::Saved { Some(check.text.clone()) } else { check.settled.clone() };
            documents.learn(Checked { settled, ..answer(&check, standing) });
        };
        let mut documents = Documents::default();
        documents.open(path("restored"), "typed before".into(), 1);
        judge(&mut documents, Standing::Unsaved);
        assert_eq!(base(&documents), None, "its file could not be compared");
        edit(&mut documents, "restored", "read", 2);
        judge(&mut documents, Standing::Saved);
        edit(&mut documents, "restored", "typed", 3);
        judge(&mut documents, Standing::Unsaved);
        assert_eq!(base(&documents).as_deref(), Some("read"));
        documents.saved(&path("restored"));
        judge(&mut documents, Standing::Unsaved);
        assert_eq!(base(&documents).as_deref(), Some("typed"), "though somebody changed the file since");
    }

    #[test]
    fn a_touched_folder_touches_the_documents_below_it() {
        let mut documents = Documents::default();
        for name in ["src/a", "src/b", "srcs/c"] {
            documents.open(path(name), String::new(), 1);
        }
        documents.checks();
        documents.touched(&path("src"));
        let touched: Vec<_> = documents.checks().into_iter().map(|check| check.path).collect();
        assert_eq!(touched, [path("src/a"), path("src/b")]);
    }

    #[test]
    fn foreign_documents_are_nowhere() {
        let mut documents = Documents::default();
        documents.open(path("link"), String::new(), 1);
        let checks = documents.checks();
        documents.learn(answer(&checks[0], Standing::Foreign));
        assert!(documents.opened().is_empty() && documents.unsaved().is_empty());
        assert!(!edit(&mut documents, "never opened", "", 1));
    }
}
