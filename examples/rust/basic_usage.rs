//! Makes an agent that answers from a small knowledge base, and asks it something.
//!
//!     AGENT_PLATFORM_API_KEY=pk_live_… cargo run --bin basic_usage

use std::{collections::HashSet, error::Error, fs};

use agent_platform::Client;
use agent_platform::models::{CreateAgentRequest, CreateDocumentRequest, ExecuteAgentRequest, ListDocumentsParams};
use futures_util::TryStreamExt;

const KNOWLEDGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../knowledge");

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::from_env()?;

    // The knowledge base: a few support articles, each added once however often this runs.
    let documents = client.list_documents_all(ListDocumentsParams::new().limit(100));
    let known: HashSet<String> = documents.map_ok(|document| document.title).try_collect().await?;
    for file in fs::read_dir(KNOWLEDGE)? {
        let article = fs::read_to_string(file?.path())?;
        let title = article.lines().next().unwrap_or_default().trim_start_matches("# ");
        if !known.contains(title) {
            let document = CreateDocumentRequest::new(title, article.as_str());
            client.create_document(document).await?;
        }
    }

    let prompt = "You answer questions about our product, from the knowledge base only.";
    let agent = client.create_agent(CreateAgentRequest::new("Support Agent", prompt).tools(["search_kb"])).await?;

    let question = ExecuteAgentRequest::new("How do I reset my password?");
    let response = client.execute_agent(&agent.agent_id, question).await?;
    println!("Agent:  {}", response.message);
    println!("Tokens: {}, for ${}", response.tokens_used, response.cost);

    let report = client.get_usage().await?;
    let (left, all) = (report.usage.remaining_tokens, report.quota.max_tokens_per_month);
    println!("Left:   {left} of {all} tokens this month");
    Ok(())
}
