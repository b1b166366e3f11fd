//! The server through its public API, on SQLite and on PostgreSQL.
//!
//! `cargo nextest run -p agent-platform-server` runs all; `… test_name` one; `… postgres` all on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected has to stop")]

mod harness;

mod agents;
mod authentication;
mod bad_input;
mod cancel;
mod command_line;
mod connections;
mod conversations;
mod documents;
mod events;
mod execute;
mod health;
mod idempotency;
mod idempotent_executions;
mod isolation;
mod ledger;
mod operator;
mod placement;
mod quotas;
mod row_security;
mod seats;
mod shared_quotas;
mod sign_up;
mod specification;
mod usage_history;
