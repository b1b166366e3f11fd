//! Errors and what they carry.

use std::time::Duration;

use agent_platform::{Arguments, Client, ErrorKind, RequestOptions, models::ListAgentsParams};

use crate::support::{DELETE, DOWNLOAD, GET, Item, KEY, Reply, STREAM, Server, failure};

fn get() -> Arguments {
    Arguments::new().path("agent_id", "agent-1")
}

async fn error_of(reply: Reply) -> agent_platform::Error {
    let server = Server::start(vec![reply]).await;
    let (client, _) = server.client();
    let client = client.with_options(RequestOptions::new().max_retries(0));
    failure(client.send::<Item>(&GET, get()).await)
}

#[tokio::test]
async fn each_status_has_its_class() {
    for (status, class) in [
        (400, "BadRequestError"),
        (401, "AuthenticationError"),
        (403, "PermissionDeniedError"),
        (404, "NotFoundError"),
        (405, "APIStatusError"),
        (409, "ConflictError"),
        (422, "UnprocessableEntityError"),
        (429, "RateLimitError"),
        (500, "InternalServerError"),
        (503, "InternalServerError"),
    ] {
        let error = error_of(Reply::status(status)).await;
        assert_eq!((error.kind(), error.class_name()), (ErrorKind::Status, class), "{status}");
    }
}

