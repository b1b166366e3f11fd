//! A request that changes something and is sent again with its `Idempotency-Key` changes nothing more.

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Backend, Call, Server, Tenant, on_both, server::OPERATOR_KEY, server::id};

/// As random as sign-up demands.
const KEY: &str = "9f86d081884c7d659a2feaa0c55ad015";
const TABLES: [&str; 10] = [
    "tenants",
    "api_keys",
    "agents",
    "conversations",
    "executions",
    "messages",
    "ledger",
    "documents",
    "tickets",
    "audit_entries",
];

/// One that can be changed or deleted, for each parameter in the specification's paths.
async fn something(tenant: &Tenant) -> BTreeMap<&'static str, String> {
    let agent_id = tenant.agent(&[]).await;
    let executed = tenant.ask(&agent_id, "Hello!").await;
    [
        ("conversation_id", id(&executed, "conversation_id")),
        ("execution_id", id(&executed, "execution_id")),
        ("agent_id", agent_id.clone()),
        ("document_id", tenant.document("Passwords", "Reset your password on the sign-in page.").await),
        ("key_id", id(&tenant.post("/api-keys", json!({})).await.ok(201), "key_id")),
        ("tenant_id", tenant.sign_up(&format!("{agent_id}@other.example")).await.id),
    ]
    .into()
}

/// A body that the operation takes, and another.
fn bodies(operation_id: &str) -> [Value; 2] {
    match operation_id {
        "sign_up" => {
            ["new@acme.example", "other@acme.example"].map(|email| json!({ "email": email, "tier": "starter" }))
        }
        "create_agent" => ["A", "B"].map(|name| json!({ "name": name, "system_prompt": "You are helpful." })),
        "update_agent" | "create_api_key" => ["A", "B"].map(|name| json!({ "name": name })),
        "rotate_api_key" => [0, 60].map(|grace| json!({ "grace_seconds": grace })),
        "execute_agent" => ["Hello!", "Good morning!"].map(|message| json!({ "message": message })),
        "create_document" => ["A", "B"].map(|title| json!({ "title": title, "content": "What it says." })),
        "update_tenant" => [7, 8].map(|limit| json!({ "quota": { "max_concurrent_agents": limit } })),
        unknown => panic!("this test knows no body for {unknown}: give it two"),
    }
}

/// An operation that changes something, as the specification has it.
struct Operation {
    id: String,
    method: Method,
    path: String,
    has_body: bool,
    has_secret: bool,
}

fn operations() -> Vec<Operation> {
    let document = serde_json::to_value(agent_platform_server::api::document()).unwrap();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in ["post", "patch", "delete"] {
            let Some(operation) = item.get(method) else { continue };
            let parameters = operation["parameters"].as_array().unwrap();
            let header = parameters
                .iter()
                .find(|p| p["name"] == "Idempotency-Key")
                .unwrap_or_else(|| panic!("{method} {path} takes a key"));
            assert_eq!((&header["in"], &header["x-sdk"]), (&json!("header"), &json!(false)), "{method} {path}");
            for status in ["400", "409", "422"] {
                assert!(operation["responses"].get(status).is_some(), "{method} {path} states {status}");
            }
            let answers: Vec<_> = operation["responses"]
                .as_object()
                .unwrap()
                .iter()
                .filter(|(status, _)| status.starts_with('2'))
                .collect();
            let schema =
                answers.iter().find_map(|(_, answer)| answer.pointer("/content/application~1json/schema/$ref"));
            let schema = schema.and_then(Value::as_str).and_then(|schema| document.pointer(&schema[1..]));
            found.push(Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                has_body: operation.get("requestBody").is_some(),
                has_secret: schema.is_some_and(|schema| schema.to_string().contains("\"format\":\"password\"")),
            });
        }
    }
    assert!(found.len() >= 11, "{} operations", found.len());
    found
}

