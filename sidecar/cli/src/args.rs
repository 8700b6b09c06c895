//! From the words of a command line to one command of the vocabulary.
//!
//! Building all subcommands costs more than a whole transaction, so only the one that runs is built; the full tree
//! is for help and for suggesting a name.

use std::{ffi::OsString, path::PathBuf};

use clap::{Arg, ArgMatches, Args, FromArgMatches, Subcommand};
use remit_board::command::{Asking, Command, Query};

use crate::{completions, guard::GuardTask, paths, skill, tend};

#[derive(Clone, Debug, Default, Args)]
pub struct Globals {
    /// Where the board is looked for [default: the current folder]
    #[arg(long, global = true, env = "REMIT_PROJECT_ROOT", value_name = "DIR")]
    pub project_root: Option<PathBuf>,
    /// One JSON object on standard output, and nothing else
    #[arg(long, global = true)]
    pub json: bool,
    #[command(flatten)]
    pub asking: Asking,
}

/// What the command line asks for.
pub enum Task {
    Execute(Command),
    /// The modules stand in a file, or on standard input for `-`.
    ImportPlan(OsString),
    Query(Query),
    Guard(GuardTask),
    Uninstall {
        board: bool,
    },
    Lsp,
    Schema,
    Tend,
    Reference,
    Completions(String),
    Skill {
        install: Option<PathBuf>,
    },
}

/// Other names under which commands are known.
const ALIASES: &[(&str, &str)] = &[("lease-heartbeat", "heartbeat"), ("lease-reclaim", "reclaim")];
const FACES: &[&str] =
    &["guard", "lsp", "skill", "completions", "schema", "reference", "uninstall", tend::NAME];

pub fn parse(words: &[OsString]) -> Result<(Globals, Task), clap::Error> {
    let name = command_name(words);
    let tree = match name.as_deref().and_then(subcommand) {
        Some(one) => root().subcommand(one),
        None => full_tree(),
    };
    let matches = tree.try_get_matches_from(words)?;
    let globals = Globals::from_arg_matches(&matches)?;
    let task = match matches.subcommand() {
        Some((name, matches)) => task(name, matches)?,
        None => {
            return Err(full_tree().error(clap::error::ErrorKind::MissingSubcommand, "a command is missing"));
        }
    };
    Ok((globals, task))
}

/// Every subcommand, for `--help`, completions and suggestions.
pub fn full_tree() -> clap::Command {
    let names = Command::NAMES.iter().chain(Query::NAMES).chain(FACES);
    root().subcommands(names.filter_map(|name| subcommand(name)))
}

fn root() -> clap::Command {
    let command = clap::Command::new("remit")
        .version(crate::version::TEXT)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .max_term_width(110)
        .after_help("Exit codes: 0 done, 1 the board says no, 2 bad input, 3 nothing to hand out, 4 the board can't be reached, 70 a defect");
    // The description of the flattened flags would else stand in for the program's.
    Globals::augment_args(command)
        .about("The board on which developers and coding agents share one repository")
}

fn subcommand(name: &str) -> Option<clap::Command> {
    let name = ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, name)| name);
    let bare = clap::Command::new(name.to_owned());
    let command = match name {
        "uninstall" => Some(bare.about(UNINSTALL).arg(board_too())),
        "guard" => {
            Some(GuardTask::augment_subcommands(bare.about(GuardTask::ABOUT).subcommand_required(true)))
        }
        "lsp" => Some(bare.about("Speak the language server protocol with an editor").arg(stdio())),
        "skill" => {
            Some(bare.about("Print what teaches a coding agent to take part").arg(skill::install_argument()))
        }
        "completions" => Some(
            bare.about("Print the script that completes `remit` in a shell")
                .arg(completions::shell_argument()),
        ),
        "reference" => Some(bare.about("Print the reference of all commands").hide(true)),
        tend::NAME => {
            Some(bare.about("Write the files beside the database until they are current").hide(true))
        }
        "schema" => Some(bare.about("Print the JSON schemas of all commands and replies").hide(true)),
        "board" | "findings" => Query::augment(name, bare).map(|command| command.hide(true)),
        "import-plan" => Command::augment(name, bare).map(|command| command.arg(plan_file())),
        _ => Command::augment(name, bare.clone()).or_else(|| Query::augment(name, bare)),
    }?;
    let aliases = ALIASES.iter().filter(|(_, of)| *of == name).map(|(alias, _)| *alias);
    Some(paths::relative_to_current_folder(command).visible_aliases(aliases))
}

