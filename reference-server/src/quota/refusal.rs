//! What a refused request is told: which quota, its figures, and when to come back.

use chrono::{DateTime, Duration, Utc};
use serde_json::Number;

use super::megabytes;
use crate::{clock::month_after, error::Problem, money::Micros, tenancy::Limits};

/// A slot is free as soon as any execution ends.
const CONCURRENCY_RETRY_SECONDS: u64 = 1;

fn seconds_until(time: DateTime<Utc>, now: DateTime<Utc>) -> Option<u64> {
    // Rounded up, so that who waits this long comes after the reset.
    let millis = u64::try_from((time - now).num_milliseconds()).unwrap_or(0);
    Some(millis.div_ceil(1_000).max(1))
}

pub(super) fn requests(limits: &Limits, used: i64, hour: DateTime<Utc>, now: DateTime<Utc>) -> Problem {
    let limit = limits.max_requests_per_hour;
    let resets = hour + Duration::hours(1);
    let detail = if limit == 0 {
        "The rate limit of 0 executions an hour lets nothing through. Raise the quota.".to_owned()
    } else {
        format!("The rate limit of {limit} executions an hour is reached. It is reset at {}.", resets.to_rfc3339())
    };
    let figures = (limit.into(), used.into());
    Problem::quota("rate_limited", "max_requests_per_hour", detail, figures, Some(resets), seconds_until(resets, now))
}

pub(super) fn concurrency(limits: &Limits, running: i64) -> Problem {
    let limit = limits.max_concurrent_agents;
    let detail = if limit == 0 {
        "The limit of 0 concurrent executions lets nothing through. Raise the quota.".to_owned()
    } else {
        format!("All {limit} concurrent executions of this tenant are running. Try again when one has ended.")
    };
    let figures = (limit.into(), running.into());
    Problem::quota("quota_exceeded", "max_concurrent_agents", detail, figures, None, Some(CONCURRENCY_RETRY_SECONDS))
}

pub(super) fn tokens(limits: &Limits, used: i64, asked: i64, month: DateTime<Utc>, now: DateTime<Utc>) -> Problem {
    let limit = limits.max_tokens_per_month;
    let detail = if limit == 0 {
        "The limit of 0 tokens a month lets nothing through. Raise the quota.".to_owned()
    } else {
        format!(
            "This execution may use {asked} tokens; of the {limit} tokens a month, {used} are used or reserved. Lower \
             `max_output_tokens`, or raise the quota."
        )
    };
    monthly("max_tokens_per_month", detail, (limit.into(), used.into()), month, now)
}

pub(super) fn spend(limits: &Limits, used: Micros, asked: Micros, month: DateTime<Utc>, now: DateTime<Utc>) -> Problem {
    let limit = limits.max_spend_per_month;
    let detail = if limit == Micros::ZERO {
        "The limit of $0 a month lets nothing through that costs something. Raise the quota.".to_owned()
    } else {
        format!(
            "This execution may cost ${asked}; of the ${limit} a month, ${used} are spent or reserved. Lower \
             `max_output_tokens`, or raise the quota."
        )
    };
    monthly("max_spend_per_month", detail, (limit.number(), used.number()), month, now)
}

pub(super) fn storage(limits: &Limits, bytes: i64, asked: i64) -> Problem {
    let limit = limits.max_storage_mb;
    let detail = format!(
        "{asked} bytes more would pass the storage quota of {limit} MB; {bytes} bytes are stored. Delete documents or \
         conversations, or raise the quota."
    );
    Problem::quota("quota_exceeded", "max_storage_mb", detail, (limit.into(), megabytes(bytes)), None, None)
}

fn monthly(
    quota: &str,
    detail: String,
    figures: (Number, Number),
    month: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Problem {
    let resets = month_after(month);
    Problem::quota("quota_exceeded", quota, detail, figures, Some(resets), seconds_until(resets, now))
}
