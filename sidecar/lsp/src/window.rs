//! An open window: what it has open, what the board says about that, and when to look again.
//!
//! At most one look is under way. What happens meanwhile is remembered and looked at next, so a slow engine makes the
//! diagnostics late but never the text.

use std::{path::PathBuf, time::Duration};

use remit_board::{
    door::{Outcome, Renewal, Woken},
    failure::{Code, Failure},
    path::ProjectPath,
    reply::FindingsReply,
};
use serde_json::Value;
use tokio::time::Instant;
use tower_lsp::ls_types::{
    DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidOpenTextDocumentParams, Hover, HoverParams,
    Uri, WorkspaceFoldersChangeEvent,
};

use crate::{
    collisions,
    deadline::Deadline,
    diagnostics::{self, Links},
    documents::Documents,
    engine::Door,
    folders::Folders,
    inbox::{Inbox, Looked, Message},
    news::News,
    opening::{Opened, share_of},
    outbox::Outbox,
    pace::Pace,
    protocol::BoardChanged,
    troubles::{Source, Troubles},
    unsaved::Checked,
    uri::Roots,
    watch::GitWatcher,
    workers::{Looker, Renewer, watch_board, watch_others},
};

const BOARD_GAP: Duration = Duration::from_millis(50);
/// What others are told of a text lags behind it so much, and so do the collisions with theirs.
const TYPING_GAP: Duration = Duration::from_millis(300);
const NEARBY_GAP: Duration = Duration::from_millis(100);
/// A commit moves several files of git.
const GIT_SETTLE: Duration = Duration::from_millis(100);
const RETRY: Duration = Duration::from_secs(2);

pub(crate) struct Window {
    pub(crate) door: Door,
    worktree: PathBuf,
    folders: Folders,
    roots: Roots,
    /// What came while nobody knew where the folders lie.
    early: Option<Vec<Message>>,
    links: Links,
    outbox: Outbox,
    documents: Documents,
    news: News,
    troubles: Troubles,

    /// As the board was last seen.
    board: Option<Woken>,
    /// Not announced to the client yet.
    change: Option<BoardChanged>,
    findings: Option<FindingsReply>,
    /// A document was closed: what is shown about it stands where its text was.
    misplaced: bool,
    /// The board's revision in those findings.
    looked_at: Option<u64>,

    board_pace: Pace,
    /// Bookkeeping often comes just before a commit, and must not make it wait.
    volatile_pace: Pace,
    typing_pace: Pace,
    git_pace: Pace,
    nearby_pace: Pace,
    look_again: Option<Deadline>,
    /// Findings are to be asked for.
    look: bool,
    /// The board is at this revision: findings are to be asked for, unless a look has seen it already.
    unseen: Option<u64>,
    /// The engine may not know what the window has.
    tell: bool,
    busy: bool,
    /// The window has tried to register: before that, findings would take it for nobody.
    introduced: bool,

    looker: Looker,
    renewer: Renewer,
    _watcher: GitWatcher,
}

impl Window {
    pub(crate) fn start(opened: Opened, outbox: Outbox, inbox: &Inbox) -> Result<Self, Failure> {
        let door = Door::new(opened.door.engine);
        let looker = Looker::start(door.clone(), opened.door.worktree.clone(), inbox.clone())?;
        let renewer = Renewer::start(door.clone(), inbox.clone())?;
        watch_board(door.clone(), inbox.clone())?;
        watch_others(door.clone(), inbox.clone())?;
        Ok(Self {
            door,
            worktree: opened.door.worktree,
            folders: opened.folders,
            roots: opened.roots,
            early: None,
            links: opened.links,
            outbox,
            documents: Documents::default(),
            news: News::sharing(opened.share),
            troubles: Troubles::default(),
            board: None,
            change: None,
            findings: None,
            misplaced: false,
            looked_at: None,
            board_pace: Pace::new(Duration::ZERO, BOARD_GAP),
            volatile_pace: Pace::new(BOARD_GAP, BOARD_GAP),
            typing_pace: Pace::new(Duration::ZERO, TYPING_GAP),
            git_pace: Pace::new(GIT_SETTLE, GIT_SETTLE),
            nearby_pace: Pace::new(Duration::ZERO, NEARBY_GAP),
            look_again: None,
            look: true,
            unseen: None,
            tell: true,
            busy: false,
            introduced: false,
            looker,
            renewer,
            _watcher: GitWatcher::start(opened.door.watch, inbox),
        })
    }

