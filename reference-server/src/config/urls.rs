//! URLs of databases and of Redis; shown without their passwords.

use std::{convert::Infallible, fmt, str::FromStr};

use anyhow::anyhow;

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
        // The password may also stand in the query (`?password=…`), so of that only the part before it is shown; and it may hold any
        // text, also that one, so it is cut off first. Where it can't be told which of both an `@` belongs to, nothing behind is shown.
        let before_query = |text: &str| text.find("password=").unwrap_or(text.len());
        match rest.rsplit_once('@') {
            Some((user, host)) => {
                let name = user.split([':', '@', '?']).next().unwrap_or_default();
                let host = if user.contains('?') { "…" } else { &host[..before_query(host)] };
                write!(f, "{scheme}://{name}@{host}")
            }
            None => write!(f, "{scheme}://{}", &rest[..before_query(rest)]),
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
                "--redis-url or AGENT_PLATFORM_REDIS_URL is not valid: {self}. Give redis://<host>:<port>, rediss:// with TLS, or \
                 redis+unix:///<socket>, or leave it out."
            )
        })
    }

    /// Whether a password stands in it.
    #[must_use]
    pub fn has_password(&self) -> bool {
        self.0.contains("://") && self.0 != self.to_string()
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
        let Some((scheme, rest)) = self.0.split_once("://") else {
            return f.write_str(if self.0.is_empty() { "it is empty" } else { "it has no `://`" });
        };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        for url in [
            "postgres://app:s3cret@db/x",
            "postgres://app@db/x?password=s3cret",
            "postgres://a:p@s3cret@db/x",
            "postgres://app:password=s3cret@db/x",
            "postgres://app:s3cret-password=x@db/x?password=s3cret",
            "postgres://db/x?password=s3cret",
            "postgres://app@db/x?password=a@s3cret",
        ] {
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
}
