//! What a coding agent must know to take part, in few tokens, in the form in which agents are taught skills.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use clap::Arg;
use remit_board::failure::{Code, Failure};

pub const TEXT: &str = include_str!("SKILL.md");

/// What every version of the file begins with: a file that doesn't is somebody else's.
const MARK: &str = "---\nname: remit\n";

pub fn install_argument() -> Arg {
    Arg::new("install")
        .long("install")
        .value_name("DIR")
        .value_parser(clap::value_parser!(PathBuf))
        .help("Write it to DIR/remit/SKILL.md, as in `--install .claude/skills`")
}

/// Writes the skill below `skills` and says where. A file of that name that is not ours stays as it is.
pub fn install(skills: &Path) -> Result<PathBuf, Failure> {
    let folder = skills.join("remit");
    let file = folder.join("SKILL.md");
    match fs::read_to_string(&file) {
        Ok(text) if !text.starts_with(MARK) => {
            let message =
                format!("{} is there already, and is not Remit's; nothing was changed", file.display());
            return Err(
                Failure::new(Code::AlreadyExists, message).hint("move it away, or choose another folder")
            );
        }
        _ => {}
    }
    let written = fs::create_dir_all(&folder).and_then(|()| replace(&folder, &file));
    written.map_err(|error| {
        Failure::new(
            Code::ReadOnly,
            format!("{} can't be written: {error}; nothing was changed", file.display()),
        )
    })?;
    Ok(file)
}

/// Takes the skill away where agents look for it: around the current folder, and in the home. Says what went.
pub fn uninstall() -> Result<Vec<String>, Failure> {
    let here = std::env::current_dir().unwrap_or_default();
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let mut roots: Vec<&Path> = here.ancestors().chain(home.as_deref()).collect();
    roots.dedup();
    let folders = roots.into_iter().map(|root| root.join(".claude").join("skills").join("remit"));
    folders.filter_map(|folder| uninstall_from(&folder).transpose()).collect()
}

fn uninstall_from(folder: &Path) -> Result<Option<String>, Failure> {
    let file = folder.join("SKILL.md");
    if !fs::read_to_string(&file).is_ok_and(|text| text.starts_with(MARK)) {
        return Ok(None);
    }
    fs::remove_file(&file).map_err(|error| {
        Failure::new(Code::ReadOnly, format!("{} can't be taken away: {error}", file.display()))
            .hint("everything else is gone; delete it by hand")
    })?;
    // Whatever else lies there is somebody else's.
    let _ = fs::remove_dir(folder);
    Ok(Some(file.display().to_string()))
}

/// A reader sees the old text or the new one, never half of it.
fn replace(folder: &Path, file: &Path) -> std::io::Result<()> {
    let draft = folder.join(format!(".SKILL.md.{}", std::process::id()));
    let written = fs::File::create(&draft)
        .and_then(|mut out| out.write_all(TEXT.as_bytes()))
        .and_then(|()| fs::rename(&draft, file));
    if written.is_err() {
        let _ = fs::remove_file(&draft);
    }
    written
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::*;

    #[test]
    fn every_command_that_is_taught_can_be_given() {
        let quoted = TEXT.split('`').filter(|text| text.starts_with("remit ")).map(str::to_owned);
        let lines = TEXT.lines().filter(|line| line.starts_with("remit "));
        let plain = lines.map(|line| line.split('#').next().unwrap_or_default().to_owned());
        let taught: Vec<String> = quoted.chain(plain).collect();
        assert!(taught.len() > 15, "{taught:?}");
        for line in taught {
            let line = line.replace('…', "").replace('"', "x");
            let words: Vec<OsString> = line.split_whitespace().map(OsString::from).collect();
            if let Err(error) = crate::args::parse(&words) {
                panic!("{line}: {error}");
            }
        }
    }

    #[test]
    fn it_is_written_again_but_over_nothing_else() {
        let skills = tempfile::tempdir().unwrap();
        let file = install(skills.path()).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), TEXT);
        fs::write(&file, format!("{MARK}of an older version")).unwrap();
        install(skills.path()).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), TEXT);
        fs::write(&file, "mine").unwrap();
        assert_eq!(install(skills.path()).unwrap_err().code, Code::AlreadyExists);
        assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    }

    #[test]
    fn it_costs_an_agent_little() {
        assert!(TEXT.starts_with(MARK) && TEXT.len() < 3000, "{} bytes", TEXT.len());
    }
}
