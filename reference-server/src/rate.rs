//! How often somebody may do something: so many at once, and then as they come back over the period.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, Duration, Utc};

/// Beyond this many, those with the least on their account are forgotten: bounds the memory.
const ENTRIES: usize = 20_000;

/// A token bucket for each key, kept as the one moment at which it is full again (the generic cell rate algorithm).
#[derive(Debug)]
pub struct Rate<K> {
    /// How much later a bucket is full again for each token that is taken.
    interval: Duration,
    /// How much later it may be full again at most.
    period: Duration,
    full_at: Mutex<HashMap<K, DateTime<Utc>>>,
}

impl<K: Eq + Hash> Rate<K> {
    /// So many in each period; at least one.
    #[must_use]
    pub fn new(limit: u32, period: Duration) -> Self {
        let interval = period / i32::try_from(limit.max(1)).unwrap_or(i32::MAX);
        Self { interval, period, full_at: Mutex::default() }
    }

    /// Takes one of what `key` may; where there is none left, gives after how many seconds there is.
    ///
    /// # Errors
    /// There is none left.
    pub fn take(&self, key: K, now: DateTime<Utc>) -> Result<(), u64> {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let known = full_at.get(&key).copied();
        // A moment that lies further ahead than an empty bucket's is from before the clock was set back.
        let before = known.filter(|at| *at <= now + self.period).unwrap_or(now);
        let taken = before.max(now) + self.interval;
        let wait = taken - (now + self.period);
        if wait > Duration::zero() {
            return Err(u64::try_from(wait.num_milliseconds()).unwrap_or(0).div_ceil(1_000).max(1));
        }
        if known.is_none() && full_at.len() >= ENTRIES {
            make_room(&mut full_at, now);
        }
        full_at.insert(key, taken);
        Ok(())
    }
}

/// Forgets whose bucket is full; where that is hardly anybody, also the half with the fullest.
fn make_room<K: Eq + Hash>(full_at: &mut HashMap<K, DateTime<Utc>>, now: DateTime<Utc>) {
    full_at.retain(|_, at| *at > now);
    if full_at.len() > ENTRIES / 2 {
        let mut moments: Vec<_> = full_at.values().copied().collect();
        let (_, median, _) = moments.select_nth_unstable(ENTRIES / 2 - 1);
        let median = *median;
        full_at.retain(|_, at| *at > median);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(millis: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + Duration::milliseconds(millis)
    }

    #[test]
    fn so_many_at_once_and_then_as_they_come_back() {
        let rate = Rate::new(3, Duration::seconds(60));
        for _ in 0..3 {
            assert_eq!(rate.take("a", after(0)), Ok(()));
        }
        assert_eq!(rate.take("a", after(0)), Err(20));
        assert_eq!(rate.take("b", after(0)), Ok(()), "each counts alone");
        assert_eq!(rate.take("a", after(19_500)), Err(1));
        assert_eq!(rate.take("a", after(20_000)), Ok(()));
        assert_eq!(rate.take("a", after(20_000)), Err(20));
        for _ in 0..3 {
            assert_eq!(rate.take("a", after(600_000)), Ok(()), "no more come back than there were");
        }
        assert_eq!(rate.take("a", after(600_000)), Err(20));
    }

    #[test]
    fn a_clock_that_is_set_back_keeps_nobody_out() {
        let rate = Rate::new(2, Duration::seconds(60));
        for time in [1_000_000_000, 0] {
            for _ in 0..2 {
                assert_eq!(rate.take("a", after(time)), Ok(()));
            }
            assert_eq!(rate.take("a", after(time)), Err(30));
        }
    }

    #[test]
    fn memory_is_bounded_and_who_asks_most_is_remembered() {
        let rate = Rate::new(2, Duration::seconds(60));
        for _ in 0..2 {
            rate.take(u32::MAX, after(0)).unwrap();
        }
        for other in 0..100_000 {
            rate.take(other, after(0)).unwrap();
        }
        assert!(rate.full_at.lock().unwrap().len() <= ENTRIES);
        assert_eq!(rate.take(u32::MAX, after(0)), Err(30));
    }
}
