//! What is sent, and what is refused before anything is.

use std::process::Command;

use agent_platform::{Arguments, Client, ErrorKind, Page, RequestOptions};
use serde_json::json;

use crate::support::{CREATE, DELETE, GET, Item, KEY, LIST, Reply, SIGN_UP, STREAM, Server, failure};

const ITEM: &str = r#"{"name":"a"}"#;

#[tokio::test]
async fn a_call_carries_the_key_the_client_and_a_json_body() {
    let server = Server::start(vec![Reply::json(ITEM)]).await;
    let client = Client::builder()
        .api_key(format!(" {KEY}\n"))
        .base_url(format!("{}/api/", server.url))
        .default_header("x-team", "blue")
        .user_agent_suffix("my-app/1.2")
        .build()
        .unwrap();
    let arguments = Arguments::new().json(&json!({"name": "a"})).unwrap();
    let options = RequestOptions::new().header("X-Team", "red").query("debug", "a b");
    let answer = client.call(&CREATE, arguments, &options).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.retries_taken), (200, 0));
    let request = &server.requests()[0];
    assert_eq!(request.line, "POST /api/agents?debug=a%20b");
    assert_eq!(request.header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.header("accept"), Some("application/json"));
    assert_eq!(request.header("x-team"), Some("red"));
    assert_eq!(request.body, ITEM);
    let agent = request.header("user-agent").unwrap();
    assert!(agent.starts_with("agent-platform-sdk/") && agent.ends_with(" my-app/1.2"), "{agent}");
}

#[tokio::test]
async fn what_stands_in_a_path_or_query_is_encoded() {
    let server = Server::start(vec![Reply::json(ITEM), Reply::json(ITEM)]).await;
    let (client, _) = server.client();
    let arguments = Arguments::new().path("agent_id", "a/../b?c#d é").query("q", Some("x&y=z+1"));
    client.send::<Item>(&GET, arguments).await.unwrap();
    assert_eq!(server.requests()[0].line, "GET /agents/a%2F..%2Fb%3Fc%23d%20%C3%A9?q=x%26y%3Dz%2B1");
    let arguments = Arguments::new().query("limit", None::<u32>).query("tag", Some("a")).query("tag", Some("b"));
    client.send::<Item>(&LIST, arguments).await.unwrap();
    assert_eq!(server.requests()[1].line, "GET /agents?tag=a&tag=b");
}

#[tokio::test]
async fn an_id_that_would_name_another_path_is_refused() {
    let server = Server::start(vec![]).await;
    let (client, _) = server.client();
    for id in ["", " ", ".", "..", "agent-1 ", "\u{a0}agent-1", "agent-1\n", "agent\0"] {
        let error = failure(client.send::<Item>(&GET, Arguments::new().path("agent_id", id)).await);
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains("agent_id"), "{error}");
    }
    failure(client.send::<Item>(&GET, Arguments::new()).await);
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn options_that_cannot_be_sent_are_refused() {
    let server = Server::start(vec![]).await;
    let (client, _) = server.client();
    for options in [
        RequestOptions::new().header("bad name", "x"),
        RequestOptions::new().header("x", "line\nbreak"),
        RequestOptions::new().idempotency_key(""),
        RequestOptions::new().idempotency_key("line\nbreak"),
        RequestOptions::new().idempotency_key("  "),
        RequestOptions::new().idempotency_key("x".repeat(256)),
    ] {
        let error = failure(client.call(&CREATE, Arguments::new(), &options).await);
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn only_sign_up_works_without_a_key_and_never_shows_one() {
    let server = Server::start(vec![Reply::json(ITEM), Reply::json(ITEM)]).await;
    let without = Client::builder().api_key("").base_url(&server.url).build().unwrap();
    let error = failure(without.send::<Item>(&CREATE, Arguments::new()).await);
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("AGENT_PLATFORM_API_KEY"), "{error}");
    without.send::<Item>(&SIGN_UP, Arguments::new()).await.unwrap();
    server.client().0.send::<Item>(&SIGN_UP, Arguments::new()).await.unwrap();
    assert_eq!(server.requests().len(), 2);
    assert!(server.requests().iter().all(|request| request.header("authorization").is_none()));
}

#[tokio::test]
async fn a_base_url_that_is_none_is_refused_by_name() {
    for (url, named) in [
        ("localhost:8000", "localhost:8000"),
        ("ftp://host", "ftp://host"),
        ("http://", "http://"),
        ("http://host?x=1", "http://host "),
        ("no url", "no url"),
    ] {
        let error = failure(Client::builder().api_key(KEY).base_url(url).build());
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains(named), "{error}");
    }
    let behind_a_prefix = Client::builder().base_url("http://host/api/").build().unwrap();
    assert_eq!(behind_a_prefix.base_url(), "http://host/api");
}

