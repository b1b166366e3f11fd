//! How a client is set up: the builder, the environment variables, the defaults.

use std::{env, fmt, path::PathBuf, sync::Arc, time::Duration};

use http::{HeaderMap, HeaderName, HeaderValue, header};
use url::Url;

use crate::{
    base_url,
    client::Client,
    error::{Error, Result},
    retry,
    sleep::Sleep,
    traceparent,
};

/// The variable that holds the API key, `pk_live_…` or `pk_test_…`.
pub const API_KEY_VARIABLE: &str = "AGENT_PLATFORM_API_KEY";
/// The variable that says where the server is.
pub const BASE_URL_VARIABLE: &str = "AGENT_PLATFORM_BASE_URL";
/// The variable that, set to `debug`, has each attempt logged.
pub const LOG_VARIABLE: &str = "AGENT_PLATFORM_LOG";

/// Where `make serve` listens.
pub const DEFAULT_BASE_URL: &str = "http://localhost:8000";
/// The longest an attempt of an ordinary call may take, body included.
pub const DEFAULT_CALL_TIMEOUT: Duration = Duration::from_secs(60);
/// The same for a call that waits for a model; the server's own deadline is 300 s.
pub const DEFAULT_EXECUTE_TIMEOUT: Duration = Duration::from_secs(600);
/// The longest silence on a stream; the server sends a heartbeat every 15 s.
pub const DEFAULT_STREAM_IDLE_TIMEOUT: Duration = Duration::from_secs(120);
/// The longest that making a connection may take, TLS included.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How many headers a request has, with room for a few of the caller's.
const TYPICAL_HEADERS: usize = 12;

/// Sets up a [`Client`].
///
/// ```
/// use std::time::Duration;
///
/// # fn main() -> agent_platform::Result<()> {
/// let client = agent_platform::Client::builder()
///     .api_key("pk_test_0000_0000")
///     .base_url("https://agents.example.com")
///     .timeout(Duration::from_secs(30))
///     .max_retries(4)
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct ClientBuilder {
    api_key: Option<String>,
    base_url: Option<String>,
    pub(crate) timeout: Option<Option<Duration>>,
    pub(crate) connect_timeout: Option<Option<Duration>>,
    pub(crate) max_retries: Option<u32>,
    headers: Vec<(String, String)>,
    pub(crate) proxy: Option<String>,
    pub(crate) ca_bundle: Option<PathBuf>,
    user_agent_suffix: Option<String>,
    pub(crate) no_retry_budget: bool,
    pub(crate) camel_case: bool,
    pub(crate) sleep: Option<Arc<dyn Sleep>>,
}

