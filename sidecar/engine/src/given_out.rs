//! Up to where a reader was last shown events under its cursor, so that it can acknowledge them without saying a number.
//!
//! The board does not know it: asking writes nothing there. One small file for each cursor, beside the lease tokens.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use remit_board::{
    cursor::{Cursor, Standing},
    ids::fingerprint,
};

pub struct GivenOut {
    folder: PathBuf,
}

impl GivenOut {
    pub fn in_state(state: &Path) -> Self {
        Self { folder: state.join("cursors") }
    }

    /// `None` where nothing was given out here.
    pub fn get(&self, cursor: &Cursor) -> Option<Standing> {
        let text = fs::read_to_string(self.file(cursor)).ok()?;
        let (incarnation, seq) = text.trim_end().split_once(' ')?;
        Some(Standing { incarnation: incarnation.parse().ok()?, seq: seq.parse().ok()? })
    }

    /// Written beside and renamed. Without it the reader says the number itself, so that failing is no failure.
    pub fn put(&self, cursor: &Cursor, place: Standing) {
        drop(self.try_put(cursor, &format!("{} {}\n", place.incarnation, place.seq)));
    }

    fn try_put(&self, cursor: &Cursor, text: &str) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let mut beside = tempfile::NamedTempFile::new_in(&self.folder)?;
        io::Write::write_all(&mut beside, text.as_bytes())?;
        beside.persist(self.file(cursor)).map_err(|error| error.error)?;
        Ok(())
    }

    /// Names of cursors may hold what no file name may.
    fn file(&self, cursor: &Cursor) -> PathBuf {
        let agent = cursor.agent.as_ref().map_or("", |agent| agent.as_str());
        let key = format!("{agent}/{}", cursor.id);
        self.folder.join(&fingerprint(cursor.stream.as_str(), &key)[..32])
    }
}

#[cfg(test)]
mod tests {
    use remit_board::cursor::Stream;

    use super::*;

    #[test]
    fn each_cursor_is_remembered_apart() {
        let state = tempfile::tempdir().unwrap();
        let given = GivenOut::in_state(state.path());
        let cursor = |stream, id: &str| Cursor { agent: None, stream, id: id.parse().unwrap() };
        let here = cursor(Stream::Events, "a/../b c");
        assert_eq!(given.get(&here), None);
        let [five, seven, nine] = [5, 7, 9].map(|seq| Standing { incarnation: 1, seq });
        given.put(&here, five);
        given.put(&here, seven);
        given.put(&cursor(Stream::Notifications, "a/../b c"), nine);
        assert_eq!(given.get(&here), Some(seven));
        assert_eq!(given.get(&cursor(Stream::Events, "other")), None);
    }
}
