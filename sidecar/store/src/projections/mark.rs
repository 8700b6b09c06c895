use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use serde::Serialize;

/// Which board a file was made from, and the revision that it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub incarnation: u64,
    pub revision: u64,
}

impl Mark {
    /// The first line of a markdown file.
    pub fn comment(self) -> String {
        let Self { incarnation, revision } = self;
        format!(
            "<!-- remit: revision {revision} of board {incarnation}. Written from coordination.db; changes made here are lost. -->\n"
        )
    }

    /// The beginning of a JSON object.
    pub fn json_head(self) -> String {
        format!("{{\"revision\":{},\"incarnation\":{},", self.revision, self.incarnation)
    }

    /// A whole JSON file: the mark, then the fields of `content`, which is an object.
    pub fn json_file(self, content: &impl Serialize) -> io::Result<Vec<u8>> {
        let mut out = self.json_head().into_bytes();
        let head = out.len();
        serde_json::to_writer(&mut out, content)?;
        // The mark took the place of the object's opening brace.
        out.remove(head);
        out.push(b'\n');
        Ok(out)
    }

    /// `None` when there is no such file, or it does not begin as ours do.
    pub fn of_file(path: &Path) -> Option<Self> {
        let mut head = [0; 96];
        let mut file = File::open(path).ok()?;
        let mut length = 0;
        while length < head.len() {
            match file.read(&mut head[length..]).ok()? {
                0 => break,
                more => length += more,
            }
        }
        Self::parse(&String::from_utf8_lossy(&head[..length]))
    }

    fn parse(head: &str) -> Option<Self> {
        let (revision, rest) = match head.strip_prefix("<!-- remit: revision ") {
            Some(rest) => rest.split_once(" of board ")?,
            None => head.strip_prefix("{\"revision\":")?.split_once(",\"incarnation\":")?,
        };
        let incarnation = rest.split(|c: char| !c.is_ascii_digit()).next()?;
        Some(Self { incarnation: incarnation.parse().ok()?, revision: revision.parse().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read_back() {
        let mark = Mark { incarnation: 1_700_000_000_000, revision: u64::MAX };
        assert_eq!(Mark::parse(&mark.comment()), Some(mark));
        assert_eq!(Mark::parse(&mark.json_head()), Some(mark));
        // Only the beginning of a file is read; the longest mark must fit.
        let longest = Mark { incarnation: u64::MAX, revision: u64::MAX };
        assert_eq!(Mark::parse(&longest.comment()[..96]), Some(longest));
        assert_eq!(Mark::parse(&longest.json_head()), Some(longest));
    }

    #[test]
    fn other_files_have_none() {
        for text in
            ["", "# Status", "{\"revision\":}", "<!-- remit: revision x of board 1. -->", "{\"revision\":1}"]
        {
            assert_eq!(Mark::parse(text), None, "{text}");
        }
    }
}
