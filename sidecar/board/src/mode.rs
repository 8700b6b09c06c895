//! How a team shares the board: each process on the file itself, or all through one service.
//!
//! `shared-board` costs least: a command opens the board, and nothing has to run. `centralized-dispatch` (`remit serve`)
//! is what machines need that see no common folder, and what is quicker when many ask at once: one process keeps the
//! board in memory. The advice is a pure rule over what is known of the team, with its reasons in sentences.

use clap::{Args, ValueEnum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{failure::Failure, words::counted};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    #[default]
    SharedBoard,
    CentralizedDispatch,
}

/// What was asked for: a mode, or the one that fits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum ModeChoice {
    #[default]
    Auto,
    SharedBoard,
    CentralizedDispatch,
}

/// What matters most: few tokens and processes, or quick answers to many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum OptimizeFor {
    Token,
    #[default]
    Balanced,
    Efficiency,
}

/// Where the board's file lies, as the file system itself says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BoardDisk {
    #[default]
    Local,
    /// On a network file system, by the name that the system has for it.
    Network(&'static str),
    /// As above, and the board was made for it: with a rollback journal, and polling.
    Shared(&'static str),
}

/// The shape of the team. What is not said is one of each, on one machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Args)]
#[serde(default)]
pub struct Topology {
    /// What matters most: few tokens, or quick answers to many [default: balanced]
    #[arg(long, value_enum)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub optimize_for: Option<OptimizeFor>,
    /// How many agents and people work at once [default: 1]
    #[arg(long, value_name = "N")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_count: Option<u32>,
    /// On how many machines [default: 1]
    #[arg(long, value_name = "N")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub machine_count: Option<u32>,
    /// In how many windows and terminals [default: 1]
    #[arg(long, value_name = "N")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window_count: Option<u32>,
    /// They work on more than one machine, however many
    #[arg(long)]
    pub cross_machine: bool,
    /// Whether all machines see the board's folder by a network file system
    #[arg(long, value_name = "true|false")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shared_storage: Option<bool>,
}

/// A mode, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Advice {
    pub mode: Mode,
    /// Sentences.
    pub reasons: Vec<String>,
}

impl Mode {
    pub fn as_str(self) -> &'static str {
        match self {
            Mode::SharedBoard => "shared-board",
            Mode::CentralizedDispatch => "centralized-dispatch",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Mode::SharedBoard, Mode::CentralizedDispatch].into_iter().find(|mode| mode.as_str() == text)
    }

    /// What to do to work in it.
    pub fn meaning(self) -> &'static str {
        match self {
            Mode::SharedBoard => {
                "Every window and command opens the board itself; nothing has to be started."
            }
            Mode::CentralizedDispatch => {
                "One process runs `remit serve` beside the board; the others ask it by `remit client --server-url URL COMMAND`."
            }
        }
    }
}

impl ModeChoice {
    pub fn as_str(self) -> &'static str {
        match self {
            ModeChoice::Auto => "auto",
            ModeChoice::SharedBoard => "shared-board",
            ModeChoice::CentralizedDispatch => "centralized-dispatch",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        use ModeChoice::*;
        [Auto, SharedBoard, CentralizedDispatch].into_iter().find(|choice| choice.as_str() == text)
    }

    fn named(self) -> Option<Mode> {
        match self {
            ModeChoice::Auto => None,
            ModeChoice::SharedBoard => Some(Mode::SharedBoard),
            ModeChoice::CentralizedDispatch => Some(Mode::CentralizedDispatch),
        }
    }
}

impl OptimizeFor {
    pub fn as_str(self) -> &'static str {
        match self {
            OptimizeFor::Token => "token",
            OptimizeFor::Balanced => "balanced",
            OptimizeFor::Efficiency => "efficiency",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        use OptimizeFor::*;
        [Token, Balanced, Efficiency].into_iter().find(|aim| aim.as_str() == text)
    }

    /// From so many at once on, a service is worth being started. A network file system is slower to share.
    fn crowd(self, over_network: bool) -> Option<u32> {
        match (self, over_network) {
            (OptimizeFor::Token, _) => None,
            (OptimizeFor::Balanced, false) => Some(12),
            (OptimizeFor::Balanced, true) => Some(6),
            (OptimizeFor::Efficiency, false) => Some(4),
            (OptimizeFor::Efficiency, true) => Some(2),
        }
    }
}

