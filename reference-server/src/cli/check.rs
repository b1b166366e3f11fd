//! `agent-platform check`: proofs on a running database.

use std::io::Write;

use anyhow::bail;
use clap::Subcommand;

use crate::{audit, config::DatabaseArgs, store::Store};

#[derive(Debug, Subcommand)]
pub(super) enum CheckCommand {
    /// Prove that no entry of the audit log was changed or taken away
    ///
    /// Computes every hash of every tenant's log again and compares the last with its anchor. Changes nothing; the server may run.
    Audit(DatabaseArgs),
}

pub(super) async fn run(command: &CheckCommand) -> anyhow::Result<()> {
    match command {
        CheckCommand::Audit(args) => check_audit(args).await,
    }
}

async fn check_audit(args: &DatabaseArgs) -> anyhow::Result<()> {
    super::warn_of_passwords(args);
    let store = Store::open_existing(&args.database_url, args.database_admin_url.as_ref()).await?;
    let mut out = std::io::stdout();
    let (mut chains, mut broken) = (0, 0);
    for tenant_id in store.audited_tenants().await? {
        let outcome = audit::check::check(&store.tenant(tenant_id.clone())).await?;
        chains += 1;
        if outcome.findings.is_empty() {
            let plural = if outcome.entries == 1 { "entry" } else { "entries" };
            writeln!(out, "✓ {tenant_id}: {} {plural}", outcome.entries)?;
        } else {
            broken += 1;
            let findings: Vec<_> = outcome.findings.iter().map(ToString::to_string).collect();
            writeln!(out, "✗ {tenant_id}: {}", findings.join("; "))?;
        }
    }
    store.close().await;
    if broken > 0 {
        bail!(
            "{broken} of {chains} audit logs were tampered with: compare them with a backup and with the server's log, which has each hash"
        );
    }
    Ok(())
}
