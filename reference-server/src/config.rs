//! Configuration: each flag with its variable is declared and documented here, once.

use std::{convert::Infallible, fmt, net::SocketAddr, path::PathBuf, str::FromStr};

use anyhow::{Context, anyhow, bail};
use clap::Args;
use serde::Deserialize;

use crate::{address::TrustedProxies, tenancy::Tiers};

/// A database's URL; shown without its password.
#[derive(Clone, PartialEq, Eq, sqlx::Type)]
#[sqlx(transparent)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// Whether it names an embedded database.
    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        self.0.starts_with("sqlite:")
    }

    /// Whether it is of a kind that can be opened.
    #[must_use]
    pub fn is_known(&self) -> bool {
        let postgres = ["postgres://", "postgresql://"].iter().any(|scheme| self.0.starts_with(scheme));
        postgres || (self.is_sqlite() && !self.0.contains(":memory:") && !self.0.contains("mode=memory"))
    }

    /// The whole text, for the driver alone.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// Whether a password stands in it.
    #[must_use]
    pub fn has_password(&self) -> bool {
        self.0.contains("://") && self.0 != self.to_string()
    }
}

impl FromStr for DatabaseUrl {
    type Err = Infallible;
    fn from_str(text: &str) -> Result<Self, Infallible> {
        // Any text: what is no URL is refused where it is opened, by an error that shows no password.
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((scheme, rest)) = self.0.split_once("://") else {
            return f.write_str(if self.is_sqlite() { &self.0 } else { "that was given" });
        };
        // The password may also stand in the query (`?password=…`), so of that only the part before it is shown.
        let shown = rest.find("password=").map_or(rest, |at| &rest[..at]);
        match shown.rsplit_once('@') {
            Some((user, host)) => {
                let user = user.split_once(':').map_or(user, |(name, _)| name);
                write!(f, "{scheme}://{user}@{host}")
            }
            None => write!(f, "{scheme}://{shown}"),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// A Redis' URL; shown without its password.
#[derive(Clone)]
pub struct RedisUrl(String);

impl RedisUrl {
    /// The client for it.
    ///
    /// # Errors
    /// The text is no such URL; the error shows no password.
    pub(crate) fn client(&self) -> anyhow::Result<redis::Client> {
        redis::Client::open(self.0.as_str()).map_err(|_| {
            anyhow!(
                "AGENT_PLATFORM_REDIS_URL is not valid: {self}. Give redis://<host>:<port>, rediss:// with TLS, or \
                 unix:///<socket>."
            )
        })
    }

    /// Whether a password stands in it.
    #[must_use]
    pub fn has_password(&self) -> bool {
        self.0 != self.to_string()
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for RedisUrl {
    type Err = Infallible;
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for RedisUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((scheme, rest)) = self.0.split_once("://") else { return f.write_str("that was given") };
        let rest = rest.split_once('?').map_or(rest, |(before, _)| before);
        let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
        write!(f, "{scheme}://{host}")
    }
}

impl fmt::Debug for RedisUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Where the data is.
#[derive(Clone, Debug, Args)]
pub struct DatabaseArgs {
    /// The database: a SQLite file, or PostgreSQL
    #[arg(
        long,
        env = "AGENT_PLATFORM_DATABASE_URL",
        default_value = "sqlite://agent-platform.db",
        value_name = "URL",
        hide_env_values = true
    )]
    pub database_url: DatabaseUrl,

    /// PostgreSQL only: the role that owns the tables, for migrate, seed and operator-key
    #[arg(long, env = "AGENT_PLATFORM_DATABASE_ADMIN_URL", value_name = "URL", hide_env_values = true)]
    pub database_admin_url: Option<DatabaseUrl>,
}

impl DatabaseArgs {
    /// The URL under which tables are made and changed.
    #[must_use]
    pub fn owner_url(&self) -> &DatabaseUrl {
        self.database_admin_url.as_ref().unwrap_or(&self.database_url)
    }
}

/// How the server runs.
#[derive(Clone, Debug, Args)]
pub struct ServeArgs {
    /// The address and port to listen on; port 0 takes a free one
    #[arg(long, env = "AGENT_PLATFORM_BIND", default_value = "127.0.0.1:8000", value_name = "ADDR:PORT")]
    pub bind: SocketAddr,

    #[command(flatten)]
    pub database: DatabaseArgs,

    /// Where servers on one database share their quotas' counters; without it, one server alone works on a database
    #[arg(long, env = "AGENT_PLATFORM_REDIS_URL", value_name = "URL", hide_env_values = true)]
    pub redis_url: Option<RedisUrl>,

    /// A TOML file with tiers and limits; without it the defaults hold
    #[arg(long, env = "AGENT_PLATFORM_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// The operator's key for /admin; from the environment alone, so that it shows in no list of processes
    #[arg(skip)]
    pub operator_key: Option<OperatorSecret>,

    /// Write the log as JSON, a line each
    #[arg(long, env = "AGENT_PLATFORM_LOG_JSON", value_parser = clap::builder::BoolishValueParser::new(), num_args = 0..=1, default_value = "false", default_missing_value = "true", require_equals = true, value_name = "BOOL")]
    pub log_json: bool,
}

/// The environment variable with the operator's key.
pub const OPERATOR_KEY_VARIABLE: &str = "AGENT_PLATFORM_OPERATOR_KEY";

/// What stands in examples until somebody fills it in.
const PLACEHOLDERS: [&str; 11] = [
    "changeme",
    "changethis",
    "replaceme",
    "replacewith",
    "example",
    "default",
    "password",
    "secret",
    "insert",
    "todo",
    "your",
];
/// Random texts of 24 characters hardly ever have fewer different ones, also in hexadecimal digits; `aaaa…` does.
const DISTINCT_CHARACTERS: usize = 7;

/// Why a text is no operator key that nobody else knows.
fn weakness(key: &str) -> Option<&'static str> {
    if key.len() < 24 {
        return Some("is shorter than 24 characters");
    }
    let plain: String = key.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    let is_placeholder = PLACEHOLDERS.iter().any(|word| plain.starts_with(word));
    let secret = key.strip_prefix("op_live_").unwrap_or(key).as_bytes();
    let is_repeated = (1..=secret.len() / 2).any(|length| {
        let (word, rest) = secret.split_at(length);
        rest.chunks(length).all(|chunk| word.starts_with(chunk))
    });
    let mut distinct = secret.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    if is_placeholder || is_repeated || distinct.len() < DISTINCT_CHARACTERS {
        return Some("is a default that everybody knows, or easily guessed");
    }
    None
}

/// A secret that can't be printed.
#[derive(Clone)]
pub struct OperatorSecret(String);

impl OperatorSecret {
    /// Reads [`OPERATOR_KEY_VARIABLE`]; absent or empty means that there is none.
    ///
    /// # Errors
    /// It is too short to be a secret, or one that others know.
    pub fn from_env() -> anyhow::Result<Option<Self>> {
        match std::env::var(OPERATOR_KEY_VARIABLE) {
            Ok(key) if key.is_empty() => Ok(None),
            Ok(key) => match weakness(&key) {
                Some(weakness) => {
                    bail!("{OPERATOR_KEY_VARIABLE} {weakness}; make one with `agent-platform operator-key create`")
                }
                None => Ok(Some(Self(key))),
            },
            Err(_) => Ok(None),
        }
    }

