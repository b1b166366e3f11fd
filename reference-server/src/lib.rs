//! The reference server of Agent Platform: runs AI agents for many tenants, with keys, quotas and a ledger.
//!
//! Arrows point one way: `api → runtime, quota, auth, tenancy → store`. The store knows no HTTP, the domain knows no axum.

pub mod address;
pub mod api;
pub mod app;
pub mod audit;
pub mod auth;
pub mod cli;
pub mod clock;
pub mod config;
pub mod error;
pub mod idempotency;
pub mod ids;
pub mod knowledge;
pub mod money;
pub mod quota;
pub mod rate;
pub mod recent;
pub mod runtime;
pub mod store;
pub mod tenancy;
