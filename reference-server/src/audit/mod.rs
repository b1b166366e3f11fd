//! The audit log: who changed what, when and from where. One chain a tenant, in which each entry's hash covers the one before,
//! so that none can be changed or taken out unseen.

mod chain;
pub mod check;
mod entry;
pub mod logged;
mod refusals;

pub(crate) use chain::hex;
pub use chain::{Anchor, GENESIS, hash_of};
pub use entry::{Actor, ActorKind, Entry, Origin, fingerprint};
pub use refusals::{Reason, Refusals, Refused};
