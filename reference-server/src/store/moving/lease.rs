//! Keeps a move from being taken for given up while whoever makes it, or clears up after it, is at work.

use std::{
    pin::pin,
    time::{Duration, Instant},
};

use super::{
    super::{Result, TenantStore},
    LEASE,
};
use crate::{clock::Clock, ids::MoveId};

/// What keeps a move alive during long work.
pub(super) trait Heart {
    /// Says that the move is still being made; an error where it was given up by others.
    async fn beat(&mut self) -> Result<()>;

    /// Does one long piece of work, and says it meanwhile.
    async fn during<T>(&mut self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let mut work = pin!(work);
        loop {
            match tokio::time::timeout(BEAT, &mut work).await {
                Ok(done) => return done,
                Err(_) => self.beat().await?,
            }
        }
    }
}

/// How long work goes on before it is asked whether to say so.
const BEAT: Duration = Duration::from_secs(1);

/// Says nothing: for what is short and bounded by itself, or no move.
pub(super) struct Silent;

impl Heart for Silent {
    async fn beat(&mut self) -> Result<()> {
        Ok(())
    }
}

/// The lease of a move.
#[derive(Debug)]
pub(super) struct Lease<'a> {
    tenant: &'a TenantStore,
    clock: &'a Clock,
    pub(super) move_id: MoveId,
    /// When it was last said that the move is being made.
    said: Instant,
}

impl<'a> Lease<'a> {
    /// One that was taken just now.
    pub(super) fn new(tenant: &'a TenantStore, clock: &'a Clock, move_id: MoveId) -> Self {
        Self { tenant, clock, move_id, said: Instant::now() }
    }
}

impl Heart for Lease<'_> {
    async fn beat(&mut self) -> Result<()> {
        let is_due = self.said.elapsed() * 4 > LEASE.to_std().unwrap_or_default();
        if is_due {
            self.said = Instant::now();
            if !self.tenant.renew_move(&self.move_id, self.clock.now() + LEASE).await? {
                return Err(given_up());
            }
        }
        Ok(())
    }
}

/// What a move is told that others took for given up.
pub(super) fn given_up() -> sqlx::Error {
    sqlx::Error::Protocol("the move was given up by another server".to_owned())
}
