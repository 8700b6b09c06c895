//! As much of XML as manifests need: the texts of elements and the attributes, each with the names that lead to it.

use quick_xml::{events::Event, reader::Reader};

const MAX_DEPTH: usize = 256;

/// No element that is looked for stands behind longer names.
const MAX_PATH: usize = 256;

/// A text or an attribute: `project/modules/module`, or `Project/ItemGroup/ProjectReference@Include`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) path: String,
    pub(super) value: String,
    pub(super) line: u64,
}

pub(super) fn read(text: &str) -> Result<Vec<Found>, String> {
    let mut reader = Reader::from_str(text);
    let mut names: Vec<String> = Vec::new();
    let mut found = Vec::new();
    let mut lines = Lines { text, at: 0, line: 1 };
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
        let line = lines.at(reader.buffer_position());
        match event {
            Event::Start(element) => {
                names.push(element.local_name().as_ref().to_owned());
                if names.len() > MAX_DEPTH {
                    return Err(format!("it nests deeper than {MAX_DEPTH} levels"));
                }
                found.extend(attributes(&names, &element, line));
            }
            Event::Empty(element) => {
                names.push(element.local_name().as_ref().to_owned());
                found.extend(attributes(&names, &element, line));
                names.pop();
            }
            Event::End(_) => drop(names.pop()),
            Event::Text(words) => {
                let value = words.as_ref().trim();
                if let Some(path) = path_of(&names).filter(|_| !value.is_empty()) {
                    found.push(Found { path, value: value.to_owned(), line });
                }
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

fn attributes(names: &[String], element: &quick_xml::events::BytesStart<'_>, line: u64) -> Vec<Found> {
    let Some(path) = path_of(names) else { return Vec::new() };
    let readable = element.attributes().filter_map(Result::ok);
    readable
        .map(|one| Found { path: format!("{path}@{}", one.key.as_ref()), value: one.value.to_string(), line })
        .collect()
}

fn path_of(names: &[String]) -> Option<String> {
    let len: usize = names.iter().map(|name| name.len() + 1).sum();
    (len <= MAX_PATH).then(|| names.join("/"))
}

/// Counts lines once, going forward.
struct Lines<'t> {
    text: &'t str,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    fn at(&mut self, position: u64) -> u64 {
        let position = usize::try_from(position).unwrap_or(usize::MAX).min(self.text.len());
        let passed = self.text.as_bytes().get(self.at..position).unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.at = self.at.max(position);
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_attributes_with_their_lines() {
        let found = read("<?xml version=\"1.0\"?>\n<p xmlns=\"u\">\n<m> a </m>\n<r i='b'/></p>").unwrap();
        let shown: Vec<String> =
            found.iter().map(|one| format!("{}={}:{}", one.path, one.value, one.line)).collect();
        assert_eq!(shown, ["p@xmlns=u:2", "p/m=a:3", "p/r@i=b:4"]);
        assert!(read("<a><b></a>").is_err());
        assert!(read(&"<a>".repeat(1_000)).is_err());
    }
}
