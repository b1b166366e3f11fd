//! The generated methods, as a program uses them: async and blocking side by side.

use std::time::Duration;

use agent_platform::{
    Client, ErrorKind, RequestOptions, Response, Result, blocking,
    models::{Agent, AgentStatus, CreateAgentRequest, ExecuteAgentRequest, ExecutionEvent, ListAgentsParams},
};
use serde_json::{Value, json};

use crate::support::{End, Reply, Server, failure};

fn agent(id: &str) -> Value {
    json!({
        "agent_id": id, "name": "Support", "status": "active", "system_prompt": "You help.", "tools": [], "model": "builtin",
        "max_output_tokens": null, "temperature": 1.0, "metadata": {},
        "created_at": "2026-01-31T12:00:00Z", "updated_at": "2026-01-31T12:00:00Z",
    })
}

fn result() -> Value {
    json!({
        "execution_id": "exec-1", "conversation_id": "conv-1", "agent_id": "agent-1", "message": "Hi", "tokens_used": 3,
        "usage": {"input_tokens": 1, "output_tokens": 2, "estimated": false}, "cost": 0.1, "model": "builtin",
        "finish_reason": "stop", "tool_calls": [], "created_at": "2026-01-31T12:00:00Z", "duration_ms": 17,
    })
}

fn events(types: &[Value]) -> String {
    let frame = |(index, data): (usize, &Value)| {
        format!("id: {}\nevent: {}\ndata: {data}\n\n", index + 1, data["type"].as_str().unwrap())
    };
    types.iter().enumerate().map(frame).collect()
}

fn whole_stream() -> String {
    events(&[
        json!({"type": "execution.started", "execution_id": "exec-1", "conversation_id": "conv-1", "agent_id": "agent-1"}),
        json!({"type": "message.delta", "text": "Hi"}),
        json!({"type": "mind.read", "thought": "new"}),
        json!({"type": "execution.completed", "response": result()}),
    ])
}

/// Runs the async and the blocking form of one test against a server each with the same script.
async fn both<T: Send + 'static>(
    script: impl Fn() -> Vec<Reply>,
    run: impl AsyncFn(Client) -> T,
    run_blocking: impl FnOnce(blocking::Client) -> T + Send + 'static,
) -> [(T, Server); 2] {
    let server = Server::start(script()).await;
    let (client, _) = server.client();
    let first = (run(client).await, server);
    let server = Server::start(script()).await;
    let client = blocking::Client::new(server.client().0);
    let second = tokio::task::spawn_blocking(move || run_blocking(client)).await.unwrap();
    [first, (second, server)]
}

