//! Python: `pyproject.toml` by the standard, of poetry and of uv; `setup.cfg` and `setup.py`.

use toml::{Table, Value};

use super::{
    Declaration, Declared, Members, Target,
    cargo::strings,
    text::{code_lines, line_of, quoted_after},
};

pub(super) fn read(text: &str, _: &str) -> Result<Declared, String> {
    let table: Table = text.parse().map_err(|error: toml::de::Error| error.message().to_owned())?;
    let at = |path: &[&str]| look(&table, path);
    let standard = at(&["project"]);
    let poetry = at(&["tool", "poetry"]);
    let name = [standard, poetry].into_iter().flatten().find_map(|one| one.get("name")?.as_str());
    let mut needs = sources(at(&["tool", "uv", "sources"]), text);
    let listed = strings(standard.and_then(|project| project.get("dependencies")));
    needs.extend(listed.iter().map(|requirement| by_name(requirement, text)));
    needs.extend(sources(at(&["tool", "poetry", "dependencies"]), text));
    let for_development: [&[&str]; 2] =
        [&["tool", "poetry", "dev-dependencies"], &["tool", "poetry", "group", "dev", "dependencies"]];
    let development_needs = for_development.into_iter().flat_map(|path| sources(at(path), text)).collect();
    let workspace = at(&["tool", "uv", "workspace"]);
    Ok(Declared {
        is_package: name.is_some(),
        name: name.map(str::to_owned),
        line: name.and_then(|name| line_of(text, name)),
        members: workspace.map(|workspace| Members {
            include: strings(workspace.get("members")),
            exclude: strings(workspace.get("exclude")),
            closed: false,
        }),
        needs,
        development_needs,
        ..Declared::default()
    })
}

fn look<'t>(table: &'t Table, path: &[&str]) -> Option<&'t Value> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(table.get(*first)?, |value, key| value.get(*key))
}

/// `name = { path = "../x" }`, `name = { workspace = true }`.
fn sources(table: Option<&Value>, text: &str) -> Vec<Declaration> {
    let entries = table.and_then(Value::as_table).into_iter().flatten();
    entries
        .map(|(name, source)| {
            let on = match source.get("path").and_then(Value::as_str) {
                Some(path) => Target::Folder(path.to_owned()),
                None => Target::Name(normal(name)),
            };
            Declaration { on, line: line_of(text, name) }
        })
        .collect()
}

/// `acme-core[extra] >= 1.0; python_version > "3"`.
fn by_name(requirement: &str, text: &str) -> Declaration {
    let end = requirement.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')));
    let name = &requirement[..end.unwrap_or(requirement.len())];
    Declaration { on: Target::Name(normal(name)), line: line_of(text, name) }
}

/// Names that differ in case and in `-`, `_` and `.` alone are the same.
pub(in crate::intake) fn normal(name: &str) -> String {
    name.to_lowercase().replace(['_', '.'], "-")
}

pub(super) fn read_setup_cfg(text: &str, _: &str) -> Result<Declared, String> {
    let mut section = "";
    for (line, number) in code_lines(text, "#") {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']');
        }
        if let ("metadata", Some((key, name))) = (section, line.split_once('='))
            && key.trim() == "name"
        {
            return Ok(package(Some(name.trim()), Some(number)));
        }
    }
    Ok(Declared::default())
}

/// A program; its name is taken where it is a plain text.
pub(super) fn read_setup_py(text: &str, _: &str) -> Result<Declared, String> {
    let mut named = code_lines(text, "#").filter_map(|(line, number)| {
        let name = quoted_after(line, "name=").or_else(|| quoted_after(line, "name ="))?;
        Some((name, number))
    });
    Ok(match named.next() {
        Some((name, line)) => package(Some(name), Some(line)),
        None => package(None, None),
    })
}

fn package(name: Option<&str>, line: Option<u64>) -> Declared {
    let name = name.filter(|name| !name.is_empty()).map(str::to_owned);
    Declared { is_package: true, name, line, ..Declared::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_with_uv() {
        let says = read(
            "[project]\nname = \"web\"\ndependencies = [\"Acme_Core[x]>=1\", \"requests\"]\n\
             [tool.uv.sources]\nlib = { path = \"../lib\" }\n[tool.uv.workspace]\nmembers = [\"packages/*\"]\n",
            "",
        )
        .unwrap();
        let targets: Vec<Target> = says.needs.into_iter().map(|need| need.on).collect();
        let name = |name: &str| Target::Name(name.to_owned());
        assert_eq!(targets, [Target::Folder("../lib".into()), name("acme-core"), name("requests")]);
        assert_eq!(says.members.unwrap().include, ["packages/*"]);
    }

    #[test]
    fn poetry_and_the_older_ways() {
        let poetry =
            "[tool.poetry]\nname = \"web\"\n[tool.poetry.dependencies]\ncore = {path = \"../core\"}\n";
        let says = read(poetry, "").unwrap();
        assert_eq!(says.needs, [Declaration { on: Target::Folder("../core".into()), line: Some(4) }]);
        let cfg = read_setup_cfg("[options]\nname = no\n[metadata]\nname = old\n", "").unwrap();
        assert_eq!((cfg.name.as_deref(), cfg.line), (Some("old"), Some(4)));
        assert_eq!(
            read_setup_py("setup(\n  name='very-old')\n", "").unwrap().name.as_deref(),
            Some("very-old")
        );
        assert!(read_setup_py("setup()", "").unwrap().is_package);
        assert!(!read("[tool.black]\n", "").unwrap().is_package);
    }
}
