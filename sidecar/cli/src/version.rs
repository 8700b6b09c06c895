//! Which `remit` this is: the version and the commit that it was built from.

pub const TEXT: &str = concat!(env!("CARGO_PKG_VERSION"), " (", env!("REMIT_COMMIT"), ")");
