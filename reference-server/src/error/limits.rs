//! What a tenant is told whose limits, or whose counters, let nothing more through.

use std::fmt;

use chrono::{DateTime, Utc};
use http::StatusCode;
use serde_json::Number;

use super::Problem;

impl Problem {
    /// 429: one of the five quotas does not let this through.
    pub fn quota(
        code: &str,
        quota: &str,
        detail: String,
        figures: (Number, Number),
        resets_at: Option<DateTime<Utc>>,
        retry_after: Option<u64>,
    ) -> Self {
        let title = if code == "rate_limited" { "Rate limit reached" } else { "Quota used up" };
        let mut problem = Self::new(StatusCode::TOO_MANY_REQUESTS, code, title, detail);
        problem.quota = Some(quota.to_owned());
        problem.limit = Some(figures.0);
        problem.used = Some(figures.1);
        problem.resets_at = Some(resets_at);
        problem.retry_after = retry_after;
        problem
    }

    /// 429: more calls, sign-ups or refused keys than anybody needs; no quota of the tenant's.
    #[must_use]
    pub fn too_many_requests(detail: String, seconds: u64) -> Self {
        let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", "Too many requests", detail);
        Self { retry_after: Some(seconds), ..problem }
    }

    /// 503: the shared counters can't be reached.
    pub fn quota_unavailable(hidden: impl fmt::Display + Send + Sync + 'static) -> Self {
        let detail = "The counters of the quotas can't be reached, so nothing is executed; all else works. Try again in a moment.";
        Self::unavailable("quota_unavailable", detail, hidden)
    }

    /// 503: so many of the tenant's own executions wait to begin that no more are taken.
    #[must_use]
    pub fn tenant_overloads(waiting: usize) -> Self {
        let detail = format!(
            "{waiting} executions of this tenant wait to begin, and no more are taken. Send fewer at once, and this one again in a \
             moment."
        );
        let problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, "overloaded", "Temporarily unavailable", detail);
        Self { retry_after: Some(1), ..problem }
    }

    /// The same, where they were lost between a reservation and the work: it is worth another try at once.
    pub fn counters_lost(hidden: impl fmt::Display + Send + Sync + 'static) -> Self {
        Self { should_retry: Some(true), ..Self::quota_unavailable(hidden) }
    }

    /// Whether it is [`Problem::counters_lost`].
    #[must_use]
    pub fn is_counters_lost(&self) -> bool {
        self.code == "quota_unavailable" && self.should_retry == Some(true)
    }
}
