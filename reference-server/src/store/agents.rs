//! Agents: a prompt, tools, a model and its settings.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::types::Json;

use super::{Result, TenantStore};
use crate::{
    audit::{Entry, fingerprint},
    ids::AgentId,
};

/// An agent as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AgentRow {
    /// Names it.
    pub agent_id: AgentId,
    /// What its owner calls it.
    pub name: String,
    /// `active`.
    pub status: String,
    /// What it is told before each conversation.
    pub system_prompt: String,
    /// The names of the tools that it may call.
    pub tools: Json<Vec<String>>,
    /// `builtin`, or a provider and its model.
    pub model: String,
    /// How many tokens an execution may make, where a request does not say.
    pub max_output_tokens: Option<i64>,
    /// 0 to 2.
    pub temperature: f64,
    /// The owner's own labels.
    pub metadata: Json<BTreeMap<String, String>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl AgentRow {
    /// What the audit log tells of it. What it is called and told is content, and so are its labels: that goes when its owner goes.
    fn described(&self) -> Value {
        let labels = json!(self.metadata).to_string();
        json!({
            "name": fingerprint(&self.name), "status": self.status, "system_prompt": fingerprint(&self.system_prompt), "tools": self.tools,
            "model": self.model, "max_output_tokens": self.max_output_tokens, "temperature": self.temperature,
            "metadata": { "labels": self.metadata.len(), "sha256": fingerprint(&labels)["sha256"] },
        })
    }

    fn entry(&self, action: &'static str, at: DateTime<Utc>) -> Entry {
        Entry::new(action, ("agent", self.agent_id.as_str()), at)
    }
}

impl TenantStore {
    /// Writes a new agent.
    ///
    /// # Errors
    /// The database failed.
    pub async fn insert_agent(&self, agent: &AgentRow) -> Result<()> {
        audited!(self, |connection| {
            sqlx::query(
                "INSERT INTO agents (agent_id, tenant_id, name, status, system_prompt, tools, model, max_output_tokens, \
                 temperature, metadata, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)",
            )
            .bind(&agent.agent_id)
            .bind(&self.tenant_id)
            .bind(&agent.name)
            .bind(&agent.status)
            .bind(&agent.system_prompt)
            .bind(&agent.tools)
            .bind(&agent.model)
            .bind(agent.max_output_tokens)
            .bind(agent.temperature)
            .bind(&agent.metadata)
            .bind(agent.created_at)
            .execute(connection)
            .await?;
            ((), [agent.entry("agent.created", agent.created_at).after(agent.described())])
        });
        Ok(())
    }

    /// The agent of this id.
    ///
    /// # Errors
    /// The database failed.
    pub async fn agent(&self, agent_id: &AgentId) -> Result<Option<AgentRow>> {
        Ok(read!(self, |connection| {
            sqlx::query_as("SELECT * FROM agents WHERE tenant_id = $1 AND agent_id = $2")
                .bind(&self.tenant_id)
                .bind(agent_id)
                .fetch_optional(connection)
                .await?
        }))
    }

    /// Agents, newest first, before the one named `before`.
    ///
    /// # Errors
    /// The database failed.
    pub async fn agents(&self, before: Option<&str>, limit: i64) -> Result<Vec<AgentRow>> {
        Ok(read!(self, |connection| {
            sqlx::query_as(
                "SELECT * FROM agents WHERE tenant_id = $1 AND ($2 IS NULL OR agent_id < $2) \
                 ORDER BY agent_id DESC LIMIT $3",
            )
            .bind(&self.tenant_id)
            .bind(before)
            .bind(limit)
            .fetch_all(connection)
            .await?
        }))
    }

    /// Writes an agent's changed parts, if it is still as it was `before`; `false` where somebody changed it, or it is gone.
    ///
    /// # Errors
    /// The database failed.
    pub async fn replace_agent(&self, agent: &AgentRow, before: &AgentRow) -> Result<bool> {
        Ok(audited!(self, |connection| {
            let is_replaced = sqlx::query(
                "UPDATE agents SET name = $3, system_prompt = $4, tools = $5, model = $6, max_output_tokens = $7, \
                 temperature = $8, metadata = $9, updated_at = $10 WHERE tenant_id = $1 AND agent_id = $2 AND updated_at = $11",
            )
            .bind(&self.tenant_id)
            .bind(&agent.agent_id)
            .bind(&agent.name)
            .bind(&agent.system_prompt)
            .bind(&agent.tools)
            .bind(&agent.model)
            .bind(agent.max_output_tokens)
            .bind(agent.temperature)
            .bind(&agent.metadata)
            .bind(agent.updated_at)
            .bind(before.updated_at)
            .execute(connection)
            .await?
            .rows_affected()
                == 1;
            let entry = agent.entry("agent.updated", agent.updated_at);
            (is_replaced, entry.changing(before.described(), agent.described()))
        }))
    }

    /// Deletes an agent; `false` where there is none. Its executions and conversations stay.
    ///
    /// # Errors
    /// The database failed.
    pub async fn delete_agent(&self, agent_id: &AgentId, now: DateTime<Utc>) -> Result<bool> {
        Ok(audited!(self, |connection| {
            let deleted: Option<AgentRow> =
                sqlx::query_as("DELETE FROM agents WHERE tenant_id = $1 AND agent_id = $2 RETURNING *")
                    .bind(&self.tenant_id)
                    .bind(agent_id)
                    .fetch_optional(connection)
                    .await?;
            let entry = deleted.as_ref().map(|agent| agent.entry("agent.deleted", now).before(agent.described()));
            (deleted.is_some(), entry)
        }))
    }
}
