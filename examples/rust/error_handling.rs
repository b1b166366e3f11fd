//! What goes wrong says what it is: handle what you can.
//!
//!     AGENT_PLATFORM_API_KEY=pk_live_… cargo run --bin error_handling

use agent_platform::models::{CreateAgentRequest, ExecuteAgentRequest, Problem};
use agent_platform::{Client, Error, Result};

#[tokio::main]
async fn main() -> Result<()> {
    let client = Client::from_env()?;

    let missing = client.get_agent("agent-nobody").await;
    report("Read an agent that is not there", missing);

    let nonsense = CreateAgentRequest::new("", "Hello").tools(["teleport"]);
    report("Create an agent of nonsense", client.create_agent(nonsense).await);

    report("Execute an agent", greet(&client).await);
    Ok(())
}

async fn greet(client: &Client) -> Result<String> {
    let agent = client.create_agent(CreateAgentRequest::new("Greeter", "You greet people.")).await?;

    // Without retries: the client would otherwise wait for a quota that comes back within two minutes.
    let greeting = client.execute_agent(&agent.agent_id, ExecuteAgentRequest::new("Hello!")).max_retries(0);
    let response = greeting.await?;
    Ok(response.message)
}

fn report<T>(what: &str, result: Result<T>) {
    let Err(error) = result else {
        return println!("{what}: done");
    };
    match (error.status(), problem(&error)) {
        (Some(404), Some(problem)) => println!("{what}: 404, {}", problem.detail),
        (Some(422), Some(problem)) => {
            println!("{what}: 422, {}", problem.detail);
            for field in problem.errors.into_iter().flatten() {
                println!("  {}: {}", field.pointer, field.detail);
            }
        }
        (Some(429), Some(problem)) => {
            let wait = error.retry_after().unwrap_or_default().as_secs();
            println!("{what}: 429, {} More in {wait} s.", problem.detail);
        }
        (Some(status), _) => println!("{what}: {status}, request {:?}", error.request_id()),
        (None, _) => println!("{what}: {error}"),
    }
}

/// What the server says of an error, typed.
fn problem(error: &Error) -> Option<Problem> {
    serde_json::from_value(error.body()?.clone()).ok()
}
