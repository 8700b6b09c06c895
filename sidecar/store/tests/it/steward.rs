//! Who writes the files that people read, and when.

use std::fs;

use remit_board::{
    board::{LeaseChange, Row, Text},
    decision::Decision,
};
use remit_store::{FileLock, PlanFolder, Steward, Store, Tended, testing::Sample};

use crate::bed::{Disk, add_module, commit};

fn names(tended: &Tended) -> Vec<String> {
    assert_eq!(tended.problems, Vec::<String>::new());
    tended.written.iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
}

fn offer(store: &mut dyn Store, module: &str, revision: u64, text: &str) {
    let handoff = Sample::handoff(module, revision);
    let texts = vec![Text::Bundle { handoff: handoff.id.clone(), text: text.to_owned() }];
    commit(store, Decision { texts, ..Sample::decision([Row::Handoff(handoff)]) });
}

#[test]
fn only_what_changed_is_written() {
    let disk = Disk::with_board();
    let mut store = disk.open();
    assert_eq!(
        names(&Steward::tend_once(&disk.plan, &mut store)),
        [
            "STATUS.md",
            "HANDOFFS.md",
            "AGENTS.md",
            "SESSIONS.md",
            "handoff-index.json",
            "preflight.json",
            "NOTIFICATIONS.md",
            "state.json"
        ]
    );
    assert!(names(&Steward::tend_once(&disk.plan, &mut store)).is_empty());

    add_module(&mut store, "a");
    assert_eq!(names(&Steward::tend_once(&disk.plan, &mut store)), ["STATUS.md", "AGENTS.md", "state.json"]);
    commit(&mut store, Sample::decision([Row::Session(Sample::session("s-1", "ann"))]));
    assert_eq!(names(&Steward::tend_once(&disk.plan, &mut store)), ["SESSIONS.md", "state.json"]);
    commit(&mut store, Sample::bookkeeping(vec![LeaseChange::Grant(Sample::lease("a", "ann", "t"))]));
    assert!(names(&Steward::tend_once(&disk.plan, &mut store)).is_empty());

    offer(&mut store, "a", 3, "# Bundle\n");
    let tended = Steward::tend_once(&disk.plan, &mut store);
    assert_eq!(tended.revision, Some(3));
    assert_eq!(names(&tended), ["HANDOFFS.md", "handoff-index.json", "a.handoff.md", "state.json"]);
    assert!(names(&Steward::tend_once(&disk.plan, &mut store)).is_empty());
}

#[test]
fn a_file_that_was_deleted_or_spoilt_is_made_again() {
    let disk = Disk::with_board();
    let mut store = disk.open();
    offer(&mut store, "a", 1, "# Bundle\n");
    Steward::tend_once(&disk.plan, &mut store);
    fs::remove_file(disk.plan.status()).unwrap();
    fs::write(disk.plan.handoffs(), "somebody's own words").unwrap();
    assert_eq!(names(&Steward::tend_once(&disk.plan, &mut store)), ["STATUS.md", "HANDOFFS.md"]);

    fs::remove_dir_all(disk.plan.bundles()).unwrap();
    fs::remove_file(disk.plan.state_json()).unwrap();
    assert_eq!(names(&Steward::tend_once(&disk.plan, &mut store)), ["a.handoff.md", "state.json"]);
}

#[test]
fn the_newest_bundle_of_a_module_is_the_one_that_is_written() {
    let disk = Disk::with_board();
    let mut store = disk.open();
    // As text, "a@10" sorts before "a@9".
    offer(&mut store, "a", 9, "the older one");
    offer(&mut store, "a", 10, "the newer one");
    Steward::tend_once(&disk.plan, &mut store);
    let bundle = fs::read_to_string(disk.plan.bundle(&Sample::module_id("a"))).unwrap();
    assert!(bundle.contains("the newer one") && bundle.contains("a@10"), "{bundle}");
}

