//! Tenants: what tier they are on and what that allows.

pub mod slug;
pub mod tier;

pub use tier::{Limits, QuotaOverrides, Tier, Tiers};
