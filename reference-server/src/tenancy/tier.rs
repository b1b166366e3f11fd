//! Tiers: a base fee, included tokens and limits, from configuration; the defaults are those of the contract.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::money::Micros;

/// One megabyte of the storage quota: the unit of SI.
pub const BYTES_PER_MB: i64 = 1_000_000;

/// The five quotas of a tenant. A limit of 0 means none allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Quota)]
pub struct Limits {
    /// Executions that may be started in one clock hour (UTC).
    #[schema(minimum = 0)]
    pub max_requests_per_hour: i64,
    /// Tokens, input and output, that may be used in one calendar month (UTC).
    #[schema(minimum = 0)]
    pub max_tokens_per_month: i64,
    /// Dollars of metered model work in one calendar month (UTC).
    pub max_spend_per_month: Micros,
    /// Executions that may run at the same time.
    #[schema(minimum = 0)]
    pub max_concurrent_agents: i64,
    /// Megabytes (10⁶ bytes) of documents and conversations.
    #[schema(minimum = 0)]
    pub max_storage_mb: i64,
}

impl Limits {
    /// [`Limits::max_storage_mb`] in bytes.
    #[must_use]
    pub fn max_bytes(&self) -> i64 {
        self.max_storage_mb.saturating_mul(BYTES_PER_MB)
    }
}

/// What an operator sets for one tenant in place of its tier's limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotaOverrides {
    /// In place of the tier's requests an hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_requests_per_hour: Option<i64>,
    /// In place of the tier's tokens a month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_tokens_per_month: Option<i64>,
    /// In place of the tier's dollars a month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_spend_per_month: Option<Micros>,
    /// In place of the tier's concurrent executions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_concurrent_agents: Option<i64>,
    /// In place of the tier's megabytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_storage_mb: Option<i64>,
}

impl QuotaOverrides {
    /// The tier's limits, but for those that are overridden.
    #[must_use]
    pub fn over(&self, tier: Limits) -> Limits {
        Limits {
            max_requests_per_hour: self.max_requests_per_hour.unwrap_or(tier.max_requests_per_hour),
            max_tokens_per_month: self.max_tokens_per_month.unwrap_or(tier.max_tokens_per_month),
            max_spend_per_month: self.max_spend_per_month.unwrap_or(tier.max_spend_per_month),
            max_concurrent_agents: self.max_concurrent_agents.unwrap_or(tier.max_concurrent_agents),
            max_storage_mb: self.max_storage_mb.unwrap_or(tier.max_storage_mb),
        }
    }
}

/// One tier, as configured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// Dollars a month.
    pub base_fee: Micros,
    /// Tokens a month that the base fee covers; the token quota until a tenant allows overage.
    pub included_tokens: i64,
    /// Dollars for each thousand tokens beyond.
    pub overage_per_1k: Micros,
    /// See [`Limits::max_requests_per_hour`].
    pub max_requests_per_hour: i64,
    /// See [`Limits::max_concurrent_agents`].
    pub max_concurrent_agents: i64,
    /// See [`Limits::max_spend_per_month`].
    pub max_spend_per_month: Micros,
    /// See [`Limits::max_storage_mb`].
    pub max_storage_mb: i64,
}

impl Tier {
    /// The limits of a tenant of this tier.
    #[must_use]
    pub fn limits(&self) -> Limits {
        Limits {
            max_requests_per_hour: self.max_requests_per_hour,
            max_tokens_per_month: self.included_tokens,
            max_spend_per_month: self.max_spend_per_month,
            max_concurrent_agents: self.max_concurrent_agents,
            max_storage_mb: self.max_storage_mb,
        }
    }
}

/// All tiers by name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Tiers(BTreeMap<String, Tier>);

impl Tiers {
    /// The tier of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Tier> {
        self.0.get(name)
    }

    /// The names, for an error that lists what there is.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }

    /// A figure below zero, by the name of its setting.
    #[must_use]
    pub fn negative(&self) -> Option<String> {
        self.0.iter().find_map(|(name, tier)| {
            let figures = [
                ("base_fee", tier.base_fee.0),
                ("included_tokens", tier.included_tokens),
                ("overage_per_1k", tier.overage_per_1k.0),
                ("max_requests_per_hour", tier.max_requests_per_hour),
                ("max_concurrent_agents", tier.max_concurrent_agents),
                ("max_spend_per_month", tier.max_spend_per_month.0),
                ("max_storage_mb", tier.max_storage_mb),
            ];
            figures.iter().find(|(_, figure)| *figure < 0).map(|(field, _)| format!("tiers.{name}.{field}"))
        })
    }
}

impl Default for Tiers {
    fn default() -> Self {
        let tier = |base, included_tokens, per_1k, requests, concurrent, spend, storage| Tier {
            base_fee: Micros::dollars(base),
            included_tokens,
            overage_per_1k: Micros(per_1k),
            max_requests_per_hour: requests,
            max_concurrent_agents: concurrent,
            max_spend_per_month: Micros::dollars(spend),
            max_storage_mb: storage,
        };
        Self(BTreeMap::from([
            ("starter".to_owned(), tier(29, 100_000, 10_000, 200, 3, 50, 20)),
            ("professional".to_owned(), tier(99, 1_000_000, 8_000, 1_000, 10, 500, 100)),
            ("enterprise".to_owned(), tier(499, 10_000_000, 5_000, 10_000, 100, 5_000, 1_000)),
        ]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_those_of_the_contract() {
        let tiers = Tiers::default();
        assert_eq!(tiers.names(), ["enterprise", "professional", "starter"]);
        let professional = tiers.get("professional").unwrap();
        assert_eq!(professional.base_fee.to_string(), "99");
        assert_eq!(professional.overage_per_1k.to_string(), "0.008");
        assert_eq!(professional.limits().max_requests_per_hour, 1_000);
    }

    #[test]
    fn an_override_of_zero_is_a_limit() {
        let limits = Tiers::default().get("starter").unwrap().limits();
        let overrides = QuotaOverrides { max_tokens_per_month: Some(0), ..QuotaOverrides::default() };
        assert_eq!(overrides.over(limits).max_tokens_per_month, 0);
        assert_eq!(overrides.over(limits).max_requests_per_hour, limits.max_requests_per_hour);
    }
}