#[test]
fn a_long_lived_steward_keeps_the_office_and_commands_leave_the_work_to_it() {
    let disk = Disk::with_board();
    let mut store = disk.open();
    let mut steward = Steward::new(&disk.plan);
    assert!(!steward.is_in_office());
    steward.tend(&mut store);
    assert!(steward.is_in_office());

    add_module(&mut store, "a");
    let left = Steward::tend_once(&disk.plan, &mut disk.open());
    assert_eq!((left.revision, names(&left).len()), (None, 0));
    let mut second = Steward::new(&disk.plan);
    second.tend(&mut disk.open());
    assert!(!second.is_in_office());
    assert_eq!(names(&steward.tend(&mut store)), ["STATUS.md", "AGENTS.md", "state.json"]);

    add_module(&mut store, "b");
    assert_eq!(
        names(&steward.retire(&mut store)),
        ["STATUS.md", "AGENTS.md", "state.json"],
        "the last commit is not left to nobody"
    );
    second.tend(&mut disk.open());
    assert!(second.is_in_office());
}

/// A store in which somebody else commits just after the steward has read.
struct Busy<'a> {
    inner: &'a mut dyn Store,
    disk: &'a Disk,
    commits_left: u32,
}

impl Store for Busy<'_> {
    fn transact(
        &mut self,
        request: &remit_store::Request,
        rule: &mut remit_store::Rule<'_>,
    ) -> Result<remit_store::Outcome, remit_store::StoreError> {
        self.inner.transact(request, rule)
    }

    fn read(&mut self) -> Result<remit_store::Snapshot, remit_store::StoreError> {
        let snapshot = self.inner.read();
        if self.commits_left > 0 {
            self.commits_left -= 1;
            add_module(&mut self.disk.open(), &format!("late-{}", self.commits_left));
        }
        snapshot
    }

    fn brief(
        &mut self,
        module: &remit_board::ids::ModuleId,
    ) -> Result<remit_board::module::Brief, remit_store::StoreError> {
        self.inner.brief(module)
    }

    fn briefs(
        &mut self,
    ) -> Result<
        std::collections::BTreeMap<remit_board::ids::ModuleId, remit_board::module::Brief>,
        remit_store::StoreError,
    > {
        self.inner.briefs()
    }

    fn notes(
        &mut self,
    ) -> Result<
        std::collections::BTreeMap<remit_board::ids::HandoffId, remit_board::handoff::Notes>,
        remit_store::StoreError,
    > {
        self.inner.notes()
    }

    fn bundle(
        &mut self,
        handoff: &remit_board::ids::HandoffId,
    ) -> Result<Option<String>, remit_store::StoreError> {
        self.inner.bundle(handoff)
    }

    fn events(
        &mut self,
        filter: &remit_store::EventFilter,
    ) -> Result<Vec<remit_board::event::Event>, remit_store::StoreError> {
        self.inner.events(filter)
    }

    fn event_range(&mut self) -> Result<remit_board::cursor::EventRange, remit_store::StoreError> {
        self.inner.event_range()
    }

    fn forget_events(&mut self, up_to: u64) -> Result<(), remit_store::StoreError> {
        self.inner.forget_events(up_to)
    }

    fn cursor(
        &mut self,
        cursor: &remit_board::cursor::Cursor,
    ) -> Result<Option<remit_board::cursor::Standing>, remit_store::StoreError> {
        self.inner.cursor(cursor)
    }

    fn move_cursor(
        &mut self,
        request: &remit_store::Request,
        cursor: &remit_board::cursor::Cursor,
        rule: &mut remit_store::CursorRule<'_>,
    ) -> Result<remit_store::Outcome, remit_store::StoreError> {
        self.inner.move_cursor(request, cursor, rule)
    }

    fn upkeep(&mut self, idle: bool) -> Result<(), remit_store::StoreError> {
        self.inner.upkeep(idle)
    }
}

