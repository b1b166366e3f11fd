//! A model whose provider fails is left alone for a while: its executions are refused before anything is counted.

use std::{sync::Arc, time::Duration};

use agent_platform_server::app::Setup;
use chrono::TimeDelta;
use serde_json::json;

use crate::harness::{Call, Faulty, Server, Tenant, faulty, on_both, server};

/// How many failures in a row it takes.
const FAILURES: usize = 5;

/// A server with the faulty model, and another of its kind that is named `other`.
async fn with_models(server: &Server, deadline: Duration) -> (Server, Arc<Faulty>) {
    let (faulty, models) = Faulty::registered();
    let models = models.with("other", faulty.priced());
    let setup = Setup { clock: server.clock.clone(), models, deadline, ..server::setup() };
    (Server::set_up(server.database.clone(), setup).await, faulty)
}

fn tell(tenant: &Tenant, agent_id: &str, message: &str) -> Call {
    tenant.execute(agent_id, json!({ "message": message }))
}

async fn fail(tenant: &Tenant, agent_id: &str) {
    for message in [faulty::FAIL, faulty::FAIL_LATE].iter().cycle().take(FAILURES) {
        tell(tenant, agent_id, message).await.problem(502, "provider_failed");
    }
}

fn later(server: &Server, seconds: i64) {
    server.clock.set(server.now() + TimeDelta::seconds(seconds));
}

on_both! {
    async fn a_failing_provider_is_left_alone_and_burns_nothing(server: Server) {
        let (server, _) = with_models(&server, Duration::from_secs(300)).await;
        let (tenant, other) = (server.sign_up("user@acme.example").await, server.sign_up("user@other.example").await);
        let failing = tenant.agent_with(faulty::MODEL, &[]).await;
        fail(&tenant, &failing).await;
        let before = tenant.usage().await;
        for stream in [false, true] {
            let body = json!({ "message": "Hello!", "stream": stream });
            let refused = tenant.execute(&failing, body).once(&format!("key-{stream}")).await;
            let problem = refused.problem(503, "provider_unavailable");
            assert!(problem["detail"].as_str().unwrap().contains("`faulty`"), "{problem}");
            assert_eq!(refused.header("retry-after"), Some("10"));
        }
        let theirs = other.agent_with(faulty::MODEL, &[]).await;
        tell(&other, &theirs, "Hello!").await.problem(503, "provider_unavailable");
        assert_eq!(tenant.usage().await, before, "nothing was counted");
        assert_eq!(server.database.number("SELECT COUNT(*) FROM executions").await, 5);
        for (tenant, model) in [(&tenant, "other"), (&tenant, "builtin"), (&other, "other")] {
            let agent_id = tenant.agent_with(model, &[]).await;
            tell(tenant, &agent_id, "Hello!").await.ok(200);
        }
        let created = tenant.post("/api-keys", json!({ "mode": "test" })).await.ok(201);
        let test = tenant.with_key(created["api_key"].as_str().unwrap());
        assert_eq!(tell(&test, &failing, "Hello!").await.ok(200)["model"], "builtin");

        later(&server, 4);
        assert_eq!(tell(&tenant, &failing, "Hello!").await.header("retry-after"), Some("6"));
        later(&server, 6);
        // A refusal is not kept under its key.
        let tried = tenant.execute(&failing, json!({ "message": "Hello!", "stream": false })).once("key-false").await;
        tried.ok(200);
        assert!(!tried.is_replayed());
        tell(&other, &theirs, "Hello!").await.ok(200);
        server.app.store.close().await;
    }

    async fn one_at_a_time_tries_whether_it_works_again(server: Server) {
        let (server, faulty) = with_models(&server, Duration::from_secs(300)).await;
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent_with(faulty::MODEL, &[]).await;
        fail(&tenant, &agent_id).await;
        later(&server, 10);
        tell(&tenant, &agent_id, faulty::FAIL_LATE).await.problem(502, "provider_failed");
        assert_eq!(tell(&tenant, &agent_id, "Hello!").await.header("retry-after"), Some("10"));
        later(&server, 10);
        // A trial that is refused for its quota tells nothing, and gives its place to the next.
        tenant.execute(&agent_id, json!({ "message": "Hello!", "conversation_id": "conv-00000000000000000000" })).await.problem(404, "not_found");
        server.limit(&tenant, json!({ "max_tokens_per_month": 0 })).await;
        tell(&tenant, &agent_id, "Hello!").await.problem(429, "quota_exceeded");
        server.limit(&tenant, json!({ "max_tokens_per_month": null })).await;
        let trial = tokio::spawn(tell(&tenant, &agent_id, faulty::WAIT).into_future());
        faulty.has_waiting(1).await;
        tell(&tenant, &agent_id, "Hello!").await.problem(503, "provider_unavailable");
        faulty.go_on();
        trial.await.unwrap().ok(200);
        tell(&tenant, &agent_id, "Hello!").await.ok(200);
        server.app.store.close().await;
    }

    async fn a_provider_that_does_not_answer_in_time_fails(server: Server) {
        let (server, _) = with_models(&server, Duration::from_millis(50)).await;
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent_with(faulty::MODEL, &[]).await;
        for _ in 0..FAILURES {
            tell(&tenant, &agent_id, faulty::HANG).await.problem(504, "deadline_exceeded");
        }
        tell(&tenant, &agent_id, "Hello!").await.problem(503, "provider_unavailable");
        server.app.store.close().await;
    }

    async fn what_is_no_failure_of_the_provider_counts_for_nothing(server: Server) {
        let (server, faulty) = with_models(&server, Duration::from_secs(300)).await;
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent_with(faulty::MODEL, &["create_ticket"]).await;
        for count in 1..=FAILURES {
            tell(&tenant, &agent_id, faulty::PANIC).await.problem(500, "internal");
            let body = json!({ "message": faulty::HANG, "on_disconnect": "cancel" });
            let left = tokio::spawn(tenant.execute(&agent_id, body).into_future());
            faulty.has_waiting(count).await;
            left.abort();
        }
        // Each of these has an answer before it fails.
        for _ in 0..FAILURES {
            tell(&tenant, &agent_id, faulty::CALL_AND_FAIL).await.problem(502, "provider_failed");
        }
        tell(&tenant, &agent_id, "Hello!").await.ok(200);
        server.app.store.close().await;
    }
}
