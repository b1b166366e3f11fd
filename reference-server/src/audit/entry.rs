//! What an entry says, before it has its place in a chain.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::ids::{KeyId, RequestId};

/// What kind of party acted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
pub enum ActorKind {
    /// Whoever has an API key; its id names the key.
    ApiKey,
    /// The platform's operator; its id is the public part of the operator's key, where that has one.
    Operator,
    /// Somebody without a valid key: who signs up, or was refused.
    Anonymous,
    /// The platform itself.
    System,
}

impl ActorKind {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ApiKey => "api_key",
            Self::Operator => "operator",
            Self::Anonymous => "anonymous",
            Self::System => "system",
        }
    }
}

/// From where a request came.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The client's address.
    pub address: IpAddr,
    /// Which request it was.
    pub request_id: RequestId,
}

/// Who acts, and from where.
#[derive(Clone, Debug)]
pub struct Actor {
    /// What kind of party.
    pub kind: ActorKind,
    /// Which one.
    pub id: Option<String>,
    /// From where; the platform itself comes from nowhere.
    pub origin: Option<Origin>,
}

impl Actor {
    /// Whoever has this key.
    #[must_use]
    pub fn key(key_id: &KeyId, origin: Origin) -> Self {
        Self { kind: ActorKind::ApiKey, id: Some(key_id.to_string()), origin: Some(origin) }
    }

    /// The operator, by the public part of the key, where it has one.
    #[must_use]
    pub fn operator(public_id: Option<String>, origin: Origin) -> Self {
        Self { kind: ActorKind::Operator, id: public_id, origin: Some(origin) }
    }

    /// Somebody without a key.
    #[must_use]
    pub fn anonymous(origin: Origin) -> Self {
        Self { kind: ActorKind::Anonymous, id: None, origin: Some(origin) }
    }

    /// The platform itself: a command, or what it does by the clock.
    #[must_use]
    pub fn system() -> Self {
        Self { kind: ActorKind::System, id: None, origin: None }
    }
}

/// What happened to what. Neither secrets nor content belong into it: it outlives both.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What was done: `api_key.created`.
    pub action: &'static str,
    /// To which kind of thing: `api_key`.
    pub target: &'static str,
    /// To which of them.
    pub target_id: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// What it was before.
    pub before: Option<Value>,
    /// What it was then.
    pub after: Option<Value>,
}

impl Entry {
    /// An entry that says what was done to what; what it was before and after can be added.
    pub fn new(action: &'static str, (target, target_id): (&'static str, &str), at: DateTime<Utc>) -> Self {
        Self { action, target, target_id: Some(target_id.to_owned()), at, before: None, after: None }
    }

    /// The same entry with what the thing was before.
    #[must_use]
    pub fn before(self, before: Value) -> Self {
        Self { before: Some(before), ..self }
    }

    /// The same entry with what the thing was then.
    #[must_use]
    pub fn after(self, after: Value) -> Self {
        Self { after: Some(after), ..self }
    }

    /// The same entry with those fields that differ before and after; `None` where none does: nothing was changed.
    #[must_use]
    pub fn changing(self, before: Value, after: Value) -> Option<Self> {
        let (Value::Object(before), Value::Object(after)) = (before, after) else { return None };
        let differing = |from: &Map<String, Value>, to: &Map<String, Value>| -> Map<String, Value> {
            from.iter()
                .filter(|(name, value)| to.get(*name) != Some(value))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect()
        };
        let (was, is) = (differing(&before, &after), differing(&after, &before));
        (!was.is_empty() || !is.is_empty()).then(|| self.before(was.into()).after(is.into()))
    }
}

/// Tells one content from another without telling it: the log outlives content that is erased.
#[must_use]
pub fn fingerprint(content: &str) -> Value {
    json!({ "characters": content.chars().count(), "sha256": super::chain::hex(&Sha256::digest(content.as_bytes())) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_tells_what_differs_and_nothing_where_nothing_does() {
        let entry = || Entry::new("tenant.updated", ("tenant", "acme"), DateTime::UNIX_EPOCH);
        let before = json!({ "tier": "starter", "quota": { "a": 1 }, "gone": true });
        assert!(entry().changing(before.clone(), before.clone()).is_none());
        let after = json!({ "tier": "starter", "quota": { "a": 2 } });
        let entry = entry().changing(before, after).unwrap();
        assert_eq!(entry.before, Some(json!({ "quota": { "a": 1 }, "gone": true })));
        assert_eq!(entry.after, Some(json!({ "quota": { "a": 2 } })));
    }
}
