use remit_board::{
    board::{LeaseChange, Leases},
    ids::LeaseToken,
    module::Lease,
};
use rusqlite::{Connection, params};

use super::{Cells, each, to_integer};
use crate::error::StoreError;

const COLUMNS: &str = "module, holder, session, token, ttl_seconds, expires_at";

pub(in crate::sqlite) fn all(db: &Connection) -> Result<Leases, StoreError> {
    let mut leases = Leases::default();
    each(db, "leases", &format!("SELECT {COLUMNS} FROM leases"), [], |cells| {
        let lease = read(cells)?;
        leases.0.insert(lease.module.clone(), lease);
        Ok(())
    })?;
    Ok(leases)
}

fn read(cells: &Cells<'_>) -> Result<Lease, StoreError> {
    Ok(Lease {
        module: cells.parsed(0)?,
        holder: cells.parsed(1)?,
        session: cells.maybe_parsed(2)?,
        token: LeaseToken::from_secret(cells.str(3)?),
        ttl_seconds: cells.number(4)?,
        expires_at: cells.time(5)?,
    })
}

pub(in crate::sqlite) fn apply(db: &Connection, change: &LeaseChange) -> Result<(), StoreError> {
    match change {
        LeaseChange::Grant(lease) => grant(db, lease),
        LeaseChange::Renew { module, ttl_seconds, expires_at } => {
            db.prepare_cached("UPDATE leases SET ttl_seconds = ?2, expires_at = ?3 WHERE module = ?1")?
                .execute(params![module.as_str(), to_integer(*ttl_seconds), expires_at.0])?;
            Ok(())
        }
        LeaseChange::End(module) => {
            db.prepare_cached("DELETE FROM leases WHERE module = ?1")?.execute([module.as_str()])?;
            Ok(())
        }
    }
}

fn grant(db: &Connection, lease: &Lease) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT INTO leases (module, holder, session, token, ttl_seconds, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
         ON CONFLICT (module) DO UPDATE SET holder = ?2, session = ?3, token = ?4, ttl_seconds = ?5, expires_at = ?6",
    )?
    .execute(params![
        lease.module.as_str(),
        lease.holder.as_str(),
        lease.session.as_ref().map(|session| session.as_str()),
        lease.token.reveal(),
        to_integer(lease.ttl_seconds),
        lease.expires_at.0,
    ])?;
    Ok(())
}
