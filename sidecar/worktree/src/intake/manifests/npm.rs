//! `package.json` of npm, yarn and pnpm, and `pnpm-workspace.yaml`.

use serde_json::Value;

use super::{Declaration, Declared, Members, Target, text::line_of, yaml};

const DEPENDENCIES: &[&str] = &["dependencies", "peerDependencies", "optionalDependencies"];
const FOR_DEVELOPMENT: &[&str] = &["devDependencies"];

pub(super) fn read(text: &str, _: &str) -> Result<Declared, String> {
    let manifest: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let name = manifest.get("name").and_then(Value::as_str).filter(|name| !name.is_empty());
    Ok(Declared {
        is_package: name.is_some(),
        name: name.map(str::to_owned),
        line: name.and_then(|name| line_of(text, name)),
        members: members(&manifest),
        needs: needs(&manifest, DEPENDENCIES, text),
        development_needs: needs(&manifest, FOR_DEVELOPMENT, text),
        ..Declared::default()
    })
}

fn needs(manifest: &Value, kinds: &[&str], text: &str) -> Vec<Declaration> {
    let tables = kinds.iter().filter_map(|kind| manifest.get(*kind)?.as_object());
    tables.flatten().map(|(name, version)| declaration(name, version, text)).collect()
}

/// `"workspaces": […]`, or `{"packages": […]}` of yarn.
fn members(manifest: &Value) -> Option<Members> {
    let said = manifest.get("workspaces")?;
    let globs = said.get("packages").unwrap_or(said).as_array()?;
    Some(members_of(globs.iter().filter_map(Value::as_str)))
}

fn members_of<'g>(globs: impl Iterator<Item = &'g str>) -> Members {
    let mut members = Members { closed: true, ..Members::default() };
    for glob in globs {
        match glob.strip_prefix('!') {
            Some(excluded) => members.exclude.push(excluded.to_owned()),
            None => members.include.push(glob.to_owned()),
        }
    }
    members
}

/// A folder where one is named; else by name, which means a sibling if there is one of that name.
fn declaration(name: &str, version: &Value, text: &str) -> Declaration {
    let version = version.as_str().unwrap_or_default();
    let folder = ["file:", "link:", "portal:"].iter().find_map(|kind| version.strip_prefix(kind));
    let on = match folder {
        Some(folder) => Target::Folder(folder.to_owned()),
        None => Target::Name(name.to_owned()),
    };
    Declaration { on, line: line_of(text, name) }
}

pub(super) fn read_pnpm(text: &str, _: &str) -> Result<Declared, String> {
    let says = yaml::read(text)?;
    let globs = says.get("packages").map(yaml::Yaml::strings).unwrap_or_default();
    Ok(Declared { members: Some(members_of(globs.into_iter())), ..Declared::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workspaces_in_both_spellings() {
        for text in [r#"{"workspaces": ["a/*", "!a/b"]}"#, r#"{"workspaces": {"packages": ["a/*", "!a/b"]}}"#]
        {
            let members = read(text, "").unwrap().members.unwrap();
            assert_eq!((members.include, members.exclude), (vec!["a/*".to_owned()], vec!["a/b".to_owned()]));
        }
        let pnpm = read_pnpm("packages:\n  - 'a/*'\n  - \"!a/b\"\n", "").unwrap().members.unwrap();
        assert_eq!((pnpm.include, pnpm.exclude), (vec!["a/*".to_owned()], vec!["a/b".to_owned()]));
    }

    #[test]
    fn dependencies_by_name_and_by_folder() {
        let text = "{\"name\": \"@acme/web\",\n\"dependencies\": {\n\"@acme/core\": \"workspace:*\",\n\"x\": \"file:../x\"}}";
        let says = read(text, "").unwrap();
        assert_eq!(
            says.needs,
            [
                Declaration { on: Target::Name("@acme/core".into()), line: Some(3) },
                Declaration { on: Target::Folder("../x".into()), line: Some(4) },
            ]
        );
        assert!(!read(r#"{"type": "module"}"#, "").unwrap().is_package);
    }
}