    /// Where the folders lie is to be found out now, and told by `surveyed`.
    pub(crate) fn folders_changed(&mut self, event: &WorkspaceFoldersChangeEvent) -> (Folders, PathBuf) {
        self.folders.change(event);
        self.early.get_or_insert_default();
        (self.folders.clone(), self.worktree.clone())
    }

    /// The message, unless it names files in folders that are not known yet.
    pub(crate) fn unless_early(&mut self, message: Message) -> Option<Message> {
        match &mut self.early {
            Some(early) if message.names_files() => {
                early.push(message);
                None
            }
            _ => Some(message),
        }
    }

    /// What had come early.
    pub(crate) fn surveyed(&mut self, folders: &Folders, roots: Roots) -> Vec<Message> {
        if *folders != self.folders {
            // They have changed once more, and that survey is still to come.
            return Vec::new();
        }
        self.roots = roots.besides(&self.roots);
        self.show();
        // Nobody told what happened in a folder that was not open.
        self.git_moved();
        self.early.take().unwrap_or_default()
    }

    pub(crate) fn document_opened(&mut self, params: DidOpenTextDocumentParams) {
        let document = params.text_document;
        if let Some(path) = self.roots.path(&document.uri) {
            self.documents.open(path, document.text, document.version);
            self.typing_pace.want_at_once(Instant::now());
        }
    }

    pub(crate) fn document_changed(&mut self, params: DidChangeTextDocumentParams) {
        let document = params.text_document;
        let Some(path) = self.roots.path(&document.uri) else { return };
        if self.documents.change(&path, params.content_changes, document.version) {
            self.typing_pace.want(Instant::now());
        }
    }

    pub(crate) fn document_saved(&mut self, uri: &Uri) {
        if let Some(path) = self.roots.path(uri) {
            self.documents.saved(&path);
            self.news.saved(path);
            self.typing_pace.want_at_once(Instant::now());
        }
    }

    pub(crate) fn document_closed(&mut self, uri: &Uri) {
        if self.roots.path(uri).is_some_and(|path| self.documents.close(&path)) {
            self.misplaced = true;
            self.typing_pace.want_at_once(Instant::now());
        }
    }

    pub(crate) fn files_changed(&mut self, params: DidChangeWatchedFilesParams) {
        for change in params.changes {
            match self.roots.path(&change.uri) {
                Some(path) => self.touched(path),
                None if self.roots.is_root(&change.uri) => self.git_moved(),
                None => {}
            }
        }
    }

    fn touched(&mut self, path: ProjectPath) {
        self.documents.touched(&path);
        self.news.touched(path);
        self.typing_pace.want(Instant::now());
    }

    pub(crate) fn git_moved(&mut self) {
        self.git_pace.want(Instant::now());
    }

    /// The board may be another, or only its bookkeeping.
    pub(crate) fn woken(&mut self, woken: Result<Woken, Failure>) {
        self.note(Source::Board, woken.as_ref().err());
        let Ok(woken) = woken else { return };
        let before = self.board.replace(woken);
        let moved = before.map_or(woken.exists, |before| {
            (before.exists, before.revision) != (woken.exists, woken.revision)
        });
        if moved || woken.volatile {
            self.change = Some(self.as_change(!moved).after(self.change));
            let pace = if moved { &mut self.board_pace } else { &mut self.volatile_pace };
            pace.want(Instant::now());
        }
    }

    pub(crate) fn nearby(&mut self) {
        self.nearby_pace.want(Instant::now());
    }

    pub(crate) fn configured(&mut self, settings: &Value) {
        if let Some(share) = share_of(settings) {
            self.news.share = share;
            self.typing_pace.want_at_once(Instant::now());
        }
    }

    pub(crate) fn hover(&self, params: &HoverParams) -> Option<Hover> {
        let at = &params.text_document_position_params;
        let path = self.roots.path(&at.text_document.uri)?;
        collisions::hover(&self.findings.as_ref()?.diagnoses, &path, at.position, &self.documents)
    }

    /// A command of this window was carried out: it may have given it a lease.
    pub(crate) fn executed(&mut self) {
        self.look = true;
        self.renewer.prompt();
    }

    pub(crate) fn renewed(&mut self, renewal: Result<Renewal, Failure>) {
        self.introduced = true;
        self.note(Source::Renewing, renewal.as_ref().err());
        let Ok(renewal) = renewal else { return };
        if !renewal.lost.is_empty() {
            self.outbox.lost(renewal.lost);
            self.look = true;
        }
    }

    pub(crate) fn checked(&mut self, checked: Vec<Checked>) {
        self.busy = false;
        let mut is_news = false;
        for checked in checked {
            is_news |= self.documents.learn(checked);
        }
        if is_news {
            self.show();
        }
    }

