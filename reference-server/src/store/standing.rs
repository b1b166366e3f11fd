//! Where a tenant stands with its quotas, by the database: what counters are rebuilt from when they were lost.

use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;

use super::{Database, Result, TenantStore, begin_as, postgres_stored, sqlite_ran, sqlite_stored};
use crate::{
    ids::{ExecutionId, TenantId, time_of_ids},
    money::Micros,
};

/// Everything that counters hold, as of one moment.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// Executions started, by clock hour: `2024-03-15-14`.
    pub requests: Vec<(String, i64)>,
    /// Tokens and dollars settled, by calendar month: `2024-03`.
    pub used: Vec<(String, i64, Micros)>,
    /// Executions that are not settled, and what each holds.
    pub open: Vec<Open>,
    /// Bytes of documents and of the messages of conversations.
    pub bytes: i64,
}

/// An execution that is not settled.
#[derive(Clone, Debug)]
pub struct Open {
    /// Which.
    pub execution_id: ExecutionId,
    /// The clock hour that it was started in.
    pub hour: String,
    /// Tokens that it holds.
    pub tokens: i64,
    /// Dollars that it holds.
    pub spend: Micros,
    /// Bytes that it holds.
    pub bytes: i64,
}

/// One line of the answer, of any kind.
#[derive(sqlx::FromRow)]
struct Line {
    kind: String,
    name: String,
    hour: String,
    count: i64,
    micros: i64,
    bytes: i64,
}

/// One statement, so that all of it is of one moment. `$2` is what ids of the first hour that is asked for begin with, `$3` the first
/// month, `$4` what its ids begin with. The two databases write a time's hour and month in their own ways, and find a tenant's
/// ledger and messages in their own ways.
macro_rules! standing {
    (hour: $hour:literal, month: $month:literal, ledger: [$($ledger:tt)*], stored: [$($stored:tt)*]) => {
        concat!(
            "SELECT 'requests' AS kind, ", $hour, " AS name, '' AS hour, COUNT(*) AS count, CAST(0 AS BIGINT) AS micros, \
             CAST(0 AS BIGINT) AS bytes FROM executions WHERE tenant_id = $1 AND execution_id >= 'exec-' || $2 GROUP BY 2 \
             UNION ALL SELECT 'used', ", $month, ", '', CAST(SUM(l.input_tokens + l.output_tokens) AS BIGINT), \
             CAST(SUM(l.cost_micros) AS BIGINT), 0 FROM ", $($ledger)*,
            " AND l.tenant_id = $1 AND l.mode = 'live' AND l.started_at >= $3 GROUP BY 2 \
             UNION ALL SELECT 'open', execution_id, ", $hour, ", reserved_tokens, reserved_micros, reserved_bytes \
             FROM executions WHERE tenant_id = $1 AND status = 'running' \
             UNION ALL SELECT 'bytes', '', '', 0, 0, ", $($stored)*
        )
    };
}

pub(super) const SQLITE_STANDING: &str = standing!(
    hour: "REPLACE(SUBSTR(created_at, 1, 13), 'T', '-')",
    month: "SUBSTR(l.started_at, 1, 7)",
    ledger: [sqlite_ran!(since "$4"), " CROSS JOIN ledger l ON l.execution_id = ran.execution_id WHERE TRUE"],
    stored: [sqlite_stored!()]
);
const POSTGRES_STANDING: &str = standing!(
    hour: "to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD-HH24')",
    month: "to_char(l.started_at AT TIME ZONE 'UTC', 'YYYY-MM')",
    ledger: ["ledger l WHERE CAST($4 AS TEXT) IS NOT NULL"],
    stored: [postgres_stored!()]
);

