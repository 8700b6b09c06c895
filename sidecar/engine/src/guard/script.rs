//! The lines that a guard adds to a git hook, and taking exactly these away again.
//!
//! A hook that is a shell script gets them at its beginning: it goes on to run under its own name and from its own folder,
//! which hook managers rely on. Any other program is moved aside and run by a script that takes its place.

use std::path::Path;

const BEGIN: &str = "# >>> remit guard >>>";
const END: &str = "# <<< remit guard <<<";
/// Beside `BEGIN` in a file that is all ours.
const WHOLE: &str = " whole file;";
/// What a program that was moved aside is called.
pub const ASIDE: &str = ".before-remit";

/// How one hook is guarded.
pub struct Guarded<'a> {
    /// `pre-commit` or `pre-push`.
    pub hook: &'a str,
    pub binary: &'a Path,
    pub warn: bool,
}

/// What stands in a hook's file, as far as it is ours.
#[derive(Debug, PartialEq, Eq)]
pub enum Ours {
    Nothing,
    /// Among somebody else's lines; what the file is without ours.
    Among(String),
    /// The whole file.
    Whole,
}

impl Guarded<'_> {
    /// A hook of our own. A program that was moved aside runs after the guard.
    pub fn new_file(&self) -> String {
        let aside = format!("\"$(dirname \"$0\")/{}{ASIDE}\"", self.hook);
        format!("#!/bin/sh\n{}if [ -x {aside} ]; then\n  exec {aside} \"$@\"\nfi\n", self.block(WHOLE))
    }

    /// A shell script with our lines after its first.
    pub fn insert_into(&self, script: &str) -> String {
        let after_shebang = script.find('\n').map_or(script.len(), |at| at + 1);
        let (shebang, rest) = script.split_at(after_shebang);
        let newline = if shebang.ends_with('\n') { "" } else { "\n" };
        format!("{shebang}{newline}{}{rest}", self.block(""))
    }

    /// Only the exit code 1 stops git: a guard that is gone, old or broken stops nobody.
    fn block(&self, mark: &str) -> String {
        let binary = quoted(self.binary);
        let warn = if self.warn { " --warn" } else { "" };
        let run = match self.hook {
            // The lines on standard input are for the rest of the hook, too.
            "pre-push" => format!(
                "remit_refs=$(cat)\n  printf '%s\\n' \"$remit_refs\" | \"$remit_guard\" guard pre-push{warn} \"$@\" || remit_code=$?\n  \
                 if [ -n \"$remit_refs\" ]; then\n    exec <<REMIT_REFS\n$remit_refs\nREMIT_REFS\n  else\n    exec </dev/null\n  fi"
            ),
            hook => format!("\"$remit_guard\" guard {hook}{warn} || remit_code=$?"),
        };
        format!(
            "{BEGIN}{mark} `remit guard uninstall` takes these lines away\n\
             remit_guard={binary}\n\
             [ -x \"$remit_guard\" ] || remit_guard=$(command -v remit) || remit_guard=\n\
             if [ -n \"$remit_guard\" ]; then\n  remit_code=0\n  {run}\n  [ \"$remit_code\" -ne 1 ] || exit 1\nfi\n{END}\n"
        )
    }
}

/// Windows' shell takes slashes.
fn quoted(binary: &Path) -> String {
    let text = binary.to_string_lossy();
    let text = if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() };
    format!("'{}'", text.replace('\'', "'\\''"))
}

pub fn ours_in(script: &str) -> Ours {
    let Some(begin) = script.find(BEGIN) else { return Ours::Nothing };
    let Some(length) = script[begin..].find(END) else { return Ours::Nothing };
    if script[begin + BEGIN.len()..].starts_with(WHOLE) {
        return Ours::Whole;
    }
    let after = &script[begin + length + END.len()..];
    Ours::Among(format!("{}{}", &script[..begin], after.strip_prefix('\n').unwrap_or(after)))
}

/// Whether lines of a POSIX shell can stand in it.
pub fn is_shell_script(script: &str) -> bool {
    let shebang = script.lines().next().unwrap_or_default();
    let Some(command) = shebang.strip_prefix("#!") else { return false };
    let mut words = command.split_whitespace();
    let program = words.next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
    let shell = if program == "env" { words.next().unwrap_or_default() } else { program };
    ["sh", "bash", "dash", "ash", "ksh", "zsh"].contains(&shell)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guarded(hook: &str) -> Guarded<'_> {
        Guarded { hook, binary: Path::new("/it's/remit"), warn: false }
    }

    #[test]
    fn what_is_inserted_is_taken_out_to_the_byte() {
        for script in [
            "#!/bin/sh\necho hi\n",
            "#!/bin/sh\n",
            "#!/usr/bin/env bash\n\nno newline",
            "#!/bin/sh -e\r\nx\r\n",
        ] {
            for hook in ["pre-commit", "pre-push"] {
                let inserted = guarded(hook).insert_into(script);
                assert_eq!(ours_in(&inserted), Ours::Among(script.to_owned()));
            }
        }
        assert_eq!(ours_in("#!/bin/sh\n"), Ours::Nothing);
        assert_eq!(ours_in(&guarded("pre-commit").new_file()), Ours::Whole);
    }

    #[test]
    fn only_shells_take_lines() {
        for yes in ["#!/bin/sh", "#!/usr/bin/env bash", "#! /bin/dash -e", "#!/usr/bin/zsh -f"] {
            assert!(is_shell_script(yes), "{yes}");
        }
        for no in ["", "echo", "#!/usr/bin/env python3", "#!/usr/bin/fish", "\u{7f}ELF"] {
            assert!(!is_shell_script(no), "{no}");
        }
    }

    #[test]
    fn a_path_with_a_quote_stays_one_word() {
        assert!(guarded("pre-commit").new_file().contains("remit_guard='/it'\\''s/remit'\n"));
    }
}
