//! The program `agent-platform-cli`: what it prints, and the statuses that scripts go by.
#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected has to fail")]

mod answers;
mod lists;
mod process;
mod statuses;
mod support;
mod usage_errors;
