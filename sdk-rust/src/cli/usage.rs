//! `usage`.

use chrono::{DateTime, SecondsFormat, Utc};

use super::{
    failure::Failure,
    output::{Output, table},
};
use crate::{Arguments, Client, RequestOptions, models::UsageReport, operations};

pub(super) async fn show(client: &Client, json: bool, output: &mut Output) -> Result<(), Failure> {
    if json {
        let answer = client.call(&operations::GET_USAGE, Arguments::new(), &RequestOptions::new()).await?;
        return output.json(&answer.body).await;
    }
    let UsageReport { tenant_id, tier, quota, usage, resets, .. } = client.get_usage().await?;
    output.line(&format!("{tenant_id}, {tier}")).await?;
    let time = |time: DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::Secs, true);
    let row = |what: &str, used: String, limit: String, resets: String| [what.to_owned(), used, limit, resets];
    let rows = [
        row(
            "requests this hour",
            usage.requests_this_hour.to_string(),
            quota.max_requests_per_hour.to_string(),
            time(resets.hour),
        ),
        row(
            "tokens this month",
            usage.tokens_this_month.to_string(),
            quota.max_tokens_per_month.to_string(),
            time(resets.month),
        ),
        row(
            "spend this month, $",
            usage.spend_this_month.to_string(),
            quota.max_spend_per_month.to_string(),
            time(resets.month),
        ),
        row(
            "running executions",
            usage.concurrent_agents.to_string(),
            quota.max_concurrent_agents.to_string(),
            String::new(),
        ),
        row("storage, MB", usage.storage_mb.to_string(), quota.max_storage_mb.to_string(), String::new()),
    ];
    output.text(&table(["QUOTA", "USED", "LIMIT", "RESETS"], &rows)).await
}
