//! Dart, PHP, Ruby and Elixir.

use serde_json::Value;

use super::{
    Declaration, Declared, Target,
    text::{code_lines, line_of, quoted, quoted_after},
    yaml::{self, Yaml},
};

pub(super) fn read_pubspec(text: &str, _: &str) -> Result<Declared, String> {
    let says = yaml::read(text)?;
    let name = says.get("name").and_then(Yaml::text);
    let needs = |kind: &str| -> Vec<Declaration> {
        let entries = says.get(kind).into_iter().flat_map(Yaml::entries);
        let in_folders = entries.filter_map(|(key, source)| {
            let path = source.get("path")?.text()?;
            Some(Declaration { on: Target::Folder(path.to_owned()), line: line_of(text, key) })
        });
        in_folders.collect()
    };
    Ok(Declared {
        is_package: name.is_some(),
        name: name.map(str::to_owned),
        line: name.and_then(|name| line_of(text, name)),
        needs: needs("dependencies"),
        development_needs: needs("dev_dependencies"),
        ..Declared::default()
    })
}

pub(super) fn read_composer(text: &str, _: &str) -> Result<Declared, String> {
    let manifest: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let name = manifest.get("name").and_then(Value::as_str);
    let needs = |kind: &str| -> Vec<Declaration> {
        let names = manifest.get(kind).and_then(Value::as_object).into_iter().flat_map(|table| table.keys());
        names.map(|name| Declaration { on: Target::Name(name.clone()), line: line_of(text, name) }).collect()
    };
    Ok(Declared {
        is_package: name.is_some(),
        name: name.map(str::to_owned),
        line: name.and_then(|name| line_of(text, name)),
        needs: needs("require"),
        development_needs: needs("require-dev"),
        ..Declared::default()
    })
}

/// Called by the file's name. What it needs stands in the Gemfile beside it.
pub(super) fn read_gemspec(_: &str, file: &str) -> Result<Declared, String> {
    let name = file.strip_suffix(".gemspec").filter(|name| !name.is_empty()).map(str::to_owned);
    Ok(Declared { is_package: true, name, ..Declared::default() })
}

/// `gem "core", path: "../core"`. No package by itself.
pub(super) fn read_gemfile(text: &str, _: &str) -> Result<Declared, String> {
    let gems = code_lines(text, "#").filter(|(line, _)| line.starts_with("gem "));
    let needs = gems.filter_map(|(line, number)| {
        let path = quoted_after(line, "path:").or_else(|| quoted_after(line, ":path =>"))?;
        Some(Declaration { on: Target::Folder(path.to_owned()), line: Some(number) })
    });
    Ok(Declared { needs: needs.collect(), ..Declared::default() })
}

/// `app: :web`, `{:core, in_umbrella: true}`, `{:log, path: "../log"}`.
pub(super) fn read_mix(text: &str, _: &str) -> Result<Declared, String> {
    let mut says = Declared { is_package: true, ..Declared::default() };
    for (line, number) in code_lines(text, "#") {
        if let (None, Some(app)) = (&says.name, atom_after(line, "app:")) {
            says.name = Some(app);
            says.line = Some(number);
        }
        let Some(dependency) = atom_after(line, "{") else { continue };
        let on = match quoted_after(line, "path:") {
            Some(path) => Target::Folder(path.to_owned()),
            None if line.contains("in_umbrella: true") => Target::Name(dependency),
            None => continue,
        };
        says.needs.push(Declaration { on, line: Some(number) });
    }
    Ok(says)
}

fn atom_after(line: &str, key: &str) -> Option<String> {
    let atom = line.split_once(key)?.1.trim_start().strip_prefix(':')?;
    let end = atom.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(atom.len());
    let named = if end > 0 { Some(&atom[..end]) } else { quoted(atom).into_iter().next() };
    named.map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(path: &str, line: u64) -> Declaration {
        Declaration { on: Target::Folder(path.to_owned()), line: Some(line) }
    }

    #[test]
    fn dart() {
        let says =
            read_pubspec("name: app\ndependencies:\n  core:\n    path: ../core\n  http: ^1.0\n", "").unwrap();
        assert_eq!((says.name.as_deref(), says.needs), (Some("app"), vec![folder("../core", 3)]));
    }

    #[test]
    fn composer() {
        let says =
            read_composer("{\"name\": \"acme/web\",\n\"require\": {\"acme/core\": \"*\"}}", "").unwrap();
        assert_eq!(says.name.as_deref(), Some("acme/web"));
        assert_eq!(says.needs, [Declaration { on: Target::Name("acme/core".into()), line: Some(2) }]);
    }

    #[test]
    fn ruby() {
        assert_eq!(read_gemspec("", "core.gemspec").unwrap().name.as_deref(), Some("core"));
        let says = read_gemfile("gem 'rails'\ngem \"core\", path: '../core'\n", "").unwrap();
        assert_eq!((says.is_package, says.needs), (false, vec![folder("../core", 2)]));
    }

    #[test]
    fn elixir() {
        let says =
            read_mix("app: :web,\ndeps: [\n{:core, in_umbrella: true},\n{:log, path: \"../log\"}]", "")
                .unwrap();
        assert_eq!(says.name.as_deref(), Some("web"));
        let core = Declaration { on: Target::Name("core".into()), line: Some(3) };
        assert_eq!(says.needs, [core, folder("../log", 4)]);
    }
}
