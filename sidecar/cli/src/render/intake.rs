//! What a scan of the workspace found.

use remit_board::{
    reply::{CandidateStanding, IntakeModule, IntakeReply, SignWire},
    words::counted,
};

use super::table::{plain, table};

/// More signs than these are in `--json` and in the module's description.
const SIGNS_SHOWN: usize = 2;

pub fn text(reply: &IntakeReply) -> String {
    let mut parts = vec![heading(reply)];
    if !reply.modules.is_empty() {
        let rows: Vec<_> = reply.modules.iter().map(row).collect();
        parts.push(table(["module", "", "might own", "might wait for", "because of"], &rows));
    }
    if !reply.notes.is_empty() {
        let notes: Vec<String> = reply.notes.iter().map(|note| format!("note: {}", plain(note))).collect();
        parts.push(notes.join("\n"));
    }
    parts.extend(advice(reply));
    parts.join("\n\n")
}

fn heading(reply: &IntakeReply) -> String {
    let files = counted(usize::try_from(reply.files).unwrap_or(usize::MAX), "file");
    if reply.modules.is_empty() {
        return format!("Nothing in {files} looks like a part of a project.");
    }
    let (parts, packages) = (counted(reply.modules.len(), "part"), counted(reply.packages.len(), "package"));
    format!("{parts}, among them {packages}, in {files}.")
}

fn row(module: &IntakeModule) -> [String; 5] {
    let paths: Vec<&str> = module.candidate_owned_paths.patterns().map(|path| path.as_str()).collect();
    let needs: Vec<&str> = module.candidate_depends_on.iter().map(|id| id.as_str()).collect();
    let signs: Vec<String> = module.evidence.iter().map(SignWire::to_string).collect();
    let strs: Vec<&str> = signs.iter().map(String::as_str).collect();
    let standing = match module.standing {
        CandidateStanding::New => "new",
        CandidateStanding::Added => "added",
        CandidateStanding::Known => "known",
    };
    [
        module.id.to_string(),
        standing.to_owned(),
        first(&paths, 3),
        first(&needs, 4),
        first(&strs, SIGNS_SHOWN),
    ]
}

fn first(texts: &[&str], shown: usize) -> String {
    if texts.is_empty() {
        return "-".to_owned();
    }
    let more = match texts.len().saturating_sub(shown) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    format!("{}{more}", texts.iter().take(shown).copied().collect::<Vec<_>>().join(", "))
}

fn advice(reply: &IntakeReply) -> Option<String> {
    let count = |which| reply.modules.iter().filter(|one| one.standing == which).count();
    match (count(CandidateStanding::New), count(CandidateStanding::Added)) {
        (0, 0) => None,
        (new, 0) => {
            Some(format!("`remit intake --seed-tasks` adds the {new} new as candidates, which bind nobody."))
        }
        (_, added) => Some(format!(
            "Added {added} as candidates: `remit confirm-module ID --all` makes what one might own and wait for count."
        )),
    }
}
