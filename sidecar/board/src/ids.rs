//! Names of things, one type each, so that no bare string crosses a layer.

use std::{fmt, str::FromStr, sync::Arc};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    #[error(
        "{what} {text:?} is not valid: 1 to 128 of letters, digits, '.', '_', '-', beginning with a letter or digit"
    )]
    Name { what: &'static str, text: String },
    #[error("{what} must be 1 to 256 characters without control characters")]
    Label { what: &'static str },
}

fn is_name(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
}

fn is_label(text: &str) -> bool {
    (1..=256).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

macro_rules! text_newtype {
    ($(#[$doc:meta])* $name:ident, $check:expr, $error:expr) => {
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        #[serde(try_from = "String", into = "String")]
        #[schemars(with = "String")]
        $(#[$doc])*
        pub struct $name(Arc<str>);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                let check: fn(&str) -> bool = $check;
                let error: fn(&str) -> IdError = $error;
                if check(text) { Ok(Self(text.into())) } else { Err(error(text)) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.as_ref().to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        text_newtype!($(#[$doc])* #[schemars(extend("pattern" = "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$"))] $name, is_name, |text| IdError::Name { what: $what, text: text.to_owned() });
    };
}

macro_rules! label {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        text_newtype!($(#[$doc])* $name, is_label, |_| IdError::Label { what: $what });
    };
}

name!(
    /// A piece of work. 1 to 128 of letters, digits, `.`, `_`, `-`, beginning with a letter or digit.
    ModuleId,
    "the module id"
);
name!(
    /// A person or agent that works here; stable for a project and thread key.
    AgentId,
    "the agent id"
);
name!(
    /// A registered window or terminal; one for each (agent, host, window).
    SessionId,
    "the session id"
);
name!(
    /// What a worker is good at and a module asks for.
    Specialty,
    "the specialty"
);
label!(
    /// What an agent calls itself, from which its `AgentId` is made.
    ThreadKey,
    "the thread key"
);
label!(
    /// The machine that a session runs on.
    HostId,
    "the host id"
);
label!(
    /// The window or terminal on that machine.
    WindowId,
    "the window id"
);
label!(
    /// Chosen by the caller: the same request again has one effect and gives the first answer.
    RequestId,
    "the request id"
);
label!(
    /// A reader's own name for the place up to which it has read.
    CursorId,
    "the cursor id"
);

impl CursorId {
    /// Under which an agent's editor windows say what they have seen.
    pub fn of_editor() -> Self {
        Self("editor".into())
    }
}
label!(
    /// One bundle: the module and the revision at which it was offered.
    HandoffId,
    "the handoff id"
);

/// The secret that fences a held module. It is shown to its holder once, in the `lease` of a reply, and in no log.
#[derive(Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct LeaseToken(String);

impl LeaseToken {
    pub fn from_secret(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Only for the `lease` of a reply, the holder's token file and the store's lease table.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl FromStr for LeaseToken {
    type Err = std::convert::Infallible;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for LeaseToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LeaseToken(…)")
    }
}

fn digest(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl AgentId {
    /// The same project and thread key give the same id; `attempt` tells apart keys whose short digests meet.
    pub fn of_thread(project: &str, key: &ThreadKey, attempt: u32) -> Self {
        let digest = digest(&[project.as_bytes(), key.as_str().as_bytes(), &attempt.to_le_bytes()]);
        Self(format!("agent-{}", &digest[..8]).into())
    }
}

impl SessionId {
    pub fn of_window(agent: &AgentId, host: &HostId, window: &WindowId) -> Self {
        let digest = digest(&[agent.0.as_bytes(), host.0.as_bytes(), window.0.as_bytes()]);
        Self(format!("session-{}", &digest[..16]).into())
    }
}

impl HandoffId {
    pub fn of(module: &ModuleId, revision: u64) -> Self {
        Self(format!("{module}@{revision}").into())
    }
}

/// Randomness as an argument: the engine draws it, rules only derive from it.
#[derive(Clone)]
pub struct Seed([u8; 32]);

impl Seed {
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub fn token(&self, module: &ModuleId) -> LeaseToken {
        LeaseToken(digest(&[&self.0, module.0.as_bytes()])[..32].to_owned())
    }
}

/// Tells one command's arguments from another's, for remembered requests.
pub fn fingerprint(name: &str, arguments: &str) -> String {
    digest(&[name.as_bytes(), arguments.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked() {
        for good in ["a", "9", "core-auth", "A.b_c-1", &"x".repeat(128)] {
            assert!(good.parse::<ModuleId>().is_ok(), "{good}");
        }
        for bad in ["", "-a", ".a", "_a", "a b", "a/b", "ä", "a\0", &"x".repeat(129)] {
            assert!(bad.parse::<ModuleId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn an_agent_id_is_stable_and_short() {
        let key: ThreadKey = "worker-a".parse().unwrap();
        let id = AgentId::of_thread("p", &key, 0);
        assert_eq!(id, AgentId::of_thread("p", &key, 0));
        assert_ne!(id, AgentId::of_thread("q", &key, 0));
        assert_ne!(id, AgentId::of_thread("p", &key, 1));
        assert_eq!(id.as_str().len(), "agent-".len() + 8);
    }

    #[test]
    fn a_token_is_not_shown_by_debug() {
        assert_eq!(format!("{:?}", LeaseToken::from_secret("abc")), "LeaseToken(…)");
    }
}
