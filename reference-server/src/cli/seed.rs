//! `agent-platform seed`: tenants to try things on, made through the API itself.

use std::io::Write;

use anyhow::{Context, bail};
use axum::{Router, body::Body};
use futures_util::{StreamExt, TryStreamExt, stream};
use http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{
    api,
    app::{App, Setup},
    config::DatabaseArgs,
    store::Store,
};

/// A tenant to make.
struct Seed {
    name: &'static str,
    email: &'static str,
    tier: &'static str,
    conversations: usize,
}

const TENANTS: [Seed; 3] = [
    Seed { name: "Acme Corp", email: "owner@acme-corp.example", tier: "professional", conversations: 50 },
    Seed { name: "Startup XYZ", email: "owner@startup-xyz.example", tier: "starter", conversations: 30 },
    Seed { name: "Enterprise Co", email: "owner@enterprise-co.example", tier: "enterprise", conversations: 20 },
];
/// Conversations that are begun at once, as far as the tier allows: they share commits.
const AT_ONCE: u64 = 16;
const ARTICLES: [(&str, &str); 3] = [
    (
        "Resetting your password",
        "To reset your password, open the sign-in page and choose \"Forgot password\". We mail you a link that is valid for one \
         hour. Follow it and choose a new password of at least twelve characters.",
    ),
    (
        "Cancelling your subscription",
        "You can cancel at any time under Settings, Billing, Cancel subscription. The subscription then ends with the month that \
         you have paid for, and nothing more is charged.",
    ),
    (
        "Inviting team members",
        "Under Settings, Team, enter the e-mail address of a colleague and choose a role. The invitation is valid for seven days.",
    ),
];
const QUESTIONS: [&str; 2] = ["How do I reset my password?", "How can I cancel my subscription?"];

pub(super) async fn run(args: &DatabaseArgs) -> anyhow::Result<()> {
    super::warn_of_passwords(args);
    let store = Store::open(&args.database_url, args.database_admin_url.as_ref()).await?;
    let app = App::new(store, Setup::default());
    app.runtime.beat().await.context("cannot write to the database")?;
    let api = api::router(app.clone());
    for seed in &TENANTS {
        tenant(&api, seed).await.with_context(|| format!("seeding {}", seed.name))?;
    }
    app.store.leave(&app.runtime.instance).await?;
    app.store.close().await;
    Ok(())
}

async fn tenant(api: &Router, seed: &Seed) -> anyhow::Result<()> {
    let Seed { name, email, tier, conversations } = seed;
    let mut out = std::io::stdout();
    let (status, tenant) = post(api, "/signup", None, json!({ "email": email, "tier": tier, "name": name })).await?;
    if status == StatusCode::CONFLICT {
        writeln!(out, "{name}: exists already, left as it is")?;
        return Ok(());
    }
    let key = text(&tenant, "api_key")?;
    for (title, content) in ARTICLES {
        made(post(api, "/documents", Some(key), json!({ "title": title, "content": content })).await?)?;
    }
    let agent = json!({ "name": "Support Agent", "system_prompt": "You are a helpful support agent.", "tools": ["search_kb", "create_ticket"] });
    let agent = made(post(api, "/agents", Some(key), agent).await?)?;
    let agent_id = text(&agent, "agent_id")?;
    let execute = format!("/agents/{agent_id}/execute");
    let asking = stream::iter(QUESTIONS.iter().cycle().take(*conversations)).map(|question| {
        let execute = &execute;
        async move { made(post(api, execute, Some(key), json!({ "message": question })).await?) }
    });
    let at_once = tenant["quota"]["max_concurrent_agents"].as_u64().unwrap_or(1).clamp(1, AT_ONCE);
    asking.buffer_unordered(usize::try_from(at_once)?).try_for_each(|_| async { Ok(()) }).await?;
    writeln!(out, "{}: {tier}, agent {agent_id}, key {key}", text(&tenant, "tenant_id")?)?;
    Ok(())
}

async fn post(api: &Router, path: &str, key: Option<&str>, body: Value) -> anyhow::Result<(StatusCode, Value)> {
    let mut request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
    if let Some(key) = key {
        request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
    }
    let response = api.clone().oneshot(request.body(Body::from(body.to_string()))?).await?;
    let status = response.status();
    let body = response.into_body().collect().await?.to_bytes();
    Ok((status, serde_json::from_slice(&body)?))
}

fn made((status, body): (StatusCode, Value)) -> anyhow::Result<Value> {
    if !status.is_success() {
        bail!("{}", body["detail"].as_str().unwrap_or("refused"));
    }
    Ok(body)
}

fn text<'a>(body: &'a Value, field: &str) -> anyhow::Result<&'a str> {
    body[field].as_str().with_context(|| body["detail"].as_str().unwrap_or("refused").to_owned())
}
