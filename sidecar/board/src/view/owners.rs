//! Who owns literal paths.

use super::Shown;
use crate::{
    findings::LiveScopes,
    ids::AgentId,
    path::ProjectPath,
    reply::{LeaseWire, PathOwner, PathOwners, Standing},
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
    let told = |path: &ProjectPath| {
        let owners: Vec<PathOwner> = owners_of(path);
        PathOwners { path: path.clone(), standing: standing(&owners), owners }
    };
    paths.iter().map(told).collect()
}

fn standing(owners: &[PathOwner]) -> Option<Standing> {
    let first = owners.first()?;
    Some(match owners.iter().all(|one| one.owner == first.owner) {
        false => Standing::Contested,
        true if first.mine => Standing::Mine,
        true => Standing::Others,
    })
}
