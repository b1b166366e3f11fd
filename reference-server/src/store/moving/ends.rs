//! The two databases of a move: opened, told apart, and cleared of a tenant that does not live there.

use std::sync::Arc;

use super::{
    super::{
        Database, Result, Store, TenantStore, begin_writing, open, placements::PlacementState, tenants::TenantRow,
    },
    MoveError,
    lease::Heart,
    rows::Snapshot,
    statements::clearings,
};
use crate::{
    config::DatabaseUrl,
    ids::{MoveId, TenantId},
};

/// Rows that are deleted in one transaction: others wait no longer than for these.
const CLEARED_AT_ONCE: i64 = 500;

/// A database that a tenant leaves, or comes to.
#[derive(Debug)]
pub(super) struct End {
    /// Reaches this database alone, wherever the tenant lives.
    pub(super) tenant: TenantStore,
    url: Option<DatabaseUrl>,
}

impl End {
    /// The platform's database.
    pub(super) fn platform(store: &Store, tenant_id: &TenantId) -> Self {
        Self { tenant: store.tenant(tenant_id.clone()).control(), url: None }
    }

    fn silo(database: Arc<Database>, tenant_id: &TenantId, url: &DatabaseUrl) -> Self {
        Self { tenant: Store::over(database).tenant(tenant_id.clone()).control(), url: Some(url.clone()) }
    }

    /// The database that the tenant lives in.
    pub(super) async fn open(
        store: &Store,
        tenant_id: &TenantId,
        url: Option<&DatabaseUrl>,
    ) -> Result<Self, MoveError> {
        let Some(url) = url else { return Ok(Self::platform(store, tenant_id)) };
        Ok(Self::silo(open::silo(url, tenant_id).await?, tenant_id, url))
    }

    /// The database that the tenant is to live in; it is made, or brought up to date, where needed.
    pub(super) async fn open_new(
        store: &Store,
        tenant_id: &TenantId,
        url: Option<&DatabaseUrl>,
    ) -> Result<Self, MoveError> {
        let Some(url) = url else { return Ok(Self::platform(store, tenant_id)) };
        Ok(Self::silo(open::new_silo(url).await?, tenant_id, url))
    }

    /// The database that the tenant does not live in any more; `None` where its file is gone.
    pub(super) async fn open_left(
        store: &Store,
        tenant_id: &TenantId,
        url: Option<&DatabaseUrl>,
    ) -> Result<Option<Self>, MoveError> {
        let Some(url) = url else { return Ok(Some(Self::platform(store, tenant_id))) };
        let left = open::left_silo(url).await?;
        Ok(left.map(|database| Self::silo(database, tenant_id, url)))
    }

    pub(super) fn is_silo(&self) -> bool {
        self.url.is_some()
    }

    fn store(&self) -> &Store {
        &self.tenant.store
    }

    /// Closes what was opened.
    pub(super) async fn close(&self) {
        if self.is_silo() {
            self.store().close().await;
        }
    }

    /// Whether another URL leads to the same database.
    pub(super) async fn is_same_as(&self, other: &Self) -> Result<bool> {
        let mark = MoveId::new(chrono::Utc::now());
        self.store().mark(&mark).await?;
        let is_marked = other.store().is_marked(&mark).await;
        self.store().unmark(&mark).await?;
        is_marked
    }

    /// Makes a silo ready for its tenant, whose own row it needs beside the data.
    ///
    /// # Errors
    /// It holds another tenant, or this one as that of another platform.
    pub(super) async fn welcome(&self, platform: &Self, move_id: &MoveId) -> Result<(), MoveError> {
        let (Some(url), tenant_id) = (&self.url, &self.tenant.tenant_id) else { return Ok(()) };
        let occupied = || MoveError::Occupied { url: url.to_string() };
        // A platform's own database may have no tenants yet.
        if self.houses_others().await? || self.store().has_operator_keys().await? {
            return Err(occupied());
        }
        let (silo, is_known) = (self.tenant.placement().await?, self.tenant.tenant().await?.is_some());
        match silo.map(|silo| silo.state) {
            None if is_known => return Err(occupied()),
            None | Some(PlacementState::Arriving | PlacementState::Leaving) => {}
            Some(_) => return Err(occupied()),
        }
        self.tenant.set_silo_state(PlacementState::Arriving, move_id).await?;
        let tenant = platform.tenant.tenant().await?.ok_or_else(|| MoveError::Unknown(tenant_id.clone()))?;
        self.tenant.copy_tenant(&tenant).await?;
        Ok(())
    }

    /// Notes that the tenant lives in this silo.
    pub(super) async fn settle(&self, move_id: &MoveId) -> Result<()> {
        if self.is_silo() {
            self.tenant.set_silo_state(PlacementState::Resident, move_id).await?;
        }
        Ok(())
    }

    /// Deletes what is left of a tenant that lives elsewhere; a silo keeps nothing at all. One that the move never came to is left
    /// alone: it is not ours.
    pub(super) async fn vacate(&self, move_id: &MoveId, heart: &mut impl Heart) -> Result<()> {
        if !self.is_silo() {
            return self.clear(move_id, heart).await;
        }
        if self.tenant.placement().await?.is_none_or(|silo| silo.move_id != *move_id) {
            return Ok(());
        }
        self.leave(move_id, heart).await
    }

