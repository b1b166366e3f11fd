//! Agents: made, listed, read, changed, deleted.

use std::collections::BTreeMap;

use axum::extract::State;
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::{Admin, Id, Reader, present},
    idempotency::{Answer, Change, Once},
    page::{Page, PageParams, Query},
};
use crate::{
    app::App,
    auth::Caller,
    error::{FieldError, Problem, Result},
    ids::AgentId,
    runtime::{
        registry::{self, Registry},
        tools,
    },
    store::agents::AgentRow,
};

/// Where neither request nor agent says.
const DEFAULT_TEMPERATURE: f64 = 1.0;

/// An agent to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateAgentRequest {
    /// What you call it.
    #[schema(min_length = 1, max_length = 200, example = "Support Agent")]
    name: String,
    /// What it is told before each conversation.
    #[schema(min_length = 1, max_length = 32768, example = "You are a helpful support agent.")]
    system_prompt: String,
    /// The tools that it may call: `search_kb` (or `search`), `create_ticket`.
    #[serde(default)]
    #[schema(max_items = 32)]
    tools: Vec<String>,
    /// The model that answers: `builtin`.
    #[schema(max_length = 200, default = "builtin")]
    model: Option<String>,
    /// How many tokens an execution may write, where its request does not say; 1,024 if absent.
    #[schema(minimum = 1, maximum = 32768)]
    max_output_tokens: Option<i64>,
    /// How freely the model chooses its words, 0 to 2; 1 if absent. The built-in model ignores it.
    #[schema(minimum = 0, maximum = 2)]
    temperature: Option<f64>,
    /// Your own labels: at most 16, values of at most 512 characters.
    #[schema(schema_with = super::metadata_schema)]
    metadata: Option<BTreeMap<String, String>>,
}

/// Changes to an agent. What is absent stays; `null` brings the default back.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateAgentRequest {
    /// What you call it.
    #[schema(min_length = 1, max_length = 200, nullable = false)]
    name: Option<String>,
    /// What it is told before each conversation.
    #[schema(min_length = 1, max_length = 32768, nullable = false)]
    system_prompt: Option<String>,
    /// The tools that it may call, in place of those there were.
    #[schema(max_items = 32, nullable = false)]
    tools: Option<Vec<String>>,
    /// The model that answers.
    #[schema(max_length = 200, nullable = false)]
    model: Option<String>,
    /// How many tokens an execution may write; `null`: the default.
    #[serde(default, deserialize_with = "present")]
    #[schema(minimum = 1, maximum = 32768, value_type = Option<i64>)]
    max_output_tokens: Option<Option<i64>>,
    /// How freely the model chooses its words, 0 to 2; `null`: the default.
    #[serde(default, deserialize_with = "present")]
    #[schema(minimum = 0, maximum = 2, value_type = Option<f64>)]
    temperature: Option<Option<f64>>,
    /// Your own labels, in place of those there were; `null`: none.
    #[serde(default, deserialize_with = "present")]
    #[schema(schema_with = super::metadata_schema)]
    metadata: Option<Option<BTreeMap<String, String>>>,
}

/// An agent.
#[derive(Debug, Serialize, ToSchema)]
pub struct Agent {
    /// Names it.
    agent_id: AgentId,
    /// What you call it.
    name: String,
    /// `active`.
    status: AgentStatus,
    /// What it is told before each conversation.
    system_prompt: String,
    /// The tools that it may call.
    tools: Vec<String>,
    /// The model that answers.
    model: String,
    /// How many tokens an execution may write; `null`: 1,024.
    #[schema(required = true)]
    max_output_tokens: Option<i64>,
    /// How freely the model chooses its words, 0 to 2.
    temperature: f64,
    /// Your own labels.
    metadata: BTreeMap<String, String>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it was last changed.
    updated_at: DateTime<Utc>,
}

/// Whether an agent can be executed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AgentStatus {
    /// It can.
    Active,
}