    /// A secret from a test or an embedding program.
    #[must_use]
    pub fn new(key: String) -> Self {
        Self(key)
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for OperatorSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OperatorSecret(…)")
    }
}

/// What the TOML file says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The tiers, in place of the built-in three.
    pub tiers: Tiers,
    /// The tiers that can be chosen at sign-up; absent: all where the server listens on loopback, `starter` elsewhere.
    pub sign_up_tiers: Option<Vec<String>>,
    /// Proxies whose `X-Forwarded-For` is believed: addresses and networks; none by default.
    pub trusted_proxies: TrustedProxies,
    /// How often what needs no quota may be done.
    pub limits: LimitSettings,
    /// Days for which a deleted tenant's ledger and audit log are kept, before they may be purged; absent: 3650.
    pub retention_days: Option<u32>,
}

/// How long a deleted tenant's ledger and audit log are kept, where the configuration does not say: ten years, which is what
/// most tax laws ask for at the longest.
const RETENTION_DAYS: u32 = 3_650;
/// The longest retention: a century.
const MAX_RETENTION_DAYS: u32 = 36_500;

/// Limits that are no tenant's quota; each is at least 1.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitSettings {
    /// Sign-ups an hour from one address; absent: 20, and 1,000 from this machine itself.
    pub sign_ups_per_hour: Option<u32>,
    /// Refused keys a minute from one address; further ones are answered 429. A valid key is let in whatever was refused.
    pub failed_sign_ins_per_minute: u32,
    /// Calls a minute of one tenant, but for executions, which have their quota.
    pub calls_per_minute: u32,
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self { sign_ups_per_hour: None, failed_sign_ins_per_minute: 300, calls_per_minute: 60_000 }
    }
}

