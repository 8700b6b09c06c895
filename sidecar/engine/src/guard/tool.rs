//! A coding agent's tool-use hook: which files a tool is about to write, told from the JSON that the agent gives.

use std::path::{Path, PathBuf};

use remit_board::{command::Asking, failure::Failure, path::ProjectPath, reply::ConflictRow};
use serde_json::Value;

use crate::{LocalEngine, place};

/// What is about to be written, and where the agent stands.
#[derive(Debug, PartialEq, Eq)]
struct ToolUse {
    cwd: Option<PathBuf>,
    files: Vec<PathBuf>,
}

impl LocalEngine {
    /// The strangers' paths that the tool in `input` would write. Nothing, for what is no tool use that writes files.
    pub fn guard_tool(
        project_root: Option<&Path>,
        asking: &Asking,
        input: &str,
    ) -> Result<Vec<ConflictRow>, Failure> {
        let Some(tool) = ToolUse::parse(input) else { return Ok(Vec::new()) };
        let cwd = match tool.cwd {
            Some(cwd) => cwd,
            None => place::current_folder()?,
        };
        let engine = Self::at(&cwd, project_root, None)?;
        let paths: Vec<ProjectPath> =
            tool.files.iter().filter_map(|file| engine.path_in_repository(&cwd, file)).collect();
        engine.judge(asking, paths.iter().collect())
    }

    /// The file's path in its own worktree, which may be another one of this repository.
    fn path_in_repository(&self, cwd: &Path, file: &Path) -> Option<ProjectPath> {
        let here = self.place.worktree.as_ref()?;
        let file = cwd.join(file);
        // A worktree may lie inside of another one.
        let folder = file.ancestors().skip(1).find(|folder| folder.is_dir())?;
        let there = remit_worktree::locate(folder, None).ok()?;
        match there.worktree {
            Some(theirs) if there.common_dir.is_some() && there.common_dir == self.place.common_dir => {
                theirs.project_path(cwd, &file).ok()
            }
            _ if self.place.common_dir.is_none() => here.project_path(cwd, &file).ok(),
            _ => None,
        }
    }
}

/// Tools that write files, as coding agents call them, without case and separators.
const WRITERS: [&str; 17] = [
    "write",
    "edit",
    "multiedit",
    "notebookedit",
    "create",
    "update",
    "replace",
    "applypatch",
    "strreplaceeditor",
    "strreplacebasededittool",
    "writefile",
    "editfile",
    "createfile",
    "updatefile",
    "deletefile",
    "movefile",
    "searchreplace",
];

const FILE_FIELDS: [&str; 7] =
    ["file_path", "notebook_path", "path", "filename", "target_file", "source", "destination"];

impl ToolUse {
    fn parse(input: &str) -> Option<Self> {
        let input: Value = serde_json::from_str(input).ok()?;
        let arguments = input.get("tool_input")?;
        if !writes(input.get("tool_name")?.as_str()?, arguments) {
            return None;
        }
        let mut files = named_files(arguments);
        for list in ["edits", "files"] {
            let edits = arguments.get(list).and_then(Value::as_array).into_iter().flatten();
            files.extend(edits.flat_map(named_files));
        }
        files.extend(
            arguments
                .get("input")
                .or(arguments.get("patch"))
                .and_then(Value::as_str)
                .map(patched)
                .into_iter()
                .flatten(),
        );
        let cwd = input.get("cwd").and_then(Value::as_str).map(PathBuf::from);
        Some(Self { cwd, files })
    }
}

/// A server's tool is called `mcp__server__tool`. An editor tool may also only look.
fn writes(name: &str, arguments: &Value) -> bool {
    let own = name.rsplit("__").next().unwrap_or(name);
    let plain: String = own.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let only_looks = arguments.get("command").and_then(Value::as_str) == Some("view");
    WRITERS.contains(&plain.as_str()) && !only_looks
}

fn named_files(arguments: &Value) -> Vec<PathBuf> {
    let named = FILE_FIELDS.iter().filter_map(|field| arguments.get(field)?.as_str());
    named.filter(|file| !file.is_empty()).map(PathBuf::from).collect()
}

/// `*** Update File: src/a.rs` in the patch form that some agents use.
fn patched(patch: &str) -> Vec<PathBuf> {
    const HEADS: [&str; 4] = ["*** Update File: ", "*** Add File: ", "*** Delete File: ", "*** Move to: "];
    let file = |line: &str| {
        HEADS.iter().find_map(|head| line.strip_prefix(head)).map(|file| PathBuf::from(file.trim()))
    };
    patch.lines().filter_map(file).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn files(name: &str, arguments: Value) -> Option<Vec<String>> {
        let input = json!({ "hook_event_name": "PreToolUse", "cwd": "/w", "tool_name": name, "tool_input": arguments });
        let tool = ToolUse::parse(&input.to_string())?;
        assert_eq!(tool.cwd, Some(PathBuf::from("/w")));
        Some(tool.files.iter().map(|file| file.display().to_string()).collect())
    }

    #[test]
    fn the_files_that_each_tool_would_write() {
        for (name, arguments, expected) in [
            ("Write", json!({ "file_path": "/w/a", "content": "x" }), &["/w/a"][..]),
            ("Edit", json!({ "file_path": "a", "old_string": "", "new_string": "" }), &["a"]),
            ("MultiEdit", json!({ "file_path": "a", "edits": [{ "old_string": "x" }] }), &["a"]),
            ("MultiEdit", json!({ "edits": [{ "file_path": "a" }, { "file_path": "b" }] }), &["a", "b"]),
            ("NotebookEdit", json!({ "notebook_path": "n.ipynb" }), &["n.ipynb"]),
            ("mcp__files__write_file", json!({ "path": "a" }), &["a"]),
            ("mcp__files__move_file", json!({ "source": "a", "destination": "b" }), &["a", "b"]),
            ("str_replace_based_edit_tool", json!({ "command": "create", "path": "a" }), &["a"]),
            (
                "apply_patch",
                json!({ "input": "*** Begin Patch\n*** Update File: a b\n*** Add File: c\n" }),
                &["a b", "c"],
            ),
            ("Write", json!({}), &[]),
        ] {
            let found = files(name, arguments.clone());
            assert_eq!(
                found.as_deref().map(|f| f.iter().map(String::as_str).collect::<Vec<_>>()),
                Some(expected.to_vec()),
                "{name} {arguments}"
            );
        }
    }

    #[test]
    fn tools_that_only_look_are_let_pass() {
        for (name, arguments) in [
            ("Read", json!({ "file_path": "a" })),
            ("Grep", json!({ "path": "a" })),
            ("Bash", json!({ "command": "rm a" })),
            ("str_replace_based_edit_tool", json!({ "command": "view", "path": "a" })),
        ] {
            assert_eq!(files(name, arguments), None, "{name}");
        }
        for input in
            ["", "{", "[]", "null", "{\"tool_name\": 3}", "{\"tool_name\": \"Write\", \"tool_input\": 1}"]
        {
            assert!(ToolUse::parse(input).is_none_or(|tool| tool.files.is_empty()), "{input}");
        }
    }
}
