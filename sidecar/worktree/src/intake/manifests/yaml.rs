//! As much of YAML as manifests need: mappings, sequences and scalars. Aliases are never expanded, so that no file grows
//! by being read, and what nests deeper than any manifest is refused.

use saphyr_parser::{Event, Parser};

const MAX_DEPTH: usize = 32;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Yaml {
    Scalar(String),
    Sequence(Vec<Yaml>),
    Mapping(Vec<(String, Yaml)>),
    Nothing,
}

impl Yaml {
    pub(super) fn get(&self, key: &str) -> Option<&Yaml> {
        self.entries().iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    pub(super) fn entries(&self) -> &[(String, Yaml)] {
        if let Self::Mapping(entries) = self { entries } else { &[] }
    }

    pub(super) fn text(&self) -> Option<&str> {
        if let Self::Scalar(text) = self { Some(text) } else { None }
    }

    pub(super) fn strings(&self) -> Vec<&str> {
        match self {
            Self::Sequence(items) => items.iter().filter_map(Yaml::text).collect(),
            _ => Vec::new(),
        }
    }
}

/// What is being read; a mapping has a key as long as its value is awaited.
enum Open {
    Sequence(Vec<Yaml>),
    Mapping(Vec<(String, Yaml)>, Option<String>),
}

/// The first document.
pub(super) fn read(text: &str) -> Result<Yaml, String> {
    let mut open: Vec<Open> = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, _) = event.map_err(|error| error.to_string())?;
        let finished = match event {
            Event::SequenceStart(..) => {
                open.push(Open::Sequence(Vec::new()));
                None
            }
            Event::MappingStart(..) => {
                open.push(Open::Mapping(Vec::new(), None));
                None
            }
            Event::SequenceEnd | Event::MappingEnd => open.pop().map(closed),
            Event::Scalar(text, ..) => Some(Yaml::Scalar(text.into_owned())),
            Event::Alias(_) => Some(Yaml::Nothing),
            Event::DocumentEnd => break,
            _ => None,
        };
        if open.len() > MAX_DEPTH {
            return Err(format!("it nests deeper than {MAX_DEPTH} levels"));
        }
        if let Some(value) = finished {
            match open.last_mut() {
                Some(outer) => put(outer, value),
                None => return Ok(value),
            }
        }
    }
    Ok(Yaml::Nothing)
}

fn closed(open: Open) -> Yaml {
    match open {
        Open::Sequence(items) => Yaml::Sequence(items),
        Open::Mapping(entries, _) => Yaml::Mapping(entries),
    }
}

fn put(outer: &mut Open, value: Yaml) {
    match outer {
        Open::Sequence(items) => items.push(value),
        Open::Mapping(entries, key) => match key.take() {
            Some(key) => entries.push((key, value)),
            None => *key = Some(value.text().unwrap_or_default().to_owned()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mappings_sequences_and_scalars() {
        let says = read("a: 1\nb:\n  - x\n  - {c: d}\ne: [f, g]\n").unwrap();
        assert_eq!(says.get("a").and_then(Yaml::text), Some("1"));
        assert_eq!(says.get("b").unwrap().strings(), ["x"]);
        assert_eq!(says.get("e").unwrap().strings(), ["f", "g"]);
        assert_eq!(read("").unwrap(), Yaml::Nothing);
    }

    #[test]
    fn what_would_grow_or_nest_without_end_does_not() {
        let bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n";
        assert_eq!(read(bomb).unwrap().get("c"), Some(&Yaml::Sequence(vec![Yaml::Nothing, Yaml::Nothing])));
        assert!(read(&"- ".repeat(100_000)).is_err());
        assert!(read(&"[".repeat(100_000)).is_err());
        assert!(read("a: [").is_err());
    }
}
