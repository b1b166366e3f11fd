//! `agent-platform check audit`: computes every hash of the audit log again.

use std::io::Write;

use anyhow::bail;

use crate::{audit, config::DatabaseArgs, store::Store};

pub(super) async fn run(args: &DatabaseArgs) -> anyhow::Result<()> {
    super::warn_of_passwords(args);
    let store = Store::inspect(&args.database_url).await?;
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
