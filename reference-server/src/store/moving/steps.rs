//! The steps of a move, of which one row decides.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};

use super::{
    super::{Result, Store, TenantStore, placements::PlacementState, platform::GONE_AFTER},
    LEASE, MoveError, PAUSE,
    copy::Copier,
    ends::End,
    lease::{Heart, Lease},
};
use crate::{
    clock::Clock,
    config::DatabaseUrl,
    ids::{InstanceId, MoveId},
};

/// The same during the pause, which a mover that dies prolongs to this.
const PAUSE_LEASE: chrono::Duration = chrono::Duration::seconds(3);
/// Of that, how long servers may take to say that they hold the tenant back.
const PAUSE_ANSWER: Duration = Duration::from_millis(600);
/// How long servers may take to say that they know of the move: they look a few times a second.
const ANSWER: Duration = Duration::from_secs(5);
/// So long a server's last sign of life must be seen unchanged before it is taken for gone, however old it is: clocks differ. By then
/// two more were due, and a server that can't reach the platform's database writes nothing any more.
const WATCHED: Duration = Duration::from_secs(12);
/// How often they are asked for.
const ASK: Duration = Duration::from_millis(10);
/// So many rows are copied in a small part of the pause.
const FEW_ROWS: usize = 100;
/// Passes before the pause is tried in any case.
const PASSES: usize = 10;
/// Pauses that are tried.
const PAUSES: usize = 10;

/// A move that is being made.
pub(super) struct Move<'a> {
    tenant: &'a TenantStore,
    clock: &'a Clock,
    lease: Lease<'a>,
    to: Option<DatabaseUrl>,
    /// The last signs of life of servers that did not answer, and since when they are the last.
    watched: HashMap<InstanceId, (DateTime<Utc>, Instant)>,
}

impl<'a> Move<'a> {
    pub(super) fn new(tenant: &'a TenantStore, clock: &'a Clock, move_id: MoveId, to: Option<DatabaseUrl>) -> Self {
        Self { tenant, clock, lease: Lease::new(tenant, clock, move_id), to, watched: HashMap::new() }
    }

    pub(super) fn move_id(&self) -> &MoveId {
        &self.lease.move_id
    }

    /// Makes the move and clears up after it; gives the rows, the pause, and whether all is cleared up.
    pub(super) async fn make(
        &mut self,
        store: &Store,
        from: Option<&DatabaseUrl>,
        version: i64,
    ) -> Result<(usize, Duration, bool), MoveError> {
        let (source, target) = match self.open(store, from).await {
            Ok(ends) => ends,
            Err(error) => {
                // Nothing was written there, and perhaps it is somebody else's.
                self.tenant.put_back(&self.lease.move_id, self.clock.now() + LEASE).await?;
                self.tenant.end_move(&self.lease.move_id).await?;
                return Err(error);
            }
        };
        let outcome = self.copy_and_turn_over(store, &source, &target, version).await;
        source.close().await;
        target.close().await;
        // Where somebody else gave it up, he also clears up.
        let is_ours = match &outcome {
            Ok(_) => true,
            Err(MoveError::Uncertain(_)) => false,
            Err(_) => self.tenant.put_back(&self.lease.move_id, self.clock.now() + LEASE).await?,
        };
        let is_cleared = is_ours && self.clear_up(store).await;
        match outcome {
            Ok((rows, paused)) => Ok((rows, paused, is_cleared)),
            Err(MoveError::Failed(_)) if !is_ours => Err(self.given_up()),
            Err(error) => Err(error),
        }
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
        target.welcome(&platform, &self.lease.move_id).await?;
        source.settle(&self.lease.move_id).await?;
        Ok((source, target))
    }

    async fn copy_and_turn_over(
        &mut self,
        store: &Store,
        source: &End,
        target: &End,
        version: i64,
    ) -> Result<(usize, Duration), MoveError> {
        // What is silent is watched from the beginning on.
        self.missing(store, version).await?;
        target.clear(&self.lease.move_id.clone(), &mut self.lease).await?;
        let (source, target) = (source.tenant.clone(), target.tenant.clone());
        let (move_id, now) = (self.lease.move_id.clone(), self.clock.now());
        let mut copier = Copier::new(source, target, move_id, now, &mut self.lease).await?;
        for _ in 0..PASSES {
            if copier.pass(&mut self.lease).await? <= FEW_ROWS && copier.agrees {
                break;
            }
        }
        self.answered(store, version, ANSWER, WATCHED).await?;
        let mut late = None;
        for _ in 0..PAUSES {
            let began = Instant::now();
            late = self.pause(store, &mut copier).await?;
            if late.is_none() {
                return Ok((copier.rows, began.elapsed()));
            }
            copier.pass(&mut self.lease).await?;
        }
        Err(late.unwrap_or_else(|| self.busy()))
    }

