//! What may be set for one call.

use std::{fmt, time::Duration};

/// What may be set for one call, over what the client was built with.
///
/// ```
/// # fn example(client: &agent_platform::Client) {
/// use std::time::Duration;
/// use agent_platform::RequestOptions;
///
/// let patient = client.with_options(RequestOptions::new().timeout(Duration::from_secs(300)).max_retries(5));
/// # }
/// ```
#[derive(Clone, Default)]
pub struct RequestOptions {
    pub(crate) timeout: Option<Option<Duration>>,
    pub(crate) max_retries: Option<u32>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) idempotency_key: Option<String>,
}

/// Without the values of headers and the idempotency key, which may be secrets.
impl fmt::Debug for RequestOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestOptions")
            .field("timeout", &self.timeout)
            .field("max_retries", &self.max_retries)
            .field("headers", &self.headers.iter().map(|(name, _)| name).collect::<Vec<_>>())
            .field("query", &self.query)
            .finish_non_exhaustive()
    }
}

impl RequestOptions {
    /// Options that change nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The longest an attempt may take, body included; for a stream, the longest silence. `None` means no limit.
    #[must_use]
    pub fn timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.timeout = Some(timeout.into());
        self
    }

    /// How many times a failed attempt is repeated; 0 means never.
    #[must_use]
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = Some(retries);
        self
    }

    /// Adds a header, in place of one that the client would send under the same name.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Adds a query parameter.
    #[must_use]
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// Sets the `Idempotency-Key`, which otherwise is minted for each logical POST, PATCH and DELETE. With a
    /// key of your own a call can be repeated after the process was restarted, and is still done only once.
    #[must_use]
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.idempotency_key = Some(key.into());
        self
    }

    /// These options where they are set, those of `base` elsewhere; headers and query add up.
    pub(crate) fn over(&self, base: &Self) -> Self {
        let mut merged = base.clone();
        merged.timeout = self.timeout.or(base.timeout);
        merged.max_retries = self.max_retries.or(base.max_retries);
        merged.headers.extend(self.headers.iter().cloned());
        merged.query.extend(self.query.iter().cloned());
        if self.idempotency_key.is_some() {
            merged.idempotency_key.clone_from(&self.idempotency_key);
        }
        merged
    }
}