impl From<AgentRow> for Agent {
    fn from(row: AgentRow) -> Self {
        Self {
            agent_id: row.agent_id,
            name: row.name,
            status: AgentStatus::Active,
            system_prompt: row.system_prompt,
            tools: row.tools.0,
            model: row.model,
            max_output_tokens: row.max_output_tokens,
            temperature: row.temperature,
            metadata: row.metadata.0,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// Rules that a schema can't state: known tools, each once; a known model.
fn check(models: &Registry, tools: &[String], model: Option<&str>) -> Result<()> {
    let mut errors = Vec::new();
    for (i, tool) in tools.iter().enumerate() {
        if !tools::NAMES.contains(&tool.as_str()) {
            let shown: String = tool.chars().take(60).collect();
            let detail = format!("`{shown}` is not a known tool; the known tools are {}.", tools::NAMES.join(", "));
            errors.push(FieldError::new(format!("/tools/{i}"), detail));
        } else if tools[..i].contains(tool) {
            errors.push(FieldError::new(format!("/tools/{i}"), format!("`{tool}` is named twice; name it once.")));
        }
    }
    if let Some(unknown) = model.filter(|model| !models.has(model)) {
        let shown: String = unknown.chars().take(60).collect();
        let detail = format!("`{shown}` is not a known model; the known models are {}.", models.names().join(", "));
        errors.push(FieldError::new("/model", detail));
    }
    if errors.is_empty() { Ok(()) } else { Err(Problem::invalid(errors)) }
}

/// Create an agent
///
/// Its tools must be known and its model configured.
#[utoipa::path(post, path = "/agents", operation_id = "create_agent", tag = "agents", request_body = CreateAgentRequest,
    responses((status = 201, description = "The agent.", body = Agent)), extensions(("x-scope" = json!("admin"))))]
async fn create_agent(
    State(app): State<App>,
    Admin(caller): Admin,
    Change { request, once }: Change<CreateAgentRequest>,
) -> Result<Answer> {
    check(&app.runtime.models, &request.tools, request.model.as_deref())?;
    let now = app.clock.now();
    let agent = AgentRow {
        agent_id: AgentId::new(now),
        name: request.name,
        status: "active".to_owned(),
        system_prompt: request.system_prompt,
        tools: request.tools.into(),
        model: request.model.unwrap_or_else(|| registry::DEFAULT_MODEL.to_owned()),
        max_output_tokens: request.max_output_tokens,
        temperature: request.temperature.unwrap_or(DEFAULT_TEMPERATURE),
        metadata: request.metadata.unwrap_or_default().into(),
        created_at: now,
        updated_at: now,
    };
    let answer = once.answer(StatusCode::CREATED, &Agent::from(agent.clone()));
    caller.store.keeping(answer.kept()).insert_agent(&agent).await?;
    Ok(answer)
}

/// List agents
///
/// Newest first.
#[utoipa::path(get, path = "/agents", operation_id = "list_agents", tag = "agents", params(PageParams),
    responses((status = 200, description = "A page of agents.", body = Page<Agent>)), extensions(("x-scope" = json!("read"))))]
async fn list_agents(Reader(caller): Reader, mut query: Query) -> Result<axum::Json<Page<Agent>>> {
    let page = query.page::<AgentId>();
    query.finish()?;
    let rows = caller.store.agents(page.before.as_deref(), page.rows()).await?;
    Ok(axum::Json(page.of(rows, |row| row.agent_id.to_string(), Agent::from)))
}

/// Read an agent
#[utoipa::path(get, path = "/agents/{agent_id}", operation_id = "get_agent", tag = "agents",
    params(("agent_id" = AgentId, Path, description = "The agent.")),
    responses((status = 200, description = "The agent.", body = Agent)), extensions(("x-scope" = json!("read"))))]
async fn get_agent(Reader(caller): Reader, Id(agent_id): Id<AgentId>) -> Result<axum::Json<Agent>> {
    let agent = caller.store.agent(&agent_id).await?;
    let agent = agent.ok_or_else(|| Problem::not_found("agent", agent_id.as_str()))?;
    Ok(axum::Json(agent.into()))
}

