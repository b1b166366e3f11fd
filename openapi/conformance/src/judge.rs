//! Compares what was expected with what arrived and what a runner observed. The one place that does, for all clients.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    case::Case,
    expect::{AttemptLooks, Attempts, ErrorLooks, Keys, Observation, ObservedError, Waits},
    server::{API_KEY, Attempt, Report},
};

const KEY: &str = "idempotency-key";

/// How much of a value a problem shows.
const SHOWN: usize = 400;

/// The classes above each class, nearest first, as the contract has them.
const BASES: &[(&str, &[&str])] = &[
    ("AgentPlatformError", &[]),
    ("APIConnectionError", &["AgentPlatformError"]),
    ("APITimeoutError", &["APIConnectionError", "AgentPlatformError"]),
    ("StreamInterruptedError", &["APIConnectionError", "AgentPlatformError"]),
    ("APIStatusError", &["AgentPlatformError"]),
    ("BadRequestError", &["APIStatusError", "AgentPlatformError"]),
    ("AuthenticationError", &["APIStatusError", "AgentPlatformError"]),
    ("PermissionDeniedError", &["APIStatusError", "AgentPlatformError"]),
    ("NotFoundError", &["APIStatusError", "AgentPlatformError"]),
    ("ConflictError", &["APIStatusError", "AgentPlatformError"]),
    ("UnprocessableEntityError", &["APIStatusError", "AgentPlatformError"]),
    ("RateLimitError", &["APIStatusError", "AgentPlatformError"]),
    ("QuotaExceededError", &["RateLimitError", "APIStatusError", "AgentPlatformError"]),
    ("InternalServerError", &["APIStatusError", "AgentPlatformError"]),
];

/// What is wrong; nothing if all is as it must be.
#[must_use]
pub fn judge(case: &Case, report: &Report, seen: &Observation) -> Vec<String> {
    let mut problems = Vec::new();
    let expect = &case.expect;
    if report.beyond_script {
        problems.push("there were more attempts than the script provides for".to_owned());
    }
    judge_attempts(case, report, &mut problems);
    match (&expect.error, &seen.error) {
        (Some(looks), Some(error)) => judge_error(looks, error, &seen.language, &mut problems),
        (Some(looks), None) => {
            problems.push(format!("no error, where {} was expected", looks.class.of(&seen.language)))
        }
        (None, Some(error)) => problems.push(format!("{} was not expected: {}", error.class, error.message)),
        (None, None) => {}
    }
    let mut compare = |what: &str, expected: Option<&Value>, seen: &Value| {
        if let Some(expected) = expected
            && !equal(expected, seen)
        {
            problems.push(differ(what, expected, seen));
        }
    };
    compare("value", expect.value.as_ref(), &seen.value);
    compare("final", expect.final_response.as_ref(), &seen.final_response);
    compare("events", expect.events.clone().map(Value::from).as_ref(), &seen.events.clone().into());
    compare("text", expect.text.as_ref().map(|text| text.whole().into()).as_ref(), &seen.text.clone().into());
    compare("failed", expect.failed.map(Value::from).as_ref(), &seen.failed.into());
    compare("closed", expect.closed.map(Value::from).as_ref(), &report.closed_by_client.into());
    for (name, value) in expect.raw.iter().flatten() {
        holds(&format!("raw.{name}"), value, &seen.raw[name], &mut problems);
    }
    if let Some(waits) = &expect.waits_ms {
        judge_waits(waits, &seen.waits_ms, &mut problems);
    }
    problems
}

/// Whether two values say the same: 1 and 1.0 do, and so do an absent field and one that is null.
fn equal(expected: &Value, seen: &Value) -> bool {
    match (expected, seen) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            let names: BTreeSet<_> = a.keys().chain(b.keys()).collect();
            names
                .into_iter()
                .all(|name| equal(a.get(name).unwrap_or(&Value::Null), b.get(name).unwrap_or(&Value::Null)))
        }
        (a, b) => a == b,
    }
}

/// As `equal`, but an expected object needs to name only some of the fields.
fn holds(what: &str, expected: &Value, seen: &Value, problems: &mut Vec<String>) {
    if let Value::Object(fields) = expected {
        for (name, value) in fields {
            holds(&format!("{what}.{name}"), value, &seen[name], problems);
        }
    } else if !equal(expected, seen) {
        problems.push(differ(what, expected, seen));
    }
}

fn differ(what: &str, expected: &Value, seen: &Value) -> String {
    format!("{what}: expected {}, got {}", shown(expected), shown(seen))
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}… ({} bytes)", &text[..end], text.len()),
        None => text,
    }
}

