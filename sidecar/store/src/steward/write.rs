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
    let placed = written.and_then(|()| place(&unfinished, path));
    if placed.is_err() {
        // Best effort: on a full disk every page counts.
        let _ = fs::remove_file(&unfinished);
    }
    placed
}

fn place(new: &Path, path: &Path) -> io::Result<()> {
    if swap(new, path) { fs::remove_file(new) } else { fs::rename(new, path) }
}

/// Renaming over a file makes ext4 write the new one to the disk at once: 1 to 4 ms for each file, more than all the rest
/// of a command. Changing the two files' places is as atomic, and the data can wait: it can be made again.
#[cfg(target_os = "linux")]
fn swap(new: &Path, path: &Path) -> bool {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    // A folder in the way must stay where it is.
    let is_file = fs::symlink_metadata(path).is_ok_and(|found| !found.is_dir());
    is_file && renameat_with(CWD, new, CWD, path, RenameFlags::EXCHANGE).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn swap(_new: &Path, _path: &Path) -> bool {
    false
}

/// Makes the folder, or refuses one that leads elsewhere.
pub(crate) fn folder(path: &Path) -> io::Result<()> {
    match fs::create_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let found = fs::symlink_metadata(path)?;
            if found.is_dir() { Ok(()) } else { Err(io::ErrorKind::NotADirectory.into()) }
        }
        answer => answer,
    }
}
