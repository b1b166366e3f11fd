//! Limits of time, short here so that the tests are.

use std::time::{Duration, Instant};

use agent_platform::{Arguments, Client, ErrorKind, RequestOptions};

use crate::support::{End, Event, GET, Item, KEY, Reply, STREAM, Server, failure};

const SHORT: Duration = Duration::from_millis(50);

fn get() -> Arguments {
    Arguments::new().path("agent_id", "agent-1")
}

#[tokio::test]
async fn an_attempt_without_an_answer_is_given_up_and_tried_again() {
    let server = Server::start(vec![Reply::Silent, Reply::json(r#"{"name":"a"}"#)]).await;
    let (client, waits) = server.client();
    let answer = client.call(&GET, get(), &RequestOptions::new().timeout(SHORT)).await.unwrap();
    assert_eq!(answer.retries_taken, 1);
    assert_eq!(waits.all().len(), 1);
}

#[tokio::test]
async fn the_time_of_an_attempt_covers_the_body_and_its_connection_is_closed() {
    let mut server = Server::start(vec![Reply::Stalled(200)]).await;
    let (client, _) = server.client();
    let options = RequestOptions::new().timeout(SHORT).max_retries(0);
    let error = failure(client.call(&GET, get(), &options).await);
    assert_eq!((error.kind(), error.class_name()), (ErrorKind::Timeout, "APITimeoutError"));
    assert_eq!(error.to_string(), "get_agent had no complete answer within 0.05 s");
    server.closed.recv().await.unwrap();
}

#[tokio::test]
async fn an_error_whose_body_stalls_is_told_with_what_came() {
    let mut server = Server::start(vec![Reply::Stalled(401)]).await;
    let (client, _) = server.client();
    let options = RequestOptions::new().timeout(4 * SHORT).max_retries(0);
    let error = failure(client.call(&GET, get(), &options).await);
    assert_eq!((error.kind(), error.status()), (ErrorKind::Status, Some(401)));
    assert_eq!(error.to_string(), "401: {\"na");
    server.closed.recv().await.unwrap();
}

#[tokio::test]
async fn the_limit_of_a_call_goes_before_that_of_the_client_and_none_means_none() {
    let server = Server::start(vec![Reply::Silent, Reply::Silent]).await;
    let builder = Client::builder().api_key(KEY).base_url(&server.url).max_retries(0);
    let client = builder.timeout(SHORT).build().unwrap();
    assert_eq!(failure(client.send::<Item>(&GET, get()).await).kind(), ErrorKind::Timeout);
    let patient = client.with_options(RequestOptions::new().timeout(None));
    let begun = Instant::now();
    let given_up = tokio::time::timeout(4 * SHORT, patient.send::<Item>(&GET, get())).await;
    assert!(given_up.is_err() && begun.elapsed() >= 4 * SHORT, "there was still a limit");
}

#[tokio::test]
async fn a_stream_that_does_not_begin_times_out() {
    let server = Server::start(vec![Reply::Silent]).await;
    let (client, _) = server.client();
    let options = RequestOptions::new().timeout(SHORT).max_retries(0);
    let error = failure(client.open(&STREAM, Arguments::new(), &options).await);
    assert_eq!(error.kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn silence_on_a_stream_interrupts_it() {
    let delta = "id: 1\nevent: message.delta\ndata: {\"type\":\"message.delta\",\"text\":\"Hel\"}\n\n";
    let mut server = Server::start(vec![Reply::events(delta, End::Silent)]).await;
    let (client, _) = server.client();
    let client = client.with_options(RequestOptions::new().timeout(SHORT));
    let mut stream = client.stream::<Event>(&STREAM, Arguments::new()).await.unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap().text, "Hel");
    let error = failure(stream.next().await.unwrap());
    assert_eq!(error.kind(), ErrorKind::StreamInterrupted);
    assert_eq!(error.partial_text(), Some("Hel"));
    assert!(error.to_string().contains("nothing came for 0.05 s"), "{error}");
    server.closed.recv().await.unwrap();
}