#[tokio::test]
async fn a_base_url_that_holds_a_secret_is_not_repeated() {
    for url in [
        "http://u:SECRET@host",
        "u:SECRET@host",
        "http://host/?key=SECRET",
        "http://host/#SECRET",
        "pk_live_abc_SECRET",
        "http://pk_test_abc_SECRET",
        "http://pk_test_abc_SECRET:99999999",
    ] {
        if let Err(error) = Client::builder().api_key(KEY).base_url(url).build() {
            assert!(!format!("{error} {error:?}").contains("SECRET"), "{error}");
        }
    }
}

#[tokio::test]
async fn a_limit_of_no_time_is_refused() {
    let none = std::time::Duration::ZERO;
    failure(Client::builder().timeout(none).build());
    failure(Client::builder().connect_timeout(none).build());
    let server = Server::start(vec![]).await;
    let error = failure(server.client().0.send::<Item>(&LIST, Arguments::new()).timeout(none).await);
    assert_eq!((error.kind(), server.connections()), (ErrorKind::InvalidRequest, 0));
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[tokio::test]
async fn a_ca_bundle_that_is_none_is_refused_by_name() {
    for path in ["/does/not/exist.pem", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")] {
        let error = failure(Client::builder().api_key(KEY).ca_bundle(path).build());
        assert!(error.to_string().contains(path), "{error}");
    }
}

#[tokio::test]
async fn answers_without_content_and_connections_are_taken_as_they_should() {
    let none = || Reply::Whole { status: 204, headers: vec![], body: String::new() };
    let server = Server::start(vec![none(), none(), none()]).await;
    let (client, _) = server.client();
    for _ in 0..3 {
        client.clone().send_empty(&DELETE, Arguments::new()).await.unwrap();
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_list_is_walked_to_its_end() {
    let page = |names: &[&str], next: Option<&str>| {
        let data: Vec<_> = names.iter().map(|name| json!({"name": name})).collect();
        Reply::json(&json!({"data": data, "has_more": next.is_some(), "next_cursor": next}).to_string())
    };
    let pages = || vec![page(&["a", "b"], Some("c 1")), page(&[], Some("c2")), page(&["c"], None)];
    let server = Server::start(pages()).await;
    let (client, _) = server.client();
    let mut pager = client.pager::<Item>(&LIST, Arguments::new().query("limit", Some(2)));
    let mut names = String::new();
    while let Some(item) = pager.next().await {
        names += &item.unwrap().name;
    }
    assert_eq!(names, "abc");
    let lines: Vec<_> = server.requests().into_iter().map(|request| request.line).collect();
    let expected = ["GET /agents?limit=2", "GET /agents?limit=2&cursor=c%201", "GET /agents?limit=2&cursor=c2"];
    assert_eq!(lines, expected);

    let server = Server::start(pages()).await;
    let mut pager = server.client().0.pager::<Item>(&LIST, Arguments::new());
    let first: Page<Item> = pager.next_page().await.unwrap().unwrap();
    assert_eq!((first.data.len(), first.has_more), (2, true));
    assert_eq!(pager.next_page().await.unwrap().unwrap().data.len(), 0);
    assert_eq!(pager.next().await.unwrap().unwrap().name, "c");
    assert!(pager.next_page().await.unwrap().is_none());
}

#[tokio::test]
async fn a_list_that_fails_ends_with_the_error() {
    let server = Server::start(vec![Reply::status(404)]).await;
    let mut pager = server.client().0.pager::<Item>(&LIST, Arguments::new());
    assert_eq!(failure(pager.next().await.unwrap()).status(), Some(404));
    assert!(pager.next().await.is_none());
}

#[tokio::test]
async fn events_are_asked_for_by_accept() {
    let server = Server::start(vec![Reply::status(404)]).await;
    failure(server.client().0.open(&STREAM, Arguments::new(), &RequestOptions::new()).await);
    assert_eq!(server.requests()[0].header("accept"), Some("text/event-stream"));
}

/// Runs one test of this file in a process with other variables; its standard error.
pub(crate) fn rerun(test: &str, variables: &[(&str, &str)]) -> String {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture", "--ignored"])
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{}{text}", String::from_utf8_lossy(&output.stdout));
    text
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_environment_sets_up_a_client_and_its_log() {
    let server = Server::start(vec![Reply::status(503), Reply::json(ITEM)]).await;
    let variables = [
        ("AGENT_PLATFORM_API_KEY", KEY),
        ("AGENT_PLATFORM_BASE_URL", server.url.as_str()),
        ("AGENT_PLATFORM_LOG", "debug"),
    ];
    let log = tokio::task::block_in_place(|| rerun("requests::in_another_environment", &variables));
    assert!(server.requests()[1].header("authorization").unwrap().ends_with(KEY));
    assert!(log.contains("get_agent (attempt 1): GET /agents/agent-1 -> 503"), "{log}");
    assert!(log.contains("retrying in") && log.contains("(attempt 2)"), "{log}");
    assert!(!log.contains("SECRET"), "{log}");
}

#[tokio::test]
#[ignore = "run by the_environment_sets_up_a_client_and_its_log"]
async fn in_another_environment() {
    let client = Client::from_env().unwrap();
    client.send::<Item>(&GET, Arguments::new().path("agent_id", "agent-1")).await.unwrap();
}
