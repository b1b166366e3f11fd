//! When a failed attempt is repeated, and after how long.

use std::{
    fmt,
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, SystemTime},
};

use chrono::{DateTime, Utc};
use http::{HeaderMap, StatusCode, header::RETRY_AFTER};

use crate::{
    error::{Error, ErrorKind, Result},
    log,
    sleep::{Sleep, TokioSleep},
};

/// How many times a failed attempt is repeated unless the caller says otherwise.
pub const DEFAULT_MAX_RETRIES: u32 = 2;

/// The longest delay before the first retry; it doubles with each further one.
const FIRST_DELAY: Duration = Duration::from_millis(500);
/// No delay is longer, but for one that the server asks for.
const LONGEST_DELAY: Duration = Duration::from_secs(8);
/// A server's `Retry-After` beyond this is not waited for: the caller is told and decides.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(120);

/// What the retry budget holds at first, and at most.
const BUDGET: u32 = 500;
/// What a retry takes out of the budget.
const RETRY_COST: u32 = 5;
/// What a retry after a time-out takes: the server may still be at work on what timed out.
const TIMEOUT_COST: u32 = 10;

/// What a call returns to the budget that succeeds at once.
const SUCCESS: u32 = 1;

/// An attempt that brought no answer, and whether another may.
pub(crate) struct Failure {
    pub(crate) error: Error,
    pub(crate) retryable: bool,
}

impl Failure {
    pub(crate) fn final_(error: Error) -> Self {
        Self { error, retryable: false }
    }

    pub(crate) fn retryable(error: Error) -> Self {
        Self { error, retryable: true }
    }
}

/// What another attempt after this error takes out of the budget.
pub(crate) fn cost(error: &Error) -> u32 {
    match error.kind() {
        ErrorKind::Timeout => TIMEOUT_COST,
        _ => RETRY_COST,
    }
}

/// What all calls of one client share: the budget, and the way to wait.
pub(crate) struct Retry {
    budget: Option<AtomicU32>,
    sleep: Arc<dyn Sleep>,
}

impl Retry {
    pub(crate) fn new(with_budget: bool, sleep: Option<Arc<dyn Sleep>>) -> Self {
        Self {
            budget: with_budget.then(|| AtomicU32::new(BUDGET)),
            sleep: sleep.unwrap_or_else(|| Arc::new(TokioSleep)),
        }
    }

    /// Makes attempts until one succeeds or another would not be right, and tells how many failed before.
    pub(crate) async fn run<T, A, F>(&self, max_retries: u32, attempt: A) -> Result<(T, u32)>
    where
        A: Fn(u32) -> F,
        F: Future<Output = Result<T, Failure>>,
    {
        let (answer, retries, paid) = self.attempts(SUCCESS, 0, max_retries, attempt).await?;
        self.repay(paid);
        Ok((answer, retries))
    }

    /// The same for a call that `before` others were made for already; `paid` was taken out of the budget for its
    /// first attempt. The last of what was paid is not returned yet, but told.
    pub(crate) async fn attempts<T, A, F>(
        &self,
        mut paid: u32,
        before: u32,
        max_retries: u32,
        attempt: A,
    ) -> Result<(T, u32, u32)>
    where
        A: Fn(u32) -> F,
        F: Future<Output = Result<T, Failure>>,
    {
        let mut retries = 0;
        loop {
            let failure = match attempt(retries).await {
                Ok(answer) => return Ok((answer, retries, paid)),
                Err(failure) => failure,
            };
            let exhausted = !failure.retryable || retries >= max_retries;
            let Some(delay) = (!exhausted).then(|| self.delay(&failure.error, before + retries)).flatten() else {
                return Err(failure.error);
            };
            paid = cost(&failure.error);
            log::debug(format_args!("retrying in {delay:?} after {}", failure.error));
            self.sleep.sleep(delay).await;
            retries += 1;
        }
    }

    /// How long to wait before the next attempt; `None` when the server's wish or the budget forbids one.
    fn delay(&self, error: &Error, retries: u32) -> Option<Duration> {
        let delay = match error.retry_after() {
            Some(asked) if asked > LONGEST_RETRY_AFTER => return None,
            Some(asked) => asked,
            None => backoff(retries, random_fraction()),
        };
        self.pay(cost(error)).then_some(delay)
    }

