//! Ids: a readable prefix and twenty characters, of which the first ten are the time, so that ids sort by age.

use std::{fmt, str::FromStr};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Crockford's base 32 in lower case: no `i`, `l`, `o`, `u`, so an id can be read aloud.
pub(crate) const ALPHABET: &str = "0123456789abcdefghjkmnpqrstvwxyz";
const TIME_CHARS: usize = 10;
const RANDOM_CHARS: usize = 10;
const BODY_CHARS: usize = TIME_CHARS + RANDOM_CHARS;

/// Ten characters of milliseconds (50 bits: good until the year 37648) and ten of chance (50 bits).
fn body(now: DateTime<Utc>) -> String {
    let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0).min((1 << (5 * TIME_CHARS)) - 1);
    let random = random_u64();
    let pick = |bits: u64, chars: usize, i: usize| {
        char::from(ALPHABET.as_bytes()[usize::try_from((bits >> (5 * (chars - 1 - i))) & 31).expect("five bits")])
    };
    (0..TIME_CHARS)
        .map(|i| pick(millis, TIME_CHARS, i))
        .chain((0..RANDOM_CHARS).map(|i| pick(random, RANDOM_CHARS, i)))
        .collect()
}

/// What the bodies of ids begin with that are made at `time`: those made earlier are less, those made then or later are not.
#[must_use]
pub fn time_of_ids(time: DateTime<Utc>) -> String {
    let mut body = body(time);
    body.truncate(TIME_CHARS);
    body
}

/// The same of the millisecond after `time`: those made at `time` are less.
#[must_use]
pub fn time_of_ids_after(time: DateTime<Utc>) -> String {
    time_of_ids(time.checked_add_signed(TimeDelta::milliseconds(1)).unwrap_or(time))
}

/// Sixty-four bits from the operating system.
#[must_use]
pub fn random_u64() -> u64 {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    u64::from_le_bytes(bytes)
}

/// The text is no id of the kind that was expected, and what one looks like.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct InvalidId(pub(crate) &'static str);

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type, ToSchema)]
        #[serde(transparent)]
        #[sqlx(transparent)]
        #[schema(value_type = String)]
        pub struct $name(String);

        impl $name {
            /// A new id, made at `now`.
            #[must_use]
            pub fn new(now: DateTime<Utc>) -> Self {
                Self(format!(concat!($prefix, "-{}"), body(now)))
            }

            /// The id's text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                const EXPECTED: InvalidId = InvalidId(concat!("expected `", $prefix, "-` and 20 lower-case letters and digits"));
                let body = text.strip_prefix(concat!($prefix, "-")).ok_or(EXPECTED)?;
                if body.len() == BODY_CHARS && body.chars().all(|c| ALPHABET.contains(c)) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(EXPECTED)
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    /// Names an agent: `agent-…`.
    AgentId = "agent";
    /// Names a conversation: `conv-…`.
    ConversationId = "conv";
    /// Names an execution: `exec-…`.
    ExecutionId = "exec";
    /// Names an API key without revealing it: `key-…`.
    KeyId = "key";
    /// Names a document of the knowledge base: `doc-…`.
    DocumentId = "doc";
    /// Names a ticket: `tick-…`.
    TicketId = "tick";
    /// Names one request, in answers and logs: `req-…`.
    RequestId = "req";
    /// Names one running server: `srv-…`.
    InstanceId = "srv";
    /// Names one move of a tenant to another database: `move-…`.
    MoveId = "move";
}

/// The slug that names a tenant: lower-case letters, digits and inner hyphens, at most 63 of them.
///
/// Its characters are those of a DNS label, so that it can stand in a URL, a host name or a `SET LOCAL` without quoting.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(try_from = "String")]
#[sqlx(transparent)]
#[schema(value_type = String, example = "acme-corp")]
pub struct TenantId(String);

impl TenantId {
    /// The longest slug: that of a DNS label (RFC 1035, section 2.3.4).
    pub const MAX_LEN: usize = 63;

    /// Nobody's: the platform's own chain of the audit log has it, and no tenant may.
    #[must_use]
    pub fn platform() -> Self {
        Self("platform".to_owned())
    }

    /// The slug's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for TenantId {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let bytes = text.as_bytes();
        let ends = bytes.first().copied().is_some_and(inner) && bytes.last().copied().is_some_and(inner);
        if ends && bytes.len() <= Self::MAX_LEN && bytes.iter().all(|&b| inner(b) || b == b'-') {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidId("expected 1 to 63 lower-case letters, digits and inner hyphens, as in `acme-corp`"))
        }
    }
}

impl TryFrom<String> for TenantId {
    type Error = InvalidId;
    fn try_from(text: String) -> Result<Self, InvalidId> {
        text.parse()
    }
}

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_the_time_they_were_made() {
        let at = |s: &str| s.parse::<DateTime<Utc>>().unwrap();
        let older = AgentId::new(at("2024-01-01T00:00:00Z"));
        let newer = AgentId::new(at("2024-01-01T00:00:00.001Z"));
        assert!(older < newer);
        assert_eq!(older.as_str().parse::<AgentId>().unwrap(), older);
    }

    #[test]
    fn a_tenant_id_can_hold_nothing_that_sql_or_a_header_would_mind() {
        for bad in ["", "-a", "a-", "A", "a b", "a'b", "a;b", "a/b", "ä", "a\n", &"a".repeat(64)] {
            assert!(bad.parse::<TenantId>().is_err(), "{bad:?}");
        }
        assert!("acme-corp".parse::<TenantId>().is_ok());
        assert!(AgentId::from_str("agent-../../etc/passwd").is_err());
        assert!(AgentId::from_str(&ConversationId::new(Utc::now()).to_string()).is_err());
    }
}
