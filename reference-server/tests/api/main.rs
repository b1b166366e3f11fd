//! The server through its public API, on SQLite and on PostgreSQL.
//!
//! `cargo nextest run -p agent-platform-server` runs all; `… test_name` one; `… postgres` all on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected has to stop")]

mod harness;

mod addresses;
mod agents;
mod audit;
mod audit_check;
mod authentication;
mod bad_input;
mod cancel;
mod check_isolation;
mod command_line;
mod connections;
mod conversations;
mod documents;
mod endings;
mod events;
mod execute;
mod fairness;
mod health;
mod idempotency;
mod idempotent_executions;
mod isolation;
mod journal;
mod ledger;
mod lifecycle;
mod lifecycle_races;
mod operator;
mod operator_bad_input;
mod placement;
mod providers;
mod quotas;
mod random_tenants;
mod refused_sign_ins;
mod remembered;
mod rotation;
mod row_security;
mod seats;
mod shared_evictions;
mod shared_quotas;
mod sign_up;
mod specification;
mod tenant_list;
mod usage_history;
