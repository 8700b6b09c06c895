//! Whether a folder lies on a network file system.
//!
//! SQLite's write-ahead log needs memory that all processes share, which machines don't. On such a disk a board is written
//! only where it was made with a rollback journal.

use std::path::Path;

/// The name of the network file system that `path` lies on; `None` on a disk of this machine, and where it can't be told.
pub fn network_name(path: &Path) -> Option<&'static str> {
    pretended().or_else(|| of_nearest_folder(path))
}

/// Tests have no network file system at hand. No binary that people get reads this.
fn pretended() -> Option<&'static str> {
    if cfg!(debug_assertions) && std::env::var_os("REMIT_TEST_NETWORK_DISK").is_some() {
        Some("nfs")
    } else {
        None
    }
}

/// The folder may not be there yet.
#[cfg(target_os = "linux")]
fn of_nearest_folder(path: &Path) -> Option<&'static str> {
    let existing = path.ancestors().find(|folder| folder.exists())?;
    let kind = rustix::fs::statfs(existing).ok()?.f_type;
    // As 32 bits: some kernels extend the sign of the larger ones.
    match kind as u32 {
        FUSE => fuse_name(existing),
        kind => BY_MAGIC.iter().find(|(magic, _)| *magic == kind).map(|(_, name)| *name),
    }
}

#[cfg(not(target_os = "linux"))]
fn of_nearest_folder(_path: &Path) -> Option<&'static str> {
    None
}

#[cfg(target_os = "linux")]
const FUSE: u32 = 0x6573_5546;

/// From Linux' `magic.h`.
#[cfg(target_os = "linux")]
const BY_MAGIC: [(u32, &str); 11] = [
    (0x0000_6969, "nfs"),
    (0x0000_517b, "smb"),
    (0xff53_4d42, "cifs"),
    (0xfe53_4d42, "smb2"),
    (0x0102_1997, "9p"),
    (0x5346_414f, "afs"),
    (0x6b41_4653, "afs"),
    (0x7375_7245, "coda"),
    (0x00c3_6400, "ceph"),
    (0x0bd0_0bd0, "lustre"),
    (0x0116_1970, "gfs2"),
];

/// File systems of user space that fetch from elsewhere. The kernel tells them apart in its table of mounts alone.
#[cfg(target_os = "linux")]
const FUSE_OVER_NETWORK: [&str; 9] = [
    "fuse.sshfs",
    "fuse.rclone",
    "fuse.s3fs",
    "fuse.gcsfuse",
    "fuse.davfs",
    "fuse.curlftpfs",
    "fuse.glusterfs",
    "fuse.ceph",
    "fuse.smbnetfs",
];

#[cfg(target_os = "linux")]
fn fuse_name(folder: &Path) -> Option<&'static str> {
    let folder = folder.canonicalize().ok()?;
    mounted_as(&std::fs::read_to_string("/proc/self/mountinfo").ok()?, &folder)
}

/// The mount with the longest path above the folder is the one it lies on; of two at one place, the later.
#[cfg(target_os = "linux")]
fn mounted_as(mounts: &str, folder: &Path) -> Option<&'static str> {
    let mount = |line: &str| {
        let (before, after) = line.split_once(" - ")?;
        let at = unescape(before.split(' ').nth(4)?);
        let kind = after.split(' ').next()?.to_owned();
        folder.starts_with(&at).then_some((at.len(), kind))
    };
    let (_, kind) = mounts.lines().filter_map(mount).max_by_key(|(length, _)| *length)?;
    FUSE_OVER_NETWORK.into_iter().find(|known| *known == kind)
}

/// The kernel writes blanks and backslashes of a path in octal.
#[cfg(target_os = "linux")]
fn unescape(path: &str) -> String {
    [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")]
        .iter()
        .fold(path.to_owned(), |path, (code, character)| path.replace(code, character))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_disk_of_this_machine_is_none() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(of_nearest_folder(folder.path()), None);
        assert_eq!(of_nearest_folder(&folder.path().join("not/there/yet")), None);
    }

    #[test]
    fn the_nearest_mount_tells_what_user_space_serves() {
        let mounts = "\
            22 1 8:1 / / rw - ext4 /dev/sda1 rw\n\
            90 22 0:50 / /home/me/far\\040away rw,nosuid shared:5 - fuse.sshfs me@host:/ rw\n\
            91 90 0:51 / /home/me/far\\040away/near rw - fuse.appimage x rw\n";
        let on = |folder: &str| mounted_as(mounts, Path::new(folder));
        assert_eq!(on("/home/me/far away/repo"), Some("fuse.sshfs"));
        assert_eq!(on("/home/me/far away/near/repo"), None);
        assert_eq!(on("/home/me/far away2"), None);
        assert_eq!(on("/srv"), None);
        assert_eq!(mounted_as("nonsense\n - \n", Path::new("/srv")), None);
    }
}
