//! `agent-platform check isolation`: tries to reach one tenant's rows as another.

use std::{fmt, io::Write};

use anyhow::bail;
use clap::Args;

use crate::{
    config::DatabaseArgs,
    ids::TenantId,
    store::{Store, isolation::Finding, lifecycle::TenantFilter},
};

/// Tenants among which two with rows are looked for: the newest.
const LOOKED_AT: i64 = 100;

/// Which database, and whose rows.
#[derive(Clone, Debug, Args)]
pub(super) struct IsolationArgs {
    #[command(flatten)]
    database: DatabaseArgs,

    /// Two tenants to try it with; by default the first two that have rows
    #[arg(long, value_name = "ID,ID", value_parser = two_tenants)]
    tenants: Option<Pair>,
}

/// Two different tenants.
#[derive(Clone, Debug)]
struct Pair(TenantId, TenantId);

fn two_tenants(text: &str) -> Result<Pair, String> {
    let ids = text.split_once(',').and_then(|(a, b)| Some(Pair(a.trim().parse().ok()?, b.trim().parse().ok()?)));
    ids.filter(|Pair(a, b)| a != b)
        .ok_or_else(|| "give the ids of two tenants, like `acme-corp,startup-xyz`".to_owned())
}

pub(super) async fn run(args: &IsolationArgs) -> anyhow::Result<()> {
    super::warn_of_passwords(&args.database);
    let store = Store::inspect(&args.database.database_url).await?;
    let Pair(a, b) = match &args.tenants {
        Some(Pair(a, b)) => Pair(existing(&store, a).await?, existing(&store, b).await?),
        None => first_two(&store).await?,
    };
    let mut findings = store.isolation_by_catalogue().await?;
    findings.extend(store.isolation_of_attempts(&a, &b).await?);
    for (own, other) in [(&a, &b), (&b, &a)] {
        findings.extend(store.isolation_of_handles(own, other).await?);
    }
    store.close().await;

    let mut out = std::io::stdout();
    for finding in &findings {
        writeln!(out, "{}", Line(finding))?;
    }
    let failed = findings.iter().filter(|finding| !finding.holds()).count();
    if failed > 0 {
        bail!("tenants are not held apart: {failed} of {} checks failed, see the lines with ✗", findings.len());
    }
    writeln!(out, "{a} and {b} are held apart: {} checks, nothing was changed", findings.len())?;
    Ok(())
}

async fn existing(store: &Store, tenant_id: &TenantId) -> anyhow::Result<TenantId> {
    match store.tenant(tenant_id.clone()).tenant().await? {
        Some(tenant) if tenant.deleted_at.is_none() => Ok(tenant.tenant_id),
        _ => bail!("there is no tenant `{tenant_id}` to try it with; `agent-platform seed` makes some"),
    }
}

async fn first_two(store: &Store) -> anyhow::Result<Pair> {
    let mut found = Vec::new();
    let newest = store.tenants(&TenantFilter::default(), None, LOOKED_AT).await?;
    for tenant in newest.into_iter().rev().filter(|tenant| tenant.deleted_at.is_none()) {
        let rows = store.tenant(tenant.tenant_id.clone());
        // One of these may be out of sight because of what is to be found here.
        let has_rows = !rows.conversations(None, 1).await?.is_empty()
            || !rows.agents(None, 1).await?.is_empty()
            || !rows.documents(None, 1).await?.is_empty();
        if has_rows {
            found.push(tenant.tenant_id);
        }
        if let [a, b] = found.as_slice() {
            return Ok(Pair(a.clone(), b.clone()));
        }
    }
    bail!(
        "this needs two tenants that have rows, and found {}: run `agent-platform seed` first, or name two with --tenants",
        found.len()
    )
}

/// A finding as it is printed.
struct Line<'a>(&'a Finding);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding { what, figures, wrong } = self.0;
        let mark = if self.0.holds() { "✓" } else { "✗" };
        write!(f, "{mark} {what}")?;
        if !figures.is_empty() {
            write!(f, " ({figures})")?;
        }
        if !wrong.is_empty() {
            write!(f, ": not so for {}", wrong.join(", "))?;
        }
        Ok(())
    }
}
