//! Making the board of a repository.

use std::{fs, path::Path};

use remit_board::{
    command::{Asking, Bootstrap, Command},
    decide::DoneBefore,
    door::Outcome,
    failure::{Code, Failure},
    mode::BoardDisk,
    reply::{Bootstrapped, Reply},
};
use remit_store::{Options, SqliteStore, Store};

use crate::local::LocalEngine;

impl LocalEngine {
    pub(crate) fn bootstrap(&self, command: &Bootstrap) -> Outcome<Reply> {
        self.try_bootstrap(command).unwrap_or_else(|failure| Outcome::failed(None, failure))
    }

    fn try_bootstrap(&self, command: &Bootstrap) -> Result<Outcome<Reply>, Failure> {
        let folder = self.board_folder();
        refuse_link(folder)?;
        let shared_storage = command.shared_storage.unwrap_or(false);
        let options = Options { shared_storage, ..Options::default() };
        let mut made = SqliteStore::create(&self.plan, &self.project_name(), options)?;
        let created = made.created;
        let kept_anew = match command.shared_storage.filter(|_| !created) {
            Some(shared) => made.store.keep_for(shared)?,
            None => false,
        };
        drop(made);
        if command.share {
            share_markdown(folder).map_err(|error| cannot_write(folder, &error))?;
        }
        let reply = Bootstrapped { board: folder.display().to_string(), created };
        if created || kept_anew {
            return self.tell_of_bootstrap(command, &reply);
        }
        let revision = self.with_store(Store::read)?.board.revision;
        Ok(Outcome::done(Some(revision), reply.into()))
    }

    /// Nobody is on a new board: whom the window or the surroundings name has no part in it.
    fn tell_of_bootstrap(
        &self,
        command: &Bootstrap,
        reply: &Bootstrapped,
    ) -> Result<Outcome<Reply>, Failure> {
        let before = DoneBefore::Bootstrapped(reply);
        self.decide_and_keep(&Asking::default(), &Command::Bootstrap(command.clone()), before)
    }

    /// The repository's first commit names it on every machine; without one, its folder does.
    pub(crate) fn project_name(&self) -> String {
        let first_commit = self
            .place
            .worktree
            .as_ref()
            .and_then(|w| remit_worktree::identity::root_commit(w).ok().flatten());
        first_commit.unwrap_or_else(|| self.place.board_root.display().to_string())
    }
}

impl LocalEngine {
    /// What kind of disk the board lies on, and whether it is kept for that.
    pub(crate) fn board_disk(&self) -> BoardDisk {
        let network = remit_store::network_name(self.plan.path());
        let shared = self.with_store(SqliteStore::shares_storage).unwrap_or(false);
        match (network, shared) {
            (None, false) => BoardDisk::Local,
            (None, true) => BoardDisk::Shared("made with --shared-storage true"),
            (Some(name), true) => BoardDisk::Shared(name),
            (Some(name), false) => BoardDisk::Network(name),
        }
    }
}

/// A repository that somebody else made must not decide where files are written.
fn refuse_link(folder: &Path) -> Result<(), Failure> {
    if !folder.is_symlink() {
        return Ok(());
    }
    let message = format!("{} is a symbolic link; nothing was changed", folder.display());
    Err(Failure::new(Code::ReadOnly, message)
        .hint("take the link away, or name the folder of the board with --project-root"))
}

/// Lets git see what people read; never the database, tokens, locks or what is one machine's own.
fn share_markdown(folder: &Path) -> std::io::Result<()> {
    fs::write(folder.join(".gitignore"), "*\n!*.md\n!handoffs/\n!handoffs/*.md\n!.gitignore\n")
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(Code::ReadOnly, format!("{} can't be written: {error}", path.display()))
        .hint("the board itself is there; repeat the command when the folder can be written")
}
