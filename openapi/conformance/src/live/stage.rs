//! A server with a tenant, an agent and documents, behind a proxy with a plan.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{
    call::{self, call},
    ledger::Ledger,
    server::LiveServer,
};
use crate::proxy::{Plan, Proxy};

/// A question whose answer is about a thousand tokens long: three passages answer a part of it each.
pub const QUESTION: &str = "umbrella walrus giraffe penguin";

const PARTS: [&str; 3] = ["umbrella walrus", "umbrella giraffe", "umbrella penguin"];

/// Words of one token each, some with characters of several bytes, so that cuts fall within them.
const FILLER: [&str; 8] = ["q", "é", "x", "z", "ß", "🌍", "j", "v"];

/// How many characters of filler make a passage nearly as long as passages are.
const FILLED: usize = 740;

/// What a client needs to know, and who answers for it.
#[derive(Debug)]
pub struct Stage {
    server: LiveServer,
    /// What stands before the server.
    pub proxy: Proxy,
    /// The tenant's key.
    pub api_key: String,
    /// An agent that answers [`QUESTION`] at length.
    pub agent_id: String,
    /// An agent without tools, that answers everything with a sentence.
    pub brief_agent_id: String,
}

impl Stage {
    /// Starts a server and a proxy with this plan, and signs a tenant up whose quotas allow 10,000 executions.
    ///
    /// # Errors
    /// When the server does not start or refuses.
    pub async fn set(binary: PathBuf, plan: Plan) -> Result<Self> {
        let server = LiveServer::start(binary).await?;
        let address = server.address();
        let sign_up = json!({"email": "user@acme.com", "tier": "enterprise"});
        let tenant = call(address, "POST", "/signup", None, Some(&sign_up)).await?;
        let api_key = text(&tenant, "api_key")?;
        for part in PARTS {
            let document = json!({"title": part, "content": passage(part)});
            call(address, "POST", "/documents", Some(&api_key), Some(&document)).await?;
        }
        let agent = async |tools: Value| {
            let agent =
                json!({"name": "Reader", "system_prompt": "You quote.", "tools": tools, "max_output_tokens": 4000});
            text(&call(address, "POST", "/agents", Some(&api_key), Some(&agent)).await?, "agent_id")
        };
        let (agent_id, brief_agent_id) = (agent(json!(["search_kb"])).await?, agent(json!([])).await?);
        let proxy = Proxy::start(address, plan).await?;
        Ok(Self { server, proxy, api_key, agent_id, brief_agent_id })
    }

    /// The server's own address, for a client that is not to be disturbed.
    #[must_use]
    pub fn undisturbed_url(&self) -> String {
        format!("http://{}", self.server.address())
    }

    /// Ends the server as a crash does, and starts it again; requests wait meanwhile.
    ///
    /// # Errors
    /// When it does not start again.
    pub async fn kill_and_restart(&mut self) -> Result<()> {
        self.server.kill_and_restart().await
    }

    /// The data of every event that the server has on record of an execution.
    ///
    /// # Errors
    /// When it does not tell.
    pub async fn recorded_events(&self, execution_id: &str) -> Result<Vec<Value>> {
        let path = format!("/executions/{execution_id}/events");
        let stream = call::text(self.server.address(), "GET", &path, Some(&self.api_key), None).await?;
        stream
            .lines()
            .filter_map(|line| line.strip_prefix("data: "))
            .map(|data| Ok(serde_json::from_str(data)?))
            .collect()
    }

    /// What the server has on record of its tenant.
    ///
    /// # Errors
    /// When it does not tell.
    pub async fn ledger(&self) -> Result<Ledger> {
        Ledger::read(self.server.address(), &self.api_key).await
    }
}

fn text(value: &Value, name: &str) -> Result<String> {
    value[name].as_str().map(str::to_owned).with_context(|| format!("{value} has no {name}"))
}

fn passage(part: &str) -> String {
    let mut passage = format!("{part}:");
    for word in FILLER.iter().cycle() {
        if passage.chars().count() > FILLED {
            break;
        }
        passage.push(' ');
        passage.push_str(word);
    }
    passage
}
