//! A build without TLS: plain HTTP works, and what needs TLS is refused.

use agent_platform::{Arguments, Client, ErrorKind};

use crate::support::{GET, Item, KEY, Reply, Server, failure};

#[tokio::test]
async fn what_needs_tls_is_refused_when_the_client_is_made() {
    let plain = || Client::builder().api_key(KEY);
    let proxied = plain().base_url("http://agents.example").proxy("https://proxy:3128");
    for builder in [plain().base_url("https://agents.example"), plain().ca_bundle("ca.pem"), proxied] {
        let error = failure(builder.build());
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains("`rustls` or `native-tls`"), "{error}");
    }
}

#[tokio::test]
async fn plain_http_works() {
    let server = Server::start(vec![Reply::json(r#"{"name":"a"}"#)]).await;
    server.client().0.send::<Item>(&GET, Arguments::new().path("agent_id", "agent-1")).await.unwrap();
}
