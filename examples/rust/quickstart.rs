use agent_platform::Client;
use agent_platform::models::{CreateAgentRequest, ExecuteAgentRequest};

#[tokio::main]
async fn main() -> agent_platform::Result<()> {
    let client = Client::from_env()?;
    let support = CreateAgentRequest::new("Support Agent", "You are helpful.").tools(["search_kb"]);
    let agent = client.create_agent(support).await?;

    let question = ExecuteAgentRequest::new("How do I reset my password?");
    let mut stream = client.stream_agent(&agent.agent_id, question).await?;
    let mut text = stream.text_stream();
    while let Some(part) = text.next().await {
        print!("{}", part?);
    }
    println!("\n{} tokens", stream.final_response().await?.tokens_used);
    Ok(())
}
