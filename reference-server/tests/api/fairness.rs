//! A tenant that floods waits for itself, and nobody waits for it.

use std::sync::Arc;

use agent_platform_server::ids::TenantId;
use futures_util::future::join_all;
use serde_json::json;
use tokio::sync::Semaphore;

use crate::harness::{Call, Server, Tenant, gate::BeginningGate, on_both, until};

/// So many at once that they can't all be on their way into the database.
const FLOOD: i64 = 200;
/// How many of one tenant may be on their way before anybody else comes.
const PERMITS: i64 = 64;
/// How many of one tenant may wait.
const QUEUE: usize = 1_024;

/// A tenant that has executed before: from here on it asks the database for nothing but to begin.
async fn unlimited(server: &Server, email: &str) -> (Tenant, String) {
    let tenant = server.sign_up_as(email, "enterprise").await;
    server.limit(&tenant, json!({ "max_concurrent_agents": 10_000 })).await;
    let agent_id = tenant.agent(&[]).await;
    hello(&tenant, &agent_id).once("a-key").await.ok(200);
    (tenant, agent_id)
}

fn hello(tenant: &Tenant, agent_id: &str) -> Call {
    tenant.execute(agent_id, json!({ "message": "Hello!" }))
}

async fn reserved(tenant: &Tenant) -> i64 {
    tenant.usage().await["usage"]["concurrent_agents"].as_i64().unwrap()
}

on_both! {
    async fn who_comes_quietly_goes_past_a_flood(server: Server) {
        let (noisy, noisy_agent) = unlimited(&server, "user@noisy.example").await;
        let (quiet, quiet_agent) = unlimited(&server, "user@quiet.example").await;
        server.set_clock("2024-03-15T14:31:00Z");
        let gate = BeginningGate::close(&server.database).await;
        let flood: Vec<_> = (0..FLOOD).map(|_| tokio::spawn(hello(&noisy, &noisy_agent).into_future())).collect();
        until("the flood to be there", || async {
            let waiting = i64::try_from(server.app.runtime.admission.waiting()).unwrap();
            (reserved(&noisy).await + waiting >= FLOOD).then_some(())
        })
        .await;
        let call = tokio::spawn(hello(&quiet, &quiet_agent).into_future());
        until("the quiet one to be on its way", || async { (reserved(&quiet).await == 1).then_some(()) }).await;
        let ahead = reserved(&noisy).await;
        assert!(ahead <= PERMITS, "{ahead} of the flood are before it");
        // What is let through from here on comes after it.
        server.set_clock("2024-03-15T14:32:00Z");
        gate.open().await;
        call.await.unwrap().ok(200);
        for answer in join_all(flood).await {
            answer.unwrap().ok(200);
        }
        let after = format!("SELECT COUNT(*) FROM executions WHERE tenant_id = '{}' AND created_at >= '2024-03-15T14:32:00+00:00'", noisy.id);
        let after = server.database.number(&after).await;
        assert!(after >= FLOOD - PERMITS, "{after} of the flood came after it");
        assert_eq!(reserved(&noisy).await, 0);
    }

    async fn only_who_floods_is_refused_and_what_is_known_is_not(server: Server) {
        let (noisy, noisy_agent) = unlimited(&server, "user@noisy.example").await;
        let (quiet, quiet_agent) = unlimited(&server, "user@quiet.example").await;
        let before = noisy.usage().await;
        let (admission, tenant_id) = (server.app.runtime.admission.clone(), Arc::new(noisy.id.parse::<TenantId>().unwrap()));
        let held = Arc::new(Semaphore::new(0));
        // More than can be on their way and wait, whether the other is still thought of or not.
        let flood: Vec<_> = (0..QUEUE + usize::try_from(PERMITS).unwrap())
            .map(|_| {
                let (admission, tenant_id, held) = (admission.clone(), tenant_id.clone(), held.clone());
                tokio::spawn(async move {
                    let permit = admission.enter(&tenant_id).await;
                    let _ = held.acquire().await;
                    permit.is_ok()
                })
            })
            .collect();
        until("the queue to be full", || async { (admission.waiting() == QUEUE).then_some(()) }).await;
        let refused = hello(&noisy, &noisy_agent).once("another").await;
        refused.problem(503, "overloaded");
        assert_eq!(refused.header("retry-after"), Some("1"));
        assert_eq!(noisy.usage().await, before, "nothing was burnt");
        hello(&quiet, &quiet_agent).await.ok(200);
        let known = hello(&noisy, &noisy_agent).once("a-key").await;
        known.ok(200);
        assert!(known.is_replayed());
        held.close();
        let admitted = join_all(flood).await.into_iter().filter(|admitted| *admitted.as_ref().unwrap()).count();
        assert!(admitted >= QUEUE, "{admitted} had their turn");
        let again = hello(&noisy, &noisy_agent).once("another").await;
        again.ok(200);
        assert!(!again.is_replayed());
    }
}