    /// Holds the tenant back for the last pass, and turns it over. Gives what took too long, where the pause was ended for that.
    async fn pause(&mut self, store: &Store, copier: &mut Copier) -> Result<Option<MoveError>, MoveError> {
        let began = Instant::now();
        let steps = (PlacementState::Copying, PlacementState::Paused);
        let paused = self.tenant.advance_move(&self.lease.move_id, steps, self.clock.now() + PAUSE_LEASE).await?;
        let version = paused.ok_or_else(|| self.given_up())?;
        let last_pass = async {
            self.answered(store, version, PAUSE_ANSWER, PAUSE_ANSWER).await?;
            Ok::<_, MoveError>(copier.last_pass().await?)
        };
        let outcome = tokio::time::timeout(PAUSE.saturating_sub(began.elapsed()), last_pass).await;
        if let Ok(Ok(true)) = outcome {
            return self.turn_over().await.map(|()| None);
        }
        let steps = (steps.1, steps.0);
        let resumed = self.tenant.advance_move(&self.lease.move_id, steps, self.clock.now() + LEASE).await?;
        resumed.ok_or_else(|| self.given_up())?;
        match outcome {
            Ok(Err(late @ MoveError::Unanswered { .. })) => Ok(Some(late)),
            Ok(Err(error)) => Err(error),
            _ => Ok(Some(self.busy())),
        }
    }

    /// The one row that decides.
    async fn turn_over(&self) -> Result<(), MoveError> {
        let now = self.clock.now();
        match self.tenant.turn_over(&self.lease.move_id, now + LEASE, now).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(self.given_up()),
            // It may have been written all the same.
            Err(error) => match self.tenant.placement().await {
                Ok(Some(placement)) if placement.move_id == self.lease.move_id && placement.is_over() => Ok(()),
                Ok(_) => Err(MoveError::Failed(error)),
                Err(_) => Err(MoveError::Uncertain(error)),
            },
        }
    }

    /// The servers that do not follow so far and are not gone; and whether one of them may be.
    async fn missing(&mut self, store: &Store, version: i64) -> Result<(Vec<InstanceId>, bool)> {
        let (mut missing, mut is_doubtful) = (Vec::new(), false);
        for (instance, said) in store.unanswered(&self.lease.move_id, version).await? {
            let watched = self.watched.entry(instance.clone()).or_insert((said, Instant::now()));
            if watched.0 != said {
                *watched = (said, Instant::now());
            }
            if said < self.clock.now() - GONE_AFTER {
                if watched.1.elapsed() >= WATCHED {
                    continue;
                }
                is_doubtful = true;
            }
            missing.push(instance);
        }
        Ok((missing, is_doubtful))
    }

    /// Waits until every server that lives follows so far; longer where one may be gone.
    async fn answered(
        &mut self,
        store: &Store,
        version: i64,
        patience: Duration,
        for_doubtful: Duration,
    ) -> Result<(), MoveError> {
        let asked = Instant::now();
        loop {
            let (servers, is_doubtful) = self.missing(store, version).await?;
            if servers.is_empty() {
                return Ok(());
            }
            if for_doubtful > PAUSE_ANSWER {
                // The pause has a lease of its own.
                self.lease.beat().await?;
            }
            if asked.elapsed() >= if is_doubtful { for_doubtful } else { patience } {
                let servers: Vec<_> = servers.iter().map(ToString::to_string).collect();
                return Err(MoveError::Unanswered { servers: servers.join(", ") });
            }
            tokio::time::sleep(ASK).await;
        }
    }

    async fn clear_up(&self, store: &Store) -> bool {
        let cleared = match self.tenant.placement().await {
            Ok(Some(placement)) if placement.move_id == self.lease.move_id => {
                store.clear_up_held(&placement, self.clock).await
            }
            Ok(_) => return true,
            Err(error) => Err(error.into()),
        };
        cleared.inspect_err(|error| tracing::warn!(tenant_id = %self.tenant.tenant_id, %error, "what a move left is not cleared up yet")).is_ok()
    }

    fn busy(&self) -> MoveError {
        MoveError::Busy(self.tenant.tenant_id.clone())
    }

    fn given_up(&self) -> MoveError {
        MoveError::GivenUp(self.tenant.tenant_id.clone())
    }
}
