//! The end of a move: what the other database still holds of the tenant is cleared away, by whoever moved it or, where that one is
//! gone, by any server. Done twice, it does nothing more.

use super::{
    super::{Result, Store, TenantStore, placements::Placement},
    LEASE, MoveError,
    ends::End,
    lease::{Lease, Silent},
    rows::Snapshot,
    tables::TABLES,
};
use crate::clock::Clock;

impl Store {
    /// Clears up after a move whose maker has been silent for too long, as a server does.
    pub(in super::super) async fn finish_move(&self, placement: &Placement, clock: &Clock) {
        if let Err(error) = self.clear_up(placement, clock).await {
            tracing::warn!(tenant_id = %placement.tenant_id, %error, "what a move left is not cleared up yet");
        }
    }

    /// The same; `false` where somebody else does it.
    pub(super) async fn clear_up(&self, placement: &Placement, clock: &Clock) -> Result<bool, MoveError> {
        let tenant = self.tenant(placement.tenant_id.clone());
        let is_taken = tenant.take_clearing(&placement.move_id, clock.now() + LEASE, clock.now()).await?;
        if is_taken && let Err(error) = self.clear_up_held(placement, clock).await {
            // A database that is gone does not keep the tenant from moving again.
            tenant.renew_move(&placement.move_id, clock.now()).await?;
            return Err(error);
        }
        Ok(is_taken)
    }

    /// Clears up while nobody else does.
    pub(super) async fn clear_up_held(&self, placement: &Placement, clock: &Clock) -> Result<(), MoveError> {
        let (tenant_id, move_id) = (&placement.tenant_id, &placement.move_id);
        let tenant = self.tenant(tenant_id.clone());
        let home = End::open(self, tenant_id, placement.database_url.as_ref()).await?;
        let settled = home.settle(move_id).await;
        home.close().await;
        settled?;
        if let Some(left) = End::open_left(self, tenant_id, placement.other_url.as_ref()).await? {
            let vacated = left.vacate(move_id, &mut Lease::new(&tenant, clock, move_id.clone())).await;
            left.close().await;
            vacated?;
        }
        tenant.end_move(move_id).await?;
        self.forget_acks(move_id).await?;
        Ok(())
    }
}

impl TenantStore {
    /// Deletes what is left of a tenant in its silo, which is its ledger: before the rest of it is purged. Gives how many entries
    /// there were.
    ///
    /// # Errors
    /// The silo can't be opened, or failed.
    pub async fn purge_silo(&self) -> Result<u64, MoveError> {
        let Some(placement) = self.placement().await? else { return Ok(0) };
        let (tenant_id, url) = (&self.tenant_id, placement.database_url.as_ref());
        let Some(silo) = End::open_left(&self.store, tenant_id, url).await?.filter(End::is_silo) else { return Ok(0) };
        let mut entries = 0;
        for ledger in TABLES.iter().filter(|table| table.name == "ledger") {
            entries = Snapshot::of(&silo.tenant).await?.count(ledger).await?;
        }
        // Whichever move brought it there: one that failed later on has left another id in the platform's database.
        let vacated = silo.leave(&placement.move_id, &mut Silent).await;
        let is_vacant = silo.is_vacant().await;
        silo.close().await;
        vacated?;
        if !is_vacant? {
            return Err(MoveError::Left { url: url.map_or_else(String::new, ToString::to_string) });
        }
        Ok(u64::try_from(entries).unwrap_or(0))
    }
}
