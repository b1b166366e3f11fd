//! Tenants in databases of their own, and on their way there and back.

mod failures;
mod kills;
mod load;
mod refusals;
mod silo;
mod tables;
mod works;
