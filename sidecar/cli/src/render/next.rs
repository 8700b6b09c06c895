//! What to do next, each with its score taken apart.

use remit_board::reply::{ActionsReply, RankedAction, RankedModule, RankedReply, ScorePart};

use super::table::plain;

pub fn modules(reply: &RankedReply) -> String {
    reply.modules.iter().map(module).collect::<Vec<_>>().join("\n")
}

fn module(ranked: &RankedModule) -> String {
    format!("{}\n{}", heading(ranked.module.as_str(), &ranked.title, ranked.score), parts(&ranked.parts))
}

pub fn actions(reply: &ActionsReply) -> String {
    reply.actions.iter().map(action).collect::<Vec<_>>().join("\n")
}

fn action(action: &RankedAction) -> String {
    let heading = heading(action.module.as_str(), &action.title, action.score);
    format!("{heading}\n{}\n    {}", parts(&action.parts), action.command)
}

fn heading(id: &str, title: &str, score: i64) -> String {
    let title = if title == id { String::new() } else { format!("  {}", plain(title)) };
    format!("{id}{title}  [{score}]")
}

fn parts(parts: &[ScorePart]) -> String {
    let line = |part: &ScorePart| format!("  {:>+8}  {}", part.points, plain(&part.reason));
    parts.iter().map(line).collect::<Vec<_>>().join("\n")
}
