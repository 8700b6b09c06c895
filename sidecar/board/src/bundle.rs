//! The bundle that lets a stranger go on with a module without asking.
//!
//! Every section is there in every bundle: where nothing was said, it says so, so that nobody wonders what was left out.

use std::fmt::Write;

use crate::{
    board::Board,
    handoff::{Handoff, Notes},
    markdown::{code, fenced, line, paragraph},
    module::{Brief, Module},
    words::{agent_name, target},
};

/// What was known of the module and its paths when the bundle was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BundleFacts {
    pub brief: Brief,
    /// Where the work lies: the worktree that has the module's branch, else the author's.
    pub worktree: String,
    pub git: Option<GitFacts>,
}

/// What git said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GitFacts {
    pub branch: Option<String>,
    pub head: Option<String>,
    /// What the files and commits are counted from, and why from there.
    pub base: Option<(String, Since)>,
    pub changed: Vec<ChangedFile>,
    pub commits: Vec<CommitLine>,
    pub uncommitted: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// The commit at which the module was claimed.
    Claim,
    /// Where the branch left the default branch.
    Branching,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedFile {
    pub path: String,
    /// `None` where lines can't be counted (binary files).
    pub lines: Option<(u64, u64)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitLine {
    pub short_id: String,
    pub subject: String,
}

/// Markdown. Everything that people or agents wrote is escaped: readers of such files obey them.
pub fn render(
    board: &Board,
    module: &Module,
    handoff: &Handoff,
    notes: &Notes,
    facts: Option<&BundleFacts>,
) -> String {
    let mut text = format!("# Handoff: {}\n\n", line(&module.title));
    head(&mut text, board, module, handoff, facts);
    goal(&mut text, module, facts);
    list(&mut text, "Done when", said(&notes.acceptance), "No acceptance criteria were written down.");
    standing(&mut text, module, handoff);
    list(&mut text, "Next steps", said(&handoff.next_steps), "None were named.");
    list(&mut text, "Decisions", said(&notes.decisions), "None were written down.");
    list(&mut text, "Open questions", said(&notes.open_questions), "None were written down.");
    // As they were typed: most are commands.
    let checks = notes.verify.iter().map(|check| code(check));
    list(&mut text, "How to verify", checks, "Nothing was said of it.");
    let patterns = module.owned_paths.patterns().map(|pattern| code(&pattern.to_string()));
    list(&mut text, "Owned paths", patterns, "None: no file is kept for this module.");
    match facts.and_then(|facts| facts.git.as_ref()) {
        Some(git) => git_facts(&mut text, git),
        None => section(&mut text, "Changed files", "Unknown: this project is not in git."),
    }
    section(&mut text, "Taking over", &take_over(module, facts));
    text
}

fn head(text: &mut String, board: &Board, module: &Module, handoff: &Handoff, facts: Option<&BundleFacts>) {
    let mut row = |name: &str, value: &str| {
        let _ = writeln!(text, "- {name}: {value}");
    };
    row("Module", &code(module.id.as_str()));
    row("Status", module.status.as_str());
    row("From", &line(agent_name(board, &handoff.from)));
    row("To", &line(&target(board, &handoff.to)));
    row("Offered", &handoff.offered_at.readable());
    if handoff.after_expiry {
        row("Note", "written by somebody else than the holder, whose lease had run out");
    }
    if let Some(owner) = module.owner.as_ref().filter(|owner| **owner != handoff.from) {
        row("Owner", &line(agent_name(board, owner)));
    }
    if let Some(facts) = facts {
        row("Worktree", &code(&facts.worktree));
    }
    if let Some(git) = facts.and_then(|facts| facts.git.as_ref()) {
        row("Branch", &code(git.branch.as_deref().unwrap_or("detached")));
        row("Head", &git.head.as_deref().map_or("no commit yet".to_owned(), code));
        if let Some(claimed_on) = module.branch.as_ref().filter(|branch| git.branch.as_ref() != Some(branch))
        {
            row("Claimed on", &format!("{}, which no worktree has checked out now", code(claimed_on)));
        }
    }
    if !module.depends_on.is_empty() {
        let ids: Vec<String> = module.depends_on.iter().map(|id| code(id.as_str())).collect();
        row("Depends on", &ids.join(", "));
    }
}

fn goal(text: &mut String, module: &Module, facts: Option<&BundleFacts>) {
    let description = facts.map_or("", |facts| facts.brief.description.as_str());
    if description.is_empty() {
        section(text, "Goal", &format!("{}. The module has no description.", line(&module.title)));
    } else {
        section(text, "Goal", &paragraph(description));
    }
}

fn standing(text: &mut String, module: &Module, handoff: &Handoff) {
    let mut said = match handoff.summary.trim() {
        "" => "Nothing was said of where the work stands.".to_owned(),
        summary => paragraph(summary),
    };
    for (what, reason) in
        [("It is blocked", &module.block_reason), ("The review asks for changes", &module.changes_requested)]
    {
        if let Some(reason) = reason {
            let _ = write!(said, "\n\n{what}:\n\n{}", paragraph(reason));
        }
    }
    section(text, "Where it stands", &said);
}

fn section(text: &mut String, title: &str, body: &str) {
    let _ = write!(text, "\n## {title}\n\n{body}\n");
}

fn said(items: &[String]) -> impl Iterator<Item = String> {
    items.iter().map(|item| line(item))
}

fn list(text: &mut String, title: &str, items: impl Iterator<Item = String>, nothing: &str) {
    let rows: Vec<String> = items.map(|item| format!("- {item}")).collect();
    section(text, title, if rows.is_empty() { nothing.to_owned() } else { rows.join("\n") }.as_str());
}

fn git_facts(text: &mut String, git: &GitFacts) {
    let since = match &git.base {
        Some((base, Since::Claim)) => format!("since {}, where it was claimed", code(short(base))),
        Some((base, Since::Branching)) => format!("since {}, where the branch began", code(short(base))),
        None => "since the beginning".to_owned(),
    };
    let none = format!("None in the owned paths {since}.");
    let total = |files: &[ChangedFile]| {
        let lines = files.iter().filter_map(|file| file.lines);
        lines.fold((0, 0), |(added, removed), (a, r)| (added + a, removed + r))
    };
    let (added, removed) = total(&git.changed);
    let files = git.changed.iter().map(changed_file);
    let sum = (!git.changed.is_empty())
        .then(|| format!("{} in all {since} (+{added} −{removed})", counted(git.changed.len())));
    list(text, "Changed files", files.chain(sum), &none);
    let commit = |commit: &CommitLine| format!("{} {}", code(&commit.short_id), line(&commit.subject));
    list(text, "Commits", git.commits.iter().map(commit), &none);
    let nothing = "Nothing: all of the work in the owned paths is committed.";
    let uncommitted = git.uncommitted.iter().map(|path| code(path));
    let warning =
        (!git.uncommitted.is_empty()).then(|| "these lie in the worktree named above alone".to_owned());
    list(text, "Not committed yet", uncommitted.chain(warning), nothing);
}

fn counted(files: usize) -> String {
    if files == 1 { "1 file".to_owned() } else { format!("{files} files") }
}

fn short(id: &str) -> &str {
    id.get(..10).unwrap_or(id)
}

fn changed_file(file: &ChangedFile) -> String {
    match file.lines {
        Some((added, removed)) => format!("{} (+{added} −{removed})", code(&file.path)),
        None => format!("{} (binary)", code(&file.path)),
    }
}

/// What the one who takes over types, in this order.
fn take_over(module: &Module, facts: Option<&BundleFacts>) -> String {
    let id = &module.id;
    let branch = facts.and_then(|facts| facts.git.as_ref()).and_then(|git| git.branch.as_deref());
    let mut commands = vec![format!("remit claim-handoff --module {id}")];
    // A name with anything else in it would need a shell's quoting.
    let is_plain = |name: &&str| name.bytes().all(|b| b.is_ascii_alphanumeric() || b"/._-".contains(&b));
    commands.extend(branch.filter(is_plain).map(|branch| format!("git switch {branch}")));
    commands.push(format!("remit ack-handoff --module {id}"));
    if module.status.is_review() {
        commands.push(format!("remit approve --module {id}"));
        commands.push(format!("remit request-changes --module {id} --reason \"…\""));
    } else {
        commands.push(format!("remit heartbeat --module {id}"));
        let end = if module.reviewer.is_some() { "submit" } else { "finish" };
        commands.push(format!("remit {end} --module {id}"));
    }
    fenced(&commands.join("\n"))
}