const UNINSTALL: &str =
    "Take away git hooks, the MCP entry, the skill and your own `remit`; the board only when asked";

fn board_too() -> Arg {
    Arg::new("board")
        .long("board")
        .action(clap::ArgAction::SetTrue)
        .help("Also delete the board with all that is on it")
}

fn stdio() -> Arg {
    Arg::new("stdio")
        .long("stdio")
        .action(clap::ArgAction::SetTrue)
        .help("Accepted for editors that always say it")
}

fn plan_file() -> Arg {
    Arg::new("file")
        .required(true)
        .value_name("FILE|-")
        .value_parser(clap::value_parser!(OsString))
        .help("JSON: {\"modules\": [{\"id\": …}]}; - is standard input")
}

fn task(name: &str, matches: &ArgMatches) -> Result<Task, clap::Error> {
    match name {
        "uninstall" => return Ok(Task::Uninstall { board: matches.get_flag("board") }),
        "guard" => return GuardTask::from_arg_matches(matches).map(Task::Guard),
        "lsp" => return Ok(Task::Lsp),
        "schema" => return Ok(Task::Schema),
        tend::NAME => return Ok(Task::Tend),
        "reference" => return Ok(Task::Reference),
        "skill" => return Ok(Task::Skill { install: matches.get_one("install").cloned() }),
        "completions" => {
            return Ok(Task::Completions(matches.get_one("shell").cloned().unwrap_or_default()));
        }
        "import-plan" => {
            return Ok(Task::ImportPlan(matches.get_one::<OsString>("file").cloned().unwrap_or_default()));
        }
        _ => {}
    }
    if let Some(command) = Command::from_matches(name, matches) {
        return command.map(Task::Execute);
    }
    match Query::from_matches(name, matches) {
        Some(query) => query.map(Task::Query),
        None => Err(full_tree()
            .error(clap::error::ErrorKind::InvalidSubcommand, format!("there is no command {name}"))),
    }
}

/// Whether the command has the flag `--NAME`.
pub fn takes(command: &str, flag: &str) -> bool {
    subcommand(command).is_some_and(|tree| tree.get_arguments().any(|arg| arg.get_long() == Some(flag)))
}

/// The first word that is neither a global flag nor its value. Clap would find it too, but only in a built tree.
pub fn command_name(words: &[OsString]) -> Option<String> {
    let with_value: Vec<String> = root()
        .get_arguments()
        .filter(|arg| arg.get_action().takes_values())
        .filter_map(|arg| arg.get_long().map(|long| format!("--{long}")))
        .collect();
    let mut words = words.iter().skip(1).map(|word| word.to_string_lossy());
    while let Some(word) = words.next() {
        if !word.starts_with('-') {
            return Some(word.into_owned());
        }
        if with_value.iter().any(|flag| *flag == word) {
            words.next();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn the_tree_is_sound() {
        full_tree().debug_assert();
    }

    #[test]
    fn global_flags_stand_before_or_after_the_command() {
        for line in
            ["remit --json --agent-id a claim --module m", "remit claim --module m --agent-id=a --json"]
        {
            let (globals, task) = parse(&words(line)).unwrap();
            assert!(globals.json, "{line}");
            assert_eq!(globals.asking.agent_id.unwrap().as_str(), "a");
            assert!(matches!(task, Task::Execute(Command::Claim(claim)) if claim.module.as_str() == "m"));
        }
    }

    #[test]
    fn an_alias_is_the_same_command() {
        let (_, task) = parse(&words("remit lease-heartbeat --module m")).unwrap();
        assert!(matches!(task, Task::Execute(Command::Heartbeat(_))));
    }

    #[test]
    fn an_unknown_command_is_named_with_the_nearest_one() {
        let error = parse(&words("remit clam --module m")).err().unwrap().to_string();
        assert!(error.contains("clam") && error.contains("claim"), "{error}");
    }

    #[test]
    fn what_only_prepares_is_not_a_query() {
        assert!(Command::NAMES.contains(&"infer-paths") && !Query::NAMES.contains(&"infer-paths"));
    }
}
