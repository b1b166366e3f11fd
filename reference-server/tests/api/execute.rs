//! Executing an agent: the answer as JSON and as events, tools, and what the log keeps.

use http::header;
use serde_json::{Value, json};

use crate::harness::{Server, on_both, server::id, sse::streamed_text};

const PASSWORD: (&str, &str) = (
    "Resetting your password",
    "To reset your password, open the sign-in page and choose \"Forgot password\". We mail you a link.",
);

on_both! {
    async fn an_answer_has_every_field_and_adds_up(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        let answer = tenant.ask(&agent_id, "Hello!").await;
        assert!(id(&answer, "execution_id").starts_with("exec-"));
        assert!(id(&answer, "conversation_id").starts_with("conv-"));
        assert_eq!((&answer["agent_id"], &answer["model"], &answer["finish_reason"]), (&json!(agent_id), &json!("builtin"), &json!("stop")));
        assert_eq!((&answer["tool_calls"], &answer["created_at"]), (&json!([]), &json!("2024-03-15T14:30:00Z")));
        assert!(!answer["message"].as_str().unwrap().is_empty());
        assert!(answer["duration_ms"].is_u64());
        let number = |value: &Value| value.as_i64().unwrap();
        let usage = &answer["usage"];
        assert_eq!(usage["estimated"], false);
        assert_eq!(number(&answer["tokens_used"]), number(&usage["input_tokens"]) + number(&usage["output_tokens"]));
        assert!(number(&usage["input_tokens"]) > 0 && number(&usage["output_tokens"]) > 0);
    }

    /// $0.05 for each thousand tokens: 1,234 tokens are $0.0617, to the last digit.
    async fn the_cost_is_exact(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        for message in ["Hello!".to_owned(), "word ".repeat(1_200), "x".repeat(997)] {
            let answer = tenant.execute(&agent_id, json!({ "message": message })).await;
            let body = answer.ok(200);
            let micros = body["tokens_used"].as_i64().unwrap() * 50;
            let expected = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
            let expected = expected.trim_end_matches('0').trim_end_matches('.');
            assert!(answer.text().contains(&format!("\"cost\":{expected},")), "{expected}: {}", answer.text());
        }
    }

    async fn a_stream_tells_what_the_answer_would_have_said(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        tenant.document(PASSWORD.0, PASSWORD.1).await;
        let agent_id = tenant.agent(&["search_kb"]).await;
        let question = "How do I reset my password?";
        let plain = tenant.ask(&agent_id, question).await;
        let frames = tenant.execute(&agent_id, json!({ "message": question, "stream": true })).await.events();

        let (first, last) = (&frames[0].data, &frames.last().unwrap().data);
        assert_eq!(frames.last().unwrap().event, "execution.completed");
        let response = &last["response"];
        assert_eq!(response["message"], plain["message"], "the built-in model is deterministic");
        assert_eq!(streamed_text(&frames), response["message"].as_str().unwrap());
        for field in ["execution_id", "conversation_id", "agent_id"] {
            assert_eq!(first[field], response[field]);
        }
        let fields = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(fields(response), fields(&plain));
        assert!(frames.iter().filter(|frame| frame.event == "message.delta").count() > 5, "it is streamed in pieces");
        let stored = tenant.get(&format!("/executions/{}", id(first, "execution_id"))).await.ok(200);
        assert_eq!((&stored["message"], &stored["cost"]), (&response["message"], &response["cost"]));
    }

    async fn the_stream_field_decides_before_the_accept_header(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        for (stream, accept, streams) in [
            (json!(null), None, false), (json!(null), Some("text/event-stream"), true), (json!(null), Some("*/*"), false),
            (json!(null), Some("application/json"), false), (json!(true), None, true), (json!(true), Some("application/json"), true),
            (json!(false), Some("text/event-stream"), false), (json!(null), Some("application/json, text/event-stream"), true),
        ] {
            let mut call = tenant.execute(&agent_id, json!({ "message": "Hello!", "stream": stream }));
            if let Some(accept) = accept {
                call = call.header(header::ACCEPT, accept);
            }
            let answer = call.await;
            if streams { drop(answer.events()) } else { drop(answer.ok(200)) }
        }
    }

    async fn what_fails_before_the_first_event_is_a_problem_also_for_a_stream(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        let stream = |body: Value| tenant.execute(&agent_id, body).accept("text/event-stream");
        stream(json!({ "message": "" })).await.refusal_of("/message");
        server.limit(&tenant, json!({ "max_requests_per_hour": 0 })).await;
        stream(json!({ "message": "Hello!" })).await.problem(429, "rate_limited");
    }

    async fn a_limit_of_nothing_is_not_to_be_waited_for(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        for limit in ["max_requests_per_hour", "max_concurrent_agents", "max_tokens_per_month", "max_spend_per_month"] {
            let code = if limit == "max_requests_per_hour" { "rate_limited" } else { "quota_exceeded" };
            server.limit(&tenant, json!({ limit: 0 })).await;
            let problem = tenant.execute(&agent_id, json!({ "message": "Hello!" })).await.problem(429, code);
            let detail = problem["detail"].as_str().unwrap();
            assert!(detail.contains("lets nothing through") && detail.ends_with("Raise the quota."), "{detail}");
            server.limit(&tenant, json!({ limit: null })).await;
        }
    }

    async fn search_kb_answers_from_the_documents(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let document_id = tenant.document(PASSWORD.0, PASSWORD.1).await;
        tenant.document("Cancelling", "You can cancel your subscription under Settings, Billing.").await;
        let agent_id = tenant.agent(&["search_kb"]).await;
        let message = json!({ "message": "How do I reset my password?", "stream": true });
        let frames = tenant.execute(&agent_id, message).await.events();

        let called = frames.iter().find(|frame| frame.event == "tool.called").unwrap();
        let completed = frames.iter().find(|frame| frame.event == "tool.completed").unwrap();
        assert!(called.id < completed.id);
        assert_eq!((&called.data["name"], &called.data["tool_call_id"]), (&json!("search_kb"), &completed.data["tool_call_id"]));
        assert_eq!(completed.data["output"]["results"][0]["document_id"], document_id.as_str());
        assert_eq!(completed.data.get("error"), None);
        let response = &frames.last().unwrap().data["response"];
        assert!(response["message"].as_str().unwrap().contains("choose \"Forgot password\""), "{response}");
        assert_eq!(response["tool_calls"][0]["name"], "search_kb");

        let unanswered = tenant.ask(&agent_id, "What is the boiling point of tungsten?").await;
        assert!(!unanswered["message"].as_str().unwrap().contains("password"), "{unanswered}");
        tenant.delete(&format!("/documents/{document_id}")).await.no_content();
        let gone = tenant.ask(&agent_id, "How do I reset my password?").await;
        assert!(!gone["message"].as_str().unwrap().contains("Forgot password"), "{gone}");
    }

    async fn create_ticket_makes_a_ticket_that_is_listed(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&["create_ticket"]).await;
        let answer = tenant.ask(&agent_id, "Please open a ticket: my invoice of March is wrong.").await;
        let tickets = tenant.get("/tickets").await.ok(200);
        let ticket = &tickets["data"][0];
        assert_eq!(tickets["data"].as_array().unwrap().len(), 1);
        assert_eq!(ticket["execution_id"], answer["execution_id"]);
        assert!(ticket["body"].as_str().unwrap().contains("my invoice of March is wrong"), "{ticket}");
        assert!(answer["message"].as_str().unwrap().contains(&id(ticket, "ticket_id")), "{answer}");
        assert_eq!(tenant.get(&format!("/tickets/{}", id(ticket, "ticket_id"))).await.ok(200), *ticket);
    }

    async fn an_agent_calls_no_tool_that_it_was_not_given(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        let answer = tenant.ask(&agent_id, "Please open a ticket: my invoice is wrong.").await;
        assert_eq!(answer["tool_calls"], json!([]));
        assert_eq!(tenant.get("/tickets").await.ok(200)["data"], json!([]));
    }

    async fn max_output_tokens_bounds_the_whole_execution(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        let cut = tenant.execute(&agent_id, json!({ "message": "Hello!", "max_output_tokens": 3 })).await.ok(200);
        assert_eq!((&cut["finish_reason"], &cut["usage"]["output_tokens"]), (&json!("length"), &json!(3)));
        tenant.patch(&format!("/agents/{agent_id}"), json!({ "max_output_tokens": 5 })).await.ok(200);
        let cut = tenant.ask(&agent_id, "Hello!").await;
        assert_eq!((&cut["finish_reason"], &cut["usage"]["output_tokens"]), (&json!("length"), &json!(5)), "the agent's own figure");

        tenant.document(PASSWORD.0, PASSWORD.1).await;
        let searching = tenant.agent(&["search_kb"]).await;
        let body = json!({ "message": "How do I reset my password?", "max_output_tokens": 30 });
        let cut = tenant.execute(&searching, body).await.ok(200);
        assert_eq!(cut["finish_reason"], "length", "{cut}");
        assert!(cut["usage"]["output_tokens"].as_i64().unwrap() <= 30, "calls of tools count too: {cut}");
    }

    async fn the_log_keeps_each_step(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        tenant.document(PASSWORD.0, PASSWORD.1).await;
        let agent_id = tenant.agent(&["search_kb"]).await;
        let body = json!({ "message": "How do I reset my password?", "metadata": { "channel": "chat" } });
        let answer = tenant.execute(&agent_id, body).await.ok(200);
        let logged = tenant.get(&format!("/executions/{}", id(&answer, "execution_id"))).await.ok(200);
        for field in ["message", "tokens_used", "usage", "cost", "model", "finish_reason", "tool_calls", "conversation_id", "created_at"] {
            assert_eq!(logged[field], answer[field], "{field}");
        }
        assert_eq!((&logged["status"], &logged["input"]), (&json!("completed"), &json!("How do I reset my password?")));
        assert_eq!((&logged["metadata"], &logged["error"]), (&json!({ "channel": "chat" }), &Value::Null));
        let steps = logged["steps"].as_array().unwrap();
        let kinds: Vec<_> = steps.iter().map(|step| (step["type"].as_str().unwrap(), step["name"].as_str().unwrap())).collect();
        assert_eq!(kinds, [("model", "builtin"), ("tool", "search_kb"), ("model", "builtin")]);
        assert_eq!(steps[1]["arguments"], answer["tool_calls"][0]["arguments"]);
        assert!(steps[1]["output"]["results"].is_array());
        let tokens: i64 = steps.iter().filter_map(|step| step["tokens"].as_i64()).sum();
        assert_eq!(tokens, answer["tokens_used"].as_i64().unwrap());
    }

    async fn executions_are_listed_by_agent_status_and_time(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let (one, two) = (tenant.agent(&[]).await, tenant.agent(&[]).await);
        let mut made = Vec::new();
        for (time, agent_id) in [("2024-03-15T10:00:00Z", &one), ("2024-03-15T11:00:00Z", &two), ("2024-03-15T12:00:00.5Z", &one)] {
            server.set_clock(time);
            made.push(id(&tenant.ask(agent_id, "Hello!").await, "execution_id"));
        }
        for (query, expected) in [
            (String::new(), vec![2, 1, 0]),
            (format!("agent_id={one}"), vec![2, 0]),
            ("status=completed".to_owned(), vec![2, 1, 0]),
            ("status=failed".to_owned(), vec![]),
            ("from=2024-03-15T11:00:00Z".to_owned(), vec![2, 1]),
            ("to=2024-03-15T11:00:00Z".to_owned(), vec![0]),
            ("to=2024-03-15T12:00:00.5Z".to_owned(), vec![1, 0]),
            ("from=2024-03-15T13:00:00%2B01:00&to=2024-03-15T13:30:00%2B01:00".to_owned(), vec![2]),
            (format!("agent_id={two}&from=2024-03-15T11:00:01Z"), vec![]),
            ("limit=2".to_owned(), vec![2, 1]),
        ] {
            let page = tenant.get(&format!("/executions?{query}")).await.ok(200);
            let listed: Vec<_> = page["data"].as_array().unwrap().iter().map(|row| id(row, "execution_id")).collect();
            let expected: Vec<_> = expected.into_iter().map(|i: usize| made[i].clone()).collect();
            assert_eq!(listed, expected, "{query}");
        }
    }
}
