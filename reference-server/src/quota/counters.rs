//! One tenant's counters, and the arithmetic on them.

use chrono::{DateTime, Utc};

use super::{Ask, BYTES_PER_TOKEN, Used, refusal};
use crate::{
    clock::{hour_of, month_of},
    error::Result,
    money::Micros,
    store::{TenantStore, ledger::UsageTotals},
    tenancy::Limits,
};

/// What one tenant used and holds.
#[derive(Debug)]
pub(super) struct Counters {
    hour: DateTime<Utc>,
    requests: i64,
    month: DateTime<Utc>,
    used: UsageTotals,
    reserved: UsageTotals,
    running: i64,
    bytes: i64,
    reserved_bytes: i64,
}

/// What one execution holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reserved {
    hour: DateTime<Utc>,
    month: DateTime<Utc>,
    metered: bool,
    pub(super) tokens: i64,
    pub(super) spend: Micros,
    pub(super) bytes: i64,
}

/// The counters at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The clock hour that `requests` is about.
    pub hour: DateTime<Utc>,
    /// Executions started in it.
    pub requests: i64,
    /// The calendar month that the figures below are about.
    pub month: DateTime<Utc>,
    /// Tokens settled.
    pub tokens: i64,
    /// Dollars settled.
    pub spend: Micros,
    /// Tokens held by executions that run.
    pub reserved_tokens: i64,
    /// Executions that run.
    pub running: i64,
    /// Bytes stored.
    pub bytes: i64,
}

impl Snapshot {
    /// The same by the database, where the counters can't be asked.
    pub(super) async fn by_the_database(store: &TenantStore, now: DateTime<Utc>) -> sqlx::Result<Self> {
        let (hour, month) = (hour_of(now), month_of(now));
        let (requests, used) = (store.executions_since(hour).await?, store.usage_since(month).await?);
        let standing = store.standing(hour, month).await?;
        Ok(Self {
            hour,
            requests,
            month,
            tokens: used.tokens,
            spend: used.cost_micros,
            reserved_tokens: standing.open.iter().map(|open| open.tokens).sum(),
            running: i64::try_from(standing.open.len()).unwrap_or(i64::MAX),
            bytes: standing.bytes,
        })
    }
}

impl Counters {
    pub(super) fn new(hour: (DateTime<Utc>, i64), month: (DateTime<Utc>, UsageTotals), bytes: i64) -> Self {
        let reserved = UsageTotals::default();
        Self {
            hour: hour.0,
            requests: hour.1,
            month: month.0,
            used: month.1,
            reserved,
            running: 0,
            bytes,
            reserved_bytes: 0,
        }
    }

    /// Begins a new hour or month. A clock that goes backwards begins nothing: the periods stand until it has caught up.
    fn roll(&mut self, now: DateTime<Utc>) {
        if hour_of(now) > self.hour {
            (self.hour, self.requests) = (hour_of(now), 0);
        }
        if month_of(now) > self.month {
            // What runs on from the month before is settled in that month, so nothing of this one is held.
            self.month = month_of(now);
            self.used = UsageTotals::default();
            self.reserved = UsageTotals::default();
        }
    }

    /// What can be refused before the work's size is known.
    pub(super) fn admit(&mut self, now: DateTime<Utc>, limits: &Limits) -> Result<()> {
        self.roll(now);
        if self.requests >= limits.max_requests_per_hour {
            return Err(refusal::requests(limits, self.requests, self.hour, now));
        }
        if self.running >= limits.max_concurrent_agents {
            return Err(refusal::concurrency(limits, self.running));
        }
        Ok(())
    }

