//! What must hold of a tenant once nothing runs, whatever its executions came to.

use serde_json::{Value, json};

use crate::harness::{Tenant, until};

/// What its ledger has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Ledger {
    pub(super) entries: i64,
    pub(super) tokens: i64,
    pub(super) micros: i64,
}

async fn number(tenant: &Tenant, of: &str) -> i64 {
    tenant.database.number(&format!("SELECT CAST(COALESCE({of}, 0) AS BIGINT)")).await
}

pub(super) async fn ledger(tenant: &Tenant) -> Ledger {
    let sum = async |what: &str| {
        number(tenant, &format!("(SELECT {what} FROM ledger WHERE tenant_id = '{}')", tenant.id)).await
    };
    Ledger {
        entries: sum("COUNT(*)").await,
        tokens: sum("SUM(input_tokens + output_tokens)").await,
        micros: sum("SUM(cost_micros)").await,
    }
}

fn micros(dollars: &Value) -> i64 {
    (dollars.as_f64().unwrap() * 1e6).round() as i64
}

fn bytes(megabytes: &Value) -> i64 {
    (megabytes.as_f64().unwrap() * 1e6).round() as i64
}

/// Nothing is held, each execution has its one entry, and what the tenant is told is what the ledger has.
pub(super) async fn agree(tenant: &Tenant) -> (Value, Ledger) {
    let usage = until("everything to be given back", || async {
        let usage = tenant.usage().await["usage"].clone();
        (usage["reserved_tokens"] == 0 && usage["concurrent_agents"] == 0).then_some(usage)
    })
    .await;
    let ledger = ledger(tenant).await;
    assert_eq!(
        (&usage["tokens_this_month"], micros(&usage["spend_this_month"])),
        (&json!(ledger.tokens), ledger.micros)
    );
    let messages = format!("(SELECT SUM(OCTET_LENGTH(content)) FROM messages WHERE tenant_id = '{}')", tenant.id);
    assert_eq!(bytes(&usage["storage_mb"]), number(tenant, &messages).await, "storage as it is counted again");
    let begun = format!("(SELECT COUNT(*) FROM executions WHERE tenant_id = '{}')", tenant.id);
    assert_eq!(number(tenant, &begun).await, ledger.entries);
    let disagreeing = format!(
        "(SELECT COUNT(*) FROM executions e LEFT JOIN ledger l ON l.execution_id = e.execution_id AND l.tenant_id = e.tenant_id \
         AND l.status = e.status AND l.input_tokens = e.input_tokens AND l.output_tokens = e.output_tokens \
         AND l.cost_micros = e.cost_micros AND l.estimated = e.estimated AND l.settled_at = e.completed_at \
         WHERE e.tenant_id = '{}' AND l.execution_id IS NULL)",
        tenant.id
    );
    assert_eq!(number(tenant, &disagreeing).await, 0);
    (usage, ledger)
}

/// Nor is any of what `GET /usage` does not show: a refusal says what is used and reserved of its quota.
pub(super) async fn nothing_is_held(tenant: &Tenant, agent_id: &str) {
    let (usage, ledger) = agree(tenant).await;
    for (quota, used) in [
        ("max_tokens_per_month", json!(ledger.tokens)),
        ("max_spend_per_month", usage["spend_this_month"].clone()),
        ("max_storage_mb", usage["storage_mb"].clone()),
    ] {
        tenant.limit(tenant, json!({ quota: 0 })).await;
        let refused = tenant.execute(agent_id, json!({ "message": "Hello!" })).await.problem(429, "quota_exceeded");
        assert_eq!(refused["quota"], quota);
        assert_eq!(refused["used"].as_f64(), used.as_f64(), "{refused}");
        tenant.limit(tenant, json!({ quota: null })).await;
    }
    assert_eq!(agree(tenant).await, (usage, ledger), "a refusal burns nothing");
}