fn judge_attempts(case: &Case, report: &Report, problems: &mut Vec<String>) {
    let attempts = &report.attempts;
    let (count, each) = match &case.expect.attempts {
        Attempts::Count(count) => (*count, &[][..]),
        Attempts::Each(each) => (each.len(), &each[..]),
    };
    if attempts.len() != count {
        let came: Vec<_> = attempts.iter().map(|attempt| format!("{} {}", attempt.method, attempt.path)).collect();
        problems.push(format!("attempts: expected {count}, got {}: {}", came.len(), came.join(", ")));
    }
    for (number, attempt) in attempts.iter().enumerate() {
        for looks in case.expect.every.iter().chain(each.get(number)) {
            judge_attempt(&format!("attempt {}", number + 1), looks, attempt, problems);
        }
    }
    let Some(keys) = case.expect.keys else { return };
    let given: Vec<_> = attempts.iter().filter_map(|attempt| attempt.header(KEY)).collect();
    let different = given.iter().collect::<BTreeSet<_>>().len();
    let taking = attempts.iter().filter(|attempt| matches!(&*attempt.method, "POST" | "PATCH" | "DELETE")).count();
    let (expected, right) = match keys {
        Keys::None => ("none", given.is_empty()),
        Keys::One => ("one for all attempts", different == 1 && given.len() == taking),
        Keys::OneACall => ("one a call", different == case.call.times as usize && given.len() == taking),
    };
    if !right {
        problems.push(format!("idempotency keys: expected {expected}, got {given:?} for {taking} attempts"));
    }
}

fn judge_attempt(what: &str, looks: &AttemptLooks, attempt: &Attempt, problems: &mut Vec<String>) {
    let texts = [("method", &looks.method, &attempt.method), ("path", &looks.path, &attempt.path)];
    for (name, expected, seen) in texts.into_iter().chain([("query", &looks.query, &attempt.query)]) {
        if let Some(expected) = expected
            && expected != seen
        {
            problems.push(format!("{what}: {name}: expected {expected:?}, got {seen:?}"));
        }
    }
    for (name, expected) in &looks.headers {
        let seen = attempt.header(&name.to_ascii_lowercase());
        let right = match expected {
            Value::Null => seen.is_none(),
            Value::Bool(there) => seen.is_some() == *there,
            expected => expected.as_str() == seen,
        };
        if !right {
            problems.push(format!("{what}: header {name}: expected {expected}, got {seen:?}"));
        }
    }
    if let Some(body) = &looks.body
        && !equal(body, &attempt.body)
    {
        problems.push(differ(&format!("{what}: body"), body, &attempt.body));
    }
}

fn judge_error(looks: &ErrorLooks, error: &ObservedError, language: &str, problems: &mut Vec<String>) {
    let class = looks.class.of(language);
    if error.class != class {
        problems.push(format!("error: expected {class}, got {}: {}", error.class, error.message));
    }
    let bases = BASES.iter().find(|(name, _)| *name == error.class).map(|(_, bases)| *bases);
    if let (Some(expected), Some(seen)) = (bases, &error.bases)
        && expected != seen
    {
        problems.push(format!("error: {class} stands below {seen:?}, not {expected:?}"));
    }
    for (name, expected, seen) in [
        ("status_code", &looks.status_code, &error.status_code),
        ("code", &looks.code, &error.code),
        ("detail", &looks.detail, &error.detail),
        ("request_id", &looks.request_id, &error.request_id),
        ("body", &looks.body, &error.body),
        ("partial_text", &looks.partial_text, &error.partial_text),
        ("last_event_id", &looks.last_event_id, &error.last_event_id),
    ] {
        if let Some(expected) = expected
            && !equal(expected, seen)
        {
            problems.push(differ(&format!("error.{name}"), expected, seen));
        }
    }
    if let Some(expected) = &looks.retry_after {
        let seen = error.retry_after.as_f64();
        let right = match expected {
            Value::Array(bounds) => {
                let bound = |at: usize| bounds.get(at).and_then(Value::as_f64);
                seen.is_some() && bound(0) <= seen && seen <= bound(1)
            }
            expected => expected.as_f64() == seen,
        };
        if !right {
            problems.push(differ("error.retry_after", expected, &error.retry_after));
        }
    }
    for part in &looks.message_contains {
        let text = part.as_str().map_or_else(|| part.to_string(), str::to_owned);
        if !error.message.contains(&text) {
            problems.push(format!("error: its message lacks {text:?}: {}", error.message));
        }
    }
    let secret = API_KEY.rsplit('_').next().unwrap_or(API_KEY);
    if error.message.contains(secret) {
        problems.push("error: its message holds the secret part of the key".to_owned());
    }
    if error.message.is_empty() {
        problems.push("error: it has no message".to_owned());
    }
}

fn judge_waits(expected: &Waits, seen: &[f64], problems: &mut Vec<String>) {
    let right = match expected {
        Waits::Each(bounds) => {
            bounds.len() == seen.len()
                && bounds.iter().zip(seen).all(|((least, most), wait)| least <= wait && wait <= most)
        }
        Waits::Count { count, most } => seen.len() == *count && seen.iter().all(|wait| wait <= most),
    };
    if !right {
        let seen: Vec<_> = seen.iter().take(20).map(|wait| format!("{wait:.1}")).collect();
        let bounds = match expected {
            Waits::Each(bounds) => format!("{bounds:?}"),
            Waits::Count { count, most } => format!("{count} of at most {most} ms"),
        };
        problems.push(format!("waits in ms: expected {bounds}, got [{}]", seen.join(", ")));
    }
}
