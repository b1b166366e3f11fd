//! What goes wrong says what it is: handle what you can.
//!
//!     AGENT_PLATFORM_API_KEY=pk_live_… cargo run --bin error_handling

use agent_platform::models::{CreateAgentRequest, ExecuteAgentRequest};
use agent_platform::{Client, Error, ErrorKind, RequestOptions, Result};
use serde_json::Value;

#[tokio::main]
async fn main() -> Result<()> {
    let client = Client::from_env()?;

    let missing = client.get_agent("agent-nobody").await;
    report("Read an agent that is not there", missing);

    let nonsense = CreateAgentRequest::new("", "Hello").tools(["teleport"]);
    report(
        "Create an agent of nonsense",
        client.create_agent(nonsense).await,
    );

    report("Execute an agent", greet(&client).await);
    Ok(())
}

async fn greet(client: &Client) -> Result<String> {
    let agent = client
        .create_agent(CreateAgentRequest::new("Greeter", "You greet people."))
        .await?;

    // Without retries: the client would otherwise wait for a quota that comes back within two minutes.
    let client = client.with_options(RequestOptions::new().max_retries(0));
    let response = client
        .execute_agent(&agent.agent_id, ExecuteAgentRequest::new("Hello!"))
        .await?;
    Ok(response.message)
}

fn report<T>(what: &str, result: Result<T>) {
    let Err(error) = result else {
        return println!("{what}: done");
    };
    let detail = error.detail().unwrap_or_default();
    match (error.kind(), error.status()) {
        (_, Some(404)) => println!("{what}: 404, {detail}"),
        (_, Some(422)) => {
            println!("{what}: 422, {detail}");
            for field in field(&error, "errors").as_array().into_iter().flatten() {
                println!("  {}: {}", field["pointer"], field["detail"]);
            }
        }
        (_, Some(429)) => {
            let [quota, used, limit] = ["quota", "used", "limit"].map(|name| field(&error, name));
            let wait = error.retry_after().unwrap_or_default().as_secs();
            println!("{what}: 429, {quota} is used up ({used} of {limit}); more in {wait} s");
        }
        (ErrorKind::Connection | ErrorKind::Timeout, _) => {
            println!("{what}: the server is not there, {error}")
        }
        _ => println!("{what}: {error}"),
    }
}

/// What else an error's body says.
fn field<'a>(error: &'a Error, name: &str) -> &'a Value {
    error
        .body()
        .and_then(|body| body.get(name))
        .unwrap_or(&Value::Null)
}
