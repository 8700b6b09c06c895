//! Who owns literal paths.

use super::Shown;
use crate::{
    findings::LiveScopes,
    ids::AgentId,
    path::ProjectPath,
    reply::{LeaseWire, PathOwner, PathOwners},
};

pub fn path_owners(
    shown: &Shown<'_>,
    live: &LiveScopes,
    me: Option<&AgentId>,
    paths: &[ProjectPath],
) -> Vec<PathOwners> {
    let owners_of = |path: &ProjectPath| {
        let owner = |module: &crate::module::Module| PathOwner {
            module: module.id.clone(),
            title: module.title.clone(),
            status: module.status,
            owner: module.owner.clone(),
            lease: shown.leases.of(&module.id).map(|lease| LeaseWire::of(lease, shown.now)),
            mine: me.is_some_and(|me| module.is_owned_by(me)),
        };
        live.owners(shown.board, path).into_iter().map(owner).collect()
    };
    paths.iter().map(|path| PathOwners { path: path.clone(), owners: owners_of(path) }).collect()
}
