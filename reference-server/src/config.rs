//! Configuration: each flag with its variable is declared and documented here, once.

mod operator;
mod urls;

use std::{net::SocketAddr, path::PathBuf};

use anyhow::{Context, anyhow, bail};
use clap::Args;
use serde::Deserialize;

pub use self::{
    operator::{OPERATOR_KEY_VARIABLE, OperatorSecret},
    urls::{DatabaseUrl, RedisUrl},
};
use crate::{address::TrustedProxies, tenancy::Tiers};

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

/// The library's message without the words of a programming language.
fn in_plain_words(message: &str) -> String {
    let words = [
        ("expected u32", "expected a whole number from 0 to 4294967295"),
        ("expected i64", "expected a whole number"),
        ("expected f64", "expected a number"),
        ("expected a sequence", "expected a list"),
    ];
    words.into_iter().fold(message.to_owned(), |message, (theirs, ours)| message.replace(theirs, ours))
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
            let message = in_plain_words(error.message());
            anyhow!("--config {} is not valid: line {line}: {message}", file.display())
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