impl Topology {
    /// Nothing was said of the team.
    pub fn is_silent(&self) -> bool {
        *self == Self::default()
    }

    pub fn check(&self) -> Result<(), Failure> {
        let counts = [
            ("agent-count", self.agent_count),
            ("machine-count", self.machine_count),
            ("window-count", self.window_count),
        ];
        match counts.iter().find(|(_, count)| *count == Some(0)) {
            Some((flag, _)) => {
                Err(Failure::invalid(format!("--{flag} is at least 1, not 0; nothing was changed")))
            }
            None => Ok(()),
        }
    }

    pub fn optimize_for(&self) -> OptimizeFor {
        self.optimize_for.unwrap_or_default()
    }

    fn crosses_machines(&self) -> bool {
        self.cross_machine || self.machine_count.unwrap_or(1) > 1
    }

    /// Windows without an agent ask the board, too.
    fn at_once(&self) -> u32 {
        self.agent_count.unwrap_or(1).max(self.window_count.unwrap_or(1))
    }
}

/// The mode that was named, else the one that fits; in either case with what speaks for and against it.
pub fn advise(choice: ModeChoice, topology: &Topology, disk: BoardDisk) -> Advice {
    let fitting = fitting(topology, disk);
    let Some(named) = choice.named() else { return fitting };
    let mut reasons = vec![format!("{} was asked for by --mode.", named.as_str())];
    if named != fitting.mode {
        reasons.push(format!("By itself, {} would have been chosen:", fitting.mode.as_str()));
        reasons.extend(fitting.reasons);
    }
    Advice { mode: named, reasons }
}

fn fitting(topology: &Topology, disk: BoardDisk) -> Advice {
    if let BoardDisk::Network(name) = disk {
        return centralized(vec![format!(
            "The board lies on a network file system ({name}), where it is not written to unless it was made with \
             --shared-storage true; a service on the machine that has the disk can write it."
        )]);
    }
    if topology.crosses_machines() { across_machines(topology, disk) } else { on_one_machine(topology, disk) }
}

fn across_machines(topology: &Topology, disk: BoardDisk) -> Advice {
    let machines = match topology.machine_count {
        Some(count) if count > 1 => format!("The work is spread over {count} machines"),
        _ => "The work is spread over several machines".to_owned(),
    };
    let is_shared = matches!(disk, BoardDisk::Shared(_)) && topology.shared_storage.is_none();
    if !(is_shared || topology.shared_storage == Some(true)) {
        return centralized(vec![format!(
            "{machines}, and a board on one machine's disk can't be opened from another: they ask a service."
        )]);
    }
    by_crowd(topology, true, format!("{machines}, which share the board's folder."))
}

fn on_one_machine(topology: &Topology, disk: BoardDisk) -> Advice {
    let over_network = matches!(disk, BoardDisk::Shared(_));
    let place = match disk {
        BoardDisk::Shared(name) => format!("The board lies in a shared folder ({name})."),
        _ => "All work is on one machine, where every process can open the board.".to_owned(),
    };
    by_crowd(topology, over_network, place)
}

fn by_crowd(topology: &Topology, over_network: bool, place: String) -> Advice {
    let (aim, at_once) = (topology.optimize_for(), topology.at_once());
    let who = format!(
        "{} in {}",
        counted(topology.agent_count.unwrap_or(1) as usize, "agent"),
        counted(topology.window_count.unwrap_or(1) as usize, "window")
    );
    let Some(crowd) = aim.crowd(over_network) else {
        let reason = "Optimized for tokens, commands that open the board themselves say and start the least.";
        return shared(vec![place, reason.to_owned()]);
    };
    let aim = aim.as_str();
    if at_once < crowd {
        let reason = format!("{who}: a service is worth starting from {crowd} at once on ({aim}).");
        return shared(vec![place, reason]);
    }
    let reason = format!("{who}: from {crowd} at once on, a service is quicker ({aim}).");
    centralized(vec![place, reason])
}

fn shared(reasons: Vec<String>) -> Advice {
    Advice { mode: Mode::SharedBoard, reasons }
}

fn centralized(reasons: Vec<String>) -> Advice {
    Advice { mode: Mode::CentralizedDispatch, reasons }
}
