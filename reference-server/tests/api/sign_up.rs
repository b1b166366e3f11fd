//! Sign-up: a tenant, its id and its first key.

use agent_platform_server::config::Settings;
use serde_json::json;

use crate::harness::{Backend, Database, Server, at, on_both, server::BEGINNING};

on_both! {
    async fn gives_a_tenant_with_a_key_that_works(server: Server) {
        let body = json!({ "email": "user@acme.example", "tier": "professional", "name": "Acme Corp" });
        let signed_up = server.post("/signup", body).await.ok(201);
        assert_eq!(signed_up["tenant_id"], "acme-corp");
        assert_eq!(signed_up["tier"], "professional");
        assert_eq!(
            signed_up["quota"],
            json!({ "max_requests_per_hour": 1000, "max_tokens_per_month": 1_000_000, "max_spend_per_month": 500,
                    "max_concurrent_agents": 10, "max_storage_mb": 100 })
        );
        let key = signed_up["api_key"].as_str().unwrap();
        let usage = server.get("/usage").key(key).await.ok(200);
        assert_eq!((&usage["tenant_id"], &usage["quota"]), (&json!("acme-corp"), &signed_up["quota"]));
        // The key has every scope.
        server.post("/agents", json!({ "name": "A", "system_prompt": "B" })).key(key).await.ok(201);
    }

    async fn a_key_is_stored_as_a_hash_alone(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let secret = tenant.key.rsplit('_').next().unwrap();
        let found = format!("SELECT COUNT(*) FROM api_keys WHERE CAST(secret_hash AS TEXT) LIKE '%{secret}%' OR public_id LIKE '%{secret}%'");
        assert_eq!(server.database.number(&found).await, 0);
        let hashes = "SELECT COUNT(*) FROM api_keys WHERE LENGTH(secret_hash) = 32";
        assert_eq!(server.database.number(hashes).await, 1);
    }

    async fn the_id_is_a_slug_of_the_name_or_the_domain(server: Server) {
        for (email, name, tenant_id) in [
            ("a@one.example", json!("Ünïted  Parcels, Inc."), "n-ted-parcels-inc"),
            ("a@big-corp.example", json!(null), "big-corp"),
            ("jane.doe@gmail.com", json!(null), "jane-doe"),
            ("a@two.example", json!("   "), "two"),
        ] {
            let body = json!({ "email": email, "tier": "starter", "name": name });
            let signed_up = server.post("/signup", body).await.ok(201);
            assert_eq!(signed_up["tenant_id"], tenant_id, "{email} {name}");
        }
    }

    async fn a_taken_id_gets_a_suffix(server: Server) {
        let (first, second) = (server.sign_up("a@acme.example").await, server.sign_up("b@acme.example").await);
        assert_eq!(first.id, "acme");
        assert!(second.id.starts_with("acme-") && second.id.len() == "acme-".len() + 6, "{}", second.id);
        assert_eq!(second.usage().await["tenant_id"], second.id.as_str());
    }

    async fn an_address_signs_up_once_whatever_its_case(server: Server) {
        server.sign_up("User@Acme.example").await;
        let again = server.post("/signup", json!({ "email": "uSER@acme.EXAMPLE", "tier": "starter" })).await;
        again.problem(409, "email_taken");
        assert_eq!(server.database.number("SELECT COUNT(*) FROM tenants").await, 1);
        assert_eq!(server.database.number("SELECT COUNT(*) FROM api_keys").await, 1);
    }

    async fn of_many_at_once_with_one_address_one_succeeds(server: Server) {
        let calls = (0..12).map(|_| server.post("/signup", json!({ "email": "user@acme.example", "tier": "starter" })));
        let answers = futures_util::future::join_all(calls.map(|call| async { call.await.status.as_u16() })).await;
        assert_eq!(answers.iter().filter(|status| **status == 201).count(), 1, "{answers:?}");
        assert_eq!(answers.iter().filter(|status| **status == 409).count(), 11, "{answers:?}");
    }

    async fn an_unknown_tier_is_refused_with_the_known_ones(server: Server) {
        let answer = server.post("/signup", json!({ "email": "user@acme.example", "tier": "platinum" })).await;
        let detail = answer.refusal_of("/tier");
        for word in ["platinum", "starter", "professional", "enterprise"] {
            assert!(detail.contains(word), "{detail}");
        }
    }

    async fn what_is_no_address_is_refused(server: Server) {
        for email in ["user", "user@acme", "a b@acme.example", "@acme.example", "a@b@c.example", "a@-acme.example", "a\n@acme.example"] {
            let answer = server.post("/signup", json!({ "email": email, "tier": "starter" })).await;
            answer.refusal_of("/email");
        }
        let long = format!("{}@acme.example", "a".repeat(65));
        server.post("/signup", json!({ "email": long, "tier": "starter" })).await.refusal_of("/email");
        assert_eq!(server.database.number("SELECT COUNT(*) FROM tenants").await, 0);
    }
}

/// Only who reaches the loopback address is trusted with a tier that nobody has paid for.
#[tokio::test]
async fn beyond_loopback_only_starter_is_open() {
    let database = std::sync::Arc::new(Database::new(Backend::Sqlite).await);
    let clock = agent_platform_server::clock::Clock::held_at(at(BEGINNING));
    let server = Server::with_settings(database, clock, &Settings::default(), None, "0.0.0.0:8000").await;
    let refused = server.post("/signup", json!({ "email": "user@acme.example", "tier": "enterprise" })).await;
    let detail = refused.refusal_of("/tier");
    assert!(detail.contains("starter") && !detail.contains("professional"), "{detail}");
    server.post("/signup", json!({ "email": "user@acme.example", "tier": "starter" })).await.ok(201);
}

#[tokio::test]
async fn sign_up_can_be_closed() {
    let database = std::sync::Arc::new(Database::new(Backend::Sqlite).await);
    let clock = agent_platform_server::clock::Clock::held_at(at(BEGINNING));
    let closed = Settings { sign_up_tiers: Some(Vec::new()), ..Settings::default() };
    let server = Server::with_settings(database, clock, &closed, None, "127.0.0.1:8000").await;
    for tier in ["starter", "enterprise"] {
        server.post("/signup", json!({ "email": "user@acme.example", "tier": tier })).await.refusal_of("/tier");
    }
}