    pub(super) fn reserve(&mut self, now: DateTime<Utc>, limits: &Limits, ask: Ask) -> Result<(Reserved, i64)> {
        self.admit(now, limits)?;
        let tokens_left = limits.max_tokens_per_month - self.used.tokens - self.reserved.tokens;
        let spend_left = limits.max_spend_per_month - self.used.cost_micros - self.reserved.cost_micros;
        let bytes_left = limits.max_bytes() - self.bytes - self.reserved_bytes;
        let input_cost = ask.input_price.times(ask.input_tokens);
        let mut output = ask.max_output_tokens;
        if !ask.output_is_fixed {
            if ask.metered {
                let affordable = match ask.output_price {
                    Micros::ZERO => output,
                    price => (spend_left - input_cost).0.max(0) / price.0,
                };
                output = output.min(tokens_left - ask.input_tokens).min(affordable);
            }
            // At least one token must be writable, or there is no work to do; then the checks below say which quota is short.
            output = output.min((bytes_left - ask.message_bytes).max(0) / BYTES_PER_TOKEN).max(1);
        }
        let mut held = Reserved {
            hour: self.hour,
            month: self.month,
            metered: ask.metered,
            tokens: ask.input_tokens + output,
            spend: input_cost + ask.output_price.times(output),
            bytes: ask.message_bytes + output * BYTES_PER_TOKEN,
        };
        if !ask.metered {
            (held.tokens, held.spend) = (0, Micros::ZERO);
        }
        if held.tokens > tokens_left {
            return Err(refusal::tokens(limits, self.used.tokens + self.reserved.tokens, held.tokens, self.month, now));
        }
        if held.spend > spend_left {
            let committed = self.used.cost_micros + self.reserved.cost_micros;
            return Err(refusal::spend(limits, committed, held.spend, self.month, now));
        }
        if held.bytes > bytes_left {
            return Err(refusal::storage(limits, self.bytes + self.reserved_bytes, held.bytes));
        }
        self.requests += 1;
        self.running += 1;
        self.reserved.tokens += held.tokens;
        self.reserved.cost_micros += held.spend;
        self.reserved_bytes += held.bytes;
        Ok((held, output))
    }

    pub(super) fn top_up(
        &mut self,
        now: DateTime<Utc>,
        limits: &Limits,
        held: &mut Reserved,
        tokens: i64,
        spend: Micros,
    ) -> bool {
        self.roll(now);
        if !held.metered {
            return true;
        }
        if held.month == self.month {
            let all_tokens = self.used.tokens + self.reserved.tokens + tokens;
            let all_spend = self.used.cost_micros + self.reserved.cost_micros + spend;
            if all_tokens > limits.max_tokens_per_month || all_spend > limits.max_spend_per_month {
                return false;
            }
            self.reserved.tokens += tokens;
            self.reserved.cost_micros += spend;
        } else {
            // The month that it was started in is over and its other totals are gone from here: nothing more is let through.
            return false;
        }
        held.tokens += tokens;
        held.spend += spend;
        true
    }

    pub(super) fn release(&mut self, now: DateTime<Utc>, held: &Reserved, used: Used) {
        self.roll(now);
        self.running -= 1;
        self.reserved_bytes -= held.bytes;
        self.bytes += used.bytes;
        if held.metered && held.month == self.month {
            self.reserved.tokens -= held.tokens;
            self.reserved.cost_micros -= held.spend;
            self.used.tokens += used.tokens;
            self.used.cost_micros += used.spend;
        }
    }

    pub(super) fn give_back(&mut self, now: DateTime<Utc>, held: &Reserved) {
        self.release(now, held, Used::default());
        if held.hour == self.hour {
            self.requests -= 1;
        }
    }

    /// Counts what an execution used that held nothing here.
    pub(super) fn charge(&mut self, started_at: DateTime<Utc>, used: Used) {
        self.bytes += used.bytes;
        if month_of(started_at) == self.month {
            self.used.tokens += used.tokens;
            self.used.cost_micros += used.spend;
        }
    }

    pub(super) fn take_storage(&mut self, limits: &Limits, bytes: i64) -> Result<()> {
        let stored = self.bytes + self.reserved_bytes;
        if stored + bytes > limits.max_bytes() {
            return Err(refusal::storage(limits, stored, bytes));
        }
        self.bytes += bytes;
        Ok(())
    }

    pub(super) fn storage_changed(&mut self, bytes: i64) {
        self.bytes += bytes;
    }

    pub(super) fn snapshot(&mut self, now: DateTime<Utc>) -> Snapshot {
        self.roll(now);
        Snapshot {
            hour: self.hour,
            requests: self.requests,
            month: self.month,
            tokens: self.used.tokens,
            spend: self.used.cost_micros,
            reserved_tokens: self.reserved.tokens,
            running: self.running,
            bytes: self.bytes,
        }
    }
}

#[cfg(test)]
#[path = "counters_tests.rs"]
mod tests;
