//! What a project is made of, as its own files tell it: manifests, folders, entry files, imports and CODEOWNERS.
//!
//! A newcomer's board is empty, and cutting a project into pieces by hand is what keeps teams from beginning. Everything
//! here is a guess with its evidence. What can't be read becomes a note; what is too much is bounded, and that is noted, too.

mod imports;
mod manifests;
mod owners;
mod parts;
mod read;
mod resolve;
mod tree;
mod workspaces;

use remit_board::intake::Survey;

use crate::{scan, worktree::Worktree};
use parts::Cut;
use read::Reader;
use tree::Tree;

/// One walk over the worktree, then a bounded look into manifests and the heads of source files.
pub fn survey(worktree: &Worktree) -> Survey {
    let scan = scan::scan(worktree);
    let tree = Tree::of(&scan);
    let mut reader = Reader::new(worktree);
    let manifests = manifests::read_all(&tree, &mut reader);
    let chosen = workspaces::choose(manifests, &mut reader);
    let mut cut = Cut::of(&tree, &chosen);
    resolve::declared_needs(&mut cut, &chosen, &tree);
    imports::add(&mut cut, &chosen, &tree, &mut reader);
    cut.settle_development(&mut reader);
    owners::add(&mut cut, &tree, &mut reader);
    Survey { parts: cut.into_parts(&mut reader), notes: reader.into_notes(), files: scan.files.len() }
}
