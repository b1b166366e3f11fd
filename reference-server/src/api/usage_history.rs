//! What the tenant used over time.

use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{extract::Reader, page::Query};
use crate::{
    app::App,
    clock::{Granularity, Timestamp},
    error::Result,
    money::Micros,
    store::ledger::UsageBucket,
};

/// How many hours are shown where the request does not say, and how many days.
const DEFAULT_HOURS: i32 = 24;
const DEFAULT_DAYS: i32 = 30;
/// The most hours or days in one answer: six weeks of hours, nearly three years of days.
const MAX_BUCKETS: i64 = 1_000;

/// What was used, hour by hour or day by day.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsageHistory {
    /// Every hour or day of the range, oldest first, also those in which nothing was used.
    data: Vec<UsagePoint>,
}

/// What was used in one hour or day.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsagePoint {
    /// When the hour or day began, UTC.
    start: DateTime<Utc>,
    /// Executions that were started in it and have ended.
    requests: i64,
    /// Tokens that they read and wrote.
    tokens: i64,
    /// The metered value of their work, in dollars.
    cost: Micros,
    /// How many of them failed.
    errors: i64,
}

/// Which range, and how finely.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the query is read by `Query`; this states it in the specification")]
pub struct UsageHistoryParams {
    /// The first hour or day is the one with this time (RFC 3339); absent: 24 hours or 30 days before the end.
    #[param(nullable = false)]
    from: Option<DateTime<Utc>>,
    /// The last hour or day is the one that ends with or after this time (RFC 3339); absent: now.
    #[param(nullable = false)]
    to: Option<DateTime<Utc>>,
    /// Hour by hour, or day by day (the default).
    #[param(nullable = false)]
    granularity: Option<Granularity>,
}

/// Read the usage over time
///
/// Every figure is a sum over the ledger, so an execution counts once it has ended, in the hour or day in which it was started. Hours
/// and days are whole, in UTC; one answer has at most 1,000 of them. Work of test keys is left out.
#[utoipa::path(get, path = "/usage/history", operation_id = "get_usage_history", tag = "usage", params(UsageHistoryParams),
    responses((status = 200, description = "What was used, oldest first.", body = UsageHistory)), extensions(("x-scope" = json!("read"))))]
async fn get_usage_history(
    State(app): State<App>,
    Reader(caller): Reader,
    mut query: Query,
) -> Result<axum::Json<UsageHistory>> {
    const TIME: &str = "a time as RFC 3339 writes it, like `2026-01-31T12:00:00Z`";
    let from = query.parse::<Timestamp>("from", TIME).map(|from| from.0);
    let given = query.parse::<Timestamp>("to", TIME).map(|to| to.0);
    let to = given.unwrap_or_else(|| app.clock.now());
    let granularity = query.parse("granularity", "`hour` or `day`").unwrap_or(Granularity::Day);
    // The hour or day that begins now is shown, the one that begins where the caller ends is not.
    let end = match granularity.start_of(to) {
        whole if given == Some(whole) => whole,
        begun => begun + granularity.length(),
    };
    let default = match granularity {
        Granularity::Hour => DEFAULT_HOURS,
        Granularity::Day => DEFAULT_DAYS,
    };
    let start = from.map_or_else(|| end - granularity.length() * default, |from| granularity.start_of(from));
    let count = (end - start).num_seconds() / granularity.length().num_seconds();
    if from.is_some_and(|from| from > to) {
        query.refuse("from", "must not be after `to`, which is now where it is left out.");
    } else if count > MAX_BUCKETS {
        let detail =
            format!("is too far from `to`: that are {count} of them, and one answer has at most {MAX_BUCKETS}.");
        query.refuse("from", &detail);
    }
    query.finish()?;
    let used = caller.store.usage_by(granularity, start, end).await?;
    Ok(axum::Json(UsageHistory { data: every(granularity, start, end, &used) }))
}

/// Every bucket of the range, with what was used in it.
fn every(granularity: Granularity, start: DateTime<Utc>, end: DateTime<Utc>, used: &[UsageBucket]) -> Vec<UsagePoint> {
    let mut used = used.iter().peekable();
    let starts = std::iter::successors(Some(start), |start| Some(*start + granularity.length()));
    let points = starts.take_while(|start| *start < end).map(|start| {
        let found = used.next_if(|bucket| bucket.start == start);
        UsagePoint {
            start,
            requests: found.map_or(0, |bucket| bucket.requests),
            tokens: found.map_or(0, |bucket| bucket.tokens),
            cost: found.map_or(Micros::ZERO, |bucket| bucket.cost_micros),
            errors: found.map_or(0, |bucket| bucket.errors),
        }
    });
    points.collect()
}

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_usage_history))
}