#[tokio::test]
async fn a_quota_has_a_class_of_its_own() {
    for code in ["rate_limited", "quota_exceeded"] {
        let body = format!(r#"{{"status":429,"code":"{code}","quota":"max_requests_per_hour"}}"#);
        let headers = vec![("retry-after", "3600".to_owned())];
        let error = error_of(Reply::Whole { status: 429, headers, body }).await;
        assert_eq!(error.class_name(), "QuotaExceededError");
        assert_eq!(error.body().unwrap()["quota"], "max_requests_per_hour");
        assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
    }
}

#[tokio::test]
async fn a_problem_is_told_in_whole() {
    let error = error_of(Reply::status(404).header("x-request-id", "req-7")).await;
    assert_eq!(error.status(), Some(404));
    assert_eq!(error.code(), Some("some_code"));
    assert_eq!(error.detail(), Some("what went wrong"));
    assert_eq!(error.request_id(), Some("req-7"));
    assert_eq!(error.body().unwrap()["title"], "T");
    assert_eq!(error.to_string(), "404 some_code: what went wrong (request req-7)");
}

#[tokio::test]
async fn an_error_page_of_something_else_is_kept_as_text() {
    let headers = vec![("content-type", "text/html".to_owned())];
    let body = "<h1>Bad gateway</h1>".to_owned();
    let error = error_of(Reply::Whole { status: 502, headers, body }).await;
    assert_eq!(error.class_name(), "InternalServerError");
    assert_eq!(error.body().unwrap(), "<h1>Bad gateway</h1>");
    assert_eq!(error.to_string(), "502: <h1>Bad gateway</h1>");
}

#[tokio::test]
async fn a_server_that_is_no_agent_platform_is_told_by_its_page() {
    for status in [404, 405] {
        let headers = vec![("content-type", "text/html".to_owned())];
        let error = error_of(Reply::Whole { status, headers, body: "<h1>Welcome to nginx!</h1>".to_owned() }).await;
        assert_eq!(error.status(), Some(status));
        assert!(error.to_string().contains("an agent platform, and the base URL right?"), "{error}");
        let error = error_of(Reply::status(status)).await;
        assert!(!error.to_string().contains("base URL"), "{error}");
    }
}

#[tokio::test]
async fn a_key_that_the_server_repeats_is_left_out() {
    for body in [format!("no user {KEY} here"), format!(r#"{{"detail":"no user {KEY} here","code":"no_user"}}"#)] {
        let headers = vec![("content-type", "application/json".to_owned())];
        let error = error_of(Reply::Whole { status: 403, headers, body }).await;
        assert!(error.to_string().contains("no user (the key) here"), "{error}");
        assert!(!format!("{error} {error:?} {:?}", error.body()).contains("SECRET"));
    }
}

#[tokio::test]
async fn an_answer_that_is_not_the_apis_is_no_success() {
    let page = |kind: &str, body: &str| Reply::Whole {
        status: 200,
        headers: vec![("content-type", kind.to_owned()), ("x-request-id", "req-8".to_owned())],
        body: body.to_owned(),
    };
    let error = error_of(page("text/html", "<html>")).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("text/html; is the base URL right?"), "{error}");
    let error = error_of(page("application/json", r#"{"name":7}"#)).await;
    assert_eq!((error.kind(), error.request_id()), (ErrorKind::Decode, Some("req-8")));
    assert_eq!(error.class_name(), "AgentPlatformError");

    let pages = vec![page("text/html", "<html>"), page("text/html", "<html>"), page("text/html", ""), page("", "")];
    let server = Server::start(pages).await;
    let (client, _) = server.client();
    for operation in [&DELETE, &DOWNLOAD] {
        let error = failure(client.call(operation, Arguments::new(), &RequestOptions::new()).await);
        assert_eq!((error.kind(), error.request_id()), (ErrorKind::Decode, Some("req-8")));
        assert!(error.to_string().contains("answered text/html; is the base URL right?"), "{error}");
    }
    for operation in [&DELETE, &DOWNLOAD] {
        client.call(operation, Arguments::new(), &RequestOptions::new()).await.expect("there is nothing wrong with it");
    }

    let server = Server::start(vec![Reply::json("{}")]).await;
    let error = failure(server.client().0.open(&STREAM, Arguments::new(), &RequestOptions::new()).await);
    assert!(error.to_string().contains("expected text/event-stream"), "{error}");
}

#[tokio::test]
async fn a_call_is_named_as_its_language_spells_it() {
    for (builder, name) in [(Client::builder(), "get_agent"), (Client::builder().camel_case(), "getAgent")] {
        let client = builder.base_url("http://127.0.0.1:1").build().unwrap();
        let error = failure(client.send::<Item>(&GET, get().path("agent_id", "")).await);
        assert!(error.to_string().starts_with(&format!("{name} needs an API key")), "{error}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_with_the_key() {
    let reply = Reply::status(307).header("location", "http://127.0.0.1:1/elsewhere");
    let error = error_of(reply).await;
    assert_eq!(error.status(), Some(307));
    assert!(error.to_string().contains("redirects to http://127.0.0.1:1/elsewhere"), "{error}");
}

#[tokio::test]
async fn the_key_is_in_no_debug_output_and_no_error() {
    let server = Server::start(vec![Reply::status(401), Reply::Close]).await;
    let builder =
        Client::builder().api_key(KEY).base_url(&server.url).proxy("").default_header("x-token", KEY).max_retries(0);
    let mut seen = format!("{builder:?}");
    let (client, _) = server.client();
    let client = client.with_options(RequestOptions::new().max_retries(0));
    seen += &format!("{client:?} {:?}", client.clone());
    for _ in 0..2 {
        let error = failure(client.send::<Item>(&GET, get()).await);
        seen += &format!("{error} {error:?} {error:#?}");
        let mut source = std::error::Error::source(&error);
        while let Some(error) = source {
            seen += &format!("{error} {error:?}");
            source = error.source();
        }
    }
    let secret = "proxy-password";
    let bad = [
        Client::builder().api_key(format!("{KEY}\n{secret}")).build(),
        Client::builder().api_key(KEY).proxy(format!("nonsense://u:{secret}@[")).build(),
        Client::builder().api_key(KEY).base_url(format!("http://u:{secret}@host")).build(),
        Client::builder().api_key(KEY).default_header("x-token", format!("{secret}\n")).build(),
    ];
    for result in bad {
        let error = failure(result);
        assert_eq!(error.kind(), ErrorKind::Configuration);
        seen += &format!("{error} {error:?}");
    }
    assert!(!seen.contains("SECRET") && !seen.contains(secret), "{seen}");
}

#[tokio::test]
async fn a_page_that_leads_to_itself_is_no_endless_list() {
    let page = || Reply::json(r#"{"data": [], "has_more": true, "next_cursor": "c2"}"#);
    let server = Server::start(vec![page(), page(), page()]).await;
    let mut agents = server.client().0.list_agents_all(ListAgentsParams::new());
    let error = failure(agents.next().await.expect("there is an error"));
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(agents.next().await.is_none());
    assert_eq!(server.requests().len(), 2);
}
