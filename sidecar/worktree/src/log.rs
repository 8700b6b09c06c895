//! Commits and the paths they touched, along first parents: a branch as its author told it.

use crate::error::Result;
use crate::git::Git;

/// Begins and parts a commit's header among the paths of `git log`; no path that people use begins so.
const MARK: &str = "\x01";

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LoggedCommit {
    pub(crate) email: String,
    pub(crate) short_oid: String,
    pub(crate) subject: String,
    /// Of a merge only the paths that differ from all its parents: the others came from somewhere else.
    pub(crate) paths: Vec<Vec<u8>>,
}

/// The newest first.
pub(crate) fn commits_since(git: &Git, base: &str, head: &str) -> Result<Vec<LoggedCommit>> {
    commits_outside(git, head, &[format!("^{base}")])
}

/// As `commits_since`, without what the arguments in `excluded` name in git's own words.
pub(crate) fn commits_outside(git: &Git, head: &str, excluded: &[String]) -> Result<Vec<LoggedCommit>> {
    let settings = ["-c", "log.showRoot=true", "-c", "log.showSignature=false"];
    let form = ["-z", "--first-parent", "-c", "--name-only", "--no-renames", "--no-ext-diff", "--no-notes"];
    let header = "--format=%x01commit%x01%ae%x01%h%x01%s";
    let excluded: Vec<&str> = excluded.iter().map(String::as_str).collect();
    let arguments = [&settings[..], &["log"], &form[..], &[header, head], &excluded, &["--"]].concat();
    Ok(parse(&git.run(&arguments)?))
}

/// After an ordinary commit's header a line break comes before its first path, after a merge's an empty field.
fn parse(log: &[u8]) -> Vec<LoggedCommit> {
    let mut commits: Vec<LoggedCommit> = Vec::new();
    let mut is_first = false;
    for field in log.split(|&byte| byte == 0) {
        if let Some(commit) = header(field) {
            commits.push(commit);
            is_first = true;
            continue;
        }
        let path = if is_first { field.strip_prefix(b"\n").unwrap_or(field) } else { field };
        is_first = false;
        if let (Some(commit), false) = (commits.last_mut(), path.is_empty()) {
            commit.paths.push(path.to_owned());
        }
    }
    commits
}

fn header(field: &[u8]) -> Option<LoggedCommit> {
    let text = String::from_utf8_lossy(field);
    let mut parts = text.strip_prefix("\x01commit\x01")?.splitn(3, MARK).map(str::to_owned);
    let (email, short_oid, subject) = (parts.next()?, parts.next()?, parts.next()?);
    Some(LoggedCommit { email, short_oid, subject, paths: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_read_with_merges_empty_commits_and_odd_names() {
        let log =
            b"\x01commit\x01me@x\x01aa\x01Mine\0\na\0b\nc\0\x01commit\x01me@x\x01bb\x01Merge\0\0resolved\0\
                    \x01commit\x01me@x\x01cc\x01Empty\0\x01commit\x01you@x\x01dd\x01a \x01 b\0\n\nodd\0";
        let read: Vec<(String, Vec<Vec<u8>>)> =
            parse(log).into_iter().map(|commit| (commit.subject, commit.paths)).collect();
        let paths = |names: &[&[u8]]| names.iter().map(|name| name.to_vec()).collect::<Vec<_>>();
        let expected = [
            ("Mine".to_owned(), paths(&[b"a", b"b\nc"])),
            ("Merge".to_owned(), paths(&[b"resolved"])),
            ("Empty".to_owned(), paths(&[])),
            ("a \x01 b".to_owned(), paths(&[b"\nodd"])),
        ];
        assert_eq!(read, expected);
    }
}