#[test]
fn a_commit_while_a_steward_writes_is_shown_before_it_leaves() {
    let disk = Disk::with_board();
    let mut store = disk.open();
    let mut busy = Busy { inner: &mut store, disk: &disk, commits_left: 3 };
    let tended = Steward::tend_once(&disk.plan, &mut busy);
    assert_eq!(tended.revision, Some(3));
    assert!(fs::read_to_string(disk.plan.state_json()).unwrap().starts_with("{\"revision\":3,"));
}

#[test]
fn a_file_that_can_not_be_written_is_reported_and_stops_no_other() {
    let disk = Disk::with_board();
    let mut store = disk.open();
    fs::create_dir(disk.plan.status()).unwrap();
    let tended = Steward::tend_once(&disk.plan, &mut store);
    assert_eq!(tended.problems.len(), 1, "{tended:?}");
    assert!(tended.problems[0].contains("STATUS.md"));
    assert!(disk.plan.handoffs().is_file() && disk.plan.state_json().is_file());
}

#[test]
#[cfg(unix)]
fn links_that_lie_in_the_way_are_not_followed() {
    use std::os::unix::fs::symlink;
    let disk = Disk::with_board();
    let mut store = disk.open();
    offer(&mut store, "a", 1, "text");
    let outside = tempfile::tempdir().unwrap();
    let precious = outside.path().join("precious");
    fs::write(&precious, "mine").unwrap();
    symlink(&precious, disk.plan.status()).unwrap();
    symlink(&precious, disk.plan.path().join(".HANDOFFS.md.tmp")).unwrap();
    symlink(outside.path(), disk.plan.bundles()).unwrap();

    let tended = Steward::tend_once(&disk.plan, &mut store);
    assert_eq!(tended.problems.len(), 1, "{tended:?}");
    assert!(tended.problems[0].contains("handoffs"));
    assert_eq!(fs::read_to_string(&precious).unwrap(), "mine");
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
    assert!(fs::symlink_metadata(disk.plan.status()).unwrap().is_file());
}

#[test]
fn without_a_board_nothing_is_written() {
    let disk = Disk::with_board();
    let mut store = disk.open();
    fs::remove_dir_all(disk.plan.path()).unwrap();
    let tended = Steward::tend_once(&disk.plan, &mut store);
    assert_eq!(tended.revision, None);
    assert_eq!(tended.problems.len(), 1);
    assert!(!disk.plan.path().exists());
}

fn log_length(plan: &PlanFolder) -> u64 {
    fs::metadata(plan.path().join("coordination.db-wal")).unwrap().len()
}

#[test]
fn the_steward_cuts_a_long_log_and_nobody_else() {
    let disk = Disk::with_board();
    let mut store = disk.open();
    for n in 0..100 {
        add_module(&mut store, &format!("m{n}"));
    }
    let long = log_length(&disk.plan);
    assert!(long > 512 * 1024);

    let other = FileLock::try_acquire(&disk.plan.steward_lock()).unwrap().unwrap();
    let mut steward = Steward::new(&disk.plan);
    steward.tend(&mut store);
    steward.upkeep(&mut store, true).unwrap();
    assert_eq!(log_length(&disk.plan), long, "somebody else's work");

    drop(other);
    steward.tend(&mut store);
    assert_eq!(log_length(&disk.plan), 0);
    add_module(&mut store, "after");
    steward.tend(&mut store);
    assert!(log_length(&disk.plan) > 0, "a short one is left alone");
    let mut store = disk.open();
    steward.upkeep(&mut store, true).unwrap();
    assert_eq!(log_length(&disk.plan), 0, "unless there is nothing else to do");
    assert_eq!(disk.open().read().unwrap().board.modules.len(), 101);
}

/// Each opens the board alone, so that SQLite itself would never begin the log anew.
#[test]
fn commands_one_after_the_other_keep_the_log_short() {
    let disk = Disk::with_board();
    let mut longest = 0;
    for n in 0..120 {
        let mut store = disk.open();
        add_module(&mut store, &format!("m{n}"));
        Steward::tend_once(&disk.plan, &mut store);
        drop(store);
        longest = longest.max(log_length(&disk.plan));
    }
    assert!(longest < 1024 * 1024, "{longest}");
}
