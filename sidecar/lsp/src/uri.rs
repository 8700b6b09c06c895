//! Which path of the project a uri means, and which uri a path has in the client's eyes.
//!
//! The client may have opened the worktree through a symbolic link, while git knows where it really is: both
//! spellings lead to the same paths, and the client gets its own one back, so that its open editors match.

use std::path::{Component, Path, PathBuf};

use remit_board::path::ProjectPath;
use tower_lsp::ls_types::Uri;

#[derive(Clone, Debug)]
pub(crate) struct Roots {
    /// Spellings of the worktree's root, the client's own first.
    spellings: Vec<PathBuf>,
    /// What of the worktree the client has open; empty for all of it.
    folders: Vec<ProjectPath>,
}

/// How a folder of the client lies to the worktree.
enum Place {
    Apart,
    /// Contains the worktree or is its root.
    Around(PathBuf),
    /// `rest` below the root, which the client would spell so.
    Inside(ProjectPath, Option<PathBuf>),
}

impl Roots {
    /// Looks at the disk, to see through symbolic links.
    pub(crate) fn new(worktree: &Path, folders: &[PathBuf]) -> Self {
        let (mut spellings, mut inside, mut all) = (Vec::new(), Vec::new(), false);
        let real = real(worktree);
        for folder in folders {
            match place(folder, &real) {
                Place::Apart => {}
                Place::Around(root) => {
                    spellings.push(root);
                    all = true;
                }
                Place::Inside(rest, root) => {
                    spellings.extend(root);
                    inside.push(rest);
                }
            }
        }
        spellings.extend([plain(worktree.to_owned()), real]);
        Self { spellings, folders: if all { Vec::new() } else { inside } }
    }

    /// These, and spellings that were right before: the client may still close what it opened by them.
    pub(crate) fn besides(mut self, before: &Self) -> Self {
        let known = before.spellings.iter().filter(|spelling| !self.spellings.contains(spelling));
        let known: Vec<PathBuf> = known.cloned().collect();
        self.spellings.extend(known);
        self
    }

    /// `None` for what is no file of the worktree, and for the insides of git and of the board.
    pub(crate) fn path(&self, uri: &Uri) -> Option<ProjectPath> {
        let file = file_path(uri)?;
        let below = self.spellings.iter().find_map(|root| file.strip_prefix(root).ok())?;
        project_path(below).filter(|path| !is_internal(path))
    }

    /// The root itself, which is no path of the project.
    pub(crate) fn is_root(&self, uri: &Uri) -> bool {
        file_path(uri).is_some_and(|file| self.spellings.contains(&file))
    }

    pub(crate) fn file(&self, path: &ProjectPath) -> PathBuf {
        self.root().join(path.as_str())
    }

    pub(crate) fn root(&self) -> &Path {
        &self.spellings[0]
    }

    pub(crate) fn uri(&self, path: &ProjectPath) -> Option<Uri> {
        file_uri(&self.file(path))
    }

    /// Whether the file lies in a folder that the client has open.
    pub(crate) fn shows(&self, path: &ProjectPath) -> bool {
        self.folders.is_empty() || self.folders.iter().any(|folder| is_below(path, folder))
    }
}

fn place(folder: &Path, worktree: &Path) -> Place {
    let real = real(folder);
    if let Ok(rest) = worktree.strip_prefix(&real) {
        return Place::Around(plain(folder.join(rest)));
    }
    match real.strip_prefix(worktree).ok().and_then(project_path) {
        Some(rest) => {
            let root = without_end(&plain(folder.to_owned()), Path::new(rest.as_str()));
            Place::Inside(rest, root)
        }
        None => Place::Apart,
    }
}

fn without_end(folder: &Path, end: &Path) -> Option<PathBuf> {
    folder
        .ends_with(end)
        .then(|| folder.ancestors().nth(end.components().count()).map(Path::to_owned))
        .flatten()
}

fn real(path: &Path) -> PathBuf {
    plain(std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()))
}