    pub(crate) fn looked(&mut self, looked: Looked) {
        self.busy = false;
        self.note(Source::Presence, looked.unsaid.as_ref().map(|(_, failure)| failure));
        self.note(Source::Findings, looked.findings.result.as_ref().err());
        let failed = looked.unsaid.is_some() || looked.findings.result.is_err();
        if let Some((presence, _)) = looked.unsaid {
            self.news.unsaid(presence);
        }
        self.found(looked.findings);
        if failed {
            self.look_again = Some(Deadline::after(RETRY));
        }
    }

    pub(crate) fn unwatched(&mut self, failure: &Failure) {
        self.note(Source::Watching, Some(failure));
    }

    fn found(&mut self, findings: Outcome<FindingsReply>) {
        let reply = match findings.result {
            Ok(reply) => Some(reply),
            Err(failure) if failure.code == Code::NoBoard => None,
            // What was found last stands until something else is found.
            Err(_) => return,
        };
        let conflicts =
            |reply: &Option<FindingsReply>| reply.as_ref().map(|r| r.conflicts.clone()).unwrap_or_default();
        let others = conflicts(&reply) != conflicts(&self.findings);
        self.look_again = reply.as_ref().and_then(|reply| reply.stale_at).map(Deadline::at);
        self.looked_at = findings.revision;
        if std::mem::take(&mut self.misplaced) || reply != self.findings {
            self.findings = reply;
            self.show();
        }
        if others {
            self.outbox.board(self.as_change(true));
        }
    }

    /// Does what is due.
    pub(crate) fn advance(&mut self, now: Instant) {
        if self.git_pace.take(now) {
            self.news.rescan();
            self.documents.all_touched();
            self.typing_pace.want_at_once(now);
        }
        self.look |= self.nearby_pace.take(now);
        if self.board_pace.take(now) {
            // Told together: two paces of their own would be twice as many messages.
            self.volatile_pace.is_granted(now);
            self.announce();
        } else if self.volatile_pace.take(now) {
            self.announce();
        }
        if self.introduced && !self.busy {
            self.next_job(now);
        }
    }

    fn next_job(&mut self, now: Instant) {
        if self.typing_pace.take(now) {
            self.tell = true;
            let checks = self.documents.checks();
            if !checks.is_empty() {
                self.busy = true;
                return self.looker.check(checks);
            }
        }
        if self.look_again.is_some_and(|deadline| deadline.has_passed(now)) {
            self.look_again = None;
            (self.look, self.tell) = (true, true);
        }
        let unseen = self.unseen.take();
        self.look |= unseen.is_some() && unseen != self.looked_at;
        let tell = std::mem::take(&mut self.tell);
        let presence = tell.then(|| self.news.presence(&self.documents)).flatten();
        if std::mem::take(&mut self.look) || presence.is_some() {
            self.busy = true;
            self.looker.look(presence);
        }
    }

    /// When `advance` is to be called again, if nothing happens before.
    pub(crate) fn due(&self) -> Option<Instant> {
        let ready = self.introduced && !self.busy;
        let typing = self.typing_pace.due().filter(|_| ready);
        let again = self.look_again.filter(|_| ready).map(|deadline| deadline.due());
        let paces = [&self.git_pace, &self.board_pace, &self.volatile_pace, &self.nearby_pace].map(Pace::due);
        paces.into_iter().chain([typing, again]).flatten().min()
    }

    fn announce(&mut self) {
        let Some(change) = self.change.take() else { return };
        match change {
            BoardChanged { exists: true, volatile: false, revision } => self.unseen = Some(revision),
            _ => self.look = true,
        }
        if !change.volatile {
            // A new board doesn't know the window yet; on any other it may have lost a lease.
            self.renewer.prompt();
        }
        self.outbox.board(change);
    }

    fn as_change(&self, volatile: bool) -> BoardChanged {
        let board = self.board.filter(|board| board.exists);
        BoardChanged { revision: board.map_or(0, |board| board.revision), volatile, exists: board.is_some() }
    }

    fn show(&self) {
        let diagnoses = self.findings.as_ref().map_or(&[][..], |findings| &findings.diagnoses);
        self.outbox.diagnostics(diagnostics::by_uri(diagnoses, &self.documents, &self.roots, &self.links));
    }

    fn note(&mut self, source: Source, failure: Option<&Failure>) {
        if let Some(status) = self.troubles.note(source, failure) {
            self.outbox.status(status);
        }
    }
}
