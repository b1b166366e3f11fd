//! How a client is set up: the builder, the environment variables, the defaults.

use std::time::Duration;

use crate::{client::Client, error::Result};

/// The API key, `pk_live_…` or `pk_test_…`.
pub const API_KEY_VARIABLE: &str = "AGENT_PLATFORM_API_KEY";
/// Where the server is.
pub const BASE_URL_VARIABLE: &str = "AGENT_PLATFORM_BASE_URL";
/// `debug` logs each attempt.
pub const LOG_VARIABLE: &str = "AGENT_PLATFORM_LOG";

/// The server of `make serve`.
pub const DEFAULT_BASE_URL: &str = "http://localhost:8000";
/// The longest an attempt of an ordinary call may take.
pub const DEFAULT_CALL_TIMEOUT: Duration = Duration::from_secs(60);
/// The longest an attempt of a call that waits for a model may take, body included.
pub const DEFAULT_EXECUTE_TIMEOUT: Duration = Duration::from_secs(600);

/// Sets up a [`Client`].
#[derive(Clone, Default)]
pub struct ClientBuilder {
    pub(crate) api_key: Option<String>,
    pub(crate) base_url: Option<String>,
    pub(crate) timeout: Option<Option<Duration>>,
    pub(crate) max_retries: Option<u32>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) proxy: Option<String>,
    pub(crate) ca_bundle: Option<std::path::PathBuf>,
    pub(crate) user_agent_suffix: Option<String>,
}

impl std::fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientBuilder").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

impl ClientBuilder {
    /// The API key; otherwise `AGENT_PLATFORM_API_KEY` is read.
    #[must_use]
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// Where the server is; otherwise `AGENT_PLATFORM_BASE_URL`, otherwise [`DEFAULT_BASE_URL`].
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// The longest an attempt of any call may take, body included, and the longest silence on a stream, in place of
    /// the defaults for each. `None` means no limit.
    #[must_use]
    pub fn timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.timeout = Some(timeout.into());
        self
    }

    /// How many times a failed attempt is repeated (2); 0 means never.
    #[must_use]
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = Some(retries);
        self
    }

    /// Adds a header to every request.
    #[must_use]
    pub fn default_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sends every request through this proxy, `http://user:password@proxy:3128`; otherwise the system's
    /// settings hold (`HTTPS_PROXY`, `NO_PROXY`, ...).
    #[must_use]
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Some(url.into());
        self
    }

    /// A PEM file of certificate authorities to trust beside those of the system.
    #[must_use]
    pub fn ca_bundle(mut self, path: impl Into<std::path::PathBuf>) -> Self {
        self.ca_bundle = Some(path.into());
        self
    }

    /// Adds a word to the `User-Agent`, such as `my-app/1.2`.
    #[must_use]
    pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
        self.user_agent_suffix = Some(suffix.into());
        self
    }

    /// The client.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Configuration`] when a setting is not usable; the message names it.
    pub fn build(self) -> Result<Client> {
        Client::new(self)
    }
}
