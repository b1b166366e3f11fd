//! Agents: made, read, changed, deleted, and lists with cursors.

use std::{
    cell::Cell,
    collections::HashSet,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::harness::{Server, on_both, server::id, until};

on_both! {
    async fn an_agent_is_read_as_it_was_made(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let body = json!({
            "name": "Support Agent", "system_prompt": "You are helpful.\n\"Quoted\" and 日本語.", "tools": ["search_kb", "create_ticket"],
            "model": "builtin", "max_output_tokens": 300, "temperature": 0.25, "metadata": { "team": "support", "": "" },
        });
        tenant.post("/agents", body.clone()).await.refusal_of("/metadata");
        let mut body = body;
        body["metadata"] = json!({ "team": "support" });
        let made = tenant.post("/agents", body.clone()).await.ok(201);
        for (field, value) in body.as_object().unwrap() {
            assert_eq!(made[field], *value, "{field}");
        }
        assert_eq!(made["status"], "active");
        assert_eq!(made["created_at"], "2024-03-15T14:30:00Z");
        assert_eq!(made["updated_at"], made["created_at"]);
        assert!(id(&made, "agent_id").starts_with("agent-"));
        assert_eq!(tenant.get(&format!("/agents/{}", id(&made, "agent_id"))).await.ok(200), made);
        assert_eq!(tenant.get("/agents").await.ok(200)["data"], json!([made]));
    }

    async fn what_is_left_out_gets_the_default(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let made = tenant.post("/agents", json!({ "name": "A", "system_prompt": "B" })).await.ok(201);
        assert_eq!(
            (&made["tools"], &made["model"], &made["max_output_tokens"], &made["temperature"], &made["metadata"]),
            (&json!([]), &json!("builtin"), &Value::Null, &json!(1.0), &json!({}))
        );
    }

    async fn a_patch_changes_what_it_names_and_null_brings_the_default(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let body = json!({ "name": "A", "system_prompt": "B", "tools": ["search_kb"], "max_output_tokens": 300, "temperature": 0.25,
                           "metadata": { "team": "support" } });
        let made = tenant.post("/agents", body).await.ok(201);
        let path = format!("/agents/{}", id(&made, "agent_id"));
        server.set_clock("2024-03-15T14:31:00Z");

        let renamed = tenant.patch(&path, json!({ "name": "C", "tools": [] })).await.ok(200);
        let mut expected = made.clone();
        (expected["name"], expected["tools"], expected["updated_at"]) = (json!("C"), json!([]), json!("2024-03-15T14:31:00Z"));
        assert_eq!(renamed, expected, "what is absent stays");

        let reset = tenant.patch(&path, json!({ "max_output_tokens": null, "temperature": null })).await.ok(200);
        assert_eq!((&reset["max_output_tokens"], &reset["temperature"]), (&Value::Null, &json!(1.0)));
        assert_eq!((&reset["name"], &reset["metadata"]), (&json!("C"), &json!({ "team": "support" })));

        let relabelled = tenant.patch(&path, json!({ "metadata": { "a": "b" } })).await.ok(200);
        assert_eq!(relabelled["metadata"], json!({ "a": "b" }), "labels are replaced as a whole");
        assert_eq!(tenant.patch(&path, json!({ "metadata": null })).await.ok(200)["metadata"], json!({}));

        for (field, value) in [("name", json!(null)), ("system_prompt", json!(null)), ("tools", json!(null)), ("name", json!(""))] {
            tenant.patch(&path, json!({ field: value })).await.refusal_of(&format!("/{field}"));
        }
        tenant.patch(&path, json!({ "tools": ["shell"] })).await.refusal_of("/tools/0");
        tenant.patch(&path, json!({ "agent_id": "x" })).await.refusal_of("/agent_id");
        assert_eq!(tenant.patch(&path, json!({})).await.ok(200)["name"], "C");
    }

    async fn of_many_patches_at_once_none_is_lost(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let path = format!("/agents/{}", tenant.agent(&[]).await);
        let patches = [json!({ "name": "C" }), json!({ "system_prompt": "D" }), json!({ "tools": ["search"] }),
            json!({ "max_output_tokens": 7 }), json!({ "temperature": 2 }), json!({ "metadata": { "a": "b" } })];
        let statuses = futures_util::future::join_all(patches.map(|patch| async { tenant.patch(&path, patch).await.status })).await;
        let agent = tenant.get(&path).await.ok(200);
        assert_eq!(
            (&agent["name"], &agent["system_prompt"], &agent["tools"], &agent["max_output_tokens"], &agent["temperature"], &agent["metadata"]),
            (&json!("C"), &json!("D"), &json!(["search"]), &json!(7), &json!(2.0), &json!({ "a": "b" })),
            "{statuses:?}"
        );
    }

    async fn a_deleted_agent_is_gone_and_what_it_did_stays(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        let answer = tenant.ask(&agent_id, "Hello!").await;
        let path = format!("/agents/{agent_id}");
        tenant.delete(&path).await.no_content();
        tenant.get(&path).await.problem(404, "not_found");
        tenant.delete(&path).await.problem(404, "not_found");
        tenant.patch(&path, json!({ "name": "A" })).await.problem(404, "not_found");
        tenant.execute(&agent_id, json!({ "message": "Hello!" })).await.problem(404, "not_found");
        assert_eq!(tenant.get("/agents").await.ok(200)["data"], json!([]));
        let execution = tenant.get(&format!("/executions/{}", id(&answer, "execution_id"))).await.ok(200);
        assert_eq!(execution["agent_id"], agent_id.as_str());
        tenant.get(&format!("/conversations/{}", id(&answer, "conversation_id"))).await.ok(200);
    }

    /// Agents are remembered for a moment, so that an execution need not read them.
    async fn a_change_holds_at_once_here_and_within_a_second_elsewhere(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        let elsewhere = tenant.through(&server.replica().await);
        for through in [&tenant, &elsewhere] {
            assert_eq!(through.ask(&agent_id, "Hello!").await["finish_reason"], "stop");
        }
        let path = format!("/agents/{agent_id}");
        tenant.patch(&path, json!({ "max_output_tokens": 1 })).await.ok(200);
        let since = Instant::now();
        assert_eq!(tenant.ask(&agent_id, "Hello!").await["finish_reason"], "length");
        let stale = Cell::new(Duration::ZERO);
        let changed = || async {
            let begun = since.elapsed();
            if elsewhere.ask(&agent_id, "Hello!").await["finish_reason"] == "length" {
                return Some(());
            }
            stale.set(begun);
            None
        };
        until("the change elsewhere", changed).await;
        assert!(stale.get() < Duration::from_secs(1), "the old agent was asked after {:?}", stale.get());

        tenant.delete(&path).await.no_content();
        let since = Instant::now();
        tenant.execute(&agent_id, json!({ "message": "Hello!" })).await.problem(404, "not_found");
        stale.set(Duration::ZERO);
        let gone = || async {
            let begun = since.elapsed();
            if elsewhere.execute(&agent_id, json!({ "message": "Hello!" })).await.status == 404 {
                return Some(());
            }
            stale.set(begun);
            None
        };
        until("the deletion elsewhere", gone).await;
        assert!(stale.get() < Duration::from_secs(1), "the deleted agent was asked after {:?}", stale.get());
    }

    async fn pages_hold_every_agent_once_newest_first(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let mut made = Vec::new();
        for _ in 0..45 {
            made.push(tenant.agent(&[]).await);
        }
        // All were made in one millisecond of the held clock: only the ids order them.
        made.sort_unstable_by(|a, b| b.cmp(a));
        for limit in [None, Some(1), Some(7), Some(45), Some(100)] {
            let (mut listed, mut cursor, mut sizes) = (Vec::new(), None::<String>, Vec::new());
            loop {
                let mut path = format!("/agents?{}", limit.map_or_else(String::new, |limit| format!("limit={limit}&")));
                if let Some(cursor) = &cursor {
                    path.push_str(&format!("cursor={cursor}"));
                }
                let page = tenant.get(&path).await.ok(200);
                let rows = page["data"].as_array().unwrap();
                sizes.push(rows.len());
                listed.extend(rows.iter().map(|row| id(row, "agent_id")));
                assert_eq!(page["has_more"], !page["next_cursor"].is_null());
                match page["next_cursor"].as_str() {
                    Some(next) => cursor = Some(next.to_owned()),
                    None => break,
                }
            }
            assert_eq!(listed, made, "limit {limit:?}");
            assert!(sizes.iter().rev().skip(1).all(|size| *size == limit.unwrap_or(20)), "{sizes:?}");
        }
    }

    async fn a_page_is_not_disturbed_by_what_is_made_and_deleted_meanwhile(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let mut before = HashSet::new();
        for _ in 0..10 {
            before.insert(tenant.agent(&[]).await);
        }
        server.set_clock("2024-03-15T14:31:00Z");
        let first = tenant.get("/agents?limit=5").await.ok(200);
        let cursor = first["next_cursor"].as_str().unwrap();
        tenant.agent(&[]).await;
        // The very row that the cursor names goes.
        tenant.delete(&format!("/agents/{}", id(&first["data"][4], "agent_id"))).await.no_content();
        let second = tenant.get(&format!("/agents?limit=5&cursor={cursor}")).await.ok(200);
        let rows = [&first, &second].map(|page| page["data"].as_array().unwrap().clone()).concat();
        let listed: HashSet<_> = rows.iter().map(|row| id(row, "agent_id")).collect();
        assert_eq!(rows.len(), 10);
        assert_eq!(listed, before);
    }
}
