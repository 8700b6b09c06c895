use std::collections::BTreeSet;

use proptest::prelude::*;
use remit_board::intake::{Part, Survey};
use remit_worktree::{locate, scan, survey};

use crate::support::{Folder, Repo, write};

fn project(files: &[(&str, &str)]) -> Repo {
    let repo = Repo::new();
    for (path, text) in files {
        repo.write(path, text);
    }
    repo
}

fn survey_of(files: &[(&str, &str)]) -> Survey {
    survey(&project(files).worktree())
}

/// `name: paths <- names of the parts it needs`, one line a part.
fn shown(survey: &Survey) -> Vec<String> {
    survey.parts.iter().map(|part| line(survey, part)).collect()
}

fn line(survey: &Survey, part: &Part) -> String {
    let paths: Vec<&str> = part.paths.iter().map(|path| path.as_str()).collect();
    let needs: BTreeSet<&str> = part.needs.iter().map(|need| survey.parts[need.part].name.as_str()).collect();
    let needs: Vec<&str> = needs.into_iter().collect();
    let needs = if needs.is_empty() { String::new() } else { format!(" <- {}", needs.join(" ")) };
    format!("{}: {}{needs}", part.name, paths.join(" "))
}

/// What speaks for a part and its needs, as a person reads it.
fn signs(survey: &Survey, name: &str) -> Vec<String> {
    let part = survey.parts.iter().find(|part| part.name == name).unwrap();
    let all = part.signs.iter().chain(part.needs.iter().map(|need| &need.sign));
    all.map(|sign| {
        let line = sign.line.map_or_else(String::new, |line| format!(":{line}"));
        format!("{} ({}{line})", sign.what, sign.path)
    })
    .collect()
}

#[test]
fn what_tests_need_is_a_need_unless_it_would_close_a_circle() {
    let found = survey_of(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"core\", \"testing\", \"web\"]\n"),
        (
            "core/Cargo.toml",
            "[package]\nname = \"core\"\n[dev-dependencies]\ntesting = { path = \"../testing\" }\n",
        ),
        ("core/src/lib.rs", ""),
        ("core/tests/it.rs", "use testing::Board;\n"),
        (
            "testing/Cargo.toml",
            "[package]\nname = \"testing\"\n[dependencies]\ncore = { path = \"../core\" }\n",
        ),
        ("testing/src/lib.rs", "use core::Board;\n"),
        (
            "web/Cargo.toml",
            "[package]\nname = \"web\"\n[dev-dependencies]\ntesting = { path = \"../testing\" }\n",
        ),
        ("web/src/main.rs", ""),
    ]);
    let with_needs: Vec<String> = shown(&found).into_iter().filter(|line| line.contains("<-")).collect();
    assert_eq!(with_needs, ["testing: testing <- core", "web: web <- testing"]);
    assert!(signs(&found, "web").contains(&"needs ../testing for development (web/Cargo.toml:4)".to_owned()));
    assert_eq!(
        found.notes,
        [
            "needs ../testing for development (core/Cargo.toml), which needs it in turn: that is no order of work and was left out"
        ]
    );
}

#[test]
fn a_cargo_workspace_with_inherited_and_path_dependencies() {
    let found = survey_of(&[
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\"crates/*\"]\nexclude = [\"crates/old\"]\n[workspace.dependencies]\nacme-log = { path = \"crates/log\" }\nserde = \"1\"\n",
        ),
        ("README.md", ""),
        ("crates/log/Cargo.toml", "[package]\nname = \"acme-log\"\n"),
        ("crates/log/src/lib.rs", ""),
        (
            "crates/web/Cargo.toml",
            "[package]\nname = \"web\"\n[dependencies]\nacme-log.workspace = true\nserde.workspace = true\ncore = { path = \"../core\", package = \"acme-core\" }\n",
        ),
        ("crates/web/src/main.rs", "use serde::Serialize;\npub(crate) use acme_log::Log;\n"),
        ("crates/core/Cargo.toml", "[package]\nname = \"acme-core\"\n"),
        ("crates/core/src/lib.rs", ""),
        ("crates/old/Cargo.toml", "[package]\nname = \"old\"\n"),
        ("crates/web/tests/fixtures/sample/Cargo.toml", "[package]\nname = \"sample\"\n"),
    ]);
    assert_eq!(
        shown(&found),
        [
            "project: Cargo.toml README.md",
            "acme-core: crates/core",
            "acme-log: crates/log",
            "old: crates/old",
            "web: crates/web <- acme-core acme-log",
        ]
    );
    assert_eq!(
        signs(&found, "web"),
        [
            "Cargo package web (crates/web/Cargo.toml:2)",
            "member of the workspace (Cargo.toml)",
            "entry file (crates/web/src/main.rs)",
            "needs ../core (crates/web/Cargo.toml:6)",
            "needs acme-log (crates/web/Cargo.toml:4)",
            "imports acme_log::Log (crates/web/src/main.rs:2)",
        ]
    );
    assert_eq!(signs(&found, "old"), ["folder with 1 file (crates/old)"]);
    assert_eq!(
        found.notes,
        ["crates/old/Cargo.toml is no member of the workspace around: left to the parts they lie in"]
    );
}