/// Change an agent
///
/// Executions that run go on as they were begun. The change holds on every server within a second.
#[utoipa::path(patch, path = "/agents/{agent_id}", operation_id = "update_agent", tag = "agents", request_body = UpdateAgentRequest,
    params(("agent_id" = AgentId, Path, description = "The agent.")),
    responses((status = 200, description = "The agent as it is now.", body = Agent)), extensions(("x-scope" = json!("admin"))))]
async fn update_agent(
    State(app): State<App>,
    Admin(caller): Admin,
    Id(agent_id): Id<AgentId>,
    Change { request, once }: Change<UpdateAgentRequest>,
) -> Result<Answer> {
    check(&app.runtime.models, request.tools.as_deref().unwrap_or_default(), request.model.as_deref())?;
    let changing = app.clone();
    app.to_the_end(async move { update(&changing, &caller, agent_id, &request, &once).await }).await
}

async fn update(
    app: &App,
    caller: &Caller,
    agent_id: AgentId,
    request: &UpdateAgentRequest,
    once: &Once,
) -> Result<Answer> {
    let remembered = (caller.tenant_id().clone(), agent_id.clone());
    loop {
        let agent = caller.store.agent(&agent_id).await?;
        let before = agent.ok_or_else(|| Problem::not_found("agent", agent_id.as_str()))?;
        let mut agent = before.clone();
        request.apply(&mut agent);
        // Two changes within a microsecond still differ, so that neither overwrites the other unseen.
        agent.updated_at = app.clock.now().max(before.updated_at + chrono::Duration::microseconds(1));
        let answer = once.answer(StatusCode::OK, &Agent::from(agent.clone()));
        let outcome = caller.store.keeping(answer.kept()).replace_agent(&agent, &before).await;
        // Also where it failed: it may have been written all the same.
        app.runtime.agents.forget(&remembered);
        if outcome? {
            return Ok(answer);
        }
    }
}

impl UpdateAgentRequest {
    fn apply(&self, agent: &mut AgentRow) {
        fn set<T: Clone>(field: &mut T, change: Option<&T>) {
            if let Some(value) = change {
                field.clone_from(value);
            }
        }
        set(&mut agent.name, self.name.as_ref());
        set(&mut agent.system_prompt, self.system_prompt.as_ref());
        set(&mut agent.tools.0, self.tools.as_ref());
        set(&mut agent.model, self.model.as_ref());
        set(&mut agent.max_output_tokens, self.max_output_tokens.as_ref());
        set(&mut agent.temperature, self.temperature.map(|t| t.unwrap_or(DEFAULT_TEMPERATURE)).as_ref());
        set(&mut agent.metadata.0, self.metadata.clone().map(Option::unwrap_or_default).as_ref());
    }
}

/// Delete an agent
///
/// Its executions and conversations stay readable; nothing more can be executed with it.
#[utoipa::path(delete, path = "/agents/{agent_id}", operation_id = "delete_agent", tag = "agents",
    params(("agent_id" = AgentId, Path, description = "The agent.")),
    responses((status = 204, description = "It is deleted.")), extensions(("x-scope" = json!("admin"))))]
async fn delete_agent(
    State(app): State<App>,
    Admin(caller): Admin,
    Id(agent_id): Id<AgentId>,
    once: Once,
) -> Result<Answer> {
    let answer = once.no_content();
    let (store, deleting) = (caller.store.keeping(answer.kept()), app.clone());
    app.to_the_end(async move {
        let outcome = store.delete_agent(&agent_id, deleting.clock.now()).await;
        // Also where it failed: it may have been written all the same.
        deleting.runtime.agents.forget(&(store.tenant_id().clone(), agent_id.clone()));
        if outcome? { Ok(answer) } else { Err(Problem::not_found("agent", agent_id.as_str())) }
    })
    .await
}

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(create_agent, list_agents)).routes(routes!(
        get_agent,
        update_agent,
        delete_agent
    ))
}
