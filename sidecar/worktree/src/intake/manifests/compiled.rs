//! .NET projects, CMake and Swift packages.

use super::{
    Declaration, Declared, Target,
    text::{code_lines, quoted_after},
    xml,
};
use crate::scan::folder_of;

/// `*.csproj` and its kin: called by the file's name, and needing others by the paths of their files.
pub(super) fn read_project(text: &str, file: &str) -> Result<Declared, String> {
    let found = xml::read(text)?;
    let references = found.iter().filter(|one| one.path.ends_with("/ProjectReference@Include"));
    let needs = references.map(|one| {
        let path = one.value.replace('\\', "/");
        Declaration { on: Target::Folder(folder_of(&path).to_owned()), line: Some(one.line) }
    });
    Ok(Declared {
        is_package: true,
        name: file.rsplit_once('.').map(|(stem, _)| stem.to_owned()),
        needs: needs.collect(),
        ..Declared::default()
    })
}

/// Every folder may have one; those with a `project` of their own are packages.
pub(super) fn read_cmake(text: &str, _: &str) -> Result<Declared, String> {
    let mut named = code_lines(text, "#").filter_map(|(line, number)| {
        let (command, rest) = line.split_once('(')?;
        let is_project = command.trim().eq_ignore_ascii_case("project");
        let word = rest.split([' ', ')', '\t']).find(|word| !word.is_empty()).unwrap_or_default();
        is_project.then(|| (word.trim_matches('"').to_owned(), number))
    });
    let Some((name, line)) = named.next() else { return Ok(Declared::default()) };
    let name = Some(name).filter(|name| !name.is_empty() && !name.contains('$'));
    Ok(Declared { is_package: true, name, line: Some(line), ..Declared::default() })
}

pub(super) fn read_swift(text: &str, _: &str) -> Result<Declared, String> {
    let mut says = Declared { is_package: true, ..Declared::default() };
    for (line, number) in code_lines(text, "//") {
        if says.name.is_none()
            && let Some(name) = quoted_after(line, "name:")
        {
            says.name = Some(name.to_owned());
            says.line = Some(number);
        }
        if line.contains(".package(")
            && let Some(path) = quoted_after(line, "path:")
        {
            says.needs.push(Declaration { on: Target::Folder(path.to_owned()), line: Some(number) });
        }
    }
    Ok(says)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dotnet_project_references_files() {
        let project = "<Project>\n<ItemGroup>\n<ProjectReference Include=\"..\\Core\\Core.csproj\" />\n</ItemGroup></Project>";
        let says = read_project(project, "Web.App.csproj").unwrap();
        assert_eq!(says.name.as_deref(), Some("Web.App"));
        assert_eq!(says.needs, [Declaration { on: Target::Folder("../Core".into()), line: Some(3) }]);
    }

    #[test]
    fn cmake_packages_have_a_project() {
        let says = read_cmake("# project(no)\nProject(core VERSION 1)\n", "").unwrap();
        assert_eq!((says.name.as_deref(), says.line), (Some("core"), Some(2)));
        assert!(!read_cmake("add_library(x x.c)\n", "").unwrap().is_package);
    }

    #[test]
    fn a_swift_package_needs_others_by_path() {
        let text = "let package = Package(\n  name: \"App\",\n  dependencies: [\n    .package(path: \"../Core\"),\n  ])";
        let says = read_swift(text, "").unwrap();
        assert_eq!(says.name.as_deref(), Some("App"));
        assert_eq!(says.needs, [Declaration { on: Target::Folder("../Core".into()), line: Some(4) }]);
    }
}