#[test]
fn a_root_package_keeps_its_own_and_leaves_the_rest() {
    let found = survey_of(&[
        (
            "Cargo.toml",
            "[package]\nname = \"tool\"\n[workspace]\n[dependencies]\nlib = { path = \"lib/core\" }\n",
        ),
        ("src/main.rs", "use core_lib::x;\n"),
        ("src/a/mod.rs", ""),
        ("lib/core/Cargo.toml", "[package]\nname = \"core-lib\"\n"),
        ("lib/core/src/lib.rs", ""),
        ("lib/notes.md", ""),
        ("docs/guide.md", ""),
        (".github/workflows/ci.yml", ""),
    ]);
    assert_eq!(
        shown(&found),
        [
            "tool: Cargo.toml lib/notes.md src <- core-lib",
            ".github: .github",
            "docs: docs",
            "core-lib: lib/core",
        ]
    );
}

#[test]
fn a_single_package_is_cut_along_its_sources() {
    let found = survey_of(&[
        ("Cargo.toml", "[package]\nname = \"tool\"\n"),
        ("src/main.rs", "use crate::net::tcp;\n"),
        ("src/net/mod.rs", ""),
        ("src/store/mod.rs", "use crate::net;\nuse crate::missing;\n"),
        ("tests/all.rs", "use tool::x;\n"),
    ]);
    assert_eq!(
        shown(&found),
        ["tool: Cargo.toml src/main.rs <- net", "net: src/net", "store: src/store <- net", "tests: tests"]
    );
}

#[test]
fn npm_yarn_and_pnpm_workspaces() {
    let packages = [
        ("packages/core/package.json", "{\"name\": \"@acme/core\"}"),
        ("packages/core/index.ts", ""),
        (
            "apps/web/package.json",
            "{\"name\": \"web\", \"dependencies\": {\"@acme/core\": \"workspace:^\", \"react\": \"18\"}}",
        ),
        (
            "apps/web/src/a.ts",
            "import { x } from '@acme/core/deep';\nimport y from '../../../tools/build.js';\n",
        ),
        ("templates/app/package.json", "{\"name\": \"sample\"}"),
        ("tools/build.ts", ""),
    ];
    let expected =
        ["core: packages/core", "templates: templates", "tools: tools", "web: apps/web <- core tools"];
    for root in [
        ("package.json", "{\"private\": true, \"workspaces\": [\"packages/*\", \"./apps/*/\"]}"),
        ("package.json", "{\"workspaces\": {\"packages\": [\"{packages,apps}/**\", \"!**/none\"]}}"),
        ("pnpm-workspace.yaml", "packages:\n  - packages/*\n  - 'apps/**'\n"),
    ] {
        let files: Vec<_> = packages.iter().copied().chain([root]).collect();
        let mut lines = shown(&survey_of(&files));
        lines.retain(|line| !line.starts_with("project"));
        lines.sort();
        assert_eq!(lines, expected, "{root:?}");
    }
}

#[test]
fn python_packages_of_every_age() {
    let found = survey_of(&[
        ("libs/core/pyproject.toml", "[project]\nname = \"acme-core\"\n"),
        ("libs/core/src/acme_core/__init__.py", ""),
        ("libs/core/src/acme_core/util.py", ""),
        ("libs/old/setup.cfg", "[metadata]\nname = old\n"),
        ("libs/old/old/__init__.py", "from acme_core import util\n"),
        (
            "services/web/pyproject.toml",
            "[tool.poetry]\nname = \"web\"\n[tool.poetry.dependencies]\nacme-core = {path = \"../../libs/core\", develop = true}\n",
        ),
        ("services/web/web/__main__.py", "import os\nimport old.thing as t\nfrom . import views\n"),
        ("services/api/setup.py", "from setuptools import setup\nsetup(name='api')\n"),
        ("services/api/api/__init__.py", "from acme_core.util import x\n"),
    ]);
    assert_eq!(
        shown(&found),
        [
            "acme-core: libs/core",
            "old: libs/old <- acme-core",
            "api: services/api <- acme-core",
            "web: services/web <- acme-core old",
        ]
    );
}

