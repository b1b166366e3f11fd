//! `agent-platform check …`: what must hold in a database, tried out on it while it is in use.

use clap::Subcommand;

use super::{
    check_audit::{self, AuditArgs},
    check_isolation::{self, IsolationArgs},
};

#[derive(Debug, Subcommand)]
pub(super) enum CheckCommand {
    /// Prove that no entry of the audit log was changed or taken away
    ///
    /// Computes every hash of every tenant's log again and compares the last with its anchor. Changes no entry; the server may run.
    Audit(AuditArgs),
    /// Prove that tenants are held apart
    ///
    /// Tries to reach one tenant's rows as another, in every table, and prints a line for each thing that was tried: ✓ it holds,
    /// ✗ it does not. Nothing is changed; the server may run. The status is 1 where something does not hold.
    Isolation(IsolationArgs),
}

pub(super) async fn run(command: &CheckCommand) -> anyhow::Result<()> {
    match command {
        CheckCommand::Audit(args) => check_audit::run(args).await,
        CheckCommand::Isolation(args) => check_isolation::run(args).await,
    }
}