impl ClientBuilder {
    /// The API key; otherwise `AGENT_PLATFORM_API_KEY` is read. Only sign-up works without.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// Where the server is; otherwise `AGENT_PLATFORM_BASE_URL`, otherwise [`DEFAULT_BASE_URL`].
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// The longest an attempt of any call may take, body included, and the longest silence on a stream, in place of
    /// the defaults of each. `None` means no limit.
    pub fn timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.timeout = Some(timeout.into());
        self
    }

    /// The longest that making a connection may take, TLS included, in place of [`CONNECT_TIMEOUT`]. `None` means no limit
    /// of its own.
    pub fn connect_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.connect_timeout = Some(timeout.into());
        self
    }

    /// How many times a failed attempt is repeated ([`DEFAULT_MAX_RETRIES`](crate::DEFAULT_MAX_RETRIES)); 0 means never.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = Some(retries);
        self
    }

    /// Whether retries are bounded over all calls of the client (they are), so that a server in trouble is not given
    /// up to `max_retries` times the load.
    pub fn retry_budget(mut self, on: bool) -> Self {
        self.no_retry_budget = !on;
        self
    }

    /// Adds a header to every request.
    pub fn default_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sends every request through this proxy, `http://user:password@proxy:3128`; otherwise the system's
    /// settings hold (`HTTPS_PROXY`, `NO_PROXY`, …), which are not asked for a server on this machine.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Some(url.into());
        self
    }

    /// A PEM file of certificate authorities to trust beside those of the system (or of `SSL_CERT_FILE`).
    pub fn ca_bundle(mut self, path: impl Into<PathBuf>) -> Self {
        self.ca_bundle = Some(path.into());
        self
    }

    /// Adds a word to the `User-Agent`, such as `my-app/1.2`.
    pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
        self.user_agent_suffix = Some(suffix.into());
        self
    }

    /// Spells methods in errors and in the log as JavaScript does: `createAgent`.
    #[doc(hidden)]
    pub fn camel_case(mut self) -> Self {
        self.camel_case = true;
        self
    }

    /// Another way to wait between attempts, for tests.
    #[doc(hidden)]
    pub fn sleep(mut self, sleep: Arc<dyn Sleep>) -> Self {
        self.sleep = Some(sleep);
        self
    }

    /// The client.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) when a setting is not usable; the message names it.
    pub fn build(self) -> Result<Client> {
        Client::new(&self)
    }

    /// Where the server is.
    pub(crate) fn resolve_base_url(&self) -> Result<Url> {
        let text = or_variable(self.base_url.as_deref(), BASE_URL_VARIABLE);
        base_url::parse(text.as_deref().unwrap_or(DEFAULT_BASE_URL))
    }

    /// How long an attempt may take where neither the call nor its operation says otherwise.
    pub(crate) fn resolve_timeouts(&self) -> Result<()> {
        for (limit, what) in [(self.timeout, "time-out"), (self.connect_timeout, "time-out of connecting")] {
            if limit.flatten().is_some_and(|limit| limit.is_zero()) {
                return Err(Error::configuration(format!(
                    "a {what} of 0 is over before it begins; none means no limit"
                )));
            }
        }
        Ok(())
    }

    /// What every request carries, but for the key.
    pub(crate) fn resolve_headers(&self) -> Result<HeaderMap> {
        let mut agent =
            format!("agent-platform-sdk/{} ({}; {})", env!("CARGO_PKG_VERSION"), env::consts::OS, env::consts::ARCH);
        if let Some(suffix) = &self.user_agent_suffix {
            agent = format!("{agent} {suffix}");
        }
        let agent = HeaderValue::from_str(&agent).map_err(|_| {
            Error::configuration("the word for the User-Agent holds a character that no header may hold")
        })?;
        // Room for those of a call, so that its copy need not grow.
        let mut headers = HeaderMap::with_capacity(TYPICAL_HEADERS);
        headers.insert(header::USER_AGENT, agent);
        add_headers(&mut headers, &self.headers, Error::configuration)?;
        traceparent::pass_on(&mut headers);
        Ok(headers)
    }

    /// `Authorization`, if there is a key.
    pub(crate) fn resolve_authorization(&self) -> Result<Option<HeaderValue>> {
        let Some(key) = or_variable(self.api_key.as_deref(), API_KEY_VARIABLE) else {
            return Ok(None);
        };
        let unusable = || Error::configuration("the API key holds a character that no key has; copy it again");
        if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(unusable());
        }
        let mut value = HeaderValue::from_str(&format!("Bearer {key}")).map_err(|_| unusable())?;
        value.set_sensitive(true); // Debug shows "Sensitive" in its place
        Ok(Some(value))
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Key, headers and proxy may hold secrets; the base URL may, until it has been checked.
        f.debug_struct("ClientBuilder")
            .field("timeout", &self.timeout)
            .field("max_retries", &self.max_retries.unwrap_or(retry::DEFAULT_MAX_RETRIES))
            .field("ca_bundle", &self.ca_bundle)
            .finish_non_exhaustive()
    }
}

/// The setting, or what the environment says; blank counts as not set.
fn or_variable(setting: Option<&str>, variable: &str) -> Option<String> {
    let given = setting.map(str::to_owned).or_else(|| env::var(variable).ok())?;
    let given = given.trim();
    (!given.is_empty()).then(|| given.to_owned())
}

/// Puts named headers in place of those that are there. `error` makes the caller's kind of error.
pub(crate) fn add_headers<N: AsRef<str>>(
    headers: &mut HeaderMap,
    named: &[(N, String)],
    error: fn(String) -> Error,
) -> Result<()> {
    for (name, value) in named {
        let name = name.as_ref();
        let parsed = HeaderName::try_from(name).map_err(|_| error(format!("{name:?} is not a header's name")))?;
        let mut value = HeaderValue::try_from(value)
            .map_err(|_| error(format!("the header {name} holds a character that no header may hold")))?;
        value.set_sensitive(true); // it may be a proxy's token; nobody needs it in a log
        headers.insert(parsed, value);
    }
    Ok(())
}