#[test]
fn a_single_python_package_is_cut_along_its_folders() {
    let found = survey_of(&[
        ("pyproject.toml", "[project]\nname = \"shop\"\n"),
        ("src/shop/__init__.py", ""),
        ("src/shop/cart/__init__.py", "from ..db import models\n"),
        ("src/shop/db/__init__.py", ""),
        ("src/shop/db/models.py", ""),
        ("tests/test_cart.py", "from shop.cart import total\n"),
    ]);
    assert_eq!(
        shown(&found),
        [
            "shop: pyproject.toml src/shop/__init__.py",
            "cart: src/shop/cart <- db",
            "db: src/shop/db",
            "tests: tests <- cart",
        ]
    );
}

#[test]
fn go_modules_workspaces_and_packages() {
    let found = survey_of(&[
        ("go.work", "go 1.22\nuse (\n\t./core\n\t./web\n)\n"),
        ("core/go.mod", "module example.org/acme/core/v2\n"),
        ("core/log/log.go", "package log\n"),
        ("web/go.mod", "module example.org/acme/web\nrequire example.org/acme/core/v2 v2.0.0\n"),
        ("web/main.go", "package main\nimport (\n\t\"fmt\"\n\t\"example.org/acme/core/v2/log\"\n)\n"),
    ]);
    assert_eq!(shown(&found), ["project: go.work", "core: core", "web: web <- core"]);

    let single = survey_of(&[
        ("go.mod", "module example.org/tool\n"),
        ("cmd/tool/main.go", "package main\nimport \"example.org/tool/internal/net\"\n"),
        ("internal/net/net.go", "package net\n"),
        ("internal/store/store.go", "package store\nimport \"example.org/tool/internal/net\"\n"),
    ]);
    assert_eq!(
        shown(&single),
        ["tool: go.mod", "tool: cmd/tool <- net", "net: internal/net", "store: internal/store <- net"]
    );
}

#[test]
fn java_dotnet_and_the_others() {
    let found = survey_of(&[
        (
            "pom.xml",
            "<project><artifactId>all</artifactId><modules><module>a</module><module>b</module></modules></project>",
        ),
        ("a/pom.xml", "<project><artifactId>a-lib</artifactId></project>"),
        (
            "b/pom.xml",
            "<project><artifactId>b-app</artifactId><dependencies><dependency><artifactId>a-lib</artifactId></dependency></dependencies></project>",
        ),
        ("gradle/settings.gradle", "include ':lib', ':app'\n"),
        ("gradle/lib/build.gradle", ""),
        ("gradle/app/build.gradle.kts", "implementation(project(\":lib\"))\n"),
        ("net/Core/Core.csproj", "<Project/>"),
        (
            "net/App/App.csproj",
            "<Project><ItemGroup><ProjectReference Include=\"..\\Core\\Core.csproj\"/></ItemGroup></Project>",
        ),
        ("dart/core/pubspec.yaml", "name: dart_core\n"),
        ("dart/app/pubspec.yaml", "name: dart_app\ndependencies:\n  dart_core:\n    path: ../core\n"),
        ("php/core/composer.json", "{\"name\": \"acme/php-core\"}"),
        ("php/app/composer.json", "{\"name\": \"acme/php-app\", \"require\": {\"acme/php-core\": \"*\"}}"),
        ("ruby/core/ruby-core.gemspec", ""),
        ("ruby/app/ruby-app.gemspec", ""),
        ("ruby/app/Gemfile", "gem 'ruby-core', path: '../core'\n"),
        ("c/CMakeLists.txt", "project(native C)\n"),
        ("c/src/CMakeLists.txt", "add_library(x x.c)\n"),
        ("beam/core/mix.exs", "app: :beam_core\n"),
        ("beam/app/mix.exs", "app: :beam_app,\ndeps: [\n{:beam_core, in_umbrella: true}]\n"),
        ("swift/Core/Package.swift", "let p = Package(name: \"SwiftCore\")\n"),
        (
            "swift/App/Package.swift",
            "let p = Package(name: \"SwiftApp\",\ndependencies: [.package(path: \"../Core\")])\n",
        ),
    ]);
    let with_needs: Vec<String> = shown(&found).into_iter().filter(|line| line.contains("<-")).collect();
    assert_eq!(
        with_needs,
        [
            "b-app: b <- a-lib",
            "beam_app: beam/app <- beam_core",
            "dart_app: dart/app <- dart_core",
            "app: gradle/app <- lib",
            "App: net/App <- Core",
            "php-app: php/app <- php-core",
            "ruby-app: ruby/app <- ruby-core",
            "SwiftApp: swift/App <- SwiftCore",
        ]
    );
    assert!(shown(&found).contains(&"native: c".to_owned()));
    assert_eq!(found.notes, Vec::<String>::new());
}

