//! Where tenants live, as the platform's database has it: one row a tenant that was ever moved, which is also how a move is made
//! known to every server, and the one row that decides where the tenant is.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Database, Result, Store, TenantStore};
use crate::{
    audit::Entry,
    config::DatabaseUrl,
    ids::{InstanceId, MoveId, TenantId},
};

/// What is true of a tenant's placement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
pub enum PlacementState {
    /// It lives there.
    Settled,
    /// It lives there and is copied to the other database.
    Copying,
    /// It is held back for the last of the copy.
    Paused,
    /// It lives there, and is cleared away from the other database.
    Clearing,
    /// A silo's word: it is being copied there.
    Arriving,
    /// A silo's word: it lives there.
    Resident,
    /// A silo's word: it lives elsewhere by now.
    Leaving,
}

/// A tenant's placement.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Placement {
    /// Whose.
    pub tenant_id: TenantId,
    /// Where the tenant's data is; `None`: in the platform's database.
    pub database_url: Option<DatabaseUrl>,
    /// What is going on.
    pub state: PlacementState,
    /// The other database of a move; `None`: the platform's.
    pub other_url: Option<DatabaseUrl>,
    /// Counts the changes.
    pub version: i64,
    /// The last move.
    pub move_id: MoveId,
    /// Until when whoever makes it may be silent.
    pub lease_until: DateTime<Utc>,
}

impl Placement {
    /// Whether something is going on.
    #[must_use]
    pub fn is_moving(&self) -> bool {
        self.state != PlacementState::Settled
    }

    /// Whether it is decided where the tenant lives, and only the rest is cleared away.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.state, PlacementState::Settled | PlacementState::Clearing)
    }
}

impl Store {
    /// Where every tenant lives that was ever moved.
    ///
    /// # Errors
    /// The database failed.
    pub async fn placements(&self) -> Result<Vec<Placement>> {
        match &*self.database {
            Database::Sqlite { read, .. } => sqlx::query_as("SELECT * FROM placements").fetch_all(read).await,
            Database::Postgres(pool) => sqlx::query_as("SELECT * FROM platform_placements()").fetch_all(pool).await,
        }
    }

    /// Says how far a server follows a move.
    pub(super) async fn acknowledge(&self, move_id: &MoveId, instance: &InstanceId, version: i64) -> Result<()> {
        platform!(self, write, |connection| {
            sqlx::query(
                "INSERT INTO placement_acks (move_id, instance_id, version) VALUES ($1, $2, $3) \
                 ON CONFLICT (move_id, instance_id) DO UPDATE SET version = excluded.version",
            )
            .bind(move_id)
            .bind(instance)
            .bind(version)
            .execute(connection)
            .await?;
        });
        Ok(())
    }

    /// The servers that do not follow a move so far, each with its last sign of life, by its own clock.
    pub(super) async fn unanswered(&self, move_id: &MoveId, version: i64) -> Result<Vec<(InstanceId, DateTime<Utc>)>> {
        Ok(platform!(self, read, |connection| {
            sqlx::query_as(
                "SELECT i.instance_id, i.heartbeat_at FROM instances i WHERE NOT EXISTS (SELECT 1 FROM placement_acks a \
                 WHERE a.move_id = $1 AND a.instance_id = i.instance_id AND a.version >= $2)",
            )
            .bind(move_id)
            .bind(version)
            .fetch_all(connection)
            .await?
        }))
    }

    /// Forgets who followed a move.
    pub(super) async fn forget_acks(&self, move_id: &MoveId) -> Result<()> {
        platform!(self, write, |connection| {
            sqlx::query("DELETE FROM placement_acks WHERE move_id = $1").bind(move_id).execute(connection).await?;
        });
        Ok(())
    }

    /// Marks this database for as long as it is asked whether another URL leads to it too.
    pub(super) async fn mark(&self, mark: &MoveId) -> Result<()> {
        platform!(self, write, |connection| {
            sqlx::query("INSERT INTO database_marks (mark) VALUES ($1)").bind(mark).execute(connection).await?;
        });
        Ok(())
    }

    pub(super) async fn unmark(&self, mark: &MoveId) -> Result<()> {
        platform!(self, write, |connection| {
            sqlx::query("DELETE FROM database_marks WHERE mark = $1").bind(mark).execute(connection).await?;
        });
        Ok(())
    }

    pub(super) async fn is_marked(&self, mark: &MoveId) -> Result<bool> {
        Ok(platform!(self, read, |connection| {
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM database_marks WHERE mark = $1)")
                .bind(mark)
                .fetch_one(connection)
                .await?
        }))
    }
}

impl TenantStore {
    /// The tenant's placement; `None` where it never moved, and lives in the platform's database.
    ///
    /// # Errors
    /// The database failed.
    pub async fn placement(&self) -> Result<Option<Placement>> {
        Ok(read!(self.control(), |connection| {
            sqlx::query_as("SELECT * FROM placements WHERE tenant_id = $1")
                .bind(&self.tenant_id)
                .fetch_optional(connection)
                .await?
        }))
    }

