//! The trace that a call is part of.

use agent_platform::{Arguments, Client};

use crate::{
    requests::rerun,
    support::{CREATE, Item, KEY, Reply, Request, Server},
};

const ITEM: &str = r#"{"name":"a"}"#;
const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const OTHER: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

/// What a process with these variables sends.
async fn sent_with(parent: &str, state: &str) -> Request {
    let server = Server::start(vec![Reply::json(ITEM)]).await;
    let variables = [
        ("AGENT_PLATFORM_API_KEY", KEY),
        ("AGENT_PLATFORM_BASE_URL", server.url.as_str()),
        ("TRACEPARENT", parent),
        ("TRACESTATE", state),
    ];
    tokio::task::block_in_place(|| rerun("requests::in_another_environment", &variables));
    server.requests().remove(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_trace_of_the_environment_is_passed_on() {
    let request = sent_with(PARENT, "vendor=1").await;
    assert_eq!((request.header("traceparent"), request.header("tracestate")), (Some(PARENT), Some("vendor=1")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_is_none_is_not() {
    let request = sent_with("00-nonsense", "vendor=1").await;
    assert_eq!((request.header("traceparent"), request.header("tracestate")), (None, None));
}

#[tokio::test]
async fn a_trace_that_is_given_goes_before_and_is_that_of_every_attempt() {
    let server = Server::start(vec![Reply::status(503), Reply::json(ITEM), Reply::json(ITEM)]).await;
    let builder = Client::builder().api_key(KEY).base_url(&server.url).default_header("traceparent", PARENT);
    let client = builder.sleep(std::sync::Arc::new(agent_platform::RecordedDelays::default())).build().unwrap();
    client.send::<Item>(&CREATE, Arguments::new()).await.unwrap();
    client.send::<Item>(&CREATE, Arguments::new()).header("traceparent", OTHER).await.unwrap();
    let requests = server.requests();
    let parents: Vec<_> = requests.iter().map(|request| request.header("traceparent").unwrap()).collect();
    assert_eq!(parents, [PARENT, PARENT, OTHER]);
}