impl LimitSettings {
    /// A limit that lets nobody through, by the name of its setting.
    fn zero(&self) -> Option<&'static str> {
        let limits = [
            ("limits.sign_ups_per_hour", self.sign_ups_per_hour.unwrap_or(1)),
            ("limits.failed_sign_ins_per_minute", self.failed_sign_ins_per_minute),
            ("limits.calls_per_minute", self.calls_per_minute),
        ];
        limits.into_iter().find(|(_, limit)| *limit == 0).map(|(name, _)| name)
    }
}

impl Settings {
    /// Reads the file, or takes the defaults without one.
    ///
    /// # Errors
    /// The file can't be read, is no TOML, has an unknown setting, or a figure that makes no sense; the error names it.
    pub fn load(file: Option<&PathBuf>) -> anyhow::Result<Self> {
        let Some(file) = file else { return Ok(Self::default()) };
        let text = std::fs::read_to_string(file).with_context(|| format!("cannot read --config {}", file.display()))?;
        let settings: Self = toml::from_str(&text).map_err(|error| {
            // The library's own text draws the place over several lines; the operator reads one.
            let line = text[..error.span().map_or(0, |span| span.start)].matches('\n').count() + 1;
            anyhow!("--config {} is not valid: line {line}: {}", file.display(), error.message())
        })?;
        settings.check().with_context(|| format!("--config {} is not valid", file.display()))?;
        Ok(settings)
    }

    fn check(&self) -> anyhow::Result<()> {
        if let Some(setting) = self.tiers.negative() {
            bail!("`{setting}` is below zero");
        }
        if let Some(setting) = self.limits.zero() {
            bail!(
                "`{setting}` is 0, which would let nobody through; it is a whole number from 1 on. To close sign-up, set `sign_up_tiers = []`"
            );
        }
        if self.retention_days() > MAX_RETENTION_DAYS {
            bail!("`retention_days` is {}; it is at most {MAX_RETENTION_DAYS}", self.retention_days());
        }
        for tier in self.sign_up_tiers.iter().flatten() {
            if self.tiers.get(tier).is_none() {
                bail!("`sign_up_tiers` names `{tier}`; the tiers are {}", self.tiers.names().join(", "));
            }
        }
        Ok(())
    }

    /// Days for which a deleted tenant's ledger and audit log are kept.
    #[must_use]
    pub fn retention_days(&self) -> u32 {
        self.retention_days.unwrap_or(RETENTION_DAYS)
    }