    /// Begins a move, if none is being made; gives the version from which on it is.
    pub(super) async fn claim_placement(
        &self,
        to: Option<&DatabaseUrl>,
        move_id: &MoveId,
        lease_until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Option<i64>> {
        Ok(write!(self.control(), |connection| {
            sqlx::query_scalar(
                "INSERT INTO placements (tenant_id, state, other_url, version, move_id, lease_until) \
                 VALUES ($1, 'copying', $2, 1, $3, $4) ON CONFLICT (tenant_id) DO UPDATE SET state = 'copying', \
                 other_url = excluded.other_url, version = placements.version + 1, move_id = excluded.move_id, \
                 lease_until = excluded.lease_until WHERE placements.state = 'settled' \
                 OR (placements.state = 'clearing' AND placements.lease_until <= $5) RETURNING version",
            )
            .bind(&self.tenant_id)
            .bind(to)
            .bind(move_id)
            .bind(lease_until)
            .bind(now)
            .fetch_optional(connection)
            .await?
        }))
    }

    /// Goes on with a move to its next step, if it still stands at the one before; gives the version from which on it does.
    pub(super) async fn advance_move(
        &self,
        move_id: &MoveId,
        (from, to): (PlacementState, PlacementState),
        lease_until: DateTime<Utc>,
    ) -> Result<Option<i64>> {
        Ok(write!(self.control(), |connection| {
            sqlx::query_scalar(
                "UPDATE placements SET state = $4, version = version + 1, lease_until = $5 \
                 WHERE tenant_id = $1 AND move_id = $2 AND state = $3 RETURNING version",
            )
            .bind(&self.tenant_id)
            .bind(move_id)
            .bind(from)
            .bind(to)
            .bind(lease_until)
            .fetch_optional(connection)
            .await?
        }))
    }

    /// Says that whoever makes the move, or clears up after it, is still there.
    pub(super) async fn renew_move(&self, move_id: &MoveId, lease_until: DateTime<Utc>) -> Result<bool> {
        Ok(write!(self.control(), |connection| {
            sqlx::query(
                "UPDATE placements SET lease_until = $3 WHERE tenant_id = $1 AND move_id = $2 AND state IN ('copying', 'clearing')",
            )
            .bind(&self.tenant_id)
            .bind(move_id)
            .bind(lease_until)
            .execute(connection)
            .await?
            .rows_affected()
                == 1
        }))
    }

    /// The moment of a move: from here on the tenant lives in the other database. `false` where the pause was ended before.
    pub(super) async fn turn_over(
        &self,
        move_id: &MoveId,
        lease_until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        Ok(audited!(self.control(), |connection| {
            let places: Option<(bool, bool)> = sqlx::query_as(
                "UPDATE placements SET state = 'clearing', database_url = other_url, other_url = database_url, \
                 version = version + 1, lease_until = $3 WHERE tenant_id = $1 AND move_id = $2 AND state = 'paused' \
                 AND lease_until > $4 RETURNING other_url IS NOT NULL, database_url IS NOT NULL",
            )
            .bind(&self.tenant_id)
            .bind(move_id)
            .bind(lease_until)
            .bind(now)
            .fetch_optional(connection)
            .await?;
            // Where the platform has its databases is nothing for the tenant, who reads this.
            let place = |is_silo: bool| json!({ "place": if is_silo { "silo" } else { "pool" } });
            let entry = places.map(|(before, after)| {
                let entry = Entry::new("tenant.placed", ("tenant", self.tenant_id.as_str()), now);
                entry.before(place(before)).after(place(after))
            });
            (places.is_some(), entry)
        }))
    }

    /// Gives a move up: the tenant stays where it is.
    pub(super) async fn put_back(&self, move_id: &MoveId, lease_until: DateTime<Utc>) -> Result<bool> {
        Ok(write!(self.control(), |connection| {
            sqlx::query(
                "UPDATE placements SET state = 'clearing', version = version + 1, lease_until = $3 \
                 WHERE tenant_id = $1 AND move_id = $2 AND state IN ('copying', 'paused')",
            )
            .bind(&self.tenant_id)
            .bind(move_id)
            .bind(lease_until)
            .execute(connection)
            .await?
            .rows_affected()
                == 1
        }))
    }

    /// The same for a move of somebody who has been silent for too long.
    pub(super) async fn put_back_expired(&self, now: DateTime<Utc>) -> Result<bool> {
        Ok(write!(self.control(), |connection| {
            sqlx::query(
                "UPDATE placements SET state = 'clearing', version = version + 1 \
                 WHERE tenant_id = $1 AND lease_until <= $2 AND state IN ('copying', 'paused')",
            )
            .bind(&self.tenant_id)
            .bind(now)
            .execute(connection)
            .await?
            .rows_affected()
                == 1
        }))
    }

    /// Takes it upon oneself to clear up after a move; `false` where somebody else does.
    pub(super) async fn take_clearing(
        &self,
        move_id: &MoveId,
        lease_until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        Ok(write!(self.control(), |connection| {
            sqlx::query(
                "UPDATE placements SET lease_until = $3 \
                 WHERE tenant_id = $1 AND move_id = $2 AND state = 'clearing' AND lease_until <= $4",
            )
            .bind(&self.tenant_id)
            .bind(move_id)
            .bind(lease_until)
            .bind(now)
            .execute(connection)
            .await?
            .rows_affected()
                == 1
        }))
    }

    /// Ends a move: nothing of it is left.
    pub(super) async fn end_move(&self, move_id: &MoveId) -> Result<bool> {
        Ok(write!(self.control(), |connection| {
            sqlx::query(
                "UPDATE placements SET state = 'settled', other_url = NULL, version = version + 1 \
                 WHERE tenant_id = $1 AND move_id = $2 AND state = 'clearing'",
            )
            .bind(&self.tenant_id)
            .bind(move_id)
            .execute(connection)
            .await?
            .rows_affected()
                == 1
        }))
    }
}
