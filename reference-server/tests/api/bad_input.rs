//! What a client sends wrongly is answered in one form that names the fault, and changes nothing.

use http::{Method, header};
use serde_json::{Value, json};

use crate::harness::{Server, Tenant, on_both};

async fn with_agent(server: &Server) -> (Tenant, String) {
    let tenant = server.sign_up("user@acme.example").await;
    let agent_id = tenant.agent(&["search_kb"]).await;
    (tenant, agent_id)
}

/// Nothing was begun by what was refused.
async fn nothing_happened(tenant: &Tenant) {
    assert_eq!(tenant.get("/executions").await.ok(200)["data"], json!([]));
    let usage = tenant.usage().await;
    assert_eq!((&usage["usage"]["requests_this_hour"], &usage["usage"]["reserved_tokens"]), (&json!(0), &json!(0)));
}

on_both! {
    async fn an_unknown_tool_is_refused_with_the_known_ones(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent = json!({ "name": "A", "system_prompt": "B", "tools": ["search_kb", "shell", "search_kb"] });
        let answer = tenant.post("/agents", agent).await;
        let detail = answer.refusal_of("/tools/1");
        for word in ["shell", "search_kb", "create_ticket"] {
            assert!(detail.contains(word), "{detail}");
        }
        assert!(answer.refusal_of("/tools/2").contains("twice"));
        let unknown_model = json!({ "name": "A", "system_prompt": "B", "model": "gpt-9" });
        assert!(tenant.post("/agents", unknown_model).await.refusal_of("/model").contains("builtin"));
        assert_eq!(tenant.get("/agents").await.ok(200)["data"], json!([]));
    }

    async fn every_refused_field_is_named(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let body = json!({ "system_prompt": "", "tools": "search_kb", "temperature": 2.5, "max_output_tokens": 0, "sytem": 1,
                           "metadata": { "k": "x".repeat(513) } });
        let answer = tenant.post("/agents", body).await;
        for (pointer, word) in [("/name", "required"), ("/system_prompt", "at least 1"), ("/tools", "type"), ("/temperature", "at most 2"),
            ("/max_output_tokens", "at least 1"), ("/sytem", "not a field"), ("/metadata/k", "at most 512")] {
            let detail = answer.refusal_of(pointer);
            assert!(detail.contains(word), "{pointer}: {detail}");
        }
        let one = tenant.post("/agents", json!({ "name": "A", "system_prompt": "B", "naem": "x" })).await.problem(422, "invalid_request");
        assert!(one["detail"].as_str().unwrap().contains("/naem"), "a single fault stands in the detail: {one}");
        let many: Value = (0..17).map(|i| (format!("k{i}"), json!("v"))).collect::<serde_json::Map<_, _>>().into();
        let answer = tenant.post("/agents", json!({ "name": "A", "system_prompt": "B", "metadata": many })).await;
        assert!(answer.refusal_of("/metadata").contains("16"));
    }

    async fn a_thousand_faults_make_a_short_answer(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let faults: serde_json::Map<_, _> = (0..1_000).map(|i| (format!("{i}{}", "x".repeat(500)), json!(1))).collect();
        let answer = tenant.post("/agents", faults.into()).await;
        let problem = answer.problem(422, "invalid_request");
        assert_eq!(problem["errors"].as_array().unwrap().len(), 20);
        assert!(answer.text().len() < 10_000, "{} bytes", answer.text().len());
    }

    async fn an_empty_message_is_refused_and_2_mb_are_too_large(server: Server) {
        let (tenant, agent_id) = with_agent(&server).await;
        tenant.execute(&agent_id, json!({ "message": "" })).await.refusal_of("/message");
        let long = tenant.execute(&agent_id, json!({ "message": "x".repeat(100_001) })).await.refusal_of("/message");
        assert!(long.contains("100000") && long.contains("100001") && long.len() < 200, "{long}");
        let answer = tenant.execute(&agent_id, json!({ "message": "x".repeat(2 << 20) })).await;
        let problem = answer.problem(413, "body_too_large");
        assert!(problem["detail"].as_str().unwrap().contains("1048576"), "{problem}");
        nothing_happened(&tenant).await;
        tenant.execute(&agent_id, json!({ "message": "ä".repeat(100_000) })).await.ok(200);
    }

    async fn bad_json_is_refused_with_its_position(server: Server) {
        let (tenant, agent_id) = with_agent(&server).await;
        for (body, place) in [("{\"message\": \"a\",\n  \"stream\": tru }", "line 2 column"), ("{\"message\"", "line 1 column 10"), ("", "empty"),
            ("\"a\" \"b\"", "column"), ("{\"message\": \"\u{1}\"}", "column"), ("{\"message\": \"\\ud800\"}", "column")] {
            let answer = tenant.execute(&agent_id, json!(null)).body(body).await;
            let problem = answer.problem(400, "bad_request");
            assert!(problem["detail"].as_str().unwrap().contains(place), "{body}: {problem}");
        }
        let not_utf8 = tenant.execute(&agent_id, json!(null)).body(&b"{\"message\": \"\xff\"}"[..]).await;
        not_utf8.problem(400, "bad_request");
        for body in ["[]", "null", "\"text\"", "7"] {
            tenant.execute(&agent_id, json!(null)).body(body).await.problem(422, "invalid_request");
        }
        nothing_happened(&tenant).await;
    }

    async fn very_deep_json_is_refused_as_malformed(server: Server) {
        let (tenant, agent_id) = with_agent(&server).await;
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let deep = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
            tenant.execute(&agent_id, json!(null)).body(deep).await.problem(400, "bad_request");
        }
        let nested = (0..100).fold(json!(1), |inner, _| json!([inner]));
        tenant.execute(&agent_id, json!({ "message": nested })).await.refusal_of("/message");
    }

    async fn huge_and_fractional_numbers_are_refused(server: Server) {
        let (tenant, agent_id) = with_agent(&server).await;
        for number in ["1e400", "-1e400"] {
            let body = format!("{{\"message\": \"Hi\", \"max_output_tokens\": {number}}}");
            tenant.execute(&agent_id, json!(null)).body(body).await.problem(400, "bad_request");
        }
        for number in ["1e300", "99999999999999999999999999", "-1", "1.5", "32769", "true", "\"7\""] {
            let body = format!("{{\"message\": \"Hi\", \"max_output_tokens\": {number}}}");
            tenant.execute(&agent_id, json!(null)).body(body).await.refusal_of("/max_output_tokens");
        }
        nothing_happened(&tenant).await;
        tenant.execute(&agent_id, json!({ "message": "Hi", "max_output_tokens": 32768 })).await.ok(200);
    }

    async fn nul_characters_are_refused_wherever_they_stand(server: Server) {
        let (tenant, agent_id) = with_agent(&server).await;
        tenant.execute(&agent_id, json!({ "message": "a\0b" })).await.refusal_of("/message");
        let metadata = json!({ "message": "a", "metadata": { "k": "\0" } });
        tenant.execute(&agent_id, metadata).await.refusal_of("/metadata/k");
        tenant.execute(&agent_id, json!({ "message": "a", "metadata": { "\0": "v" } })).await.problem(422, "invalid_request");
        tenant.post("/agents", json!({ "name": "\0", "system_prompt": "B" })).await.refusal_of("/name");
        tenant.post("/documents", json!({ "title": "A", "content": "B\0" })).await.refusal_of("/content");
        server.post("/signup", json!({ "email": "a@b.example", "tier": "starter", "name": "\0" })).await.refusal_of("/name");
        server.post("/signup", json!({ "email": "a\0@b.example", "tier": "starter" })).await.refusal_of("/email");
        tenant.get("/documents/search?q=a%00").await.refusal_of("?q");
        tenant.get("/agents/agent-%00").await.problem(404, "not_found");
        nothing_happened(&tenant).await;
    }

    async fn a_body_that_is_not_declared_as_json_is_refused(server: Server) {
        let (tenant, agent_id) = with_agent(&server).await;
        let path = format!("/agents/{agent_id}/execute");
        for media_type in ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonx", "json"] {
            let call = tenant.call(Method::POST, &path).body("{\"message\": \"Hi\"}").header(header::CONTENT_TYPE, media_type);
            call.await.problem(415, "unsupported_media_type");
        }
        tenant.call(Method::POST, &path).await.problem(415, "unsupported_media_type");
        for media_type in ["application/json; charset=utf-8", "Application/JSON", "application/vnd.acme+json"] {
            tenant.call(Method::POST, &path).body("{\"message\": \"Hi\"}").header(header::CONTENT_TYPE, media_type).await.ok(200);
        }
    }

    async fn what_the_client_does_not_accept_is_not_begun(server: Server) {
        let (tenant, agent_id) = with_agent(&server).await;
        let message = json!({ "message": "Hi" });
        for accept in ["text/html", "application/xml", "text/event-stream;q=0", "image/*"] {
            let problem = tenant.execute(&agent_id, message.clone()).accept(accept).await.problem(406, "not_acceptable");
            assert!(problem["detail"].as_str().unwrap().contains("text/event-stream"), "{problem}");
            tenant.get("/agents").accept(accept).await.problem(406, "not_acceptable");
        }
        tenant.get("/agents").accept("text/event-stream").await.problem(406, "not_acceptable");
        nothing_happened(&tenant).await;
        for accept in ["*/*", "application/*", "text/html, application/json;q=0.9", "application/json"] {
            tenant.get("/agents").accept(accept).await.ok(200);
        }
    }

    async fn paths_and_methods_that_are_none_are_named(server: Server) {
        let (tenant, agent_id) = with_agent(&server).await;
        for path in ["/nothing", "/agents/", "/agents/a/b/c", "/AGENTS", "/v9/agents"] {
            let problem = tenant.get(path).await.problem(404, "no_such_path");
            assert!(problem["detail"].as_str().unwrap().contains(path), "{problem}");
        }
        let answer = tenant.call(Method::PUT, &format!("/agents/{agent_id}")).json(&json!({})).await;
        let problem = answer.problem(405, "method_not_allowed");
        let allow = answer.header("allow").unwrap();
        for method in ["GET", "PATCH", "DELETE"] {
            assert!(allow.contains(method) && problem["detail"].as_str().unwrap().contains(method), "{allow}, {problem}");
        }
        let answer = tenant.get("/signup").await;
        answer.problem(405, "method_not_allowed");
        assert!(answer.header("allow").unwrap().contains("POST"));
    }

    async fn ids_that_are_none_are_not_found(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        for id in ["agent-00000000000000000000", "agent-1", "conv-00000000000000000000", "x", "%2e%2e", "agent-%f0%9f%92%a9", "'%20OR%201=1"] {
            for path in [format!("/agents/{id}"), format!("/executions/{id}"), format!("/documents/{id}"), format!("/tickets/{id}"), format!("/conversations/{id}")] {
                tenant.get(&path).await.problem(404, "not_found");
            }
            tenant.execute(id, json!({ "message": "Hi" })).await.problem(404, "not_found");
        }
        let agent_id = tenant.agent(&[]).await;
        for conversation_id in ["conv-00000000000000000000", "none"] {
            let body = json!({ "message": "Hi", "conversation_id": conversation_id });
            tenant.execute(&agent_id, body).await.problem(404, "not_found");
        }
    }

    async fn bad_parameters_of_lists_are_named(server: Server) {
        let (tenant, _) = with_agent(&server).await;
        for (query, pointer) in [
            ("limit=0", "?limit"), ("limit=101", "?limit"), ("limit=-1", "?limit"), ("limit=ten", "?limit"), ("limit=", "?limit"),
            ("limit=1&limit=2", "?limit"), ("limit=99999999999999999999", "?limit"), ("cursor=x", "?cursor"), ("cursor=", "?cursor"),
            ("cursor=c1.agent-1", "?cursor"), ("cursor=c1.conv-00000000000000000000", "?cursor"), ("page=2", "?page"), ("%00=1", "?\0"),
        ] {
            tenant.get(&format!("/agents?{query}")).await.refusal_of(pointer);
        }
        for (query, pointer) in [("status=done", "?status"), ("agent_id=x", "?agent_id"), ("from=yesterday", "?from"), ("to=2024-13-01T00:00:00Z", "?to")] {
            tenant.get(&format!("/executions?{query}")).await.refusal_of(pointer);
        }
        for (query, pointer) in [("", "?q"), ("q=", "?q"), ("q=%20", "?q"), ("q=a&limit=51", "?limit"), ("q=a&cursor=x", "?cursor")] {
            tenant.get(&format!("/documents/search?{query}")).await.refusal_of(pointer);
        }
        let long = format!("/documents/search?q={}", "x".repeat(1001));
        tenant.get(&long).await.refusal_of("?q");
    }
}
