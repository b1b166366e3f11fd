//! A stream through a proxy that cuts it, at every frame or at any byte, is the stream that the server wrote.

use agent_platform::{
    Arguments, Client, ErrorKind, RawEvent, RawStream, RequestOptions, blocking,
    models::{ExecuteAgentRequest, ExecutionEvent},
    operation::Operation,
    operations,
};
use agent_platform_conformance::{
    live::{QUESTION, Stage},
    proxy::{Cut, Plan},
};
use futures_util::{StreamExt, future::join_all};
use serde_json::{Value, json};

use crate::{builder, stage};

/// Of the answer to `QUESTION`; its events are a few more.
const TOKENS: usize = 1000;

/// Frames are about 90 bytes long.
const RANDOMLY: Cut = Cut::Bytes { cuts: 200, most: 600 };

fn cutting(seed: u64, cut: Cut) -> Plan {
    Plan { seed, cut, ..Plan::default() }
}

fn question() -> ExecuteAgentRequest {
    ExecuteAgentRequest::new(QUESTION)
}

async fn open(client: &Client, operation: &'static Operation, arguments: Arguments) -> RawStream {
    client.open(operation, arguments, &RequestOptions::new()).await.unwrap()
}

async fn asked(stage: &Stage, client: &Client) -> RawStream {
    let arguments = Arguments::new().path("agent_id", &stage.agent_id).json(&json!({"message": QUESTION})).unwrap();
    open(client, &operations::STREAM_AGENT, arguments).await
}

async fn all(stream: RawStream) -> Vec<RawEvent> {
    stream.map(|event| event.unwrap()).collect().await
}

/// What the server has on record of an execution, over a connection that nobody cuts.
async fn recorded(stage: &Stage, events: &[RawEvent]) -> Vec<RawEvent> {
    let started: Value = serde_json::from_slice(&events[0].data).unwrap();
    let client = builder(stage, stage.undisturbed_url()).build().unwrap();
    let arguments = Arguments::new().path("execution_id", started["execution_id"].as_str().unwrap());
    all(open(&client, &operations::STREAM_EXECUTION_EVENTS, arguments).await).await
}

/// What the agent says to whoever is not cut.
async fn undisturbed_text(stage: &Stage) -> String {
    let client = builder(stage, stage.undisturbed_url()).build().unwrap();
    client.execute_agent(&stage.agent_id, question()).await.unwrap().message
}

fn text(events: &[RawEvent]) -> String {
    let data = events.iter().map(|event| serde_json::from_slice::<Value>(&event.data).unwrap());
    data.filter(|data| data["type"] == "message.delta").map(|data| data["text"].as_str().unwrap().to_owned()).collect()
}

/// Every event once, in order, as the server wrote it.
async fn is_whole(stage: &Stage, events: &[RawEvent], expected: &str) {
    let ids: Vec<usize> = events.iter().map(|event| event.id.parse().unwrap()).collect();
    assert_eq!(ids, (1..=events.len()).collect::<Vec<_>>());
    assert!(events.len() > TOKENS, "{} events", events.len());
    assert_eq!(events, recorded(stage, events).await);
    assert_eq!(text(events), expected);
}

/// Each execution ran once and was entered once.
async fn ran_once(stage: &Stage, executions: usize) {
    let ledger = stage.ledger().await.unwrap();
    assert_eq!((ledger.executions.len(), ledger.entries, ledger.failed), (executions, executions as i64, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_cut_after_every_frame_is_whole() {
    let stage = stage(cutting(1, Cut::EveryFrame)).await;
    let expected = undisturbed_text(&stage).await;
    let client = builder(&stage, stage.proxy.url()).build().unwrap();
    let stream = asked(&stage, &client).await;
    let events = all(stream).await;
    is_whole(&stage, &events, &expected).await;
    assert_eq!(stage.proxy.stats().cuts, events.len() as u64, "{:?}", stage.proxy.stats());
    ran_once(&stage, 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_cut_200_times_at_random_bytes_is_whole() {
    for seed in [1, 2, 3] {
        let stage = stage(cutting(seed, RANDOMLY)).await;
        let expected = undisturbed_text(&stage).await;
        let client = builder(&stage, stage.proxy.url()).build().unwrap();
        let events = all(asked(&stage, &client).await).await;
        is_whole(&stage, &events, &expected).await;
        assert_eq!(stage.proxy.stats().cuts, 200);
        ran_once(&stage, 2).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn streams_side_by_side_do_not_mix() {
    const STREAMS: usize = 8;
    let cut = Cut::Bytes { cuts: 200 * STREAMS as u64, most: 600 };
    let stage = stage(cutting(4, cut)).await;
    let expected = undisturbed_text(&stage).await;
    // Without the budget, which they would share: this many cuts at once are more than a client should bear.
    let client = builder(&stage, stage.proxy.url()).retry_budget(false).build().unwrap();
    let streams = join_all((0..STREAMS).map(|_| async { all(asked(&stage, &client).await).await })).await;
    for events in &streams {
        is_whole(&stage, events, &expected).await;
    }
    ran_once(&stage, STREAMS + 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn typed_events_text_and_response_are_whole() {
    let stage = stage(cutting(5, RANDOMLY)).await;
    let expected = undisturbed_text(&stage).await;
    let client = builder(&stage, stage.proxy.url()).build().unwrap();
    let mut stream = client.stream_agent(&stage.agent_id, question()).await.unwrap();
    let mut said = String::new();
    while let Some(event) = stream.next().await {
        if let ExecutionEvent::MessageDelta(delta) = event.unwrap() {
            said += &delta.text;
        }
    }
    let response = stream.final_response().await.unwrap();
    assert_eq!((&said, &response.message), (&expected, &expected));
    ran_once(&stage, 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_blocking_stream_is_whole() {
    let stage = stage(cutting(6, RANDOMLY)).await;
    let expected = undisturbed_text(&stage).await;
    let client: blocking::Client = builder(&stage, stage.proxy.url()).build_blocking().unwrap();
    let agent_id = stage.agent_id.clone();
    let reading = tokio::task::spawn_blocking(move || {
        let mut stream = client.stream_agent(&agent_id, question()).send().unwrap();
        let said: String = stream.text_stream().map(|piece| piece.unwrap()).collect();
        (said, stream.final_response().unwrap().message)
    });
    assert_eq!(reading.await.unwrap(), (expected.clone(), expected));
    assert_eq!(stage.proxy.stats().cuts, 200);
    ran_once(&stage, 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_outlives_the_server_s_process() {
    let mut stage = stage(cutting(8, Cut::EveryFrame)).await;
    let expected = undisturbed_text(&stage).await;
    let client = builder(&stage, stage.proxy.url()).build().unwrap();
    let mut stream = asked(&stage, &client).await;
    let mut events: Vec<RawEvent> = stream.by_ref().take(TOKENS / 2).map(|event| event.unwrap()).collect().await;
    stage.kill_and_restart().await.unwrap();
    events.extend(all(stream).await);
    is_whole(&stage, &events, &expected).await;
    ran_once(&stage, 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_rejoining_the_error_has_what_came() {
    let stage = stage(cutting(7, Cut::EveryFrame)).await;
    let client = builder(&stage, stage.proxy.url()).max_retries(0).build().unwrap();
    let mut stream = client.stream_agent(&stage.agent_id, question()).await.unwrap();
    assert!(matches!(stream.next().await, Some(Ok(ExecutionEvent::ExecutionStarted(_)))));
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::StreamInterrupted);
    assert_eq!((error.partial_text(), error.last_event_id()), (Some(""), Some("1")));
}
