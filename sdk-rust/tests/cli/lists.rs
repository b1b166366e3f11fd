//! `agents`, `executions`, `usage`: for people as tables, for programs as JSON.

use serde_json::json;

use crate::support::{json, run, serve};

fn agent(id: &str, name: &str, tools: &[&str]) -> String {
    json!({
        "agent_id": id, "name": name, "status": "active", "system_prompt": "p", "tools": tools, "model": "builtin",
        "max_output_tokens": null, "temperature": 1.0, "metadata": {}, "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z", "a_later_field": 1,
    })
    .to_string()
}

fn page(items: &[String], next: Option<&str>) -> String {
    let next_cursor = json!(next);
    format!("{{\"data\":[{}],\"has_more\":{},\"next_cursor\":{next_cursor}}}", items.join(","), next.is_some())
}

#[tokio::test]
async fn agents_are_listed_through_all_pages() {
    let (first, second) = (agent("agent-1", "Größe", &["search_kb", "calculator"]), agent("agent-22", "B\nb", &[]));
    let pages = || {
        vec![json(&page(std::slice::from_ref(&first), Some("c2"))), json(&page(std::slice::from_ref(&second), None))]
    };
    let (url, requests) = serve(pages()).await;
    let ran = run(&url, &["agents", "list"]).await;
    let table = "ID        NAME   MODEL    TOOLS\n\
                 agent-1   Größe  builtin  search_kb calculator\n\
                 agent-22  B b    builtin\n";
    assert_eq!((ran.status, ran.stdout.as_str()), (0, table));
    assert!(requests.all()[1].0.starts_with("GET /agents?limit=100&cursor=c2 "), "{:?}", requests.all());

    let (url, _) = serve(pages()).await;
    assert_eq!(run(&url, &["--json", "agents", "list"]).await.stdout, format!("{first}\n{second}\n"));
}

#[tokio::test]
async fn a_new_agent_is_its_id() {
    let made = agent("agent-1", "Support", &["search_kb"]);
    let (url, requests) = serve(vec![json(&made)]).await;
    let arguments = ["agents", "create", "--name", "Support", "--system-prompt", "Help.", "--tool", "search_kb"];
    assert_eq!(run(&url, &arguments).await.stdout, "agent-1\n");
    assert_eq!(requests.body(), json!({"name": "Support", "system_prompt": "Help.", "tools": ["search_kb"]}));
    let (url, _) = serve(vec![json(&made)]).await;
    assert_eq!(run(&url, &[&arguments[..], &["--json"]].concat()).await.stdout, format!("{made}\n"));
}

fn execution(id: &str) -> String {
    json!({
        "execution_id": id, "conversation_id": "conv-1", "agent_id": "agent-1", "status": "completed", "input": "i",
        "message": "m", "tokens_used": 1234, "usage": {"input_tokens": 1, "output_tokens": 2, "estimated": false},
        "cost": 0.0617, "model": "builtin", "finish_reason": "stop", "tool_calls": [], "steps": [], "error": null,
        "metadata": {}, "created_at": "2026-01-01T00:00:00Z", "completed_at": null, "duration_ms": null,
    })
    .to_string()
}

#[tokio::test]
async fn the_latest_executions_are_listed_and_no_more_than_asked() {
    let both = page(&[execution("exec-1"), execution("exec-2")], Some("more"));
    let (url, requests) = serve(vec![json(&both)]).await;
    let ran = run(&url, &["executions", "list", "--limit", "2", "--agent", "agent-1", "--status", "completed"]).await;
    let table = "ID      STATUS     AGENT    CREATED               TOKENS\n\
                 exec-1  completed  agent-1  2026-01-01T00:00:00Z  1234\n\
                 exec-2  completed  agent-1  2026-01-01T00:00:00Z  1234\n";
    assert_eq!((ran.status, ran.stdout.as_str()), (0, table));
    let head = &requests.all()[0].0;
    assert!(head.starts_with("GET /executions?agent_id=agent-1&status=completed&limit=2 "), "{head}");
    let (url, _) = serve(vec![json(&both)]).await;
    let ran = run(&url, &["executions", "list", "--limit", "1", "--json"]).await;
    assert_eq!((ran.status, ran.stdout), (0, execution("exec-1") + "\n"));
}

#[tokio::test]
async fn an_execution_is_shown_as_it_came() {
    let (url, requests) = serve(vec![json(&execution("exec-1"))]).await;
    assert_eq!(run(&url, &["executions", "show", "exec-1"]).await.stdout, execution("exec-1") + "\n");
    assert!(requests.all()[0].0.starts_with("GET /executions/exec-1 "));
}

#[tokio::test]
async fn a_cancelled_execution_is_where_it_stands() {
    let (url, requests) = serve(vec![json(&execution("exec-1"))]).await;
    assert_eq!(run(&url, &["executions", "cancel", "exec-1"]).await.stdout, "completed\n");
    assert!(requests.all()[0].0.starts_with("POST /executions/exec-1/cancel "));
    let (url, _) = serve(vec![json(&execution("exec-1"))]).await;
    assert_eq!(run(&url, &["executions", "cancel", "exec-1", "--json"]).await.stdout, execution("exec-1") + "\n");
}

#[tokio::test]
async fn usage_shows_each_quota() {
    let report = json!({
        "tenant_id": "acme-corp", "tier": "professional",
        "quota": {"max_requests_per_hour": 1000, "max_tokens_per_month": 1_000_000, "max_spend_per_month": 500.0,
                  "max_concurrent_agents": 10, "max_storage_mb": 100},
        "usage": {"requests_this_hour": 12, "tokens_this_month": 1234, "remaining_tokens": 998_766, "reserved_tokens": 0,
                  "spend_this_month": 0.0617, "concurrent_agents": 1, "storage_mb": 0.5},
        "resets": {"hour": "2026-01-01T01:00:00Z", "month": "2026-02-01T00:00:00Z"},
    })
    .to_string();
    let (url, _) = serve(vec![json(&report), json(&report)]).await;
    let table = "acme-corp, professional\n\
                 QUOTA                USED    LIMIT    RESETS\n\
                 requests this hour   12      1000     2026-01-01T01:00:00Z\n\
                 tokens this month    1234    1000000  2026-02-01T00:00:00Z\n\
                 spend this month, $  0.0617  500      2026-02-01T00:00:00Z\n\
                 running executions   1       10\n\
                 storage, MB          0.5     100\n";
    let ran = run(&url, &["usage"]).await;
    assert_eq!((ran.status, ran.stdout.as_str()), (0, table));
    assert_eq!(run(&url, &["usage", "--json"]).await.stdout, report + "\n");
}
