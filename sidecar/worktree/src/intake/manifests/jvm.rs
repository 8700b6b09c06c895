//! Maven's `pom.xml` and Gradle's settings and builds.

use super::{
    Declaration, Declared, Members, Target,
    text::{code_lines, quoted},
    xml,
};

pub(super) fn read_pom(text: &str, _: &str) -> Result<Declared, String> {
    let found = xml::read(text)?;
    let at = |path: &'static str| found.iter().filter(move |one| one.path == path);
    let name = at("project/artifactId").next();
    let modules: Vec<String> = at("project/modules/module").map(|one| one.value.clone()).collect();
    let needed = at("project/dependencies/dependency/artifactId");
    Ok(Declared {
        is_package: true,
        name: name.map(|one| one.value.clone()),
        line: name.map(|one| one.line),
        members: (!modules.is_empty()).then(|| Members { include: modules, ..Members::default() }),
        needs: needed
            .map(|one| Declaration { on: Target::Name(one.value.clone()), line: Some(one.line) })
            .collect(),
        ..Declared::default()
    })
}

/// `include(":core", ":web:ui")`: folders, with colons for slashes.
pub(super) fn read_settings(text: &str, _: &str) -> Result<Declared, String> {
    let mut include = Vec::new();
    let mut goes_on = false;
    for (line, _) in code_lines(text, "//") {
        let rest = line.strip_prefix("include").filter(|rest| rest.starts_with([' ', '(', '\t']));
        if goes_on || rest.is_some() {
            include.extend(quoted(line).into_iter().map(folder_of_project));
            goes_on = line.ends_with([',', '(']);
        }
    }
    Ok(Declared { members: Some(Members { include, ..Members::default() }), ..Declared::default() })
}

pub(super) fn read_gradle(text: &str, _: &str) -> Result<Declared, String> {
    let mut needs = Vec::new();
    for (line, number) in code_lines(text, "//") {
        for call in line.match_indices("project(").map(|(at, found)| &line[at + found.len()..]) {
            let named = quoted(call.split(')').next().unwrap_or_default());
            if let Some(project) = named.first().filter(|name| name.starts_with(':')) {
                needs.push(Declaration {
                    on: Target::Offered(folder_of_project(project)),
                    line: Some(number),
                });
            }
        }
    }
    Ok(Declared { is_package: true, needs, ..Declared::default() })
}

fn folder_of_project(name: &str) -> String {
    name.trim_start_matches(':').replace(':', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pom_with_modules_and_dependencies() {
        let pom = "<project>\n<parent><artifactId>all</artifactId></parent>\n<artifactId>web</artifactId>\n\
                   <modules><module>core</module></modules>\n<dependencies><dependency>\n\
                   <artifactId>core</artifactId></dependency></dependencies></project>";
        let says = read_pom(pom, "").unwrap();
        assert_eq!((says.name.as_deref(), says.line), (Some("web"), Some(3)));
        assert_eq!(says.members.unwrap().include, ["core"]);
        assert_eq!(says.needs, [Declaration { on: Target::Name("core".into()), line: Some(6) }]);
    }

    #[test]
    fn gradle_in_both_languages() {
        let settings = "rootProject.name = \"all\"\ninclude ':core', ':web:ui'\ninclude(\n  \":cli\",\n)\n";
        assert_eq!(read_settings(settings, "").unwrap().members.unwrap().include, ["core", "web/ui", "cli"]);
        let says = read_gradle("dependencies {\n  implementation(project(\":core\"))\n  api 'x:y:1'\n}", "")
            .unwrap();
        assert_eq!(says.needs, [Declaration { on: Target::Offered("core".into()), line: Some(2) }]);
    }
}
