//! Which failures are tried again, how often, after how long, and under which key.

use std::time::Duration;

use agent_platform::{Arguments, Client, ErrorKind, RequestOptions, operation::Answer};

use crate::support::{CREATE, DELETE, GET, Item, KEY, REPLACE, Reply, Server, UPDATE, failure};

const ITEM: &str = r#"{"name":"a"}"#;

fn arguments() -> Arguments {
    Arguments::new().path("agent_id", "agent-1")
}

#[tokio::test]
async fn passing_failures_are_tried_again() {
    for status in [408, 429, 500, 502, 503, 504] {
        let server = Server::start(vec![Reply::status(status), Reply::json(ITEM)]).await;
        let (client, waits) = server.client();
        let item: Item = client.send(&GET, arguments()).await.unwrap();
        assert_eq!(item.name, "a");
        assert_eq!(waits.all().len(), 1, "{status}");
        assert!(waits.all()[0] <= Duration::from_millis(500), "{status}");
    }
}

#[tokio::test]
async fn lasting_failures_are_not() {
    for status in [400, 401, 403, 404, 405, 409, 410, 413, 422, 501, 505] {
        let server = Server::start(vec![Reply::status(status)]).await;
        let (client, _) = server.client();
        let error = failure(client.send::<Item>(&GET, arguments()).await);
        assert_eq!(error.status(), Some(status));
        assert_eq!(server.requests().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn the_server_decides_where_it_says_so() {
    let yes = Reply::status(409).header("x-should-retry", "true");
    let no = Reply::status(503).header("x-should-retry", "false");
    let server = Server::start(vec![yes, no]).await;
    let (client, _) = server.client();
    let error = failure(client.send::<Item>(&GET, arguments()).await);
    assert_eq!(error.status(), Some(503));
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn broken_connections_are_tried_again() {
    let server = Server::start(vec![Reply::Close, Reply::Broken, Reply::json(ITEM)]).await;
    let (client, waits) = server.client();
    let answer = client.call(&GET, arguments(), &RequestOptions::new()).await.unwrap();
    assert_eq!(answer.retries_taken, 2);
    assert!(waits.all()[1] <= Duration::from_secs(1));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_a_connection_error() {
    let client = Client::builder().api_key(KEY).base_url("http://127.0.0.1:1").max_retries(0);
    let error = failure(client.build().unwrap().send::<Item>(&GET, arguments()).await);
    assert_eq!((error.kind(), error.class_name()), (ErrorKind::Connection, "APIConnectionError"));
    let text = error.to_string();
    assert!(text.contains("http://127.0.0.1:1") && text.contains("refused"), "{text}");
}

#[tokio::test]
async fn two_retries_are_the_default_and_zero_means_none() {
    for (options, requests) in [
        (RequestOptions::new(), 3),
        (RequestOptions::new().max_retries(0), 1),
        (RequestOptions::new().max_retries(4), 5),
    ] {
        let server = Server::start((0..9).map(|_| Reply::status(503)).collect()).await;
        let (client, _) = server.client();
        failure(client.call(&GET, arguments(), &options).await);
        assert_eq!(server.requests().len(), requests);
        let (client, _) = server.client();
        failure(client.with_options(options).send::<Item>(&GET, arguments()).await);
        assert_eq!(server.requests().len(), (2 * requests).min(10));
    }
}

#[tokio::test]
async fn retry_after_is_honoured_in_each_of_its_forms() {
    let date = chrono::Utc::now() + chrono::TimeDelta::seconds(90);
    let date = date.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let cases = [
        (Reply::status(429).header("retry-after", "7"), 7.0..=7.0),
        (Reply::status(429).header("retry-after", "120"), 120.0..=120.0),
        (Reply::status(503).header("retry-after", "9").header("retry-after-ms", "1500"), 1.5..=1.5),
        (Reply::status(503).header("retry-after", date), 80.0..=90.0),
        (Reply::status(503).header("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT"), 0.0..=0.0),
        (Reply::status(503).header("retry-after", "later"), 0.0..=0.5),
    ];
    for (reply, expected) in cases {
        let server = Server::start(vec![reply, Reply::json(ITEM)]).await;
        let (client, waits) = server.client();
        client.send::<Item>(&GET, arguments()).await.unwrap();
        let waited = waits.all()[0].as_secs_f64();
        assert!(expected.contains(&waited), "{waited} is not in {expected:?}");
    }
}

#[tokio::test]
async fn a_retry_after_of_more_than_two_minutes_is_left_to_the_caller() {
    let server = Server::start(vec![Reply::status(429).header("retry-after", "121")]).await;
    let (client, waits) = server.client();
    let error = failure(client.send::<Item>(&GET, arguments()).await);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(121)));
    assert!(waits.all().is_empty());
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn every_attempt_of_a_call_has_the_same_idempotency_key_and_every_call_another() {
    for operation in [&CREATE, &UPDATE, &DELETE] {
        let script = [503, 200, 200].map(|status| match status {
            200 if operation.answer == Answer::Empty => Reply::json(""),
            200 => Reply::json(ITEM),
            status => Reply::status(status),
        });
        let server = Server::start(script.into()).await;
        let (client, _) = server.client();
        for _ in 0..2 {
            client.call(operation, Arguments::new(), &RequestOptions::new()).await.unwrap();
        }
        let requests = server.requests();
        let keys: Vec<_> = requests.iter().map(|request| request.header("idempotency-key").unwrap()).collect();
        assert_eq!(keys[0], keys[1]);
        assert_ne!(keys[1], keys[2]);
        assert_eq!(keys[0].len(), 32, "128 bits in hexadecimal");
    }
}

#[tokio::test]
async fn get_and_put_need_no_idempotency_key_and_a_given_one_is_used() {
    let server = Server::start(vec![Reply::json(ITEM), Reply::json(ITEM), Reply::json(ITEM)]).await;
    let (client, _) = server.client();
    client.send::<Item>(&GET, arguments()).await.unwrap();
    client.send::<Item>(&REPLACE, Arguments::new()).await.unwrap();
    let own = RequestOptions::new().idempotency_key("order-17");
    client.with_options(own).send::<Item>(&CREATE, Arguments::new()).await.unwrap();
    let requests = server.requests();
    let keys: Vec<_> = requests.iter().map(|request| request.header("idempotency-key")).collect();
    assert_eq!(keys, [None, None, Some("order-17")]);
}

#[tokio::test]
async fn the_budget_ends_retries_when_most_calls_fail() {
    let server = Server::start((0..600).map(|_| Reply::status(503)).collect()).await;
    let (client, waits) = server.client();
    for _ in 0..150 {
        failure(client.send::<Item>(&GET, arguments()).await);
    }
    assert_eq!(waits.all().len(), 100, "500 tokens are 100 retries at 5 each");
}

#[tokio::test]
async fn the_budget_can_be_switched_off_and_a_retry_that_helps_is_free() {
    let off = |builder: agent_platform::ClientBuilder| builder.retry_budget(false);
    let on = |builder: agent_platform::ClientBuilder| builder;
    let failing = || (0..450).map(|_| Reply::status(503)).collect();
    let healing = || {
        let pairs = (0..150).map(|_| [Reply::status(503), Reply::json(ITEM)]);
        pairs.flatten().collect()
    };
    for (script, budget, retries) in
        [(failing(), &off as &dyn Fn(_) -> agent_platform::ClientBuilder, 300), (healing(), &on, 150)]
    {
        let server: Server = Server::start(script).await;
        let waits = std::sync::Arc::new(agent_platform::RecordedDelays::default());
        let builder = Client::builder().api_key(KEY).base_url(&server.url).sleep(waits.clone());
        let client = budget(builder).build().unwrap();
        for _ in 0..150 {
            let _ = client.send::<Item>(&GET, arguments()).await;
        }
        assert_eq!(waits.all().len(), retries);
    }
}
