//! Moves a tenant's data to another database while it is used.
//!
//! It is copied pass by pass while it changes. Then the tenant, and no other, is held back on every server for the last pass, and
//! one row of the platform's database says where it lives from then on. Before that row changes the tenant is where it was, after
//! it where it was to go, whoever dies; what the other database holds is cleared away afterwards, by whoever is there.

mod copy;
mod ends;
mod finish;
mod lease;
mod rows;
mod statements;
mod steps;
mod tables;

use std::time::{Duration, Instant};

use self::steps::Move;
use super::{
    OpenError, Result, Store, TenantStore, open,
    placements::{Placement, PlacementState},
    platform::GONE_AFTER,
};
use crate::{
    clock::Clock,
    config::DatabaseUrl,
    ids::{MoveId, TenantId},
};

/// How long whoever moves a tenant, or clears up after it, may be silent.
const LEASE: chrono::Duration = chrono::Duration::seconds(10);
/// How long a pause may take; then it is ended, and tried again after another pass.
const PAUSE: Duration = Duration::from_millis(900);

/// The tables that move with a tenant, each with the columns that are copied: for whoever compares them with a database.
#[must_use]
pub fn moved_columns() -> Vec<(&'static str, Vec<&'static str>)> {
    let columns = |table: &tables::Table| table.columns.iter().map(|(column, _)| *column).collect();
    tables::TABLES.iter().map(|table| (table.name, columns(table))).collect()
}

/// Why a tenant was not moved; it is where it was, whole.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    /// There is no such tenant.
    #[error("there is no tenant `{0}`")]
    Unknown(TenantId),
    /// It is no tenant any more.
    #[error("the tenant `{0}` is deleted, and what is left of it stays where it is")]
    Deleted(TenantId),
    /// There is nothing to do.
    #[error("the tenant `{tenant_id}` lives in {place} already")]
    There { tenant_id: TenantId, place: String },
    /// The pool is named in another way.
    #[error("{url} is the platform's own database; to bring a tenant back to it, move it to the pool")]
    Pool { url: String },
    /// The silo is the one that the tenant lives in.
    #[error("{url} is the database that the tenant lives in already, under another URL")]
    Same { url: String },
    /// The silo is somebody else's.
    #[error(
        "{url} holds a tenant already, or an operator key; a silo is for one tenant of one platform. Name an empty database."
    )]
    Occupied { url: String },
    /// The target can't be opened.
    #[error("{}", of_a_silo(.0))]
    Target(OpenError),
    /// Two at once.
    #[error("the tenant `{0}` is being moved already, or cleared up after its last move; try again in a moment")]
    UnderWay(TenantId),
    /// A server does not follow.
    #[error("the servers {servers} did not hold the tenant back in time, so nothing was moved; one that was killed is forgotten after {seconds} s. Try again then.", seconds = GONE_AFTER.num_seconds())]
    Unanswered { servers: String },
    /// The last pass did not fit into the pause.
    #[error("the tenant `{0}` writes more than can be copied within a pause of {ms} ms, so nothing was moved; try again at a quieter time", ms = PAUSE.as_millis())]
    Busy(TenantId),
    /// Somebody took this move for given up.
    #[error("the move of the tenant `{0}` was silent for too long and was given up; it stays where it was. Try again.")]
    GivenUp(TenantId),
    /// A silo is not empty that should be.
    #[error("{url} still holds something of the tenant; run the command again")]
    Left { url: String },
    /// A database failed.
    #[error("a database failed, so the tenant stays where it was: {0}")]
    Failed(#[from] sqlx::Error),
    /// The platform's database was gone at the one moment that counts.
    #[error(
        "the platform's database failed while it was told where the tenant lives: {0}. It is whole on the side that the database names once it is back; ask for the move again."
    )]
    Uncertain(#[source] sqlx::Error),
}

impl From<OpenError> for MoveError {
    fn from(error: OpenError) -> Self {
        Self::Target(error)
    }
}

