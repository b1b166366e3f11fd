//! Tickets, as the tool `create_ticket` makes them.

use chrono::{DateTime, Utc};

use super::{Result, TenantStore};
use crate::ids::{ExecutionId, TicketId};

/// A ticket.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct TicketRow {
    /// Names it.
    pub ticket_id: TicketId,
    /// In one line.
    pub subject: String,
    /// In full.
    pub body: String,
    /// The execution that made it.
    pub execution_id: ExecutionId,
    /// When.
    pub created_at: DateTime<Utc>,
}

impl TenantStore {
    /// Writes a new ticket.
    ///
    /// # Errors
    /// The database failed.
    pub async fn insert_ticket(&self, ticket: &TicketRow) -> Result<()> {
        write!(self, |connection| {
            sqlx::query(
                "INSERT INTO tickets (ticket_id, tenant_id, subject, body, execution_id, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6)",
            )
            .bind(&ticket.ticket_id)
            .bind(&self.tenant_id)
            .bind(&ticket.subject)
            .bind(&ticket.body)
            .bind(&ticket.execution_id)
            .bind(ticket.created_at)
            .execute(connection)
            .await?;
        });
        Ok(())
    }

    /// The ticket of this id.
    ///
    /// # Errors
    /// The database failed.
    pub async fn ticket(&self, ticket_id: &TicketId) -> Result<Option<TicketRow>> {
        Ok(read!(self, |connection| {
            sqlx::query_as("SELECT * FROM tickets WHERE tenant_id = $1 AND ticket_id = $2")
                .bind(&self.tenant_id)
                .bind(ticket_id)
                .fetch_optional(connection)
                .await?
        }))
    }

    /// Tickets, newest first, before the one named `before`.
    ///
    /// # Errors
    /// The database failed.
    pub async fn tickets(&self, before: Option<&str>, limit: i64) -> Result<Vec<TicketRow>> {
        Ok(read!(self, |connection| {
            sqlx::query_as(
                "SELECT * FROM tickets WHERE tenant_id = $1 AND ($2 IS NULL OR ticket_id < $2) \
                 ORDER BY ticket_id DESC LIMIT $3",
            )
            .bind(&self.tenant_id)
            .bind(before)
            .bind(limit)
            .fetch_all(connection)
            .await?
        }))
    }
}