/// Without the trailing separator and what else has no meaning; on Windows also without `\\?\`.
fn plain(path: PathBuf) -> PathBuf {
    let path: PathBuf = path.components().collect();
    match path.to_str().and_then(|text| text.strip_prefix(r"\\?\")) {
        Some(drive) if cfg!(windows) => PathBuf::from(drive),
        _ => path,
    }
}

fn project_path(below: &Path) -> Option<ProjectPath> {
    let segments: Option<Vec<&str>> = below
        .components()
        .map(|component| match component {
            Component::Normal(segment) => segment.to_str(),
            _ => None,
        })
        .collect();
    ProjectPath::parse(&segments?.join("/")).ok()
}

fn is_internal(path: &ProjectPath) -> bool {
    let mut segments = path.as_str().split('/');
    path.as_str().starts_with("project-plan/")
        || path.as_str() == "project-plan"
        || segments.any(|segment| segment == ".git")
}

fn is_below(path: &ProjectPath, folder: &ProjectPath) -> bool {
    path.as_str().strip_prefix(folder.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

pub(crate) fn file_path(uri: &Uri) -> Option<PathBuf> {
    let on_this_machine = uri.authority().is_none_or(|authority| authority.as_str().is_empty());
    if uri.scheme().as_str() != "file" || !on_this_machine {
        return None;
    }
    local_path(&uri.path().decode().to_bytes())
}

#[cfg(unix)]
fn local_path(bytes: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    let path = Path::new(std::ffi::OsStr::from_bytes(bytes));
    path.is_absolute().then(|| path.to_owned())
}

#[cfg(not(unix))]
fn local_path(bytes: &[u8]) -> Option<PathBuf> {
    std::str::from_utf8(bytes).ok().and_then(windows_path).map(PathBuf::from)
}

/// `/c:/a` means `C:\a`.
#[cfg(any(windows, test))]
fn windows_path(decoded: &str) -> Option<String> {
    let path = decoded.strip_prefix('/')?;
    let (drive, rest) = path.split_once(':')?;
    let is_drive = drive.len() == 1 && drive.starts_with(|c: char| c.is_ascii_alphabetic());
    is_drive.then(|| format!("{}:{}", drive.to_ascii_uppercase(), rest.replace('/', "\\")))
}

pub(crate) fn file_uri(file: &Path) -> Option<Uri> {
    format!("file://{}", encoded(uri_path(file)?.as_slice())).parse().ok()
}

#[cfg(unix)]
fn uri_path(file: &Path) -> Option<Vec<u8>> {
    use std::os::unix::ffi::OsStrExt;
    Some(file.as_os_str().as_bytes().to_owned())
}

#[cfg(not(unix))]
fn uri_path(file: &Path) -> Option<Vec<u8>> {
    file.to_str().map(windows_uri_path).map(String::into_bytes)
}

/// VS Code spells the drive in lower case.
#[cfg(any(windows, test))]
fn windows_uri_path(file: &str) -> String {
    let path = file.replace('\\', "/");
    match path.split_once(':') {
        Some((drive, rest)) => format!("/{}:{rest}", drive.to_ascii_lowercase()),
        None => path,
    }
}

/// Escapes what VS Code escapes, so that the uris are equal as text too.
fn encoded(path: &[u8]) -> String {
    let mut text = String::with_capacity(path.len());
    for byte in path {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                text.push(char::from(*byte))
            }
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roots(worktree: &str) -> Roots {
        Roots::new(Path::new(worktree), &[])
    }

    #[track_caller]
    fn check(uri: &str, expected: Option<&str>) {
        let path = uri.parse().ok().and_then(|uri| roots("/home/my repo").path(&uri));
        assert_eq!(path.as_ref().map(ProjectPath::as_str), expected, "{uri}");
    }

    #[test]
    fn uris_of_the_worktree_are_its_paths() {
        check("file:///home/my%20repo/src/lib.rs", Some("src/lib.rs"));
        check("file:///home/my%20repo/app/%5Bid%5D/page.tsx", Some("app/[id]/page.tsx"));
        check("file:///home/my%20repo/100%25/%C3%BC%F0%9F%98%80.md", Some("100%/ü😀.md"));
        check("file:///home/my%20repo/a%2541", Some("a%41"));
    }

    #[test]
    fn everything_else_is_nobodys() {
        for uri in [
            "file:///home/my%20repo",
            "file:///home/my%20repository/a",
            "file:///elsewhere/a",
            "file://server/home/my%20repo/a",
            "untitled:Untitled-1",
            "git:/home/my%20repo/a?ref",
            "file:///home/my%20repo/../secret",
            "file:///home/my%20repo/%FF",
            "file:///home/my%20repo/a%00b",
            "file:///home/my%20repo/.git/config",
            "file:///home/my%20repo/vendored/.git/HEAD",
            "file:///home/my%20repo/project-plan/STATUS.md",
        ] {
            check(uri, None);
        }
        check("file:///home/my%20repo/project-planning/a", Some("project-planning/a"));
        check("file:///home/my%20repo/src/project-plan/a", Some("src/project-plan/a"));
    }

    #[test]
    fn a_path_gets_the_uri_that_the_editor_writes() {
        let roots = roots("/home/my repo");
        for path in ["src/lib.rs", "app/[id]/page.tsx", "100%/ü😀.md", "a b", "c:+&=@,;'()!*$"] {
            let path = ProjectPath::parse(path).unwrap();
            let uri = roots.uri(&path).unwrap();
            assert_eq!(roots.path(&uri), Some(path));
        }
        let path = ProjectPath::parse("app/[id]/ü.tsx").unwrap();
        assert_eq!(roots.uri(&path).unwrap().as_str(), "file:///home/my%20repo/app/%5Bid%5D/%C3%BC.tsx");
    }

    #[test]
    fn drives_are_spelled_as_each_side_does() {
        assert_eq!(windows_path("/c:/Users/x y").as_deref(), Some(r"C:\Users\x y"));
        assert_eq!(windows_path("/C:/").as_deref(), Some(r"C:\"));
        assert_eq!(windows_path("/no/drive"), None);
        assert_eq!(windows_path("/nodrive:/x"), None);
        assert_eq!(windows_uri_path(r"C:\Users\x y"), "/c:/Users/x y");
        assert_eq!(encoded(b"/c:/Users/x y"), "/c%3A/Users/x%20y");
    }

    #[cfg(unix)]
    #[test]
    fn a_worktree_that_was_opened_through_a_link_is_shown_by_that_link() {
        let place = tempfile::tempdir().unwrap();
        let real = place.path().canonicalize().unwrap().join("real");
        std::fs::create_dir_all(real.join("web/app")).unwrap();
        let link = place.path().join("link");
        std::os::unix::fs::symlink(&real, &link).unwrap();
        let path = ProjectPath::parse("web/app/a.ts").unwrap();

        let roots = Roots::new(&real, &[link.join("web")]);
        assert_eq!(roots.file(&path), link.join("web/app/a.ts"));
        for root in [&link, &real] {
            let uri = file_uri(&root.join("web/app/a.ts")).unwrap();
            assert_eq!(roots.path(&uri), Some(path.clone()));
        }
        assert!(roots.shows(&path));
        assert!(!roots.shows(&ProjectPath::parse("website/a.ts").unwrap()));
    }

    #[test]
    fn a_folder_around_the_worktree_shows_all_of_it() {
        let roots =
            Roots::new(Path::new("/srv/repo"), &["/srv".into(), "/srv/repo/web".into(), "/other".into()]);
        assert!(roots.shows(&ProjectPath::parse("src/a").unwrap()));
        assert_eq!(roots.file(&ProjectPath::parse("src/a").unwrap()), Path::new("/srv/repo/src/a"));
        assert!(roots.is_root(&"file:///srv/repo".parse().unwrap()));
    }
}