impl Operation {
    fn call(&self, tenant: &Tenant, ids: &BTreeMap<&str, String>, body: Option<&Value>) -> Call {
        let path = ids.iter().fold(self.path.clone(), |path, (name, id)| path.replace(&format!("{{{name}}}"), id));
        assert!(!path.contains('{'), "this test knows no id for {}: give it one", self.path);
        let call = tenant.call(self.method.clone(), &path).once(KEY);
        let call = if self.path.starts_with("/admin") { call.key(OPERATOR_KEY) } else { call };
        match body {
            Some(body) => call.json(body),
            None => call,
        }
    }
}

/// How many rows each table has, when what goes on behind the answers is done.
async fn rows(server: &Server) -> Vec<i64> {
    server.app.runtime.beat().await.unwrap();
    let mut counts = Vec::new();
    for table in TABLES {
        counts.push(server.database.number(&format!("SELECT COUNT(*) FROM {table}")).await);
    }
    counts
}

/// How often a secret stands in what was kept, as text or as bytes.
async fn stored(server: &Server, secret: &str) -> i64 {
    let mut found = 0;
    for table in ["idempotency_keys", "platform_idempotency_keys"] {
        let row = match server.database.backend {
            Backend::Sqlite => "operation || key_hash || request_hash || CAST(answer AS TEXT)",
            Backend::Postgres => "operation || key_hash || request_hash || encode(answer, 'escape')",
        };
        found += server.database.number(&format!("SELECT COUNT(*) FROM {table} WHERE {row} LIKE '%{secret}%'")).await;
    }
    found
}

