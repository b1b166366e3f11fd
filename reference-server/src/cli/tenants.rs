//! `agent-platform tenants …`: what is done to one tenant by a command.

use std::{io::Write, path::PathBuf};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};

use super::move_tenant::{MoveArgs, move_tenant};
use crate::{
    clock::Clock,
    config::{DatabaseArgs, Settings},
    ids::TenantId,
    store::{Store, purge},
};

#[derive(Debug, Subcommand)]
pub(super) enum TenantsCommand {
    /// Remove what is left of a deleted tenant
    ///
    /// Its ledger, its audit log and its tombstone, once their retention is over: `retention_days` of the configuration, 3650 where
    /// it does not say. It can't be undone. The tenant's id is free after that.
    Purge(PurgeArgs),
    /// Move a tenant's data to a database of its own, or back to the pool
    ///
    /// It goes on being used meanwhile, on all servers; its calls are held back for under a second at the end, and no other tenant's.
    /// Whatever fails, the tenant is whole on one side, and the command can be run again.
    Move(MoveArgs),
}

/// Which tenant, and where.
#[derive(Debug, Args)]
pub(super) struct PurgeArgs {
    /// The tenant's id
    tenant_id: TenantId,

    #[command(flatten)]
    database: DatabaseArgs,

    /// The server's configuration, which says how long is kept what a deleted tenant used
    #[arg(long, env = "AGENT_PLATFORM_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
}

pub(super) async fn run(command: TenantsCommand) -> anyhow::Result<()> {
    match command {
        TenantsCommand::Purge(args) => purge(&args).await,
        TenantsCommand::Move(args) => move_tenant(&args).await,
    }
}

async fn purge(args: &PurgeArgs) -> anyhow::Result<()> {
    super::warn_of_passwords(&args.database);
    let (tenant_id, now) = (&args.tenant_id, Clock::default().now());
    let retention_days = Settings::load(args.config.as_ref())?.retention_days();
    let url = args.database.owner_url();
    let store = Store::inspect(url).await?;
    let tenant = store.tenant(tenant_id.clone()).tenant().await?;
    let tenant = tenant.with_context(|| format!("there is no tenant `{tenant_id}`"))?;
    let Some(deleted_at) = tenant.deleted_at else {
        bail!(
            "the tenant `{tenant_id}` is not deleted: only what DELETE /admin/tenants/{tenant_id} left can be purged"
        );
    };
    let from = deleted_at + chrono::Duration::days(retention_days.into());
    if from > now {
        bail!(
            "the tenant `{tenant_id}` was deleted on {}, and what it used is kept for {retention_days} days (`retention_days`): it \
             can be purged from {} on",
            deleted_at.format("%F"),
            from.format("%F %R UTC")
        );
    }
    if tenant.erased_at.is_none() {
        bail!("the tenant `{tenant_id}` is still being erased: a server on this database does it, within some minutes");
    }
    let placement = store.tenant(tenant_id.clone()).placement().await?;
    if placement.is_some_and(|placement| placement.is_moving()) {
        bail!(
            "what a move of the tenant `{tenant_id}` left in another database is not cleared up yet: a server does it, once that \
             database is up"
        );
    }
    let in_silo = store.tenant(tenant_id.clone()).purge_silo().await;
    store.close().await;
    let in_silo = in_silo.context("nothing was purged in the platform's database")?;
    match purge::purge_tenant(url, tenant_id, retention_days, now).await? {
        Some(entries) => {
            let entries = entries + in_silo;
            writeln!(
                std::io::stdout(),
                "{tenant_id} is purged: {entries} ledger entries, its audit log and its tombstone"
            )?;
            Ok(())
        }
        None => bail!(
            "the tenant `{tenant_id}` was not purged: it is not deleted any more, or not for {retention_days} days"
        ),
    }
}
