//! Tenants in databases of their own, and on their way there and back.

mod ending;
mod failures;
mod hung;
mod kills;
mod load;
mod refusals;
pub mod silo;
mod tables;
mod works;