on_both! {
    /// What every operation must do, also one that is yet to be written.
    async fn every_change_is_made_once(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        for operation in operations() {
            let name = &operation.id;
            let (ids, others) = (something(&tenant).await, something(&tenant).await);
            let [body, other] = if operation.has_body { bodies(name).map(Some) } else { [None, None] };
            let first = operation.call(&tenant, &ids, body.as_ref()).await;
            assert!(first.status.is_success(), "{name}: {} {}", first.status, first.text());
            let after_first = rows(&server).await;
            // Whatever is made anew would have another time.
            server.clock.set(server.now() + chrono::TimeDelta::seconds(1));
            let second = operation.call(&tenant, &ids, body.as_ref()).await;
            second.replays(&first);
            assert_eq!(rows(&server).await, after_first, "{name} has one effect");
            if other.is_some() {
                operation.call(&tenant, &ids, other.as_ref()).await.problem(422, "idempotency_key_reused");
            }
            if operation.path.contains('{') && !operation.path.starts_with("/admin") {
                operation.call(&tenant, &others, body.as_ref()).await.problem(422, "idempotency_key_reused");
            }
            assert_eq!(rows(&server).await, after_first, "{name} with a key of another request does nothing");
            assert_eq!(stored(&server, KEY).await, 0, "of {name}'s key only a hash is stored");
            if operation.has_secret {
                let answer: Value = serde_json::from_slice(&first.body).unwrap();
                let secret = answer["api_key"].as_str().unwrap();
                assert_eq!(stored(&server, secret).await, 0, "{name}'s secret is sealed");
                assert_eq!(stored(&server, secret.rsplit('_').next().unwrap()).await, 0, "{name}'s secret is sealed");
            }
        }
    }

    async fn what_was_refused_before_the_work_is_not_kept(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let good = json!({ "name": "A", "system_prompt": "You are helpful." });
        let create = |body: Value| tenant.post("/agents", body).once(KEY);
        create(json!({ "name": "" })).await.refusal_of("/name");
        create(json!({ "name": "A", "system_prompt": "B", "tools": ["unknown"] })).await.refusal_of("/tools/0");
        create(good.clone()).key("pk_live_none").await.problem(401, "unauthorized");
        tenant.scoped(&["read"]).await.post("/agents", good.clone()).once(KEY).await.problem(403, "missing_scope");
        let made = create(good.clone()).await;
        made.ok(201);
        create(good).await.replays(&made);

        server.limit(&tenant, json!({ "max_storage_mb": 0 })).await;
        let document = || tenant.post("/documents", json!({ "title": "A", "content": "B" })).once(KEY);
        assert!(!document().await.is_replayed());
        document().await.problem(429, "quota_exceeded");
        server.limit(&tenant, json!({ "max_storage_mb": 1 })).await;
        assert!(!document().await.is_replayed());
        assert!(document().await.is_replayed());

        let unknown = tenant.delete("/agents/agent-00000000000000000000").once(KEY);
        unknown.await.problem(404, "not_found");
        let agent_id = tenant.agent(&[]).await;
        let delete = || tenant.delete(&format!("/agents/{agent_id}")).once(KEY);
        let deleted = delete().await;
        deleted.no_content();
        delete().await.replays(&deleted);
        tenant.delete(&format!("/agents/{agent_id}")).once("another").await.problem(404, "not_found");
    }

    async fn a_replay_asks_for_the_same_rights(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let create = |tenant: &Tenant| tenant.post("/api-keys", json!({ "name": "second" })).once(KEY);
        let made = create(&tenant).await;
        let second = made.ok(201);
        create(&tenant).await.replays(&made);
        create(&tenant.scoped(&["execute"]).await).await.problem(403, "missing_scope");
        create(&tenant.with_key("pk_live_none")).await.problem(401, "unauthorized");
        let other = server.sign_up("user@other.example").await;
        let others = create(&other).await;
        assert_ne!(others.ok(201)["api_key"], second["api_key"], "each tenant's keys are its own");
        assert!(!others.is_replayed());
        server.operate(&tenant, json!({ "status": "suspended" })).await.ok(200);
        create(&tenant).await.problem(403, "tenant_suspended");
    }

    async fn a_malformed_key_is_refused_before_anything_is_done(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let before = rows(&server).await;
        for bad in ["", "   ", "\t", "schlüssel", &"k".repeat(256)] {
            let body = json!({ "name": "A", "system_prompt": "You are helpful." });
            let problem = tenant.post("/agents", body).once(bad).await.problem(400, "bad_request");
            assert!(problem["detail"].as_str().unwrap().contains("Idempotency-Key"), "{problem}");
        }
        assert_eq!(rows(&server).await, before);
        // To read is to change nothing.
        tenant.get("/agents").once("").await.ok(200);
        tenant.post("/agents", json!({ "name": "A", "system_prompt": "B" })).once(&"k".repeat(255)).await.ok(201);
    }

    async fn of_many_at_once_one_works(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let body = json!({ "name": "A", "system_prompt": "You are helpful." });
        let calls = (0..12).map(|_| tenant.post("/agents", body.clone()).once(KEY).into_future());
        let answers: Vec<Answer> = futures_util::future::join_all(calls).await;
        let first: Vec<_> = answers.iter().filter(|answer| answer.status == 201 && !answer.is_replayed()).collect();
        assert_eq!(first.len(), 1, "{answers:?}");
        for answer in &answers {
            assert_eq!((answer.status.as_u16(), &answer.body), (201, &first[0].body), "{}", answer.text());
        }
        assert_eq!(server.database.number("SELECT COUNT(*) FROM agents").await, 1);
    }

    /// The loser of the race has read the document already when the winner deletes it.
    async fn of_two_that_delete_at_once_both_are_told_so(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        for round in 0..5 {
            let path = format!("/documents/{}", tenant.document("A", "B").await);
            let key = format!("delete-{round}");
            let calls = (0..4).map(|_| tenant.delete(&path).once(&key).into_future());
            for answer in futures_util::future::join_all(calls).await {
                answer.no_content();
            }
        }
        assert_eq!(tenant.usage().await["usage"]["storage_mb"].as_f64(), Some(0.0), "what is deleted is counted once");
    }

    async fn a_key_is_free_again_after_a_day(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let create = || tenant.post("/agents", json!({ "name": "A", "system_prompt": "You are helpful." })).once(KEY);
        let first = create().await;
        server.set_clock("2024-03-16T14:29:59Z");
        create().await.replays(&first);
        server.set_clock("2024-03-16T14:30:00Z");
        let second = create().await;
        assert_ne!(id(&second.ok(201), "agent_id"), id(&first.ok(201), "agent_id"));
        assert!(!second.is_replayed());
        create().await.replays(&second);
        assert_eq!(server.database.number("SELECT COUNT(*) FROM idempotency_keys").await, 1);
    }

    async fn expired_keys_are_swept(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let body = json!({ "email": "other@acme.example", "tier": "starter" });
        server.post("/signup", body).once(KEY).await.ok(201);
        for round in 0..3 {
            tenant.post("/api-keys", json!({})).once(&format!("key-{round}")).await.ok(201);
        }
        let kept = "SELECT (SELECT COUNT(*) FROM idempotency_keys) + (SELECT COUNT(*) FROM platform_idempotency_keys)";
        server.set_clock("2024-03-16T14:29:59Z");
        server.app.runtime.beat().await.unwrap();
        assert_eq!(server.database.number(kept).await, 4);
        server.set_clock("2024-03-16T14:30:00Z");
        // More than one transaction deletes.
        let many = match server.database.backend {
            Backend::Sqlite => "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500) \
                INSERT INTO idempotency_keys SELECT 'acme', 'x', i, 'x', NULL, 200, x'00', '2024-03-15T00:00:00+00:00', '2024-03-16T00:00:00+00:00' FROM n",
            Backend::Postgres => "INSERT INTO idempotency_keys SELECT 'acme', 'x', i, 'x', NULL, 200, '', '2024-03-15', '2024-03-16' FROM generate_series(1, 2500) i",
        };
        server.database.execute(many).await.unwrap();
        server.app.runtime.beat().await.unwrap();
        assert_eq!(server.database.number(kept).await, 0);
    }

    async fn sign_up_is_replayed_under_a_random_key_alone(server: Server) {
        let sign_up = |email: &str| server.post("/signup", json!({ "email": email, "tier": "starter" }));
        let long = "signup:user@acme-company.example";
        for guessable in ["1", long, "2024-03-15T14:30:00Z", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"] {
            let problem = sign_up("user@acme.example").once(guessable).await.problem(400, "bad_request");
            assert!(problem["detail"].as_str().unwrap().contains("128 random bits"), "{problem}");
        }
        assert_eq!(server.database.number("SELECT COUNT(*) FROM tenants").await, 0);
        let first = sign_up("user@acme.example").once(KEY).await;
        let api_key = first.ok(201)["api_key"].as_str().unwrap().to_owned();
        sign_up("user@acme.example").once(KEY).await.replays(&first);
        server.get("/usage").key(&api_key).await.ok(200);
        sign_up("other@acme.example").once(KEY).await.problem(422, "idempotency_key_reused");
        sign_up("user@acme.example").once("0b6ea0d8-2cc2-4b6c-9b1b-1f0c4b9f5a51").await.problem(409, "email_taken");
        sign_up("user@acme.example").await.problem(409, "email_taken");
    }

    async fn of_many_sign_ups_at_once_one_makes_a_tenant(server: Server) {
        let body = json!({ "email": "user@acme.example", "tier": "starter" });
        let calls = (0..12).map(|_| server.post("/signup", body.clone()).once(KEY).into_future());
        let answers: Vec<Answer> = futures_util::future::join_all(calls).await;
        for answer in &answers {
            assert_eq!((answer.status.as_u16(), &answer.body), (201, &answers[0].body), "{}", answer.text());
        }
        assert_eq!(answers.iter().filter(|answer| !answer.is_replayed()).count(), 1);
        assert_eq!(server.database.number("SELECT COUNT(*) FROM tenants").await, 1);
    }
}
