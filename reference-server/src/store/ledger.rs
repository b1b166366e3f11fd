//! The ledger, read: every total of usage is a sum over its entries.

use chrono::{DateTime, Utc};

use super::{Database, InItsWords, Result, TenantStore, begin_as, postgres_stored, sqlite_ran, sqlite_stored};
use crate::{
    clock::Granularity,
    ids::{time_of_ids, time_of_ids_after},
    money::Micros,
};

/// The live entries of executions started from `$2` to `$3`, whose ids begin with `$6` to `$7`, by the first `$4` characters of that
/// time, which `$5` makes whole.
pub(super) const SQLITE_USAGE_BY: &str = concat!(
    "SELECT SUBSTR(l.started_at, 1, $4) || $5 AS start, COUNT(*) AS requests, \
     SUM(l.input_tokens + l.output_tokens) AS tokens, SUM(l.cost_micros) AS cost_micros, \
     COUNT(*) FILTER (WHERE l.status = 'failed') AS errors FROM ",
    sqlite_ran!(since "$6"),
    " CROSS JOIN ledger l ON l.execution_id = ran.execution_id \
     WHERE ran.execution_id < 'exec-' || $7 AND l.tenant_id = $1 AND l.mode = 'live' \
     AND l.started_at >= $2 AND l.started_at < $3 GROUP BY 1 ORDER BY 1"
);
/// The live entries of executions started at `$2` or later, whose ids begin with `$3` or more.
pub(super) const SQLITE_USAGE_SINCE: &str = concat!(
    "SELECT COALESCE(SUM(l.input_tokens + l.output_tokens), 0) AS tokens, COALESCE(SUM(l.cost_micros), 0) AS cost_micros FROM ",
    sqlite_ran!(since "$3"),
    " CROSS JOIN ledger l ON l.execution_id = ran.execution_id WHERE l.tenant_id = $1 AND l.mode = 'live' AND l.started_at >= $2"
);
const POSTGRES_USAGE_SINCE: &str = "SELECT CAST(COALESCE(SUM(input_tokens + output_tokens), 0) AS BIGINT) AS tokens, \
    CAST(COALESCE(SUM(cost_micros), 0) AS BIGINT) AS cost_micros FROM ledger \
    WHERE tenant_id = $1 AND mode = 'live' AND started_at >= $2 AND CAST($3 AS TEXT) IS NOT NULL";

pub(super) const SQLITE_STORED: &str = concat!("SELECT ", sqlite_stored!());
const POSTGRES_STORED: &str = concat!("SELECT ", postgres_stored!());

/// What a tenant used since some moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct UsageTotals {
    /// Input and output tokens.
    pub tokens: i64,
    /// The metered value of the models' work.
    pub cost_micros: Micros,
}

/// What a tenant used in one hour or day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct UsageBucket {
    /// When the hour or day began.
    pub start: DateTime<Utc>,
    /// Executions that were started in it.
    pub requests: i64,
    /// Input and output tokens.
    pub tokens: i64,
    /// The metered value of the models' work.
    pub cost_micros: Micros,
    /// Executions that failed.
    pub errors: i64,
}

impl TenantStore {
    /// The live entries of executions started at or after `from` and before `to`, summed up by hour or day. Those without an entry
    /// are left out.
    ///
    /// # Errors
    /// The database failed.
    pub async fn usage_by(
        &self,
        granularity: Granularity,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<UsageBucket>> {
        let reached = self.reach().await?;
        match &*reached {
            Database::Sqlite { read, .. } => {
                // The stored text of a time begins with its date and hour.
                let (characters, rest) = match granularity {
                    Granularity::Hour => (13, ":00:00+00:00"),
                    Granularity::Day => (10, "T00:00:00+00:00"),
                };
                sqlx::query_as(SQLITE_USAGE_BY)
                    .bind(&self.tenant_id)
                    .bind(from)
                    .bind(to)
                    .bind(characters)
                    .bind(rest)
                    .bind(time_of_ids(from))
                    .bind(time_of_ids_after(to))
                    .fetch_all(read)
                    .await
            }
            Database::Postgres(pool) => {
                let mut transaction = begin_as(pool, &self.tenant_id).await?;
                let rows = sqlx::query_as(
                    "SELECT date_trunc($4, started_at, 'UTC') AS start, COUNT(*) AS requests, \
                     CAST(SUM(input_tokens + output_tokens) AS BIGINT) AS tokens, \
                     CAST(SUM(cost_micros) AS BIGINT) AS cost_micros, \
                     COUNT(*) FILTER (WHERE status = 'failed') AS errors FROM ledger \
                     WHERE tenant_id = $1 AND mode = 'live' AND started_at >= $2 AND started_at < $3 GROUP BY 1 ORDER BY 1",
                )
                .bind(&self.tenant_id)
                .bind(from)
                .bind(to)
                .bind(match granularity {
                    Granularity::Hour => "hour",
                    Granularity::Day => "day",
                })
                .fetch_all(&mut *transaction)
                .await?;
                transaction.commit().await?;
                Ok(rows)
            }
        }
    }

    /// The sum of the live entries of executions started at or after `since`.
    ///
    /// # Errors
    /// The database failed.
    pub async fn usage_since(&self, since: DateTime<Utc>) -> Result<UsageTotals> {
        Ok(read!(self, |connection| {
            sqlx::query_as(connection.in_its_words(SQLITE_USAGE_SINCE, POSTGRES_USAGE_SINCE))
                .bind(&self.tenant_id)
                .bind(since)
                .bind(time_of_ids(since))
                .fetch_one(connection)
                .await?
        }))
    }

    /// How many executions were started at or after `since`, which their ids tell.
    ///
    /// # Errors
    /// The database failed.
    pub async fn executions_since(&self, since: DateTime<Utc>) -> Result<i64> {
        Ok(read!(self, |connection| {
            sqlx::query_scalar("SELECT COUNT(*) FROM executions WHERE tenant_id = $1 AND execution_id >= 'exec-' || $2")
                .bind(&self.tenant_id)
                .bind(time_of_ids(since))
                .fetch_one(connection)
                .await?
        }))
    }

    /// Bytes of documents and of the messages of conversations.
    ///
    /// # Errors
    /// The database failed.
    pub async fn storage_bytes(&self) -> Result<i64> {
        Ok(read!(self, |connection| {
            sqlx::query_scalar(connection.in_its_words(SQLITE_STORED, POSTGRES_STORED))
                .bind(&self.tenant_id)
                .fetch_one(connection)
                .await?
        }))
    }
}
