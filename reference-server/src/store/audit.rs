//! The audit log's rows. An entry is written in the transaction of the change that it tells of: `audited!` in this store's
//! root takes it from the body of the change, so that neither is committed without the other.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection, Row, SqliteConnection};

use super::{Database, InItsWords, Result, Store, TenantStore, begin_as, begin_writing};
use crate::{
    audit::{Actor, ActorKind, Anchor, Entry, hash_of},
    ids::TenantId,
};

/// An entry as it is stored.
#[derive(Clone, Debug, FromRow)]
pub struct AuditRow {
    /// Its place in its tenant's chain: 1, 2, 3, ….
    pub seq: i64,
    /// When it happened.
    pub created_at: DateTime<Utc>,
    /// What kind of party acted.
    pub actor: ActorKind,
    /// Which one.
    pub actor_id: Option<String>,
    /// From where.
    pub address: Option<String>,
    /// By which request.
    pub request_id: Option<String>,
    /// What was done.
    pub action: String,
    /// To which kind of thing.
    pub target: String,
    /// To which of them.
    pub target_id: Option<String>,
    /// What it was before, as JSON.
    pub state_before: Option<String>,
    /// What it was then, as JSON.
    pub state_after: Option<String>,
    /// The hash of this entry and of the hash before it.
    pub hash: Vec<u8>,
}

/// The newest place and hash of a chain, outside of it.
#[derive(Clone, Debug, FromRow)]
pub struct AuditHead {
    /// How many entries the chain has.
    pub seq: i64,
    /// The hash of the last.
    pub hash: Vec<u8>,
}

impl AuditRow {
    fn following(head: &AuditHead, tenant_id: &TenantId, actor: &Actor, entry: Entry) -> Self {
        let origin = actor.origin.as_ref();
        let mut row = Self {
            seq: head.seq + 1,
            created_at: entry.at,
            actor: actor.kind,
            actor_id: actor.id.clone(),
            address: origin.map(|origin| origin.address.to_string()),
            request_id: origin.map(|origin| origin.request_id.to_string()),
            action: entry.action.to_owned(),
            target: entry.target.to_owned(),
            target_id: entry.target_id,
            state_before: entry.before.map(|state| state.to_string()),
            state_after: entry.after.map(|state| state.to_string()),
            hash: Vec::new(),
        };
        row.hash = hash_of(&head.hash, tenant_id, &row);
        row
    }
}

/// Appends to a tenant's chain, within a transaction of either driver. It is the last that a transaction does: the chain stays
/// locked until its end, so that of two changes at once one waits, and never each for the other.
pub(super) trait AppendEntry {
    async fn append_entry(&mut self, tenant_id: &TenantId, actor: &Actor, entry: Entry) -> Result<Anchor>;
}

macro_rules! append_on {
    ($($driver:ty),*) => {$(
        impl AppendEntry for $driver {
            async fn append_entry(&mut self, tenant_id: &TenantId, actor: &Actor, entry: Entry) -> Result<Anchor> {
                let head: Option<AuditHead> = sqlx::query_as(
                    "UPDATE audit_heads SET seq = audit_heads.seq WHERE tenant_id = $1 RETURNING seq, hash",
                )
                .bind(tenant_id)
                .fetch_optional(&mut *self)
                .await?;
                // A chain begins with its tenant: one that lost its head does not begin anew.
                let lost = || sqlx::Error::Protocol(format!("the anchor of the audit log of {tenant_id} is missing"));
                let head = head.ok_or_else(lost)?;
                let row = AuditRow::following(&head, tenant_id, actor, entry);
                sqlx::query(
                    "INSERT INTO audit_entries (tenant_id, seq, created_at, actor, actor_id, address, request_id, action, target, \
                     target_id, state_before, state_after, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
                )
                .bind(tenant_id)
                .bind(row.seq)
                .bind(row.created_at)
                .bind(row.actor)
                .bind(&row.actor_id)
                .bind(&row.address)
                .bind(&row.request_id)
                .bind(&row.action)
                .bind(&row.target)
                .bind(&row.target_id)
                .bind(&row.state_before)
                .bind(&row.state_after)
                .bind(&row.hash)
                .execute(&mut *self)
                .await?;
                sqlx::query("UPDATE audit_heads SET seq = $2, hash = $3 WHERE tenant_id = $1")
                    .bind(tenant_id)
                    .bind(row.seq)
                    .bind(&row.hash)
                    .execute(&mut *self)
                    .await?;
                Ok(Anchor { tenant_id: tenant_id.clone(), seq: row.seq, hash: row.hash })
            }
        }
    )*};
}
append_on!(SqliteConnection, PgConnection);

/// The statement that begins a new tenant's chain, for a connection of either driver.
macro_rules! begin_chain {
    ($connection:expr, $tenant_id:expr) => {
        sqlx::query("INSERT INTO audit_heads (tenant_id, seq, hash) VALUES ($1, 0, $2)")
            .bind(&$tenant_id)
            .bind($crate::audit::GENESIS.as_slice())
            .execute($connection)
            .await?
    };
}
pub(super) use begin_chain;

const SQLITE_ENTRIES_AFTER: &str =
    "SELECT * FROM audit_entries WHERE tenant_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";
/// A time that PostgreSQL holds and the driver does not is none.
const POSTGRES_ENTRIES_AFTER: &str = "SELECT seq, CASE WHEN created_at BETWEEN '0001-01-01' AND '9999-12-31' THEN created_at END AS created_at, \
     actor, actor_id, address, request_id, action, target, target_id, state_before, state_after, hash \
     FROM audit_entries WHERE tenant_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";

