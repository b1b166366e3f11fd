//! Tickets, as agents made them.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::{Id, Reader},
    page::{Page, PageParams, Query},
};
use crate::{
    app::App,
    error::{Problem, Result},
    ids::{ExecutionId, TicketId},
    store::tickets::TicketRow,
};

/// A ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ticket {
    /// Names it.
    ticket_id: TicketId,
    /// The matter in one line.
    subject: String,
    /// The matter in full.
    body: String,
    /// The execution that made it.
    execution_id: ExecutionId,
    /// When it was made.
    created_at: DateTime<Utc>,
}

impl From<TicketRow> for Ticket {
    fn from(row: TicketRow) -> Self {
        let TicketRow { ticket_id, subject, body, execution_id, created_at } = row;
        Self { ticket_id, subject, body, execution_id, created_at }
    }
}

/// List tickets
///
/// What agents made with `create_ticket`, newest first.
#[utoipa::path(get, path = "/tickets", operation_id = "list_tickets", tag = "tickets", params(PageParams),
    responses((status = 200, description = "A page of tickets.", body = Page<Ticket>)), extensions(("x-scope" = json!("read"))))]
async fn list_tickets(Reader(caller): Reader, mut query: Query) -> Result<axum::Json<Page<Ticket>>> {
    let page = query.page::<TicketId>();
    query.finish()?;
    let rows = caller.store.tickets(page.before.as_deref(), page.rows()).await?;
    Ok(axum::Json(page.of(rows, |row| row.ticket_id.to_string(), Ticket::from)))
}

/// Read a ticket
#[utoipa::path(get, path = "/tickets/{ticket_id}", operation_id = "get_ticket", tag = "tickets",
    params(("ticket_id" = TicketId, Path, description = "The ticket.")),
    responses((status = 200, description = "The ticket.", body = Ticket)), extensions(("x-scope" = json!("read"))))]
async fn get_ticket(Reader(caller): Reader, Id(ticket_id): Id<TicketId>) -> Result<axum::Json<Ticket>> {
    let ticket = caller.store.ticket(&ticket_id).await?;
    let ticket = ticket.ok_or_else(|| Problem::not_found("ticket", ticket_id.as_str()))?;
    Ok(axum::Json(ticket.into()))
}

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_tickets)).routes(routes!(get_ticket))
}
