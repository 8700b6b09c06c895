//! The few of git's settings that decide how a file is compared.

use std::path::{Path, PathBuf};

use super::status::os_path;
use crate::error::Result;
use crate::git::{Git, fields};

#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Whether a file's executable bit means anything.
    pub(crate) trusts_mode: bool,
    pub(crate) converts_line_endings: bool,
    attributes_file: Option<PathBuf>,
}

impl Settings {
    pub(crate) fn read(git: &Git) -> Result<Self> {
        let names = "^core\\.(filemode|autocrlf|attributesfile)$";
        let answer = git.ask(&["config", "-z", "--type=path", "--get-regexp", names])?;
        let mut settings = Self { trusts_mode: true, converts_line_endings: false, attributes_file: None };
        for field in answer.iter().flat_map(|answer| fields(answer)) {
            settings.set(field);
        }
        Ok(settings)
    }

    /// `core.filemode\nfalse`; the last one counts. A name without a value means true.
    fn set(&mut self, field: &[u8]) {
        let at = field.iter().position(|&byte| byte == b'\n').unwrap_or(field.len());
        let (name, value) = (&field[..at], field.get(at + 1..).unwrap_or(b"true"));
        match name {
            b"core.filemode" => self.trusts_mode = !is_off(value),
            b"core.autocrlf" => self.converts_line_endings = !is_off(value),
            _ => self.attributes_file = os_path(value),
        }
    }

    /// The user's and the system's, wherever this git was built to look for them.
    pub(crate) fn attributes_files(&self) -> impl Iterator<Item = PathBuf> {
        let folder = |name: &str| std::env::var_os(name).map(PathBuf::from);
        let config = folder("XDG_CONFIG_HOME").or_else(|| folder("HOME").map(|home| home.join(".config")));
        let users = config.map(|folder| folder.join("git/attributes"));
        let system = Path::new("/etc/gitattributes").to_owned();
        self.attributes_file.clone().into_iter().chain(users).chain([system])
    }
}

fn is_off(value: &[u8]) -> bool {
    ["false", "no", "off", "0", ""].iter().any(|off| value.eq_ignore_ascii_case(off.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_setting_counts_and_a_bare_name_is_true() {
        let mut settings =
            Settings { trusts_mode: true, converts_line_endings: false, attributes_file: None };
        for field in
            ["core.filemode\nno", "core.autocrlf\nfalse", "core.autocrlf", "core.attributesfile\n/a\nb"]
        {
            settings.set(field.as_bytes());
        }
        assert!(!settings.trusts_mode && settings.converts_line_endings);
        assert_eq!(settings.attributes_files().next(), Some("/a\nb".into()));
    }
}
