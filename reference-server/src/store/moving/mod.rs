//! Moves a tenant's data to another database while it is used.
//!
//! It is copied pass by pass while it changes. Then the tenant, and no other, is held back on every server for the last pass, and
//! one row of the platform's database says where it lives from then on. Before that row changes the tenant is where it was, after
//! it where it was to go, whoever dies; what the other database holds is cleared away afterwards, by whoever is there.

mod copy;
mod ends;
mod finish;
mod rows;
mod tables;

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use self::{
    copy::{Copier, Heart},
    ends::End,
};
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
/// The same during the pause, which a mover that dies prolongs to this.
const PAUSE_LEASE: chrono::Duration = chrono::Duration::seconds(3);
/// How long a pause may take; then it is ended, and tried again after another pass.
const PAUSE: Duration = Duration::from_millis(900);
/// Of that, how long servers may take to say that they hold the tenant back.
const PAUSE_ANSWER: Duration = Duration::from_millis(600);
/// How long servers may take to say that they know of the move: they look a few times a second.
const ANSWER: Duration = Duration::from_secs(5);
/// How often they are asked for.
const ASK: Duration = Duration::from_millis(10);
/// So many rows are copied in a small part of the pause.
const FEW_ROWS: usize = 100;
/// Passes before the pause is tried in any case.
const PASSES: usize = 10;
/// Pauses that are tried.
const PAUSES: usize = 5;

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
    #[error("{url} holds a tenant already; a silo is for one tenant of one platform. Name an empty database.")]
    Occupied { url: String },
    /// The target can't be opened.
    #[error(transparent)]
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
    /// A database failed.
    #[error("a database failed, so the tenant stays where it was: {0}")]
    Failed(#[from] sqlx::Error),
    /// The platform's database was gone at the one moment that counts.
    #[error("the platform's database failed while it was told where the tenant lives: {0}. It is whole on the side that the database names once it is back; ask for the move again.")]
    Uncertain(#[source] sqlx::Error),
}

impl From<OpenError> for MoveError {
    fn from(error: OpenError) -> Self {
        Self::Target(error)
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

/// A move that is being made.
struct Move<'a> {
    tenant: &'a TenantStore,
    clock: &'a Clock,
    move_id: MoveId,
    to: Option<DatabaseUrl>,
    /// When it was last said that it is being made.
    said: Instant,
}

impl Store {
    /// Moves a tenant to the database behind a URL, which is made and migrated where needed, or back to the platform's.
    ///
    /// # Errors
    /// See [`MoveError`]: the tenant is where it was, and whole.
    pub async fn move_tenant(
        &self,
        tenant_id: &TenantId,
        to: Option<&DatabaseUrl>,
        clock: &Clock,
    ) -> Result<Moved, MoveError> {
        let (started, tenant) = (Instant::now(), self.tenant(tenant_id.clone()));
        let to = to.map(open::absolute).transpose()?;
        let row = tenant.tenant().await?.ok_or_else(|| MoveError::Unknown(tenant_id.clone()))?;
        if !matches!(row.status.as_str(), "active" | "suspended") {
            return Err(MoveError::Deleted(tenant_id.clone()));
        }
        let from = self.settled(&tenant, clock).await?.and_then(|placement| placement.database_url);
        if from == to {
            let place = to.map_or_else(|| "the pool".to_owned(), |url| url.to_string());
            return Err(MoveError::There { tenant_id: tenant_id.clone(), place });
        }
        let (now, move_id) = (clock.now(), MoveId::new(clock.now()));
        let claimed = tenant.claim_placement(to.as_ref(), &move_id, now + LEASE, now).await?;
        let version = claimed.ok_or_else(|| MoveError::UnderWay(tenant_id.clone()))?;
        let mut moving = Move { tenant: &tenant, clock, move_id, to: to.clone(), said: Instant::now() };
        let outcome = moving.make(self, from.as_ref(), version).await;
        let _ = self.forget_acks(&moving.move_id).await;
        let (rows, paused, is_cleared) = outcome?;
        Ok(Moved { from, to, rows, paused, took: started.elapsed(), is_cleared })
    }

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

impl Move<'_> {
    /// Makes the move and clears up after it; gives the rows, the pause, and whether all is cleared up.
    async fn make(
        &mut self,
        store: &Store,
        from: Option<&DatabaseUrl>,
        version: i64,
    ) -> Result<(usize, Duration, bool), MoveError> {
        let (source, target) = match self.open(store, from).await {
            Ok(ends) => ends,
            Err(error) => {
                // Nothing was written there, and perhaps it is somebody else's.
                self.tenant.put_back(&self.move_id, self.clock.now() + LEASE).await?;
                self.tenant.end_move(&self.move_id).await?;
                return Err(error);
            }
        };
        let outcome = self.copy_and_turn_over(store, &source, &target, version).await;
        source.close().await;
        target.close().await;
        // Where somebody else gave it up, he also clears up.
        let is_given_up = match &outcome {
            Ok(_) => true,
            Err(MoveError::Uncertain(_)) => false,
            Err(_) => self.tenant.put_back(&self.move_id, self.clock.now() + LEASE).await?,
        };
        let is_cleared = is_given_up && self.clear_up(store).await;
        outcome.map(|(rows, paused)| (rows, paused, is_cleared))
    }

    /// Opens both databases, tells them apart, and makes the target ready.
    async fn open(&self, store: &Store, from: Option<&DatabaseUrl>) -> Result<(End, End), MoveError> {
        let tenant_id = &self.tenant.tenant_id;
        let platform = End::platform(store, tenant_id);
        let source = End::open(store, tenant_id, from).await?;
        let target = End::open_new(store, tenant_id, self.to.as_ref()).await?;
        if let Some(url) = &self.to {
            let url = url.to_string();
            if platform.is_same_as(&target).await? {
                return Err(MoveError::Pool { url });
            }
            if source.is_silo() && source.is_same_as(&target).await? {
                return Err(MoveError::Same { url });
            }
        }
        target.welcome(&platform, &self.move_id).await?;
        source.settle(&self.move_id).await?;
        Ok((source, target))
    }

    async fn copy_and_turn_over(
        &mut self,
        store: &Store,
        source: &End,
        target: &End,
        version: i64,
    ) -> Result<(usize, Duration), MoveError> {
        target.clear().await?;
        let mut copier = Copier::new(source.tenant.clone(), target.tenant.clone(), self.clock.now()).await?;
        for _ in 0..PASSES {
            if copier.pass(self).await? <= FEW_ROWS {
                break;
            }
        }
        self.answered(store, version, ANSWER).await?;
        for _ in 0..PAUSES {
            let began = Instant::now();
            if self.pause(store, &mut copier).await? {
                return Ok((copier.rows, began.elapsed()));
            }
            copier.pass(self).await?;
        }
        Err(MoveError::Busy(self.tenant.tenant_id.clone()))
    }

    /// Holds the tenant back for the last pass, and turns it over; `false` where that took too long and the pause was ended.
    async fn pause(&mut self, store: &Store, copier: &mut Copier) -> Result<bool, MoveError> {
        let steps = (PlacementState::Copying, PlacementState::Paused);
        let paused = self.tenant.advance_move(&self.move_id, steps, self.clock.now() + PAUSE_LEASE).await?;
        let version = paused.ok_or_else(|| self.given_up())?;
        let last_pass = async {
            self.answered(store, version, PAUSE_ANSWER).await?;
            copier.pass(&mut Silent).await?;
            Ok::<_, MoveError>(copier.is_whole().await?)
        };
        let outcome = tokio::time::timeout(PAUSE, last_pass).await;
        if let Ok(Ok(true)) = outcome {
            return self.turn_over().await.map(|()| true);
        }
        let steps = (steps.1, steps.0);
        let resumed = self.tenant.advance_move(&self.move_id, steps, self.clock.now() + LEASE).await?;
        resumed.ok_or_else(|| self.given_up())?;
        match outcome {
            Ok(Err(error)) => Err(error),
            _ => Ok(false),
        }
    }

    /// The one row that decides.
    async fn turn_over(&self) -> Result<(), MoveError> {
        let now = self.clock.now();
        match self.tenant.turn_over(&self.move_id, now + LEASE, now).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(self.given_up()),
            // It may have been written all the same.
            Err(error) => match self.tenant.placement().await {
                Ok(Some(placement)) if placement.move_id == self.move_id && placement.is_over() => Ok(()),
                Ok(_) => Err(MoveError::Failed(error)),
                Err(_) => Err(MoveError::Uncertain(error)),
            },
        }
    }

    /// Waits until every server that lives follows so far.
    async fn answered(&self, store: &Store, version: i64, patience: Duration) -> Result<(), MoveError> {
        let asked = Instant::now();
        loop {
            let alive_since = self.clock.now() - GONE_AFTER;
            let servers = store.unanswered(&self.move_id, version, alive_since).await?;
            if servers.is_empty() {
                return Ok(());
            }
            if asked.elapsed() >= patience {
                let servers: Vec<_> = servers.iter().map(ToString::to_string).collect();
                return Err(MoveError::Unanswered { servers: servers.join(", ") });
            }
            tokio::time::sleep(ASK).await;
        }
    }

    async fn clear_up(&self, store: &Store) -> bool {
        let cleared = match self.tenant.placement().await {
            Ok(Some(placement)) if placement.move_id == self.move_id => store.clear_up_held(&placement, self.clock).await,
            Ok(_) => return true,
            Err(error) => Err(error.into()),
        };
        cleared.inspect_err(|error| tracing::warn!(tenant_id = %self.tenant.tenant_id, %error, "what a move left is not cleared up yet")).is_ok()
    }

    fn given_up(&self) -> MoveError {
        MoveError::GivenUp(self.tenant.tenant_id.clone())
    }

    fn lease(&self) -> DateTime<Utc> {
        self.clock.now() + LEASE
    }
}

impl Heart for Move<'_> {
    async fn beat(&mut self) -> Result<()> {
        let is_due = self.said.elapsed() * 4 > LEASE.to_std().unwrap_or_default();
        if is_due {
            self.said = Instant::now();
            if !self.tenant.renew_move(&self.move_id, self.lease()).await? {
                return Err(sqlx::Error::Protocol("the move was given up by another server".to_owned()));
            }
        }
        Ok(())
    }
}

/// The pause is short and bounded by itself.
struct Silent;

impl Heart for Silent {
    async fn beat(&mut self) -> Result<()> {
        Ok(())
    }
}
