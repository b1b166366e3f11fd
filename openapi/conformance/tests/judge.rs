//! The judge finds what is wrong, each thing of it, and nothing in what is right.
#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected has to fail")]

use agent_platform_conformance::{Report, case::Case, expect::Observation, judge};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn from<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

fn attempt() -> Value {
    json!({"method": "POST", "path": "/agents", "query": "", "headers": [["idempotency-key", "k1"], ["accept", "x"]], "body": {"name": "A"}})
}

fn expected() -> Value {
    json!({
        "attempts": [{"method": "POST", "path": "/agents", "query": "", "body": {"name": "A"}}, {}], "keys": "one",
        "every": {"headers": {"accept": "x", "idempotency-key": true, "cookie": null}},
        "waits_ms": [[0, 500]], "value": {"a": 1, "b": null}, "events": [{"type": "x"}], "text": "hello", "final": {"c": 2.0},
        "raw": {"retries_taken": 1, "headers": {"x-a": "1"}}, "failed": 1, "closed": true,
        "error": {"class": {"python": "TypeError", "other": "QuotaExceededError"}, "status_code": 429, "code": "c", "detail": "d",
                  "request_id": "r", "retry_after": [1, 2], "body": {}, "partial_text": "p", "last_event_id": "7", "message_contains": ["hell", 429]},
    })
}

fn report() -> Value {
    json!({"attempts": [attempt(), attempt()], "closed_by_client": true, "beyond_script": false})
}

fn observation() -> Value {
    json!({
        "language": "node", "waits_ms": [17.5], "value": {"a": 1.0}, "events": [{"type": "x"}], "text": "hello", "final": {"c": 2}, "failed": 1,
        "raw": {"status_code": 200, "retries_taken": 1, "headers": {"x-a": "1", "x-b": "2"}},
        "error": {"class": "QuotaExceededError", "bases": ["RateLimitError", "APIStatusError", "AgentPlatformError"], "message": "429: what the hell",
                  "status_code": 429, "code": "c", "detail": "d", "request_id": "r", "retry_after": 1.5, "body": {}, "partial_text": "p", "last_event_id": "7"},
    })
}

fn problems(report: Value, observation: Value) -> Vec<String> {
    let case: Case = from(json!({
        "name": "a", "shows": "Something.", "call": {"operation": "create_agent"}, "script": [{}], "expect": expected()
    }));
    judge(&case, &from::<Report>(report), &from::<Observation>(observation))
}

#[test]
fn what_is_right_has_no_problems() {
    assert_eq!(problems(report(), observation()), Vec::<String>::new());
}

#[test]
fn each_thing_that_is_wrong_is_told() {
    for (place, value, told) in [
        ("/waits_ms", json!([]), "waits in ms"),
        ("/waits_ms", json!([501]), "waits in ms"),
        ("/value", json!({"a": 2}), "value"),
        ("/value", json!({"a": 1, "c": 1}), "value"),
        ("/events", json!([]), "events"),
        ("/text", json!("hell"), "text"),
        ("/final", Value::Null, "final"),
        ("/raw/retries_taken", json!(0), "raw.retries_taken"),
        ("/raw/headers/x-a", json!("2"), "raw.headers.x-a"),
        ("/failed", json!(0), "failed"),
        ("/error", Value::Null, "no error, where QuotaExceededError"),
        ("/error/class", json!("RateLimitError"), "expected QuotaExceededError"),
        ("/error/bases", json!(["AgentPlatformError"]), "stands below"),
        ("/error/message", json!("429: what"), "lacks \"hell\""),
        ("/error/message", json!("what the hell"), "lacks \"429\""),
        ("/error/message", json!("429 hell SECRETSECRET"), "secret part of the key"),
        ("/error/status_code", json!(428), "error.status_code"),
        ("/error/code", Value::Null, "error.code"),
        ("/error/detail", json!("e"), "error.detail"),
        ("/error/request_id", json!("s"), "error.request_id"),
        ("/error/retry_after", json!(2.5), "error.retry_after"),
        ("/error/retry_after", Value::Null, "error.retry_after"),
        ("/error/body", json!([]), "error.body"),
        ("/error/partial_text", json!(""), "error.partial_text"),
        ("/error/last_event_id", json!("6"), "error.last_event_id"),
        ("/language", json!("python"), "expected TypeError"),
    ] {
        let mut seen = observation();
        *seen.pointer_mut(place).unwrap() = value;
        let problems = problems(report(), seen);
        assert!(problems.iter().any(|problem| problem.contains(told)), "{place}: {problems:?}");
    }
}

#[test]
fn each_thing_that_arrived_wrongly_is_told() {
    for (place, value, told) in [
        ("/attempts", json!([attempt()]), "attempts: expected 2, got 1: POST /agents"),
        ("/attempts/0/method", json!("GET"), "attempt 1: method"),
        ("/attempts/0/path", json!("/agents/"), "attempt 1: path"),
        ("/attempts/0/query", json!("a=b"), "attempt 1: query"),
        ("/attempts/0/body", json!({"name": "B"}), "attempt 1: body"),
        ("/attempts/1/headers/1/1", json!("y"), "attempt 2: header accept"),
        ("/attempts/1/headers/1/0", json!("cookie"), "attempt 2: header cookie"),
        ("/attempts/1/headers/0/1", json!("k2"), "idempotency keys"),
        ("/attempts/1/headers/0/0", json!("key"), "idempotency keys"),
        ("/closed_by_client", json!(false), "closed"),
        ("/beyond_script", json!(true), "more attempts than the script"),
    ] {
        let mut arrived = report();
        *arrived.pointer_mut(place).unwrap() = value;
        let problems = problems(arrived, observation());
        assert!(problems.iter().any(|problem| problem.contains(told)), "{place}: {problems:?}");
    }
}

#[test]
fn an_error_that_nobody_expected_is_told() {
    let case: Case = from(json!({
        "name": "a", "shows": "Something.", "call": {"operation": "get_agent"}, "script": [{}], "expect": {"attempts": 2}
    }));
    let seen: Observation = from(json!({"error": {"class": "APIConnectionError", "message": "gone"}}));
    assert_eq!(judge(&case, &from::<Report>(report()), &seen), ["APIConnectionError was not expected: gone"]);
}