    /// Deletes everything that a silo holds of its tenant, if it holds it.
    pub(super) async fn leave(&self, move_id: &MoveId, heart: &mut impl Heart) -> Result<()> {
        if self.tenant.placement().await?.is_none() {
            return Ok(());
        }
        self.tenant.set_silo_state(PlacementState::Leaving, move_id).await?;
        self.clear(move_id, heart).await?;
        match &*self.store().database {
            Database::Sqlite { write, .. } => {
                let mut transaction = begin_writing(write).await?;
                for delete in SQLITE_VACATE {
                    sqlx::query(delete).bind(&self.tenant.tenant_id).execute(&mut *transaction).await?;
                }
                transaction.commit().await
            }
            Database::Postgres(pool) => {
                let vacate = sqlx::query("SELECT platform_vacate($1)").bind(&self.tenant.tenant_id);
                vacate.execute(pool).await.map(drop)
            }
        }
    }

    /// Deletes a tenant's data, but where it lives, or where another move has come since.
    pub(super) async fn clear(&self, move_id: &MoveId, heart: &mut impl Heart) -> Result<()> {
        let tenant_id = &self.tenant.tenant_id;
        match &*self.store().database {
            Database::Sqlite { write, .. } => {
                if sqlx::query_scalar(SQLITE_LIVES_HERE).bind(tenant_id).fetch_one(write).await? {
                    return Err(sqlx::Error::Protocol(format!("the tenant {tenant_id} lives in this database")));
                }
                for clearing in clearings() {
                    loop {
                        heart.beat().await?;
                        let delete = sqlx::query(sqlx::AssertSqlSafe(clearing.clone()));
                        let delete = delete.bind(tenant_id).bind(CLEARED_AT_ONCE).bind(move_id);
                        let cleared = delete.execute(write).await?;
                        if cleared.rows_affected() == 0 {
                            break;
                        }
                    }
                }
                let keys = sqlx::query(SQLITE_CLEAR_KEYS).bind(tenant_id).bind(self.is_silo()).bind(move_id);
                keys.execute(write).await?;
            }
            Database::Postgres(pool) => loop {
                heart.beat().await?;
                let cleared = sqlx::query_scalar("SELECT platform_clear_moved($1, $2)");
                let cleared: i64 = cleared.bind(tenant_id).bind(CLEARED_AT_ONCE).fetch_one(pool).await?;
                if cleared == 0 {
                    break;
                }
            },
        }
        Ok(())
    }

    /// Whether nothing of the tenant is there, and no tombstone of it.
    pub(super) async fn is_vacant(&self) -> Result<bool> {
        let rows = Snapshot::of(&self.tenant).await?.counts("").await?;
        Ok(rows.iter().all(|(_, count)| *count == 0) && self.tenant.tenant().await?.is_none())
    }

    async fn houses_others(&self) -> Result<bool> {
        let tenant_id = &self.tenant.tenant_id;
        match &*self.store().database {
            Database::Sqlite { read, .. } => {
                let others = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM tenants WHERE tenant_id <> $1)");
                others.bind(tenant_id).fetch_one(read).await
            }
            Database::Postgres(pool) => {
                sqlx::query_scalar("SELECT platform_houses_others($1)").bind(tenant_id).fetch_one(pool).await
            }
        }
    }
}

/// As PostgreSQL's `platform_clear_moved` asks.
const SQLITE_LIVES_HERE: &str = "SELECT NOT EXISTS (SELECT 1 FROM placements WHERE tenant_id = $1 \
    AND (database_url IS NOT NULL OR state IN ('arriving', 'leaving')))";
/// In the platform's database answers that are kept also belong to what stays there, as keys do: they expire.
const SQLITE_CLEAR_KEYS: &str = "DELETE FROM idempotency_keys WHERE tenant_id = $1 AND (execution_id IS NOT NULL OR $2) \
     AND EXISTS (SELECT 1 FROM placements WHERE tenant_id = $1 AND move_id = $3 \
                 AND (database_url IS NOT NULL OR state IN ('arriving', 'leaving')))";
const SQLITE_VACATE: [&str; 2] =
    ["DELETE FROM tenants WHERE tenant_id = $1", "DELETE FROM placements WHERE tenant_id = $1"];

impl TenantStore {
    async fn set_silo_state(&self, state: PlacementState, move_id: &MoveId) -> Result<()> {
        write!(self, |connection| {
            sqlx::query(
                "INSERT INTO placements (tenant_id, state, version, move_id, lease_until) VALUES ($1, $2, 1, $3, $4) \
                 ON CONFLICT (tenant_id) DO UPDATE SET state = excluded.state, version = placements.version + 1, \
                 move_id = excluded.move_id, lease_until = excluded.lease_until",
            )
            .bind(&self.tenant_id)
            .bind(state)
            .bind(move_id)
            .bind(chrono::DateTime::UNIX_EPOCH)
            .execute(connection)
            .await?;
        });
        Ok(())
    }

    /// What refers to the tenant in a silo finds it there; it is the platform's row that counts.
    async fn copy_tenant(&self, tenant: &TenantRow) -> Result<()> {
        write!(self, |connection| {
            sqlx::query(
                "INSERT INTO tenants (tenant_id, name, email, tier, status, quota_overrides, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant_id) DO NOTHING",
            )
            .bind(&self.tenant_id)
            .bind(&tenant.name)
            .bind(&tenant.email)
            .bind(&tenant.tier)
            .bind(&tenant.status)
            .bind(tenant.quota_overrides)
            .bind(tenant.created_at)
            .execute(connection)
            .await?;
        });
        Ok(())
    }
}
