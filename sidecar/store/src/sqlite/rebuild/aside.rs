use std::{
    fs, io,
    path::{Path, PathBuf},
};

use remit_board::time::Millis;

use crate::files::PlanFolder;

/// Gives the database, its log and the files that the new board is made from names of their own. Nothing is deleted.
///
/// The log goes before the database: a log that stayed behind would be played into the new one.
pub(super) fn set_aside(plan: &PlanFolder, now: Millis) -> io::Result<Vec<PathBuf>> {
    let stem = free_stem(plan, now);
    let mut moved = Vec::new();
    for ending in ["-wal", "-shm", "-journal", ""] {
        let from = plan.path().join(format!("coordination.db{ending}"));
        let to = plan.path().join(format!("{stem}.db{ending}"));
        match fs::rename(&from, &to) {
            Ok(()) => moved.push(to),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    moved.extend(keep_copy(&plan.state_json(), &plan.path().join(format!("{stem}.state.json")))?);
    moved.reverse();
    Ok(moved)
}

/// The steward writes the file anew soon.
fn keep_copy(from: &Path, to: &Path) -> io::Result<Option<PathBuf>> {
    match fs::copy(from, to) {
        Ok(_) => Ok(Some(to.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn free_stem(plan: &PlanFolder, now: Millis) -> String {
    let time: String = now.rfc3339().chars().map(|c| if c == ':' { '-' } else { c }).collect();
    let stems = (0..).map(|n| {
        if n == 0 {
            format!("coordination.damaged-{time}")
        } else {
            format!("coordination.damaged-{time}-{n}")
        }
    });
    let is_free = |stem: &String| {
        ["-wal", "-shm", "-journal", ""]
            .iter()
            .all(|ending| !plan.path().join(format!("{stem}.db{ending}")).exists())
    };
    stems.into_iter().find(is_free).unwrap_or_default()
}
