//! Shows an agent's answer as it is written, and the tools that it uses on the way.
//!
//!     AGENT_PLATFORM_API_KEY=pk_live_… cargo run --bin streaming ["a question"]

use std::{
    env,
    error::Error,
    io::{self, Write},
};

use agent_platform::Client;
use agent_platform::models::{CreateAgentRequest, ExecuteAgentRequest, ExecutionEvent};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::from_env()?;
    let message = env::args().nth(1).unwrap_or_else(|| "How do I reset my password?".to_owned());

    let prompt = "You answer questions about our product, from the knowledge base only.";
    let agent = client.create_agent(CreateAgentRequest::new("Streaming Agent", prompt).tools(["search_kb"])).await?;

    let mut events = client.stream_agent(&agent.agent_id, ExecuteAgentRequest::new(message)).await?;
    while let Some(event) = events.next().await {
        match event? {
            ExecutionEvent::ToolCalled(tool) => println!("[{} {}]", tool.name, tool.arguments),
            ExecutionEvent::ToolCompleted(tool) => println!("[done in {} ms]", tool.duration_ms),
            ExecutionEvent::MessageDelta(delta) => {
                print!("{}", delta.text);
                io::stdout().flush()?;
            }
            // Other events, those of later versions too: an agent may do more than this program knows.
            _ => {}
        }
    }

    let response = events.final_response().await?;
    println!("\n[{} tokens in {} ms]", response.tokens_used, response.duration_ms);
    Ok(())
}