/// Appends what a change gave, in the name of the handle's actor.
pub(super) async fn append_all(
    connection: &mut impl AppendEntry,
    handle: &TenantStore,
    entries: impl IntoIterator<Item = Entry>,
) -> Result<Vec<Anchor>> {
    let mut anchors = Vec::new();
    for entry in entries {
        anchors.push(connection.append_entry(&handle.tenant_id, &handle.actor, entry).await?);
    }
    Ok(anchors)
}

impl TenantStore {
    /// Appends what a change in a silo gave, in a transaction of its own just before that change is committed: the log is in the
    /// platform's database, and a change that it does not tell of is worse than one that it tells of and that did not come about.
    pub(super) async fn append_apart(&self, entries: impl IntoIterator<Item = Entry>) -> Result<Vec<Anchor>> {
        let entries: Vec<_> = entries.into_iter().collect();
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        match &*self.store.database {
            Database::Sqlite { write, .. } => {
                let mut transaction = begin_writing(write).await?;
                let anchors = append_all(&mut *transaction, self, entries).await?;
                transaction.commit().await?;
                Ok(anchors)
            }
            Database::Postgres(pool) => {
                let mut transaction = begin_as(pool, &self.tenant_id).await?;
                let anchors = append_all(&mut *transaction, self, entries).await?;
                transaction.commit().await?;
                Ok(anchors)
            }
        }
    }

    /// The same handle, whose changes are this actor's.
    #[must_use]
    pub fn acting(&self, actor: Actor) -> Self {
        Self { actor: actor.into(), ..self.clone() }
    }

    /// Appends an entry in a transaction of its own: for what changes nothing.
    ///
    /// # Errors
    /// The database failed.
    pub async fn append(&self, entry: Entry) -> Result<()> {
        let handle = self.control().keeping(None);
        audited!(handle, |_connection| ((), [entry]));
        Ok(())
    }

    /// The tenant's entries, newest first, before the one in this place.
    ///
    /// # Errors
    /// The database failed.
    pub async fn audit_entries(&self, before: Option<i64>, limit: i64) -> Result<Vec<AuditRow>> {
        Ok(read!(self.control(), |connection| {
            sqlx::query_as(
                "SELECT * FROM audit_entries WHERE tenant_id = $1 AND ($2 IS NULL OR seq < $2) ORDER BY seq DESC LIMIT $3",
            )
            .bind(&self.tenant_id)
            .bind(before)
            .bind(limit)
            .fetch_all(connection)
            .await?
        }))
    }

    /// The tenant's entries after a place, in their order. What somebody wrote there by hand may be no entry: of that only its place
    /// is given, where it has one.
    ///
    /// # Errors
    /// The database failed.
    pub async fn audit_entries_after(&self, seq: i64, limit: i64) -> Result<Vec<Result<AuditRow, Option<i64>>>> {
        Ok(read!(self.control(), |connection| {
            sqlx::query(connection.in_its_words(SQLITE_ENTRIES_AFTER, POSTGRES_ENTRIES_AFTER))
                .bind(&self.tenant_id)
                .bind(seq)
                .bind(limit)
                .fetch_all(connection)
                .await?
                .iter()
                .map(|row| AuditRow::from_row(row).map_err(|_| row.try_get("seq").ok()))
                .collect()
        }))
    }

    /// Whether the tenant is younger than the audit log: then the log tells of its beginning.
    ///
    /// # Errors
    /// The database failed.
    pub async fn is_younger_than_audit(&self) -> Result<bool> {
        Ok(read!(self.control(), |connection| {
            sqlx::query_scalar(connection.in_its_words(
                "SELECT EXISTS (SELECT 1 FROM tenants t, _sqlx_migrations m WHERE t.tenant_id = $1 \
                 AND m.description = 'audit' AND datetime(t.created_at) > datetime(m.installed_on))",
                "SELECT EXISTS (SELECT FROM tenants t, _sqlx_migrations m WHERE t.tenant_id = $1 \
                 AND m.description = 'audit' AND t.created_at > m.installed_on)",
            ))
            .bind(&self.tenant_id)
            .fetch_one(connection)
            .await?
        }))
    }

    /// The anchor of the tenant's chain.
    ///
    /// # Errors
    /// The database failed.
    pub async fn audit_head(&self) -> Result<Option<AuditHead>> {
        Ok(read!(self.control(), |connection| {
            sqlx::query_as("SELECT seq, hash FROM audit_heads WHERE tenant_id = $1")
                .bind(&self.tenant_id)
                .fetch_optional(connection)
                .await?
        }))
    }
}

impl Store {
    /// Whose chains there are.
    ///
    /// # Errors
    /// The database failed.
    pub async fn audited_tenants(&self) -> Result<Vec<TenantId>> {
        match &*self.database {
            Database::Sqlite { read, .. } => {
                sqlx::query_scalar(
                    "SELECT tenant_id FROM tenants UNION SELECT tenant_id FROM audit_heads \
                     UNION SELECT tenant_id FROM audit_entries ORDER BY 1",
                )
                .fetch_all(read)
                .await
            }
            Database::Postgres(pool) => {
                sqlx::query_scalar("SELECT tenant_id FROM platform_audited_tenants()").fetch_all(pool).await
            }
        }
    }
}
