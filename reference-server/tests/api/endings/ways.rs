//! Every way in which an execution can end, and how to bring it about.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::{Answer, Faulty, Server, Tenant, faulty, server::id, until};

/// What an execution may write.
const MAX_OUTPUT_TOKENS: i64 = 40;
/// What the model reads in its first round, and in the one after a tool's call.
const FIRST_INPUT: i64 = 17;
const SECOND_INPUT: i64 = 31;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Answered,
    AnsweredAfterATool,
    /// The provider failed before any text.
    Failed,
    FailedLate,
    FailedAfterATool,
    TimedOut,
    /// The client went away, and it went on.
    Left,
    /// The client went away, and it ended.
    LeftToEnd,
    Cancelled,
    Panicked,
    /// The provider reports more than was reserved.
    Overran,
    /// There was no quota for a second round.
    OutOfQuota,
}

pub(super) const WAYS: [Way; 12] = [
    Way::Answered,
    Way::AnsweredAfterATool,
    Way::Failed,
    Way::FailedLate,
    Way::FailedAfterATool,
    Way::TimedOut,
    Way::Left,
    Way::LeftToEnd,
    Way::Cancelled,
    Way::Panicked,
    Way::Overran,
    Way::OutOfQuota,
];

/// How an execution of each way ends: its status, then its finish reason or its error's code.
pub(super) fn end_of(way: Way) -> (&'static str, Value) {
    match way {
        Way::Answered | Way::AnsweredAfterATool | Way::Left | Way::Overran => ("completed", json!("stop")),
        Way::OutOfQuota => ("completed", json!("quota")),
        Way::Failed | Way::FailedLate | Way::FailedAfterATool => ("failed", json!("provider_failed")),
        Way::TimedOut => ("failed", json!("deadline_exceeded")),
        Way::Panicked => ("failed", json!("internal")),
        Way::LeftToEnd | Way::Cancelled => ("cancelled", json!(null)),
    }
}

/// The least and the most tokens that it is charged.
pub(super) fn tokens_of(way: Way) -> (i64, i64) {
    let one_round = FIRST_INPUT + 4;
    match way {
        Way::Answered | Way::Left | Way::OutOfQuota => (one_round, one_round),
        Way::AnsweredAfterATool => (one_round + SECOND_INPUT + 4, one_round + SECOND_INPUT + 4),
        Way::Failed | Way::Panicked => (FIRST_INPUT, FIRST_INPUT),
        Way::FailedAfterATool => (one_round + SECOND_INPUT, one_round + SECOND_INPUT),
        // What was written before is counted.
        Way::FailedLate | Way::TimedOut | Way::LeftToEnd | Way::Cancelled => (FIRST_INPUT + 1, FIRST_INPUT + 5),
        Way::Overran => (FIRST_INPUT + MAX_OUTPUT_TOKENS, FIRST_INPUT + MAX_OUTPUT_TOKENS),
    }
}

/// What it costs in micro-dollars, having read and written so many tokens.
pub(super) fn cost_of(way: Way, input_tokens: i64, output_tokens: i64) -> i64 {
    // The charge is what was reserved, whatever the provider says of which tokens it was.
    let (read, written) =
        if way == Way::Overran { (FIRST_INPUT, MAX_OUTPUT_TOKENS) } else { (input_tokens, output_tokens) };
    (faulty::INPUT_PRICE.times(read) + faulty::OUTPUT_PRICE.times(written)).0
}

fn message(way: Way) -> &'static str {
    match way {
        Way::Answered => "Hello!",
        Way::AnsweredAfterATool | Way::OutOfQuota => faulty::CALL,
        Way::Failed => faulty::FAIL,
        Way::FailedLate => faulty::FAIL_LATE,
        Way::FailedAfterATool => faulty::CALL_AND_FAIL,
        Way::TimedOut | Way::LeftToEnd | Way::Cancelled => faulty::HANG,
        Way::Left => faulty::WAIT,
        Way::Panicked => faulty::PANIC,
        Way::Overran => faulty::OVERRUN,
    }
}

/// The path of the newest execution.
async fn newest(tenant: &Tenant) -> String {
    let listed = tenant.get("/executions?limit=1").await.ok(200);
    format!("/executions/{}", id(&listed["data"][0], "execution_id"))
}

/// The newest execution, once it has ended.
async fn ended(tenant: &Tenant) -> Value {
    until("the execution to end", || async {
        let execution = tenant.get(&newest(tenant).await).await.ok(200);
        (execution["status"] != "running").then_some(execution)
    })
    .await
}

/// Executes the agent so that it ends this way, and gives the execution as it is logged; nothing where it was refused because
/// its provider has failed too often.
pub(super) async fn end(tenant: &Tenant, agent_id: &str, faulty: &Faulty, way: Way) -> Option<Value> {
    // So that the newest is the last.
    move_clock(tenant, 1);
    let on_disconnect = if way == Way::LeftToEnd { "cancel" } else { "continue" };
    let body =
        json!({ "message": message(way), "max_output_tokens": MAX_OUTPUT_TOKENS, "on_disconnect": on_disconnect });
    if way == Way::OutOfQuota {
        let used = tenant.usage().await["usage"]["tokens_this_month"].as_i64().unwrap();
        let limit = used + FIRST_INPUT + MAX_OUTPUT_TOKENS + SECOND_INPUT - 1;
        tenant.limit(tenant, json!({ "max_tokens_per_month": limit })).await;
    }
    let before = faulty.waiting();
    let call = tokio::spawn(tenant.execute(agent_id, body).into_future());
    match way {
        Way::Left | Way::LeftToEnd => {
            until("it to hang or to be refused", || async {
                (call.is_finished() || faulty.waiting() > before).then_some(())
            })
            .await;
            if !call.is_finished() {
                call.abort();
                let _ = call.await;
                if way == Way::Left {
                    faulty.go_on();
                }
                return Some(ended(tenant).await);
            }
        }
        Way::Cancelled => {
            until("it to hang or to be refused", || async {
                (call.is_finished() || faulty.waiting() > before).then_some(())
            })
            .await;
            if !call.is_finished() {
                let path = format!("{}/cancel", newest(tenant).await);
                tenant.call(http::Method::POST, &path).await.ok(200);
            }
        }
        _ => {}
    }
    let answer = call.await.unwrap();
    if way == Way::OutOfQuota {
        tenant.limit(tenant, json!({ "max_tokens_per_month": null })).await;
    }
    if is_refused(&answer) {
        return None;
    }
    Some(ended(tenant).await)
}

fn is_refused(answer: &Answer) -> bool {
    let refused = answer.status == 503 && answer.text().contains("provider_unavailable");
    if refused {
        answer.problem(503, "provider_unavailable");
    }
    refused
}

pub(super) fn move_clock(server: &Server, seconds: i64) {
    server.clock.set(server.now() + TimeDelta::seconds(seconds));
}