#[tokio::test]
async fn a_call_takes_options_of_its_own() {
    let script =
        || vec![Reply::status(503), Reply::status(503), Reply::status(503), Reply::json(&agent("agent-1").to_string())];
    let request = || CreateAgentRequest::new("Support", "You help.");
    let runs = both(
        script,
        async |client| {
            let call = client.create_agent(request()).timeout(Duration::from_secs(5)).max_retries(3);
            call.header("x-team", "blue").query("debug", "1").idempotency_key("order-17").await
        },
        move |client| {
            let call = client.create_agent(request()).timeout(Duration::from_secs(5)).max_retries(3);
            call.header("x-team", "blue").query("debug", "1").idempotency_key("order-17").send()
        },
    );
    for (agent, server) in runs.await {
        assert_eq!(agent.unwrap().agent_id, "agent-1");
        let requests = server.requests();
        assert_eq!(requests.len(), 4);
        for request in requests {
            assert_eq!(request.line, "POST /agents?debug=1");
            assert_eq!(request.header("x-team"), Some("blue"));
            assert_eq!(request.header("idempotency-key"), Some("order-17"));
            assert_eq!(request.body, r#"{"name":"Support","system_prompt":"You help."}"#);
        }
    }
}

#[tokio::test]
async fn options_of_a_call_hold_over_those_of_the_client() {
    let options = || RequestOptions::new().max_retries(1).header("x-team", "red");
    let runs = both(
        || (0..3).map(|_| Reply::status(503)).collect(),
        async |client| {
            client.with_options(options()).get_agent("agent-1").max_retries(0).header("x-team", "blue").await
        },
        move |client| client.with_options(options()).get_agent("agent-1").options(&options().max_retries(0)).send(),
    );
    let [(first, server), (second, second_server)] = runs.await;
    assert_eq!((failure(first).status(), server.requests().len()), (Some(503), 1));
    assert_eq!(server.requests()[0].header("x-team"), Some("blue"));
    assert_eq!((failure(second).status(), second_server.requests().len()), (Some(503), 1));
}

#[tokio::test]
async fn an_answer_comes_with_its_status_headers_id_and_retries() {
    let script = || {
        let created = Reply::Whole {
            status: 201,
            headers: vec![
                ("content-type", "application/json".to_owned()),
                ("x-request-id", "req-7".to_owned()),
                ("idempotent-replayed", "true".to_owned()),
            ],
            body: agent("agent-1").to_string(),
        };
        vec![Reply::status(429), created]
    };
    let request = || CreateAgentRequest::new("Support", "You help.");
    let runs = both(
        script,
        async |client| client.create_agent(request()).with_response().await,
        move |client| client.create_agent(request()).with_response(),
    );
    for (response, _) in runs.await {
        let Response { value, status, headers, request_id, retries_taken, .. } = response.unwrap();
        assert_eq!((value.name.as_str(), status.as_u16(), retries_taken), ("Support", 201, 1));
        assert_eq!(request_id.as_deref(), Some("req-7"));
        assert_eq!(headers["idempotent-replayed"], "true");
    }
}

#[tokio::test]
async fn a_stream_comes_with_them_too_and_with_events_of_later_versions() {
    let ask = || ExecuteAgentRequest::new("Hello");
    let runs = both(
        || vec![Reply::status(503), Reply::events(&whole_stream(), End::Properly)],
        async |client| {
            let response = client.stream_agent("agent-1", ask()).with_response().await.unwrap();
            let head = (response.status.as_u16(), response.request_id, response.retries_taken);
            let mut events = Vec::new();
            let mut stream = response.value;
            while let Some(event) = stream.next().await {
                events.push(event.unwrap());
            }
            (head, events, stream.final_response().await.unwrap().message)
        },
        move |client| {
            let mut stream = client.stream_agent("agent-1", ask()).send().unwrap();
            let head = (stream.status().as_u16(), stream.request_id().map(str::to_owned), stream.retries_taken());
            assert_eq!(stream.headers()["content-type"], "text/event-stream");
            let events: Result<Vec<_>> = stream.by_ref().collect();
            (head, events.unwrap(), stream.final_response().unwrap().message)
        },
    );
    for ((head, events, message), server) in runs.await {
        assert_eq!(head, (200, Some("req-stream".to_owned()), 1));
        assert!(matches!(&events[1], ExecutionEvent::MessageDelta(delta) if delta.text == "Hi"));
        assert!(matches!(&events[2], ExecutionEvent::Unknown(event) if event["thought"] == "new"));
        assert_eq!((events.len(), message.as_str()), (4, "Hi"));
        assert_eq!(server.requests()[1].line, "POST /agents/agent-1/execute");
    }
}

#[tokio::test]
async fn a_list_is_one_page_or_all_of_them() {
    let script = || {
        let page = |ids: &[&str], next: Option<&str>| {
            let data: Vec<_> = ids.iter().map(|id| agent(id)).collect();
            Reply::json(&json!({"data": data, "has_more": next.is_some(), "next_cursor": next}).to_string())
        };
        vec![page(&["a", "b"], Some("c2")), page(&["a", "b"], Some("c2")), page(&["c"], None)]
    };
    let runs = both(
        script,
        async |client| {
            let page = client.list_agents(ListAgentsParams::new().limit(2)).await.unwrap();
            let mut agents = client.list_agents_all(ListAgentsParams::new().limit(2));
            let mut ids = Vec::new();
            while let Some(agent) = agents.next().await {
                ids.push(agent.unwrap().agent_id);
            }
            (page, ids)
        },
        |client| {
            let page = client.list_agents(ListAgentsParams::new().limit(2)).send().unwrap();
            let agents = client.list_agents_all(ListAgentsParams::new().limit(2));
            (page, agents.map(|agent| agent.unwrap().agent_id).collect())
        },
    );
    for ((page, ids), server) in runs.await {
        assert_eq!((page.data.len(), page.has_more, page.next_cursor.as_deref()), (2, true, Some("c2")));
        assert_eq!(ids, ["a", "b", "c"]);
        let lines: Vec<_> = server.requests().into_iter().map(|request| request.line).collect();
        assert_eq!(lines, ["GET /agents?limit=2", "GET /agents?limit=2", "GET /agents?limit=2&cursor=c2"]);
    }
}

#[tokio::test]
async fn what_a_newer_server_adds_is_kept() {
    let mut newer = agent("agent-1");
    (newer["status"], newer["colour"]) = (json!("hibernating"), json!("blue"));
    let script = || vec![Reply::json(&newer.to_string())];
    let runs = both(
        script,
        async |client| client.get_agent("agent-1").await.unwrap(),
        |client| client.get_agent("agent-1").send().unwrap(),
    );
    for (agent, _) in runs.await {
        assert_eq!(agent.status, AgentStatus::Unknown("hibernating".to_owned()));
        assert_eq!(agent.extra["colour"], "blue");
    }
}

#[tokio::test]
async fn an_answer_that_is_not_what_the_specification_says_is_named_with_its_place() {
    let mut odd = agent("agent-1");
    odd["tools"] = json!(["search_kb", 7]);
    let page = json!({"data": [agent("agent-0"), odd], "has_more": false});
    let script = || vec![Reply::json(&page.to_string())];
    let runs = both(
        script,
        async |client| client.list_agents(ListAgentsParams::new()).await,
        |client| client.list_agents(ListAgentsParams::new()).send(),
    );
    for (page, server) in runs.await {
        let error = failure(page);
        assert_eq!((error.kind(), server.requests().len()), (ErrorKind::Decode, 1));
        let text = error.to_string();
        assert!(
            text.contains("list_agents") && text.contains("data[1].tools[1]") && text.contains("integer `7`"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_request_can_be_kept_and_sent_from_elsewhere() {
    let server = Server::start(vec![Reply::json(&agent("agent-1").to_string())]).await;
    let (client, _) = server.client();
    let request = client.get_agent("agent-1");
    drop(client);
    assert_eq!(server.connections(), 0, "it is sent when it is awaited");
    let agent: Agent = tokio::spawn(request.into_future()).await.unwrap().unwrap();
    assert_eq!(agent.agent_id, "agent-1");
}

#[tokio::test]
async fn an_id_that_is_none_is_refused_before_anything_is_sent() {
    let runs = both(Vec::new, async |client| client.get_agent("").await, |client| client.get_agent(" ").send());
    for (agent, server) in runs.await {
        let error = failure(agent);
        assert_eq!((error.kind(), server.connections()), (ErrorKind::InvalidRequest, 0));
        assert!(error.to_string().contains("agent_id"), "{error}");
    }
}
