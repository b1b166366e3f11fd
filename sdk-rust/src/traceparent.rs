//! The trace that the process is part of (W3C Trace Context), so that the server's spans join it.

use std::env;

use http::{HeaderMap, HeaderName, HeaderValue};

/// The variable that names the trace and the span that a process was started by.
const VARIABLE: &str = "TRACEPARENT";
/// What the tracing systems add to it.
const STATE_VARIABLE: &str = "TRACESTATE";

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");

/// Passes the trace of the environment on, unless the headers name one.
pub(crate) fn pass_on(headers: &mut HeaderMap) {
    if headers.contains_key(TRACEPARENT) {
        return;
    }
    let Some(parent) = env::var(VARIABLE).ok().filter(|parent| is_valid(parent)) else {
        return;
    };
    let Ok(parent) = HeaderValue::try_from(parent) else {
        return;
    };
    headers.insert(TRACEPARENT, parent);
    let state = env::var(STATE_VARIABLE).ok().filter(|state| !state.trim().is_empty());
    if let Some(Ok(state)) = state.map(HeaderValue::try_from) {
        headers.insert(TRACESTATE, state);
    }
}

/// `version-trace-parent-flags` in small hexadecimal digits; versions to come may say more after that.
fn is_valid(parent: &str) -> bool {
    let mut parts = parent.splitn(5, '-');
    let mut part = |digits: usize| {
        let part = parts.next().unwrap_or_default();
        let hexadecimal = part.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        (part.len() == digits && hexadecimal).then_some(part)
    };
    let (Some(version), Some(trace), Some(span), Some(_)) = (part(2), part(32), part(16), part(2)) else {
        return false;
    };
    let more = parts.next().is_some();
    version != "ff" && (version != "00" || !more) && !is_zero(trace) && !is_zero(span)
}

fn is_zero(digits: &str) -> bool {
    digits.bytes().all(|digit| digit == b'0')
}

#[cfg(test)]
mod tests {
    use super::is_valid;

    const VALID: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn what_the_recommendation_allows_is_passed_on() {
        for parent in
            [VALID, &VALID.replacen("00", "cc", 1), &format!("{}-more-to-come", VALID.replacen("00", "01", 1))]
        {
            assert!(is_valid(parent), "{parent}");
        }
    }

    #[test]
    fn anything_else_is_not() {
        for parent in [
            "",
            "nonsense",
            &VALID.to_uppercase(),
            &VALID[..54],
            &format!("{VALID}-more"),
            &format!(" {VALID}"),
            &VALID.replacen("00", "ff", 1),
            &VALID.replace("4bf92f3577b34da6a3ce929d0e0e4736", &"0".repeat(32)),
            &VALID.replace("00f067aa0ba902b7", &"0".repeat(16)),
            &VALID.replace("-01", "-0g"),
            &format!("{}\n", VALID),
        ] {
            assert!(!is_valid(parent), "{parent}");
        }
    }
}
