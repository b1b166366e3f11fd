//! Tenants: what tier they are on and what that allows.

pub mod sign_ups;
pub mod slug;
pub mod tier;

pub use sign_ups::SignUps;
pub use tier::{BYTES_PER_MB, Limits, QuotaOverrides, Tier, Tiers};
