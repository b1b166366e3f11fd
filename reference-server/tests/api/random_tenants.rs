//! Ten thousand random operations by five tenants at once, against a model of what each must see.

mod model;

use std::sync::Arc;

use futures_util::future::join_all;
use serde_json::json;

use crate::harness::{Server, Tenant, on_both};
pub(crate) use model::Chance;
use model::{Member, Owners};

const TENANTS: usize = 5;
const OPERATIONS: usize = 10_000;
/// Repeats a run that failed, as far as tenants that race each other can be repeated.
pub(crate) const SEED: &str = "AGENT_PLATFORM_TEST_SEED";

pub(crate) fn seed() -> u64 {
    let given = std::env::var(SEED).ok().map(|seed| seed.parse().expect("a seed is a number"));
    given.unwrap_or_else(agent_platform_server::ids::random_u64)
}

async fn member(server: &Server, number: usize, seed: u64, owners: &Arc<Owners>) -> Member {
    let tenant: Tenant = server.sign_up(&format!("user@tenant{number}.example")).await;
    let limits = json!({ "max_requests_per_hour": 1_000_000, "max_tokens_per_month": 1_000_000_000, "max_spend_per_month": 1_000_000 });
    server.limit(&tenant, limits).await;
    Member::new(tenant, number, Chance::new(seed.wrapping_add(number as u64)), owners.clone()).await
}

on_both! {
    async fn ten_thousand_operations_by_five_tenants_leak_nothing(server: Server) {
        let seed = seed();
        let owners = Arc::new(Owners::default());
        let members = join_all((0..TENANTS).map(|number| member(&server, number, seed, &owners))).await;
        let working = members.into_iter().map(|mut member| {
            tokio::spawn(async move {
                while member.sent < OPERATIONS / TENANTS {
                    member.act().await;
                }
                member.sees_its_own_alone().await;
                member
            })
        });
        let members: Vec<Member> = join_all(working).await.into_iter().map(|ended| ended.unwrap_or_else(|_| panic!("repeat with {SEED}={seed}"))).collect();
        for (number, member) in members.iter().enumerate() {
            // What each has tried, so that a run in which nothing was there to steal shows.
            assert!(member.foreign > OPERATIONS / TENANTS / 20 && member.executions() > 50, "tenant {number} tried {} foreign ids, seed {seed}", member.foreign);
        }
    }
}
