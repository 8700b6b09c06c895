//! The bundle that lets a stranger go on with a module without asking.

use std::fmt::Write;

use crate::{
    handoff::Handoff,
    markdown::{code, fenced, line, paragraph},
    module::Module,
};

/// What git said of the module's paths when the bundle was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BundleFacts {
    pub worktree: String,
    pub branch: Option<String>,
    pub head: Option<String>,
    pub description: String,
    pub changed: Vec<ChangedFile>,
    pub commits: Vec<CommitLine>,
    pub uncommitted: Vec<String>,
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
pub fn render(module: &Module, handoff: &Handoff, facts: Option<&BundleFacts>) -> String {
    let mut text = format!("# Handoff: {}\n\n", line(&module.title));
    head(&mut text, module, handoff, facts);
    let said = if handoff.summary.is_empty() {
        "Nothing was said of where the work stands."
    } else {
        &handoff.summary
    };
    section(&mut text, "Where it stands", &paragraph(said));
    if let Some(facts) = facts.filter(|facts| !facts.description.is_empty()) {
        section(&mut text, "Goal", &paragraph(&facts.description));
    }
    list(&mut text, "Next steps", handoff.next_steps.iter().map(|step| line(step)));
    list(&mut text, "Owned paths", module.owned_paths.patterns().map(|pattern| code(&pattern.to_string())));
    if let Some(facts) = facts {
        git_facts(&mut text, facts);
    }
    section(&mut text, "Taking over", &take_over(module));
    text
}

fn head(text: &mut String, module: &Module, handoff: &Handoff, facts: Option<&BundleFacts>) {
    let mut row = |name: &str, value: &str| {
        let _ = writeln!(text, "- {name}: {value}");
    };
    row("Module", &code(module.id.as_str()));
    row("Status", module.status.as_str());
    row("From", &code(handoff.from.as_str()));
    row("To", &code(&handoff.to.to_string()));
    row("Offered at", &handoff.offered_at.rfc3339());
    if handoff.after_expiry {
        row("Note", "written by somebody else than the holder, whose lease had run out");
    }
    if let Some(facts) = facts {
        row("Worktree", &code(&facts.worktree));
        row("Branch", &code(facts.branch.as_deref().unwrap_or("detached")));
        if let Some(head) = &facts.head {
            row("Head", &code(head));
        }
    }
    if !module.depends_on.is_empty() {
        let ids: Vec<String> = module.depends_on.iter().map(|id| code(id.as_str())).collect();
        row("Depends on", &ids.join(", "));
    }
}

fn section(text: &mut String, title: &str, body: &str) {
    let _ = write!(text, "\n## {title}\n\n{body}\n");
}

fn list(text: &mut String, title: &str, items: impl Iterator<Item = String>) {
    let rows: Vec<String> = items.map(|item| format!("- {item}")).collect();
    if !rows.is_empty() {
        section(text, title, &rows.join("\n"));
    }
}

fn git_facts(text: &mut String, facts: &BundleFacts) {
    list(text, "Changed files", facts.changed.iter().map(changed_file));
    let commit = |commit: &CommitLine| format!("{} {}", code(&commit.short_id), line(&commit.subject));
    list(text, "Commits", facts.commits.iter().map(commit));
    list(text, "Not committed yet", facts.uncommitted.iter().map(|path| code(path)));
}

fn changed_file(file: &ChangedFile) -> String {
    match file.lines {
        Some((added, removed)) => format!("{} (+{added} −{removed})", code(&file.path)),
        None => format!("{} (binary)", code(&file.path)),
    }
}

fn take_over(module: &Module) -> String {
    fenced(&format!("remit claim-handoff --module {id}\nremit ack-handoff --module {id}", id = module.id))
}