    /// Waits as before a retry, of which `retries` were made before.
    pub(crate) async fn back_off(&self, retries: u32) {
        self.sleep.sleep(backoff(retries, random_fraction())).await;
    }

    /// Takes something out of the budget, if there is that much left.
    pub(crate) fn pay(&self, cost: u32) -> bool {
        self.budget.as_ref().is_none_or(|budget| {
            budget.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(cost)).is_ok()
        })
    }

    /// Returns something to the budget.
    pub(crate) fn repay(&self, amount: u32) {
        if let Some(budget) = &self.budget {
            // A full budget, which is the usual case, is only read: no cache line is fought over.
            if budget.load(Ordering::Relaxed) < BUDGET {
                let add = |left: u32| Some((left + amount).min(BUDGET));
                let _ = budget.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
            }
        }
    }
}

impl fmt::Debug for Retry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retry").field("budget", &self.budget).finish_non_exhaustive()
    }
}

/// Full jitter: anything between nothing and the bound, so that clients which failed together do not come back together.
fn backoff(retries: u32, fraction: f64) -> Duration {
    let bound = FIRST_DELAY.saturating_mul(2_u32.saturating_pow(retries)).min(LONGEST_DELAY);
    bound.mul_f64(fraction)
}

/// From 0 to 1. Without the system's randomness the delay is the whole bound, which is safe.
fn random_fraction() -> f64 {
    getrandom::u32().map_or(1.0, |number| f64::from(number) / f64::from(u32::MAX))
}

/// Whether an answer with an error status may be followed by another attempt.
pub(crate) fn is_retryable(status: StatusCode, headers: &HeaderMap) -> bool {
    match headers.get("x-should-retry").map(http::HeaderValue::as_bytes) {
        Some(b"true") => true,
        Some(b"false") => false,
        // 409 is retried only on the word of the server: most conflicts stay.
        _ => matches!(status.as_u16(), 408 | 429 | 500 | 502 | 503 | 504),
    }
}

/// What the server asks to wait: milliseconds where it says so, seconds or a date otherwise (RFC 9110, 10.2.3).
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    if let Some(delay) = text("retry-after-ms").and_then(|value| duration(value, 0.001)) {
        return Some(delay);
    }
    let value = text(RETRY_AFTER.as_str())?;
    duration(value, 1.0).or_else(|| {
        let date = DateTime::parse_from_rfc2822(value).ok()?;
        let now = DateTime::<Utc>::from(SystemTime::now());
        // A date that has passed asks for no wait.
        Some((date.to_utc() - now).to_std().unwrap_or(Duration::ZERO))
    })
}

fn duration(value: &str, unit: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(value.parse::<f64>().ok()? * unit).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_double_up_to_eight_seconds() {
        let bounds: Vec<_> = (0..7).map(|retries| backoff(retries, 1.0).as_millis()).collect();
        assert_eq!(bounds, [500, 1000, 2000, 4000, 8000, 8000, 8000]);
        assert_eq!(backoff(u32::MAX, 1.0), LONGEST_DELAY);
        assert_eq!(backoff(3, 0.0), Duration::ZERO);
    }

    #[tokio::test]
    async fn a_time_out_costs_twice_and_a_success_returns_one() {
        let delays = Arc::new(crate::RecordedDelays::default());
        let retry = Retry::new(true, Some(delays.clone()));
        let failing = |_| async { Err::<(), _>(Failure::retryable(Error::timeout("too late"))) };
        for _ in 0..40 {
            assert!(retry.run(2, failing).await.is_err());
        }
        assert_eq!(delays.all().len(), 50, "500 tokens are 50 retries at 10 each");
        for successes in [9, 1] {
            for _ in 0..successes {
                assert!(retry.run(2, |_| async { Ok(()) }).await.is_ok());
            }
            assert!(retry.run(2, failing).await.is_err());
        }
        assert_eq!(delays.all().len(), 51, "nine are not enough for another, ten are");
    }

    #[test]
    fn odd_retry_after_values_are_no_delay() {
        for value in ["-1", "soon", "nan", "inf", ""] {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, value.parse().unwrap())]);
            assert_eq!(retry_after(&headers), None, "{value}");
        }
    }
}
