//! Reading manifests: what each kind of package says of its name, its workspace, and which siblings it needs.

mod cargo;
mod compiled;
mod go;
mod jvm;
mod npm;
mod python;
mod scripted;
mod text;
mod xml;
mod yaml;

pub(super) use python::normal as normal_python_name;

use std::fmt;

use remit_board::path::ProjectPath;

use super::{read::Reader, tree::Tree};
use crate::scan::{file_name, folder_of};

/// Beyond so many, the rest is noted.
const MAX_MANIFESTS: usize = 5_000;

/// In folders of these names, manifests are samples or other people's.
const NOT_OURS: [&str; 7] =
    ["node_modules", "vendor", "third_party", "fixtures", "__fixtures__", "testdata", "test-data"];

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Ecosystem {
    Cargo,
    Npm,
    Python,
    Go,
    Maven,
    Gradle,
    DotNet,
    Dart,
    Composer,
    Ruby,
    CMake,
    Elixir,
    Swift,
}

impl Ecosystem {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Cargo => "Cargo",
            Self::Npm => "npm",
            Self::Python => "Python",
            Self::Go => "Go",
            Self::Maven => "Maven",
            Self::Gradle => "Gradle",
            Self::DotNet => ".NET",
            Self::Dart => "Dart",
            Self::Composer => "Composer",
            Self::Ruby => "Ruby",
            Self::CMake => "CMake",
            Self::Elixir => "Elixir",
            Self::Swift => "Swift",
        }
    }
}

impl fmt::Display for Ecosystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One manifest, as far as it could be read.
#[derive(Clone, Debug)]
pub(super) struct Manifest {
    pub(super) file: ProjectPath,
    pub(super) ecosystem: Ecosystem,
    pub(super) says: Declared,
}

impl Manifest {
    /// Empty for the project's root.
    pub(super) fn folder(&self) -> &str {
        folder_of(self.file.as_str())
    }
}

/// What a manifest says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Declared {
    /// It declares a package; else only a workspace, or settings of tools.
    pub(super) is_package: bool,
    /// As siblings call it.
    pub(super) name: Option<String>,
    /// The line of the name.
    pub(super) line: Option<u64>,
    pub(super) members: Option<Members>,
    /// Folders that members may need under a name of the workspace's.
    pub(super) offers: Vec<(String, String)>,
    pub(super) needs: Vec<Declaration>,
    /// Only who works on the package needs these: its tests and its tools.
    pub(super) development_needs: Vec<Declaration>,
}

/// Globs relative to the manifest's folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Members {
    pub(super) include: Vec<String>,
    pub(super) exclude: Vec<String>,
    /// Packages below that are no members are not part of the project's build.
    pub(super) closed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Declaration {
    pub(super) on: Target,
    pub(super) line: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// Relative to the manifest's folder.
    Folder(String),
    /// A sibling by its name in the same ecosystem.
    Name(String),
    /// What the workspace offers under this name.
    Offered(String),
}

/// What reads a kind of manifest: the whole text, and the file's own name.
type Parse = fn(&str, &str) -> Result<Declared, String>;

fn kind(name: &str) -> Option<(Ecosystem, Parse)> {
    use Ecosystem::*;
    Some(match name {
        "Cargo.toml" => (Cargo, cargo::read),
        "package.json" => (Npm, npm::read),
        "pnpm-workspace.yaml" => (Npm, npm::read_pnpm),
        "pyproject.toml" => (Python, python::read),
        "setup.cfg" => (Python, python::read_setup_cfg),
        "setup.py" => (Python, python::read_setup_py),
        "go.mod" => (Go, go::read),
        "go.work" => (Go, go::read_work),
        "pom.xml" => (Maven, jvm::read_pom),
        "settings.gradle" | "settings.gradle.kts" => (Gradle, jvm::read_settings),
        "build.gradle" | "build.gradle.kts" => (Gradle, jvm::read_gradle),
        "pubspec.yaml" => (Dart, scripted::read_pubspec),
        "composer.json" => (Composer, scripted::read_composer),
        "Gemfile" => (Ruby, scripted::read_gemfile),
        "mix.exs" => (Elixir, scripted::read_mix),
        "CMakeLists.txt" => (CMake, compiled::read_cmake),
        "Package.swift" => (Swift, compiled::read_swift),
        name => match name.rsplit_once('.')?.1 {
            "csproj" | "fsproj" | "vbproj" => (DotNet, compiled::read_project),
            "gemspec" => (Ruby, scripted::read_gemspec),
            _ => return None,
        },
    })
}

/// Every manifest of the project, in the order of paths. A broken one makes no package: it may be somebody's sample.
pub(super) fn read_all(tree: &Tree<'_>, reader: &mut Reader<'_>) -> Vec<Manifest> {
    let mut found: Vec<(&ProjectPath, Ecosystem, Parse)> = tree
        .paths
        .iter()
        .filter(|path| !path.segments().rev().skip(1).any(|name| NOT_OURS.contains(&name)))
        .filter_map(|path| kind(file_name(path)).map(|(ecosystem, parse)| (path, ecosystem, parse)))
        .collect();
    if found.len() > MAX_MANIFESTS {
        // What lies deepest is least the project's own.
        found.sort_by_key(|(path, ..)| path.segments().count());
        let left_out = found.split_off(MAX_MANIFESTS).len();
        found.sort_by_key(|(path, ..)| *path);
        reader.note(format!("{left_out} manifests beyond the first {MAX_MANIFESTS} were not looked into"));
    }
    found.into_iter().map(|(path, ecosystem, parse)| read_one(path, ecosystem, parse, reader)).collect()
}

fn read_one(path: &ProjectPath, ecosystem: Ecosystem, parse: Parse, reader: &mut Reader<'_>) -> Manifest {
    let says = match reader.manifest(path).map(|text| parse(&text, file_name(path))) {
        Some(Ok(says)) => says,
        Some(Err(trouble)) => {
            let trouble = trouble.lines().next().unwrap_or_default();
            reader.note(format!("{path} can't be understood and tells of no package: {trouble}"));
            Declared::default()
        }
        None => Declared::default(),
    };
    Manifest { file: path.clone(), ecosystem, says }
}
