//! The way to the server: straight, through a proxy of the client's, through one of the environment's.

use agent_platform::{Arguments, Client, ErrorKind};

use crate::{
    requests::rerun,
    support::{GET, Item, KEY, Reply, Server, failure},
};

const ITEM: &str = r#"{"name":"a"}"#;

fn get() -> Arguments {
    Arguments::new().path("agent_id", "agent-1")
}

#[tokio::test]
async fn a_proxy_is_sent_the_whole_address_and_its_own_credentials() {
    let proxy = Server::start(vec![Reply::json(ITEM)]).await;
    let url = proxy.url.replace("http://", "http://user:proxy-password@");
    let client = Client::builder().api_key(KEY).base_url("http://agents.example").proxy(url).build().unwrap();
    client.send::<Item>(&GET, get()).await.unwrap();
    let request = &proxy.requests()[0];
    assert_eq!(request.line, "GET http://agents.example/agents/agent-1");
    assert_eq!(request.header("proxy-authorization"), Some("Basic dXNlcjpwcm94eS1wYXNzd29yZA=="));
}

#[tokio::test]
async fn a_proxy_of_the_clients_is_used_for_this_machine_too() {
    let proxy = Server::start(vec![Reply::json(ITEM)]).await;
    let builder = Client::builder().api_key(KEY).base_url("http://127.0.0.1:1").proxy(&proxy.url);
    builder.build().unwrap().send::<Item>(&GET, get()).await.unwrap();
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[tokio::test]
async fn a_proxy_that_refuses_is_named_without_its_password() {
    let refusing = Server::start((0..4).map(|_| Reply::status(403)).collect()).await;
    let with_password = |url: &str| url.replace("http://", "http://user:proxy-password@");
    for (proxy, base, kind) in [
        // Nobody there.
        ("http://127.0.0.1:1", "http://agents.example", ErrorKind::Connection),
        ("http://127.0.0.1:1", "https://agents.example", ErrorKind::Connection),
        // No tunnel for TLS.
        (refusing.url.as_str(), "https://agents.example", ErrorKind::Connection),
    ] {
        let builder = Client::builder().api_key(KEY).base_url(base).proxy(with_password(proxy)).max_retries(0);
        let error = failure(builder.build().unwrap().send::<Item>(&GET, get()).await);
        assert_eq!(error.kind(), kind);
        let text = format!("{error} {error:?}");
        assert!(text.contains(&format!("through the proxy {proxy}")), "{text}");
        assert!(!text.contains("proxy-password"), "{text}");
    }
}

#[tokio::test]
async fn a_proxy_that_is_none_is_refused() {
    for proxy in ["proxy:3128", "no proxy", "http://", "ftp://proxy", "http://u:secret@["] {
        let error = failure(Client::builder().api_key(KEY).proxy(proxy).build());
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains("http://proxy:3128") && !error.to_string().contains("secret"), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn proxies_of_the_environment_do_not_lead_to_this_machine() {
    let server = Server::start(vec![Reply::json(ITEM)]).await;
    let proxy = Server::start(vec![]).await;
    let localhost = server.url.replace("127.0.0.1", "localhost");
    let variables = [
        ("AGENT_PLATFORM_API_KEY", KEY),
        ("AGENT_PLATFORM_BASE_URL", localhost.as_str()),
        ("HTTP_PROXY", proxy.url.as_str()),
        ("ALL_PROXY", proxy.url.as_str()),
    ];
    tokio::task::block_in_place(|| rerun("requests::in_another_environment", &variables));
    assert_eq!((server.requests().len(), proxy.connections()), (1, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn proxies_of_the_environment_lead_elsewhere() {
    let proxy = Server::start(vec![Reply::json(ITEM)]).await;
    let variables = [
        ("AGENT_PLATFORM_API_KEY", KEY),
        ("AGENT_PLATFORM_BASE_URL", "http://agents.example"),
        ("HTTP_PROXY", proxy.url.as_str()),
        ("http_proxy", proxy.url.as_str()),
    ];
    tokio::task::block_in_place(|| rerun("requests::in_another_environment", &variables));
    assert_eq!(proxy.requests()[0].line, "GET http://agents.example/agents/agent-1");
}