/// Why a database can't be opened that is to be a tenant's: no option of the command line names it.
fn of_a_silo(error: &OpenError) -> String {
    match error {
        OpenError::Unknown { url } => format!(
            "cannot open the database {url}: it is neither a SQLite file nor PostgreSQL. Give sqlite://<path> or postgres://<user>@<host>/<database>."
        ),
        OpenError::Unreachable { url, reason, .. } => {
            let check = if url.starts_with("sqlite") {
                "Check that the folder exists and that the server may write to it"
            } else {
                "Check that PostgreSQL runs there and accepts this user"
            };
            format!("cannot open the database {url}: {reason}. {check}, or name another database.")
        }
        OpenError::NotTheOwner { url, reason } => format!(
            "the role of {url} may not make the tables there: {reason}. Let it own the database, and let it make roles (CREATEROLE) or make it a member (GRANT agent_platform_app TO …)."
        ),
        other => other.to_string(),
    }
}

/// What a move came to.
#[derive(Clone, Debug)]
pub struct Moved {
    /// Where the tenant was; `None`: in the platform's database.
    pub from: Option<DatabaseUrl>,
    /// Where it is.
    pub to: Option<DatabaseUrl>,
    /// How many rows were copied, some of them again.
    pub rows: usize,
    /// How long the tenant was held back.
    pub paused: Duration,
    /// How long it took in all.
    pub took: Duration,
    /// Whether the database that it left is cleared of it; if not, a server does it as soon as it can.
    pub is_cleared: bool,
}

impl TenantStore {
    /// Moves the tenant to the database behind a URL, which is made and migrated where needed, or back to the platform's. That is
    /// the doing of the handle's actor.
    ///
    /// # Errors
    /// See [`MoveError`]: the tenant is where it was, and whole.
    pub async fn move_to(&self, to: Option<&DatabaseUrl>, clock: &Clock) -> Result<Moved, MoveError> {
        let (started, store, tenant_id) = (Instant::now(), &self.store, &self.tenant_id);
        let _turn = store.places.moves.acquire().await.expect("the semaphore is never closed");
        let to = to.map(open::absolute).transpose()?;
        let row = self.tenant().await?.ok_or_else(|| MoveError::Unknown(tenant_id.clone()))?;
        if row.deleted_at.is_some() {
            return Err(MoveError::Deleted(tenant_id.clone()));
        }
        let from = store.settled(self, clock).await?.and_then(|placement| placement.database_url);
        if from == to {
            let place = to.map_or_else(|| "the pool".to_owned(), |url| url.to_string());
            return Err(MoveError::There { tenant_id: tenant_id.clone(), place });
        }
        let (now, move_id) = (clock.now(), MoveId::new(clock.now()));
        let claimed = self.claim_placement(to.as_ref(), &move_id, now + LEASE, now).await?;
        let version = claimed.ok_or_else(|| MoveError::UnderWay(tenant_id.clone()))?;
        let mut moving = Move::new(self, clock, move_id, to.clone());
        let outcome = moving.make(store, from.as_ref(), version).await;
        let _ = store.forget_acks(moving.move_id()).await;
        let (rows, paused, is_cleared) = outcome?;
        Ok(Moved { from, to, rows, paused, took: started.elapsed(), is_cleared })
    }
}

impl Store {
    /// A tenant's placement, once what an earlier move left is cleared up.
    async fn settled(&self, tenant: &TenantStore, clock: &Clock) -> Result<Option<Placement>, MoveError> {
        tenant.put_back_expired(clock.now()).await?;
        let Some(placement) = tenant.placement().await? else { return Ok(None) };
        match placement.state {
            PlacementState::Clearing if placement.lease_until <= clock.now() => {
                let cleared = self.clear_up(&placement, clock).await;
                match (cleared, &placement.other_url) {
                    (Ok(_), _) => {}
                    // A silo that is gone does not keep its tenant from moving on.
                    (Err(error), Some(url)) => tracing::warn!(%url, %error, "a silo keeps what a tenant left in it"),
                    (Err(error), None) => return Err(error),
                }
                Ok(tenant.placement().await?)
            }
            PlacementState::Settled => Ok(Some(placement)),
            _ => Err(MoveError::UnderWay(tenant.tenant_id.clone())),
        }
    }
}