#[test]
fn code_owners_stand_with_the_parts_they_own() {
    let rules =
        "* @everyone\n# comment\n/web/ @acme/web ann@example.org\n[Docs]\n/docs\\ two @writers\n/none/\n";
    for place in [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"] {
        let found = survey_of(&[
            (place, rules),
            ("web/a.js", ""),
            ("docs two/x.md", ""),
            ("none/x", ""),
            ("other/x", ""),
        ]);
        let owners = |name: &str| found.parts.iter().find(|part| part.name == name).unwrap().owners.clone();
        assert_eq!(owners("web"), ["@acme/web", "ann@example.org"], "{place}");
        assert_eq!(owners("docs two"), ["@writers"]);
        assert_eq!(owners("other"), ["@everyone"]);
        assert_eq!(owners("none"), Vec::<String>::new());
        assert_eq!(
            signs(&found, "web").last(),
            Some(&format!("owned by @acme/web, ann@example.org ({place}:3)"))
        );
    }
}

#[test]
fn broken_manifests_become_notes() {
    let huge = format!("{{\"name\": \"huge\", \"x\": \"{}\"}}", "x".repeat(1 << 20));
    let deep = "[".repeat(100_000);
    let found = survey_of(&[
        ("a/Cargo.toml", "[package\n"),
        ("b/package.json", "not json"),
        ("c/package.json", &huge),
        ("d/pubspec.yaml", &deep),
        ("e/pom.xml", "<project><a></b></project>"),
        ("f/package.json", &deep),
        ("g/pyproject.toml", &format!("x = {deep}")),
        ("h/go.mod", ""),
    ]);
    let names: Vec<&str> = found.parts.iter().map(|part| part.name.as_str()).collect();
    assert_eq!(names, ["a", "b", "c", "d", "e", "f", "g", "h"]);
    assert_eq!(found.notes.len(), 8, "{:#?}", found.notes);
    assert!(found.notes.iter().all(|note| note.len() < 300), "{:#?}", found.notes);
    assert!(found.notes[0].starts_with("a/Cargo.toml can't be understood and tells of no package: "));
    assert_eq!(found.notes[2], "c/package.json is longer than 1 MiB and was not looked into");
}

#[test]
fn odd_trees_are_told_as_they_are() {
    let long = "x".repeat(10_000);
    let found = survey_of(&[
        ("app/[id]/package.json", "{\"name\": \"page\"}"),
        (
            "a/Cargo.toml",
            "[package]\nname = \"a\"\n[dependencies]\nb = { path = \"../b\" }\nup = { path = \"../../outside\" }\nself = { path = \".\" }\n",
        ),
        ("b/Cargo.toml", "[package]\nname = \"b\"\n[dependencies]\na = { path = \"../a\" }\n"),
        ("c/package.json", &format!("{{\"name\": \"{long}\"}}")),
        ("d/package.json", "{\"name\": \"tab\\tand\\u0000nul\"}"),
    ]);
    let lines = shown(&found);
    assert_eq!(lines[..3], ["a: a <- b", "page: app/[id]", "b: b <- a"]);
    assert!(found.parts.iter().all(|part| part.title.chars().count() <= 120));
    assert!(found.parts.iter().all(|part| !part.title.chars().any(char::is_control)));
}

