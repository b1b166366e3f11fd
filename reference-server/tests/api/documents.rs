//! The knowledge base: stored, searched, and held to the storage quota.

use serde_json::{Value, json};

use crate::harness::{Server, on_both, server::id};

/// A megabyte of the quota.
const MB: usize = 1_000_000;

on_both! {
    async fn a_document_is_read_as_it_was_made(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let body = json!({ "title": "Größen", "content": "# Tabelle\n\nS, M, L – 日本語 \u{1f600}", "metadata": { "lang": "de" } });
        let made = tenant.post("/documents", body.clone()).await.ok(201);
        let bytes = body["title"].as_str().unwrap().len() + body["content"].as_str().unwrap().len();
        assert_eq!((&made["bytes"], &made["metadata"]), (&json!(bytes), &body["metadata"]));
        assert_eq!(made.get("content"), None);
        let read = tenant.get(&format!("/documents/{}", id(&made, "document_id"))).await.ok(200);
        assert_eq!((&read["content"], &read["title"]), (&body["content"], &body["title"]));
        assert_eq!(tenant.get("/documents").await.ok(200)["data"], json!([made]));
    }

    async fn search_finds_the_best_passage_first(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let wanted = tenant.document("Invoices", "Every invoice can be downloaded as a PDF under Settings, Billing.").await;
        tenant.document("Teams", "Invite your team under Settings, Team.").await;
        let found = tenant.get("/documents/search?q=Where+do+I+download+invoices%3F").await.ok(200);
        assert_eq!(found["data"][0]["document_id"], wanted.as_str());
        assert_eq!(found["data"][0]["title"], "Invoices");
        assert!(found["data"][0]["passage"].as_str().unwrap().contains("PDF"));
        let scores: Vec<_> = found["data"].as_array().unwrap().iter().map(|hit| hit["score"].as_f64().unwrap()).collect();
        assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
        assert_eq!(tenant.get("/documents/search?q=zeppelin").await.ok(200)["data"], json!([]));
    }

    async fn no_question_breaks_the_index(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        tenant.document("Quotes", "It's \"quoted\" AND (bracketed) NEAR/2 or* not; 50% off & <b>bold</b>!").await;
        for q in ["\"", "'", "a AND", "NEAR(a b)", "terms:quoted", "*", "(", "a | b & !c", "quoted:*", "%", "OR", "-- ;", "\u{1f600}", "\\", "{}^~", "tenant_id:other"] {
            let query: String = url::form_urlencoded::byte_serialize(q.as_bytes()).collect();
            tenant.get(&format!("/documents/search?q={query}")).await.ok(200);
        }
        let found = tenant.get("/documents/search?q=quoted+bracketed").await.ok(200);
        assert_eq!(found["data"].as_array().unwrap().len(), 1);
    }

    async fn a_rare_word_is_found_among_thousands_of_passages(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        for part in 0..4 {
            tenant.document(&format!("Accounts {part}"), &"# Account\nThe account of an account holder.\n".repeat(1_000)).await;
        }
        let wanted = tenant.document("Animals", "A zebra has stripes.").await;
        tenant.document("More accounts", &"# Account\nAn account again.\n".repeat(500)).await;
        let found = tenant.get("/documents/search?q=account+zebra").await.ok(200);
        assert_eq!(found["data"][0]["document_id"], wanted.as_str(), "{found}");
    }

    async fn a_deleted_document_is_found_no_more(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let document_id = tenant.document("Invoices", "Every invoice can be downloaded.").await;
        let path = format!("/documents/{document_id}");
        tenant.delete(&path).await.no_content();
        assert_eq!(tenant.get("/documents/search?q=invoice").await.ok(200)["data"], json!([]));
        tenant.get(&path).await.problem(404, "not_found");
        tenant.delete(&path).await.problem(404, "not_found");
        assert_eq!(tenant.usage().await["usage"]["storage_mb"], 0.0);
        assert_eq!(server.database.number("SELECT COUNT(*) FROM passages").await, 0);
    }

    async fn storage_is_a_quota(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        server.limit(&tenant, json!({ "max_storage_mb": 1 })).await;
        let half = |title: &str| json!({ "title": title, "content": "x ".repeat((MB / 2 - title.len()) / 2) });
        let first = tenant.post("/documents", half("ab")).await.ok(201);
        tenant.post("/documents", half("cd")).await.ok(201);
        assert_eq!(tenant.usage().await["usage"]["storage_mb"], 1.0);

        let refused = tenant.post("/documents", json!({ "title": "a", "content": "b" })).await;
        let problem = refused.problem(429, "quota_exceeded");
        assert_eq!((&problem["quota"], &problem["limit"], &problem["used"]), (&json!("max_storage_mb"), &json!(1), &json!(1.0)));
        assert_eq!(problem.get("resets_at").unwrap_or(&Value::Null), &Value::Null);
        assert_eq!(tenant.get("/documents").await.ok(200)["data"].as_array().unwrap().len(), 2);

        tenant.delete(&format!("/documents/{}", id(&first, "document_id"))).await.no_content();
        tenant.post("/documents", half("ef")).await.ok(201);
    }

    async fn of_many_documents_at_once_no_more_are_stored_than_fit(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        server.limit(&tenant, json!({ "max_storage_mb": 1 })).await;
        let calls = (0..8).map(|_| tenant.post("/documents", json!({ "title": "a", "content": "x".repeat(MB / 4 - 1) })));
        let statuses = futures_util::future::join_all(calls.map(|call| async { call.await.status.as_u16() })).await;
        assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 4, "{statuses:?}");
        assert_eq!(tenant.usage().await["usage"]["storage_mb"], 1.0);
        let elsewhere = tenant.through(&server.replica().await);
        assert_eq!(elsewhere.usage().await["usage"]["storage_mb"], 1.0, "the database says the same");
    }
}
