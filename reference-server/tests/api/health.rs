//! Whether the server lives, and whether it is ready.

use serde_json::json;

use crate::harness::{Server, on_both};

on_both! {
    async fn a_server_that_works_says_so(server: Server) {
        for path in ["/healthz", "/readyz"] {
            assert_eq!(server.get(path).await.ok(200), json!({ "status": "ok" }));
        }
    }

    async fn a_server_that_stops_lives_and_is_not_ready(server: Server) {
        server.app.draining.cancel();
        server.get("/healthz").await.ok(200);
        server.get("/readyz").await.problem(503, "stopping");
    }

    async fn without_its_database_it_lives_and_says_nothing_of_its_inside(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        server.app.store.close().await;
        server.get("/healthz").await.ok(200);
        for answer in [server.get("/readyz").await, tenant.get("/executions").await, tenant.execute(&agent_id, json!({ "message": "Hi" })).await] {
            let problem = answer.problem(503, "database_unavailable");
            assert!(answer.header("retry-after").is_some());
            assert!(!problem.to_string().to_lowercase().contains("pool"), "{problem}");
        }
    }
}
