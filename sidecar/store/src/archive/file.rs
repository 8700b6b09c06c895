//! The files of the archive: each holds up to `EVENTS_IN_A_FILE` numbers in a row, of one board.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use super::ArchiveLine;
use crate::{files::PlanFolder, steward::make_folder};

const EVENTS_IN_A_FILE: u64 = 10_000;

/// The first number of the file that holds `seq`.
pub(super) fn begins(seq: u64) -> u64 {
    (seq.saturating_sub(1) / EVENTS_IN_A_FILE) * EVENTS_IN_A_FILE + 1
}

/// A board that was made anew numbers its events from the beginning: its incarnation tells its files apart.
fn path(plan: &PlanFolder, incarnation: u64, seq: u64) -> PathBuf {
    let first = begins(seq);
    let last = first + EVENTS_IN_A_FILE - 1;
    plan.event_archive().join(format!("{incarnation}-{first:012}-{last:012}.jsonl"))
}

pub(super) struct ArchiveFile {
    file: File,
    is_new: bool,
}

impl ArchiveFile {
    /// Follows no symbolic link: the folder may come from a repository that somebody else made.
    pub fn open(plan: &PlanFolder, incarnation: u64, seq: u64) -> io::Result<Self> {
        let folder = plan.event_archive();
        folder.parent().map_or(Ok(()), make_folder)?;
        make_folder(&folder)?;
        let path = path(plan, incarnation, seq);
        let is_new = match fs::symlink_metadata(&path) {
            Ok(found) if found.is_file() => false,
            Ok(_) => return Err(io::Error::other(format!("{} is not a file", path.display()))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => true,
            Err(error) => return Err(error),
        };
        let mut options = OpenOptions::new();
        options.read(true).write(true);
        let file = if is_new { options.create_new(true) } else { &mut options }.open(&path)?;
        Ok(Self { file, is_new })
    }

    /// The number of the last whole line. What stands behind it was written by a process that did not finish, and goes:
    /// its rows, from `oldest` on, are still on the board. Of what is not there any more, no byte is touched.
    pub fn cut_unfinished_tail(&mut self, oldest: u64) -> io::Result<Option<u64>> {
        let mut text = Vec::new();
        self.file.read_to_end(&mut text)?;
        let mut lines = text.split_inclusive(|byte| *byte == b'\n');
        let (mut whole, mut last) = (0, None);
        for line in lines.by_ref() {
            let Some(seq) = number_of(line) else { break };
            whole += line.len() as u64;
            last = Some(seq);
        }
        if lines.filter_map(number_of).any(|seq| seq < oldest) {
            return Err(io::Error::other(format!(
                "a line of the archive is damaged, {whole} bytes from its beginning"
            )));
        }
        self.file.set_len(whole)?;
        self.file.seek(SeekFrom::Start(whole))?;
        Ok(last)
    }

    pub fn append(&mut self, text: &[u8]) -> io::Result<()> {
        self.file.write_all(text)
    }

    pub fn sync(&self, plan: &PlanFolder) -> io::Result<()> {
        self.file.sync_all()?;
        if self.is_new {
            let events = plan.event_archive();
            for folder in events.ancestors().take(3) {
                sync_folder(folder)?;
            }
        }
        Ok(())
    }
}

/// `None` for a line that is not whole.
fn number_of(line: &[u8]) -> Option<u64> {
    let archived: ArchiveLine = serde_json::from_slice(line.strip_suffix(b"\n")?).ok()?;
    Some(archived.seq)
}

/// A file's name is on the disk once its folder is. Elsewhere than on Unix a folder can't be synced.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// One file of the archive, by what stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveEntry {
    pub path: PathBuf,
    pub first: u64,
    pub last: u64,
    pub events: u64,
    pub bytes: u64,
}

/// Every file with at least one whole line, by name.
pub fn entries(plan: &PlanFolder) -> io::Result<Vec<ArchiveEntry>> {
    let folder = match fs::read_dir(plan.event_archive()) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        folder => folder?,
    };
    let mut paths = folder.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        found.extend(entry(path)?);
    }
    Ok(found)
}

fn entry(path: PathBuf) -> io::Result<Option<ArchiveEntry>> {
    let mut text = Vec::new();
    File::open(&path)?.read_to_end(&mut text)?;
    let seqs: Vec<u64> = text.split_inclusive(|byte| *byte == b'\n').filter_map(number_of).collect();
    let (Some(first), Some(last)) = (seqs.first(), seqs.last()) else { return Ok(None) };
    let (first, last) = (*first, *last);
    Ok(Some(ArchiveEntry { path, first, last, events: seqs.len() as u64, bytes: text.len() as u64 }))
}
