//! A copy of git's index in memory, so that one saved file is judged without reading the whole index again.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::time::UNIX_EPOCH;

use git2::{IndexEntry, IndexEntryExtendedFlag, IndexEntryFlag, IndexTime, Oid};

use crate::worktree::is_at_or_below;

const STAGE_MASK: u16 = 0x3000;

/// A regular file's mode without its permission bits.
const REGULAR: u32 = 0o100_000;
const TYPE_MASK: u32 = 0o170_000;
pub(crate) const EXECUTABLE: u32 = 0o100;

/// Which version of a file this is, by its `stat`: git replaces its index and never writes into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    modified: (i32, u32),
    len: u64,
    inode: u64,
}

impl Stamp {
    pub(crate) fn of(file: &Path) -> Option<Self> {
        let metadata = fs::metadata(file).ok()?;
        let since = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        // git keeps the low 32 bits, too.
        let modified = (since.as_secs() as i32, since.subsec_nanos());
        Some(Self { modified, len: metadata.len(), inode: Stat::of(&metadata).inode.into() })
    }
}

/// What git remembers of a file's `stat` to see that it is unchanged without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stat {
    pub(crate) modified: (i32, u32),
    changed: (i32, u32),
    inode: u32,
    owner: (u32, u32),
    pub(crate) size: u32,
}

impl Stat {
    #[cfg(unix)]
    pub(crate) fn of(metadata: &fs::Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self {
            modified: (metadata.mtime() as i32, metadata.mtime_nsec() as u32),
            changed: (metadata.ctime() as i32, metadata.ctime_nsec() as u32),
            inode: metadata.ino() as u32,
            owner: (metadata.uid(), metadata.gid()),
            size: metadata.len() as u32,
        }
    }

    /// Without these numbers a file is never taken for unchanged by its `stat`, and is read instead.
    #[cfg(not(unix))]
    pub(crate) fn of(metadata: &fs::Metadata) -> Self {
        let size = metadata.len() as u32;
        Self { modified: (0, 0), changed: (0, 0), inode: 0, owner: (u32::MAX, u32::MAX), size }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Tracked {
    path: Box<[u8]>,
    pub(crate) oid: Oid,
    pub(crate) mode: u32,
    pub(crate) stat: Stat,
    flags: u16,
    extended: u16,
}

impl Tracked {
    fn new(entry: IndexEntry) -> Self {
        let time = |time: IndexTime| (time.seconds(), time.nanoseconds());
        let stat = Stat {
            modified: time(entry.mtime),
            changed: time(entry.ctime),
            inode: entry.ino,
            owner: (entry.uid, entry.gid),
            size: entry.file_size,
        };
        let path = entry.path.into_boxed_slice();
        Self {
            path,
            oid: entry.id,
            mode: entry.mode,
            stat,
            flags: entry.flags,
            extended: entry.flags_extended,
        }
    }

    pub(crate) fn is_regular(&self) -> bool {
        self.mode & TYPE_MASK == REGULAR
    }

    pub(crate) fn is_conflicted(&self) -> bool {
        self.flags & STAGE_MASK != 0
    }

    pub(crate) fn is_assumed_valid(&self) -> bool {
        IndexEntryFlag::from_bits_truncate(self.flags).is_valid()
    }

    pub(crate) fn is_outside_sparse_checkout(&self) -> bool {
        self.extended().is_skip_worktree()
    }

    pub(crate) fn is_only_intended(&self) -> bool {
        self.extended().is_intent_to_add()
    }

    fn extended(&self) -> IndexEntryExtendedFlag {
        IndexEntryExtendedFlag::from_bits_truncate(self.extended)
    }
}

#[derive(Debug)]
pub(crate) struct IndexCopy {
    stamp: Option<Stamp>,
    /// Sorted by path, as git keeps them.
    entries: Vec<Tracked>,
    /// A digest of what it lists; `None` equals nothing.
    content: Option<u64>,
}

impl IndexCopy {
    /// `None` for a form that libgit2 can't read: split, sparse, or of SHA-256.
    pub(crate) fn read(file: &Path) -> Option<Self> {
        let stamp = Stamp::of(file);
        let index = git2::Index::open(file).ok()?;
        let mut entries: Vec<Tracked> = index.iter().map(Tracked::new).collect();
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        let content = Some(content_of(&entries));
        Some(Self { stamp, entries, content })
    }

    /// The same entries, but equal to no other copy.
    pub(crate) fn distrusted(self) -> Self {
        Self { content: None, ..self }
    }

    /// Whether it lists the same content: git also rewrites its index to remember a `stat` only.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        self.content.is_some() && self.content == other.content
    }

    pub(crate) fn get(&self, path: &[u8]) -> Option<&Tracked> {
        let at = self.entries.binary_search_by(|entry| entry.path.as_ref().cmp(path)).ok()?;
        self.entries.get(at)
    }

    pub(crate) fn has_below(&self, folder: &[u8]) -> bool {
        let start = [folder, b"/"].concat();
        let at = self.entries.partition_point(|entry| entry.path.as_ref() < start.as_slice());
        self.entries.get(at).is_some_and(|entry| is_at_or_below(&entry.path, folder))
    }

    /// A file written in the same second as the index may have changed since, unseen by its `stat`. git, too, goes by
    /// seconds: the clock of a file system ticks slower than its time stamps tell.
    pub(crate) fn is_racy(&self, entry: &Tracked) -> bool {
        self.stamp.is_none_or(|stamp| entry.stat.modified.0 >= stamp.modified.0)
    }

    pub(crate) fn paths_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        let is_named = move |path: &[u8]| path.rsplit(|&byte| byte == b'/').next() == Some(name.as_bytes());
        self.entries.iter().map(|entry| entry.path.as_ref()).filter(move |path| is_named(path))
    }
}

