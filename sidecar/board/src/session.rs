//! Agents, and the windows and terminals they work in.

use clap::ValueEnum;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{AgentId, HostId, SessionId, Specialty, ThreadKey, WindowId},
    time::Millis,
};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    #[default]
    Worker,
    Reviewer,
    Coordinator,
}

impl Role {
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Worker => "worker",
            Role::Reviewer => "reviewer",
            Role::Coordinator => "coordinator",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Role::Worker, Role::Reviewer, Role::Coordinator].into_iter().find(|role| role.as_str() == text)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    pub id: AgentId,
    pub thread_key: ThreadKey,
    pub role: Role,
    pub specialties: Vec<Specialty>,
    pub revision: u64,
}

impl Agent {
    /// What people call it: its thread key; of a window's (`host:/path/to/worktree#1`) only `worktree#1`.
    pub fn name(&self) -> &str {
        let key = self.thread_key.as_str();
        match key.rsplit_once(['/', '\\']) {
            Some((path, last)) if path.contains(':') && last.contains('#') => last,
            _ => key,
        }
    }
}

/// How a session shows that it lives: a window by an OS lock, a terminal by its last command.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum SessionKind {
    Window,
    #[default]
    Terminal,
}

impl SessionKind {
    pub fn as_str(self) -> &'static str {
        match self {
            SessionKind::Window => "window",
            SessionKind::Terminal => "terminal",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [SessionKind::Window, SessionKind::Terminal].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// How somebody means to work in a confirmed worktree: on and on, or for one piece of work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum LoopKind {
    #[default]
    WhileLoop,
    Single,
}

impl LoopKind {
    pub fn as_str(self) -> &'static str {
        match self {
            LoopKind::WhileLoop => "while-loop",
            LoopKind::Single => "single",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [LoopKind::WhileLoop, LoopKind::Single].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// One for each (agent, host, window). When it was last seen is bookkeeping and stands in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub agent: AgentId,
    pub host: HostId,
    pub window: WindowId,
    pub kind: SessionKind,
    /// Registering the same window again raises it; an older one can't mutate.
    pub epoch: u64,
    /// Absolute path of the worktree that the session works in.
    pub worktree: Option<String>,
    pub branch: Option<String>,
    pub registered_at: Millis,
    /// Taken off the registry because it had not been seen for long; it speaks again once it registers again.
    pub reaped: bool,
    pub revision: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_called_by_the_end_of_its_key() {
        let name = |key: &str| {
            let agent = Agent {
                id: "agent-1".parse().unwrap(),
                thread_key: key.parse().unwrap(),
                role: Role::Worker,
                specialties: Vec::new(),
                revision: 0,
            };
            agent.name().to_owned()
        };
        assert_eq!(name("host:/home/me/repo#2"), "repo#2");
        assert_eq!(name("host:C:\\work\\repo#1"), "repo#1");
        assert_eq!(name("team/alice"), "team/alice");
        assert_eq!(name("issue#5"), "issue#5");
    }
}
