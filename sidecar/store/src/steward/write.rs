use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

/// Readers see the file before or the file after, never a part. A symbolic link that lies in the way is replaced, not
/// followed: the folder may come from a repository that somebody else made.
pub(super) fn whole(path: &Path, content: &[u8]) -> io::Result<()> {
    let name = path.file_name().and_then(|name| name.to_str()).ok_or(io::ErrorKind::InvalidFilename)?;
    let unfinished = path.with_file_name(format!(".{name}.tmp"));
    match fs::remove_file(&unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let written = File::create_new(&unfinished).and_then(|mut file| file.write_all(content));
    let placed = written.and_then(|()| fs::rename(&unfinished, path));
    if placed.is_err() {
        // Best effort: on a full disk every page counts.
        let _ = fs::remove_file(&unfinished);
    }
    placed
}

/// Makes the folder, or refuses one that leads elsewhere.
pub(super) fn folder(path: &Path) -> io::Result<()> {
    match fs::create_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let found = fs::symlink_metadata(path)?;
            if found.is_dir() { Ok(()) } else { Err(io::ErrorKind::NotADirectory.into()) }
        }
        answer => answer,
    }
}
