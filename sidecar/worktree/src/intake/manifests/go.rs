//! `go.mod` and `go.work`: lines of a directive each, or blocks of them.

use super::{Declaration, Declared, Members, Target, text::code_lines};

pub(super) fn read(text: &str, _: &str) -> Result<Declared, String> {
    let mut says = Declared { is_package: true, ..Declared::default() };
    for (directive, words, line) in directives(text) {
        match (directive, words.as_slice()) {
            ("module", [path, ..]) => {
                says.name = Some(unquoted(path));
                says.line = Some(line);
            }
            ("require", [path, ..]) => {
                says.needs.push(Declaration { on: Target::Name(unquoted(path)), line: Some(line) });
            }
            ("replace", words) => {
                let to = words.iter().skip_while(|word| **word != "=>").nth(1).map(|to| unquoted(to));
                if let Some(folder) = to.filter(|to| to.starts_with('.')) {
                    says.needs.push(Declaration { on: Target::Folder(folder), line: Some(line) });
                }
            }
            _ => {}
        }
    }
    if says.name.is_none() {
        return Err("it names no module".to_owned());
    }
    Ok(says)
}

pub(super) fn read_work(text: &str, _: &str) -> Result<Declared, String> {
    let used = directives(text).into_iter().filter(|(directive, ..)| *directive == "use");
    let include = used.filter_map(|(_, words, _)| words.first().map(|folder| unquoted(folder))).collect();
    Ok(Declared { members: Some(Members { include, ..Members::default() }), ..Declared::default() })
}

/// Each with its words and its line, whether it stands in a block or not.
fn directives(text: &str) -> Vec<(&str, Vec<&str>, u64)> {
    let mut block = None;
    let mut found = Vec::new();
    for (line, number) in code_lines(text, "//") {
        let mut words: Vec<&str> = line.split_whitespace().collect();
        if line == ")" {
            block = None;
        } else if let Some(directive) = block {
            found.push((directive, words, number));
        } else if words.len() > 1 && words.last() == Some(&"(") {
            block = Some(words[0]);
        } else if !words.is_empty() {
            let directive = words.remove(0);
            found.push((directive, words, number));
        }
    }
    found
}

fn unquoted(word: &str) -> String {
    word.trim_matches(['"', '`']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives_alone_and_in_blocks() {
        let says = read(
            "module example.org/web // here\n\ngo 1.22\nrequire example.org/core v1.0.0\nrequire (\n\
             \texample.org/log v0.1.0 // indirect\n)\nreplace example.org/core => ../core\n",
            "",
        )
        .unwrap();
        assert_eq!(says.name.as_deref(), Some("example.org/web"));
        let needs: Vec<(Target, Option<u64>)> =
            says.needs.into_iter().map(|need| (need.on, need.line)).collect();
        assert_eq!(
            needs,
            [
                (Target::Name("example.org/core".into()), Some(4)),
                (Target::Name("example.org/log".into()), Some(6)),
                (Target::Folder("../core".into()), Some(8)),
            ]
        );
        assert!(read("nothing", "").is_err());
    }

    #[test]
    fn a_workspace_names_its_folders() {
        let says = read_work("go 1.22\nuse (\n\t./core\n\t./web\n)\nuse ./cli\n", "").unwrap();
        assert_eq!(says.members.unwrap().include, ["./core", "./web", "./cli"]);
    }
}
