//! `agent-platform check audit`: computes every hash of the audit log again.

use std::{io::Write, path::PathBuf};

use anyhow::{Context, bail};
use clap::Args;

use crate::{
    audit::{check, logged::Logged},
    config::DatabaseArgs,
    store::Store,
};

#[derive(Debug, Args)]
pub(super) struct AuditArgs {
    #[command(flatten)]
    database: DatabaseArgs,

    /// The log of `serve --log-json`, which has each entry's hash: finds also what somebody who owns the database wrote anew
    #[arg(long, value_name = "FILE")]
    server_log: Option<PathBuf>,
}

pub(super) async fn run(AuditArgs { database, server_log }: &AuditArgs) -> anyhow::Result<()> {
    super::warn_of_passwords(database);
    let mut logged = Logged::default();
    if let Some(file) = server_log {
        let log =
            std::fs::read_to_string(file).with_context(|| format!("cannot read --server-log {}", file.display()))?;
        logged = Logged::of(&log);
        if logged.entries() == 0 {
            bail!("--server-log {} has no audit entry; give a log that `serve --log-json` wrote", file.display());
        }
    }
    let store = Store::inspect(&database.database_url).await?;
    let mut out = std::io::stdout();
    let (mut chains, mut broken, mut purged) = (0, 0, Vec::new());
    for tenant_id in store.audited_tenants().await? {
        let outcome = check::check(&store.tenant(tenant_id.clone()), logged.take(tenant_id.as_str())).await?;
        chains += 1;
        if outcome.findings.is_empty() {
            let plural = if outcome.entries == 1 { "entry" } else { "entries" };
            writeln!(out, "✓ {tenant_id}: {} {plural}", outcome.entries)?;
        } else {
            broken += 1;
            let findings: Vec<_> = outcome.findings.iter().map(ToString::to_string).collect();
            writeln!(out, "✗ {tenant_id}: {}", findings.join("; "))?;
        }
        purged.extend(outcome.purged);
    }
    for tenant_id in logged.rest().filter(|tenant_id| purged.iter().all(|purged| purged != tenant_id)) {
        (chains, broken) = (chains + 1, broken + 1);
        writeln!(out, "✗ {tenant_id}: every entry is missing, and no purge is told of")?;
    }
    store.close().await;
    if broken > 0 {
        bail!(
            "{broken} of {chains} audit logs were tampered with: compare them with a backup and with the server's log, which has each hash"
        );
    }
    Ok(())
}
