//! `agents list`, `agents create`.

use super::{failure::Failure, lists::List, output::Output};
use crate::{
    Arguments, Client, RequestOptions,
    models::{Agent, CreateAgentRequest},
    operations,
};

pub(super) enum Command {
    List,
    Create(NewAgent),
}

pub(super) struct NewAgent {
    pub(super) name: String,
    pub(super) system_prompt: String,
    pub(super) tools: Vec<String>,
    pub(super) model: Option<String>,
}

pub(super) async fn obey(client: &Client, command: Command, json: bool, output: &mut Output) -> Result<(), Failure> {
    match command {
        Command::List => {
            let list = List { operation: &operations::LIST_AGENTS, arguments: Arguments::new(), limit: usize::MAX };
            let row = |agent: Agent| [agent.agent_id, agent.name, agent.model, agent.tools.join(" ")];
            list.show(client, json, output, ["ID", "NAME", "MODEL", "TOOLS"], row).await
        }
        Command::Create(agent) => create(client, agent, json, output).await,
    }
}

/// Prints the id alone, so that a script can keep it in a variable.
async fn create(client: &Client, agent: NewAgent, json: bool, output: &mut Output) -> Result<(), Failure> {
    let mut request = CreateAgentRequest::new(agent.name, agent.system_prompt).tools(agent.tools);
    request.model = agent.model;
    if json {
        let arguments = Arguments::new().json(&request)?;
        let answer = client.call(&operations::CREATE_AGENT, arguments, &RequestOptions::new()).await?;
        return output.json(&answer.body).await;
    }
    let agent = client.create_agent(request).await?;
    output.line(&agent.agent_id).await
}
