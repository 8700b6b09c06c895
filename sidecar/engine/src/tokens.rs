//! A holder's lease tokens, kept for it in files that only it can read.
//!
//! An agent runs one process for each command, so somebody has to remember the token between them: one small file
//! for each agent and module, in the worktree's git directory, where git never looks.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use remit_board::ids::{AgentId, LeaseToken, ModuleId};

pub struct TokenKeep {
    folder: PathBuf,
}

impl TokenKeep {
    /// `state` is the worktree's private folder. Nothing is written before the first token.
    pub fn in_state(state: &Path) -> Self {
        Self { folder: state.join("tokens") }
    }

    pub fn get(&self, agent: &AgentId, module: &ModuleId) -> Option<LeaseToken> {
        fs::read_to_string(self.file(agent, module)).ok().map(LeaseToken::from_secret)
    }

    /// Written beside and renamed, so that a reader sees the old token or the new one.
    pub fn put(&self, agent: &AgentId, module: &ModuleId, token: &LeaseToken) -> io::Result<()> {
        let file = self.file(agent, module);
        let folder = file.parent().unwrap_or(&self.folder);
        private_folder(folder)?;
        let mut beside = tempfile::NamedTempFile::new_in(folder)?;
        io::Write::write_all(&mut beside, token.reveal().as_bytes())?;
        beside.persist(&file).map_err(|error| error.error)?;
        Ok(())
    }

    pub fn forget(&self, agent: &AgentId, module: &ModuleId) {
        // A token that stays behind is void: the board no longer knows it.
        drop(fs::remove_file(self.file(agent, module)));
    }

    fn file(&self, agent: &AgentId, module: &ModuleId) -> PathBuf {
        self.folder.join(agent.as_str()).join(module.as_str())
    }
}

fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_kept_for_its_holder_alone() {
        let state = tempfile::tempdir().unwrap();
        let keep = TokenKeep::in_state(state.path());
        let (agent, module): (AgentId, ModuleId) = ("agent-1".parse().unwrap(), "core".parse().unwrap());
        assert_eq!(keep.get(&agent, &module), None);
        keep.put(&agent, &module, &LeaseToken::from_secret("one")).unwrap();
        keep.put(&agent, &module, &LeaseToken::from_secret("two")).unwrap();
        assert_eq!(keep.get(&agent, &module), Some(LeaseToken::from_secret("two")));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(&keep.file(&agent, &module)), 0o600);
            assert_eq!(mode(&keep.folder), 0o700);
        }
        keep.forget(&agent, &module);
        assert_eq!(keep.get(&agent, &module), None);
    }
}