fn content_of(entries: &[Tracked]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for entry in entries {
        (&entry.path, entry.oid.as_bytes(), entry.mode, entry.flags, entry.extended).hash(&mut hasher);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    /// An index at `folder/index` that tracks one file as it lies there now.
    fn index_of(folder: &Path) -> IndexCopy {
        let stat = Stat::of(&fs::metadata(folder.join("a")).unwrap());
        let mut index = git2::Index::open(&folder.join("index")).unwrap();
        let time = |(seconds, nanoseconds): (i32, u32)| IndexTime::new(seconds, nanoseconds);
        let entry = IndexEntry {
            ctime: time(stat.changed),
            mtime: time(stat.modified),
            dev: 0,
            ino: stat.inode,
            mode: 0o100_644,
            uid: stat.owner.0,
            gid: stat.owner.1,
            file_size: stat.size,
            id: Oid::hash_object(git2::ObjectType::Blob, b"text").unwrap(),
            flags: 0,
            flags_extended: 0,
            path: b"a".to_vec(),
        };
        index.add(&entry).unwrap();
        index.write().unwrap();
        IndexCopy::read(&folder.join("index")).unwrap()
    }

    #[test]
    fn a_file_as_young_as_the_index_is_not_trusted_by_its_stat() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        fs::write(&file, "text").unwrap();
        let now = SystemTime::now() + Duration::from_secs(5);
        fs::File::options().write(true).open(&file).unwrap().set_modified(now).unwrap();
        let index = index_of(folder.path());
        assert!(index.is_racy(index.get(b"a").unwrap()));
        let old = now - Duration::from_secs(60);
        fs::File::options().write(true).open(&file).unwrap().set_modified(old).unwrap();
        let index = index_of(folder.path());
        assert!(!index.is_racy(index.get(b"a").unwrap()));
    }

    #[test]
    fn what_a_copy_says_does_not_hang_on_when_files_were_seen() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        fs::write(&file, "text").unwrap();
        let before = index_of(folder.path());
        fs::File::options().write(true).open(&file).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
        let after = index_of(folder.path());
        assert_ne!(before.get(b"a").unwrap().stat, after.get(b"a").unwrap().stat);
        assert!(before.says_the_same(&after));
        assert!(!before.distrusted().says_the_same(&after));
    }

    #[test]
    fn folders_are_told_from_names_that_begin_alike() {
        let entry = |path: &str| Tracked {
            path: path.as_bytes().into(),
            oid: Oid::ZERO_SHA1,
            mode: 0o100_644,
            stat: Stat { modified: (0, 0), changed: (0, 0), inode: 0, owner: (0, 0), size: 0 },
            flags: 0,
            extended: 0,
        };
        let entries = ["a-b", "a.rs", "a/b", "ab"].map(entry).to_vec();
        let index = IndexCopy { stamp: None, entries, content: None };
        assert!(index.has_below(b"a") && !index.has_below(b"a-") && !index.has_below(b"ab"));
        assert!(index.get(b"a/b").is_some() && index.get(b"a").is_none());
        assert_eq!(index.paths_named("b").collect::<Vec<_>>(), [b"a/b"]);
    }
}
