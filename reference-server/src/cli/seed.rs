//! `agent-platform seed`: tenants to try things on, made through the API itself.

use std::{io::Write, net::Ipv4Addr};

use anyhow::{Context, bail};
use axum::{Router, body::Body};
use http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{
    api,
    app::App,
    clock::Clock,
    config::{DatabaseArgs, Settings},
    store::Store,
};

const TENANTS: [(&str, &str, &str); 3] = [
    ("Acme Corp", "owner@acme-corp.example", "professional"),
    ("Startup XYZ", "owner@startup-xyz.example", "starter"),
    ("Enterprise Co", "owner@enterprise-co.example", "enterprise"),
];
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
    let loopback = (Ipv4Addr::LOCALHOST, 0).into();
    let app = App::new(store, Clock::default(), &Settings::default(), None, loopback, None);
    app.runtime.beat().await.context("cannot write to the database")?;
    let api = api::router(app.clone());
    for (name, email, tier) in TENANTS {
        tenant(&api, name, email, tier).await.with_context(|| format!("seeding {name}"))?;
    }
    app.store.leave(&app.runtime.instance).await?;
    app.store.close().await;
    Ok(())
}

async fn tenant(api: &Router, name: &str, email: &str, tier: &str) -> anyhow::Result<()> {
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
    for question in QUESTIONS {
        made(post(api, &format!("/agents/{agent_id}/execute"), Some(key), json!({ "message": question })).await?)?;
    }
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
