//! `Cargo.toml`.

use toml::{Table, Value};

use super::{Declaration, Declared, Members, Target, text::line_of};

const DEPENDENCIES: &[&str] = &["dependencies", "build-dependencies"];
const FOR_DEVELOPMENT: &[&str] = &["dev-dependencies"];

pub(super) fn read(text: &str, _: &str) -> Result<Declared, String> {
    let table: Table = text.parse().map_err(|error: toml::de::Error| error.message().to_owned())?;
    let package = table.get("package").and_then(Value::as_table);
    let name = package.and_then(|package| package.get("name")).and_then(Value::as_str);
    let workspace = table.get("workspace").and_then(Value::as_table);
    Ok(Declared {
        is_package: package.is_some(),
        name: name.map(str::to_owned),
        line: name.and_then(|name| line_of(text, name)),
        members: workspace.map(|workspace| Members {
            include: strings(workspace.get("members")),
            exclude: strings(workspace.get("exclude")),
            closed: true,
        }),
        offers: offers(workspace),
        needs: needs(&table, DEPENDENCIES, text),
        development_needs: needs(&table, FOR_DEVELOPMENT, text),
    })
}

/// Those of the package and those of single platforms.
fn needs(table: &Table, kinds: &[&str], text: &str) -> Vec<Declaration> {
    let platforms = table.get("target").and_then(Value::as_table).into_iter().flat_map(Table::values);
    let places = std::iter::once(table).chain(platforms.filter_map(Value::as_table));
    let tables = places.flat_map(|place| kinds.iter().filter_map(|kind| place.get(*kind)?.as_table()));
    tables.flatten().filter_map(|(key, value)| declaration(key, value, text)).collect()
}

/// By its path, or inherited from the workspace. All others come from a registry.
fn declaration(key: &str, value: &Value, text: &str) -> Option<Declaration> {
    let line = line_of(text, key);
    let on = match value.get("path").and_then(Value::as_str) {
        Some(path) => Target::Folder(path.to_owned()),
        None if value.get("workspace").and_then(Value::as_bool) == Some(true) => {
            Target::Offered(key.to_owned())
        }
        None => return None,
    };
    Some(Declaration { on, line })
}

/// What members inherit by `workspace = true` and lies in a folder.
fn offers(workspace: Option<&Table>) -> Vec<(String, String)> {
    let offered = workspace.and_then(|workspace| workspace.get("dependencies")?.as_table());
    let folder = |value: &Value| value.get("path").and_then(Value::as_str).map(str::to_owned);
    offered.into_iter().flatten().filter_map(|(name, value)| Some((name.clone(), folder(value)?))).collect()
}

pub(super) fn strings(value: Option<&Value>) -> Vec<String> {
    let array = value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    array.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_in_a_workspace() {
        let says = read(
            "[package]\nname = \"core\"\n[dependencies]\nserde = \"1\"\nauth = { path = \"../auth\" }\n\
             [target.'cfg(unix)'.build-dependencies]\nlog.workspace = true\n",
            "",
        )
        .unwrap();
        assert_eq!(says.name.as_deref(), Some("core"));
        assert_eq!(
            says.needs,
            [
                Declaration { on: Target::Folder("../auth".into()), line: Some(5) },
                Declaration { on: Target::Offered("log".into()), line: Some(7) },
            ]
        );
        assert!(read("[package", "").is_err());
    }

    #[test]
    fn a_virtual_workspace_is_no_package() {
        let says = read(
            "[workspace]\nmembers = [\"crates/*\", 3]\nexclude = [\"crates/old\"]\n\
             [workspace.dependencies]\nlog = { path = \"crates/log\" }\nserde = \"1\"\n",
            "",
        )
        .unwrap();
        assert_eq!(says.offers, [("log".to_owned(), "crates/log".to_owned())]);
        let members = says.members.unwrap();
        assert!(!says.is_package);
        assert_eq!(
            (members.include, members.exclude),
            (vec!["crates/*".to_owned()], vec!["crates/old".to_owned()])
        );
    }
}
