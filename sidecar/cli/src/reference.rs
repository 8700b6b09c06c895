//! The page that tells every command, out of the same tree that parses them.

use clap::{Arg, ArgAction, Command};

/// Markdown; the same text on every machine.
pub fn text(tree: &Command) -> String {
    let mut page = vec![
        "# Commands".to_owned(),
        "Written by `remit reference` out of the command line's own definition; a test keeps it current."
            .to_owned(),
        "`remit [GLOBAL] COMMAND [OPTION]…`: global flags stand before or after the command.".to_owned(),
        heading("Global flags"),
        table(tree.get_arguments()),
        tree.get_after_help().map(ToString::to_string).unwrap_or_default(),
    ];
    page.extend(tree.get_subcommands().filter(|command| !command.is_hide_set()).map(section));
    page.retain(|part| !part.is_empty());
    page.join("\n\n") + "\n"
}

fn heading(title: &str) -> String {
    format!("## {title}")
}

fn section(command: &Command) -> String {
    let about = command.get_long_about().or(command.get_about()).map(ToString::to_string).unwrap_or_default();
    let aliases: Vec<String> = command.get_visible_aliases().map(|alias| format!("`{alias}`")).collect();
    let also = if aliases.is_empty() { String::new() } else { format!("Also: {}.", aliases.join(", ")) };
    let own = command.get_arguments().filter(|arg| !arg.is_global_set());
    let nested =
        command.get_subcommands().map(|one| format!("#### {}\n\n{}", one.get_name(), section_body(one)));
    let mut parts = vec![heading(&format!("`{}`", command.get_name())), about, also, table(own)];
    parts.extend(nested);
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n")
}

fn section_body(command: &Command) -> String {
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    [about, table(command.get_arguments().filter(|arg| !arg.is_global_set()))]
        .join("\n\n")
        .trim_end()
        .to_owned()
}

fn table<'a>(arguments: impl Iterator<Item = &'a Arg>) -> String {
    let shown =
        |arg: &&Arg| !arg.is_hide_set() && !matches!(arg.get_action(), ArgAction::Help | ArgAction::Version);
    let rows: Vec<String> = arguments.filter(shown).map(row).collect();
    if rows.is_empty() { String::new() } else { format!("| | |\n| --- | --- |\n{}", rows.join("\n")) }
}

fn row(arg: &Arg) -> String {
    let help = arg.get_long_help().or(arg.get_help()).map(ToString::to_string).unwrap_or_default();
    let values: Vec<String> =
        arg.get_possible_values().iter().map(|value| format!("`{}`", value.get_name())).collect();
    let choice = if values.is_empty() || !arg.get_action().takes_values() {
        String::new()
    } else {
        format!("One of {}.", values.join(", "))
    };
    let variable =
        arg.get_env().map(|name| format!("Environment: `{}`.", name.to_string_lossy())).unwrap_or_default();
    let told: Vec<String> =
        [sentence(&help), choice, variable].into_iter().filter(|text| !text.is_empty()).collect();
    format!("| `{}` | {} |", spelt(arg), told.join(" ").replace('|', "\\|").replace('\n', " "))
}

fn sentence(text: &str) -> String {
    if text.is_empty() || text.ends_with(['.', '…', ']']) { text.to_owned() } else { format!("{text}.") }
}

/// As one types it: `--flag VALUE…`, `NAME`.
fn spelt(arg: &Arg) -> String {
    let takes_value = arg.get_action().takes_values();
    let names = arg
        .get_value_names()
        .map(|names| names.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
    let value = names.unwrap_or_else(|| arg.get_id().as_str().to_uppercase());
    let repeated = if matches!(arg.get_action(), ArgAction::Append) { "…" } else { "" };
    let spelt = match arg.get_long() {
        Some(long) if takes_value => format!("--{long} {value}{repeated}"),
        Some(long) => format!("--{long}"),
        None => format!("{value}{repeated}"),
    };
    spelt.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use crate::args;

    #[test]
    fn every_command_and_flag_is_told_with_a_sentence() {
        let text = super::text(&args::full_tree());
        let untold: Vec<&str> = text.lines().filter(|line| line.ends_with("|  |")).collect();
        assert!(untold.is_empty(), "{untold:#?}");
        for command in args::full_tree().get_subcommands().filter(|command| !command.is_hide_set()) {
            assert!(command.get_about().is_some(), "{}", command.get_name());
            assert!(text.contains(&format!("\n## `{}`\n", command.get_name())));
        }
    }
}
