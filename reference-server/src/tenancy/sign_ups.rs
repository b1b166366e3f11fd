//! How often an address may sign up.

use std::net::IpAddr;

use chrono::{DateTime, Duration, Utc};

use crate::{address, rate::Rate};

/// From one address, where the configuration does not say: a whole class that signs up behind one router.
const AN_HOUR: u32 = 20;
/// From this machine itself, which is somebody's own.
const AN_HOUR_ON_LOOPBACK: u32 = 1_000;

/// Counts sign-ups by address, also those that are refused.
#[derive(Debug)]
pub struct SignUps {
    elsewhere: Rate<IpAddr>,
    loopback: Rate<IpAddr>,
}

impl SignUps {
    /// So many an hour, from every address alike, or the defaults.
    #[must_use]
    pub fn new(an_hour: Option<u32>) -> Self {
        let rate = |default: u32| Rate::new(an_hour.unwrap_or(default), Duration::hours(1));
        Self { elsewhere: rate(AN_HOUR), loopback: rate(AN_HOUR_ON_LOOPBACK) }
    }

    /// Counts one; where there were too many, gives after how many seconds the next may come.
    ///
    /// # Errors
    /// There were too many.
    pub fn take(&self, address: IpAddr, now: DateTime<Utc>) -> Result<(), u64> {
        let rate = if address.is_loopback() { &self.loopback } else { &self.elsewhere };
        rate.take(address::counted(address), now)
    }
}
