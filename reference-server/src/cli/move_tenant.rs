//! `agent-platform tenants move`.

use std::{convert::Infallible, io::Write, str::FromStr};

use clap::Args;

use crate::{
    clock::Clock,
    config::{DatabaseArgs, DatabaseUrl},
    ids::TenantId,
    store::{Store, open::must_be_there},
};

#[derive(Debug, Args)]
pub(super) struct MoveArgs {
    /// The tenant
    #[arg(value_name = "TENANT_ID")]
    tenant_id: TenantId,

    /// Where to: an empty database for this tenant alone, a SQLite file or PostgreSQL; or `pool`, the platform's own
    #[arg(long, env = MOVE_TO_VARIABLE, value_name = "URL", hide_env_values = true)]
    to: Target,

    #[command(flatten)]
    database: DatabaseArgs,
}

/// Keeps a password off the list of processes.
const MOVE_TO_VARIABLE: &str = "AGENT_PLATFORM_MOVE_TO";

/// Where a tenant is moved to; `None`: the platform's database.
#[derive(Clone, Debug)]
struct Target(Option<DatabaseUrl>);

impl FromStr for Target {
    type Err = Infallible;
    fn from_str(text: &str) -> Result<Self, Infallible> {
        if text == "pool" { Ok(Self(None)) } else { text.parse().map(|url| Self(Some(url))) }
    }
}

pub(super) async fn move_tenant(args: &MoveArgs) -> anyhow::Result<()> {
    super::warn_of_passwords(&args.database);
    let MoveArgs { tenant_id, to: Target(to), .. } = args;
    if let Some(to) = to {
        super::warn_of_database_passwords([to], MOVE_TO_VARIABLE);
    }
    must_be_there(&args.database.database_url)?;
    let store = Store::open(&args.database.database_url, args.database.database_admin_url.as_ref()).await?;
    let moved = store.tenant(tenant_id.clone()).move_to(to.as_ref(), &Clock::default()).await;
    store.close().await;
    let moved = moved?;
    let place = |url: Option<DatabaseUrl>| url.map_or_else(|| "the pool".to_owned(), |url| url.to_string());
    writeln!(
        std::io::stdout(),
        "{tenant_id} lives in {} now (before: {}); {} rows in {:.1} s, held back for {} ms",
        place(moved.to),
        place(moved.from),
        moved.rows,
        moved.took.as_secs_f64(),
        moved.paused.as_millis(),
    )?;
    if !moved.is_cleared {
        writeln!(
            std::io::stderr(),
            "warning: the database that it left still holds a copy; a server deletes it as soon as it can"
        )?;
    }
    Ok(())
}