impl TenantStore {
    /// Where the tenant stands: requests from `hour` on, usage from `month` on.
    ///
    /// # Errors
    /// The database failed.
    pub async fn standing(&self, hour: DateTime<Utc>, month: DateTime<Utc>) -> Result<Standing> {
        let (hour, month_of_ids) = (time_of_ids(hour), time_of_ids(month));
        let reached = self.reach().await?;
        let lines: Vec<Line> = match &*reached {
            Database::Sqlite { read, .. } => {
                let ask = sqlx::query_as(SQLITE_STANDING).bind(&self.tenant_id).bind(&hour).bind(month);
                ask.bind(&month_of_ids).fetch_all(read).await?
            }
            Database::Postgres(pool) => {
                let mut transaction = begin_as(pool, &self.tenant_id).await?;
                let ask = sqlx::query_as(POSTGRES_STANDING).bind(&self.tenant_id).bind(&hour).bind(month);
                let lines = ask.bind(&month_of_ids).fetch_all(&mut *transaction).await?;
                transaction.commit().await?;
                lines
            }
        };
        let mut standing = Standing::default();
        for Line { kind, name, hour, count, micros, bytes } in lines {
            match kind.as_str() {
                "requests" => standing.requests.push((name, count)),
                "used" => standing.used.push((name, count, Micros(micros))),
                "open" => {
                    let execution_id = name.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
                    standing.open.push(Open { execution_id, hour, tokens: count, spend: Micros(micros), bytes });
                }
                _ => standing.bytes = bytes,
            }
        }
        Ok(standing)
    }

    /// Begins another epoch of the tenant's shared counters. From here on nothing begins that was reserved before, and what is read
    /// after this holds everything that did.
    ///
    /// # Errors
    /// The database failed.
    pub async fn begin_quota_epoch(&self, epoch: &str) -> Result<()> {
        // Where executions are begun: a silo has a row of its tenant, too.
        let reached = self.reach().await?;
        if let Database::Postgres(pool) = &*reached {
            let mut transaction = begin_as(pool, &self.tenant_id).await?;
            // Waits for those that are beginning at this moment, and holds back others; they share this lock.
            let lock = format!("SELECT pg_advisory_xact_lock({})", epoch_lock(&self.tenant_id));
            sqlx::query(AssertSqlSafe(lock)).execute(&mut *transaction).await?;
            sqlx::query("UPDATE tenants SET quota_epoch = $2 WHERE tenant_id = $1")
                .bind(&self.tenant_id)
                .bind(epoch)
                .execute(&mut *transaction)
                .await?;
            return transaction.commit().await;
        }
        // It must not be waited for twice.
        drop(reached);
        write!(self, |connection| {
            sqlx::query("UPDATE tenants SET quota_epoch = $2 WHERE tenant_id = $1")
                .bind(&self.tenant_id)
                .bind(epoch)
                .execute(connection)
                .await?;
        });
        Ok(())
    }

    /// Whether this epoch of the tenant's shared counters stands.
    ///
    /// # Errors
    /// The database failed.
    pub async fn is_quota_epoch(&self, epoch: &str) -> Result<bool> {
        Ok(read!(self, |connection| {
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM tenants WHERE tenant_id = $1 AND quota_epoch = $2)")
                .bind(&self.tenant_id)
                .bind(epoch)
                .fetch_one(connection)
                .await?
        }))
    }

    /// Writes that an execution that runs holds this much: never less than before.
    ///
    /// # Errors
    /// The database failed.
    pub async fn raise_reservation(&self, execution_id: &ExecutionId, tokens: i64, spend: Micros) -> Result<()> {
        write!(self, |connection| {
            sqlx::query(
                "UPDATE executions SET reserved_tokens = CASE WHEN reserved_tokens < $3 THEN $3 ELSE reserved_tokens END, \
                 reserved_micros = CASE WHEN reserved_micros < $4 THEN $4 ELSE reserved_micros END \
                 WHERE tenant_id = $1 AND execution_id = $2 AND status = 'running'",
            )
            .bind(&self.tenant_id)
            .bind(execution_id)
            .bind(tokens)
            .bind(spend)
            .execute(connection)
            .await?;
        });
        Ok(())
    }
}

/// The number under which those who begin executions of a tenant, and whoever begins another epoch, find each other.
pub(super) fn epoch_lock(tenant_id: &TenantId) -> String {
    // The type allows letters, digits and hyphens alone, so the text can't leave its quotes.
    format!("hashtextextended('agent-platform:quota:{tenant_id}', 0)")
}