    /// The tiers open at sign-up on a server that listens on `address`.
    #[must_use]
    pub fn open_tiers(&self, address: SocketAddr) -> Vec<String> {
        match &self.sign_up_tiers {
            Some(tiers) => tiers.clone(),
            None if address.ip().is_loopback() => self.tiers.names().into_iter().map(str::to_owned).collect(),
            None => self.tiers.get("starter").map(|_| "starter".to_owned()).into_iter().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        for url in ["postgres://app:s3cret@db/x", "postgres://app@db/x?password=s3cret", "postgres://a:p@s3cret@db/x"] {
            let url: DatabaseUrl = url.parse().unwrap();
            assert!(!format!("{url} {url:?}").contains("s3cret"), "{url}");
            assert!(url.has_password());
        }
        let url: DatabaseUrl = "sqlite://data/agent-platform.db".parse().unwrap();
        assert_eq!(url.to_string(), "sqlite://data/agent-platform.db");
        for unknown in ["mysql://x", "sqlite::memory:", "postgresql+psycopg://app:s3cret@db/x"] {
            let url: DatabaseUrl = unknown.parse().unwrap();
            assert!(!url.is_known() && !url.to_string().contains("s3cret"), "{url}");
        }
    }

    #[test]
    fn an_operator_key_that_others_know_is_refused() {
        for known in [
            "operator",
            "changeme-changeme-changeme",
            "CHANGE_ME_before_you_go_to_production",
            "change-this-operator-key-now",
            "your-operator-key-goes-here",
            "example-operator-key-of-the-docs",
            "operatoroperatoroperator",
            "operator-operator-operator-",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "0123456789012345678901234567890123456789",
            "abababababababababababababab",
            "op_live_000000000000_00000000000000000000000000000000",
            "secretsecretsecretsecret",
            "password-of-the-operator-1",
        ] {
            assert!(weakness(known).is_some(), "{known}");
        }
        for good in [
            "9f86d081884c7d659a2feaa0",
            "an-operator-key-that-only-tests-know",
            "op_live_Zk3uR9wQ1xTb_8dKq2mVw5Yx7Zr1Nc4Bp6Lt9Hs3Jf0Gu",
        ] {
            assert_eq!(weakness(good), None, "{good}");
        }
    }

    #[test]
    fn a_setting_that_makes_no_sense_is_named() {
        let tier = "base_fee = 1\nincluded_tokens = -1\noverage_per_1k = 0.01\nmax_requests_per_hour = 1\n\
                    max_concurrent_agents = 1\nmax_spend_per_month = 1\nmax_storage_mb = 1\n";
        let settings: Settings = toml::from_str(&format!("[tiers.free]\n{tier}")).unwrap();
        assert!(settings.check().unwrap_err().to_string().contains("tiers.free.included_tokens"));
        let unknown = toml::from_str::<Settings>("tires = 1").unwrap_err().to_string();
        assert!(unknown.contains("tires"), "{unknown}");
        for limit in ["sign_ups_per_hour", "failed_sign_ins_per_minute", "calls_per_minute"] {
            let settings: Settings = toml::from_str(&format!("[limits]\n{limit} = 0")).unwrap();
            assert!(settings.check().unwrap_err().to_string().contains(&format!("limits.{limit}")));
            for bad in ["-1", "1.5", "\"7\"", "5000000000"] {
                assert!(toml::from_str::<Settings>(&format!("[limits]\n{limit} = {bad}")).is_err(), "{limit} = {bad}");
            }
        }
        let network = toml::from_str::<Settings>("trusted_proxies = [\"10.0.0.0/8\", \"10.0.0.0/40\"]").unwrap_err();
        assert!(network.message().contains("`10.0.0.0/40`"), "{network}");
    }

    #[test]
    fn sign_up_is_open_to_all_tiers_on_loopback_alone() {
        let settings = Settings::default();
        assert_eq!(settings.open_tiers("127.0.0.1:8000".parse().unwrap()).len(), 3);
        assert_eq!(settings.open_tiers("0.0.0.0:8000".parse().unwrap()), ["starter"]);
    }
}