#[cfg(unix)]
#[test]
fn links_out_names_that_are_no_text_and_pipes_are_left_alone() {
    use std::{ffi::OsStr, fs, os::unix::ffi::OsStrExt, os::unix::fs::symlink};
    let repo = project(&[("a/Cargo.toml", "[package]\nname = \"a\"\n"), ("a/src/lib.rs", "")]);
    write(&repo.around.path("outside/package.json"), "{\"name\": \"outside\"}");
    symlink("../outside", repo.root.join("link")).unwrap();
    fs::create_dir(repo.root.join("b")).unwrap();
    symlink("../../outside/package.json", repo.root.join("b/package.json")).unwrap();
    fs::create_dir(repo.root.join("c")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(repo.root.join("c/package.json")).status().unwrap();
    assert!(made.success());
    fs::write(repo.root.join("a").join(OsStr::from_bytes(b"\xff.rs")), "").unwrap();
    let found = survey(&repo.worktree());
    assert_eq!(shown(&found), ["project: link", "a: a", "b: b", "c: c"]);
    assert_eq!(
        found.notes,
        [
            "b/package.json is no readable file and was not looked into",
            "c/package.json is no readable file and was not looked into"
        ]
    );
}

#[test]
fn what_is_not_the_projects_own_is_no_part_of_it() {
    let repo = project(&[
        (".gitignore", "out/\n"),
        ("out/package.json", "{\"name\": \"out\"}"),
        ("project-plan/package.json", "{\"name\": \"plan\"}"),
        ("node_modules/x/package.json", "{\"name\": \"x\"}"),
        ("src/a/x.js", ""),
        ("src/b/x.js", ""),
    ]);
    repo.git(&["commit", "-q", "--allow-empty", "-m", "Start"]);
    repo.git(&["worktree", "add", "-q", "trees/inner"]);
    let found = survey(&repo.worktree());
    assert_eq!(shown(&found), ["project: .gitignore", "node_modules: node_modules", "a: src/a", "b: src/b"]);
    let empty = Folder::new();
    let worktree = locate(&empty.root, None).unwrap().worktree.unwrap();
    assert_eq!(survey(&worktree), Survey::default());
}

#[test]
fn a_root_with_very_many_files_is_cut_short_with_a_note() {
    let names: Vec<String> = (0..150).map(|n| format!("f{n:03}")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    let found = survey_of(&files);
    assert_eq!(found.parts[0].paths.len(), 100);
    assert_eq!(found.notes, ["of 150 paths of the project's root, the first 100 are proposed"]);
}

/// Folders and files as they come in real projects, in any mixture.
fn some_file() -> impl Strategy<Value = (String, String)> {
    let folder = proptest::sample::select(vec!["src", "crates", "a", "b", "docs", "app", "tests", "[x]"]);
    let file = proptest::sample::select(vec![
        ("Cargo.toml", "[package]\nname = \"one\"\n[dependencies]\nother = { path = \"../b\" }\n"),
        ("Cargo.toml", "[workspace]\nmembers = [\"*\"]\n"),
        ("Cargo.toml", "broken ["),
        (
            "package.json",
            "{\"name\": \"two\", \"workspaces\": [\"*\"], \"dependencies\": {\"one\": \"*\", \"two\": \"*\"}}",
        ),
        ("pyproject.toml", "[project]\nname = \"three\"\n"),
        ("go.mod", "module example.org/four\n"),
        ("main.rs", "use crate::a;\nuse one::x;\n"),
        ("index.ts", "import x from '../b';\nimport '../../src/a'; import 'two';\n"),
        ("__init__.py", "import a.b\nfrom .. import b\nfrom app.a import x\n"),
        ("README.md", ""),
        ("CODEOWNERS", "* @all\nsrc/ @src\n"),
    ]);
    (proptest::collection::vec(folder, 0..4), file).prop_map(|(folders, (name, text))| {
        let path = folders.into_iter().chain([name]).collect::<Vec<_>>().join("/");
        (path, text.to_owned())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every file is some one part's, every path is there, and the same project is always told the same.
    #[test]
    fn parts_cover_the_project_once(files in proptest::collection::btree_map("[0-9]", some_file(), 0..10)) {
        let folder = Folder::new();
        for (path, text) in files.values() {
            write(&folder.path(path), text);
        }
        let worktree = locate(&folder.root, None).unwrap().worktree.unwrap();
        let found = survey(&worktree);
        prop_assert_eq!(&found, &survey(&worktree));
        for file in scan(&worktree).files {
            let owners = found.parts.iter().filter(|part| part.paths.iter().any(|path| path.contains(&file)));
            prop_assert_eq!(owners.count(), 1, "{} in {:#?}", file, shown(&found));
        }
        for part in &found.parts {
            prop_assert!(!part.paths.is_empty() && !part.signs.is_empty());
            prop_assert!(part.paths.iter().all(|path| folder.path(path.as_str()).exists()));
            prop_assert!(part.needs.iter().all(|need| need.part < found.parts.len()));
            let signs = part.signs.iter().chain(part.needs.iter().map(|need| &need.sign));
            prop_assert!(signs.clone().all(|sign| folder.path(sign.path.as_str()).exists()));
        }
    }
}
