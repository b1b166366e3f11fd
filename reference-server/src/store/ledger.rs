//! The ledger, read: every total of usage is a sum over its entries.

use chrono::{DateTime, Utc};

use super::{Result, TenantStore};
use crate::money::Micros;

/// What a tenant used since some moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct UsageTotals {
    /// Input and output tokens.
    pub tokens: i64,
    /// The metered value of the models' work.
    pub cost_micros: Micros,
}

impl TenantStore {
    /// The sum of the live entries of executions started at or after `since`.
    ///
    /// # Errors
    /// The database failed.
    pub async fn usage_since(&self, since: DateTime<Utc>) -> Result<UsageTotals> {
        Ok(read!(self, |connection| {
            sqlx::query_as(
                "SELECT CAST(COALESCE(SUM(input_tokens + output_tokens), 0) AS BIGINT) AS tokens, \
                 CAST(COALESCE(SUM(cost_micros), 0) AS BIGINT) AS cost_micros \
                 FROM ledger WHERE tenant_id = $1 AND mode = 'live' AND started_at >= $2",
            )
            .bind(&self.tenant_id)
            .bind(since)
            .fetch_one(connection)
            .await?
        }))
    }

    /// How many executions were started at or after `since`.
    ///
    /// # Errors
    /// The database failed.
    pub async fn executions_since(&self, since: DateTime<Utc>) -> Result<i64> {
        Ok(read!(self, |connection| {
            sqlx::query_scalar("SELECT COUNT(*) FROM executions WHERE tenant_id = $1 AND created_at >= $2")
                .bind(&self.tenant_id)
                .bind(since)
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
            sqlx::query_scalar(
                "SELECT CAST((SELECT COALESCE(SUM(bytes), 0) FROM documents WHERE tenant_id = $1) + \
                 (SELECT COALESCE(SUM(OCTET_LENGTH(content)), 0) FROM messages WHERE tenant_id = $1) AS BIGINT)",
            )
            .bind(&self.tenant_id)
            .fetch_one(connection)
            .await?
        }))
    }
}
