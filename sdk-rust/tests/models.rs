//! The generated models: what is sent, and that nothing of an answer is lost on an older client.

use agent_platform::models::{
    Agent, AgentStatus, CreateAgentRequest, ExecuteAgentRequest, ExecutionEvent, SignUpRequest, UpdateAgentRequest,
};
use serde_json::{Value, json};

fn agent() -> Value {
    json!({
        "agent_id": "agent-1", "name": "Support Agent", "status": "active", "system_prompt": "You are helpful.",
        "tools": ["search_kb"], "model": "builtin", "max_output_tokens": null, "temperature": 1.0,
        "metadata": {"team": "support"}, "created_at": "2026-01-31T12:00:00Z", "updated_at": "2026-01-31T12:00:00Z",
    })
}

#[test]
fn a_request_sends_only_what_was_set() {
    let request = CreateAgentRequest::new("Support Agent", "You are helpful.");
    let sent = json!({"name": "Support Agent", "system_prompt": "You are helpful."});
    assert_eq!(serde_json::to_value(&request).unwrap(), sent);

    let request = request.tools(["search_kb"]).temperature(0.5).metadata([("team", "support")]);
    let sent = serde_json::to_value(&request).unwrap();
    assert_eq!(sent["tools"], json!(["search_kb"]));
    assert_eq!(sent["temperature"], json!(0.5));
    assert_eq!(sent["metadata"], json!({"team": "support"}));
}

#[test]
fn requests_take_what_can_become_their_fields() {
    let request = SignUpRequest::new("user@acme.com", String::from("professional")).name("Acme");
    let sent = json!({"email": "user@acme.com", "tier": "professional", "name": "Acme"});
    assert_eq!(serde_json::to_value(request).unwrap(), sent);
    let request = ExecuteAgentRequest::new("Hello!").on_disconnect("cancel");
    assert_eq!(serde_json::to_value(request).unwrap(), json!({"message": "Hello!", "on_disconnect": "cancel"}));
}

#[test]
fn a_patch_tells_absent_from_null() {
    assert_eq!(serde_json::to_value(UpdateAgentRequest::new()).unwrap(), json!({}));
    let patch = UpdateAgentRequest::new().name("Renamed").reset_temperature();
    assert_eq!(serde_json::to_value(patch).unwrap(), json!({"name": "Renamed", "temperature": null}));
}

#[test]
fn an_answer_keeps_what_this_version_does_not_know() {
    let mut sent = agent();
    sent["status"] = json!("hibernating");
    sent["colour"] = json!({"name": "blue"});
    let agent: Agent = serde_json::from_str(&sent.to_string()).unwrap();
    assert_eq!(agent.status, AgentStatus::Unknown("hibernating".to_owned()));
    assert_eq!(agent.status.to_string(), "hibernating");
    assert_eq!(agent.extra["colour"]["name"], "blue");
    assert_eq!(agent.metadata["team"], "support");
    assert_eq!(serde_json::to_value(&agent).unwrap(), sent, "and gives it back");
    assert_eq!(serde_json::from_value::<Agent>(sent).unwrap(), agent, "from a value as from text");
}

#[test]
fn an_answer_without_what_is_promised_says_what_is_missing() {
    let mut sent = agent();
    sent.as_object_mut().unwrap().remove("agent_id");
    let error = serde_json::from_str::<Agent>(&sent.to_string()).unwrap_err();
    assert!(error.to_string().starts_with("missing field `agent_id`"), "{error}");
}

#[test]
fn an_event_is_what_its_type_says() {
    for text in [
        r#"{"type":"message.delta","text":"Hello"}"#,
        r#"{"text":"Hello","type":"message.delta"}"#,
        r#"{"\u0074ype":"message\u002edelta","text":"Hello"}"#,
    ] {
        let ExecutionEvent::MessageDelta(delta) = serde_json::from_str(text).unwrap() else { panic!("{text}") };
        assert_eq!(delta.text, "Hello");
        assert!(delta.extra.is_empty());
    }
}

#[test]
fn an_event_that_this_version_does_not_know_is_kept() {
    for text in [r#"{"type":"agent.yawned","length_ms":900}"#, r#"{"length_ms":900,"type":"agent.yawned"}"#] {
        let event: ExecutionEvent = serde_json::from_str(text).unwrap();
        let sent: Value = serde_json::from_str(text).unwrap();
        assert_eq!(event, ExecutionEvent::Unknown(sent.clone()));
        assert_eq!(serde_json::to_value(&event).unwrap(), sent);
    }
}

#[test]
fn an_event_goes_out_as_it_came() {
    let sent = json!({"type": "tool.called", "tool_call_id": "call-1", "name": "search_kb", "arguments": {"query": "q"},
        "round": 2});
    let event: ExecutionEvent = serde_json::from_value(sent.clone()).unwrap();
    assert!(matches!(&event, ExecutionEvent::ToolCalled(tool) if tool.extra["round"] == 2));
    assert_eq!(serde_json::to_value(&event).unwrap(), sent);
}

#[test]
fn an_event_without_a_type_is_refused() {
    for text in [r#"{"text":"Hello"}"#, "{}"] {
        let error = serde_json::from_str::<ExecutionEvent>(text).unwrap_err();
        assert!(error.to_string().starts_with("missing field `type`"), "{error}");
    }
}
