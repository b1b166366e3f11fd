//! Certificates: a server that a private authority vouches for.

use std::{path::PathBuf, sync::Arc, time::Duration};

use agent_platform::{Arguments, Client, ClientBuilder, ErrorKind, RecordedDelays, Result};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::ring, pki_types::PrivateKeyDer},
};

use crate::{
    requests::rerun,
    support::{GET, Item, KEY, failure, read_request},
};

const ANSWER: &[u8] =
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 19\r\n\r\n{\"name\":\"over TLS\"}";

/// A server with a certificate for `localhost`, and the file of the authority that issued it.
struct Trusted {
    url: String,
    authority: PathBuf,
    _folder: tempfile::TempDir,
}

impl Trusted {
    async fn start() -> Self {
        let mut authority = CertificateParams::new(Vec::new()).unwrap();
        // OpenSSL takes a certificate for self-signed whose issuer has its own name.
        authority.distinguished_name.push(DnType::CommonName, "Authority of a test");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let certificate =
            CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::try_from(key.serialize_der()).unwrap())
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        let acceptor = TlsAcceptor::from(Arc::new(config));
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    // A client that does not trust it hangs up.
                    if let Ok(connection) = acceptor.accept(connection).await {
                        let mut connection = BufReader::new(connection);
                        while let Ok(Some(_)) = read_request(&mut connection).await {
                            connection.write_all(ANSWER).await.unwrap();
                            connection.flush().await.unwrap();
                        }
                    }
                });
            }
        });
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("authority.pem");
        std::fs::write(&path, authority.pem()).unwrap();
        Self { url, authority: path, _folder: folder }
    }

    fn builder(&self) -> ClientBuilder {
        Client::builder().api_key(KEY).base_url(&self.url)
    }
}

async fn get(builder: ClientBuilder) -> Result<Item> {
    builder.build()?.send::<Item>(&GET, Arguments::new().path("agent_id", "agent-1")).await
}

#[tokio::test]
async fn a_certificate_of_an_unknown_authority_is_refused_with_the_way_out() {
    let server = Trusted::start().await;
    let delays = Arc::new(RecordedDelays::default());
    let error = failure(get(server.builder().sleep(delays.clone())).await);
    assert_eq!((error.kind(), error.class_name()), (ErrorKind::Connection, "APIConnectionError"));
    let text = error.to_string();
    let why = if cfg!(feature = "rustls") { "UnknownIssuer" } else { "certificate verify failed" };
    for part in ["certificate", &server.url, why, "SSL_CERT_FILE", "CA bundle"] {
        assert!(text.contains(part), "{part} is missing in: {text}");
    }
    assert!(delays.all().is_empty(), "it would be no better another time");
}

#[tokio::test]
async fn a_bundle_with_its_authority_makes_it_trusted() {
    let server = Trusted::start().await;
    let item = get(server.builder().ca_bundle(&server.authority)).await.unwrap();
    assert_eq!(item.name, "over TLS");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn so_does_the_variable_of_openssl() {
    let server = Trusted::start().await;
    let variables = [
        ("AGENT_PLATFORM_API_KEY", KEY),
        ("AGENT_PLATFORM_BASE_URL", server.url.as_str()),
        ("SSL_CERT_FILE", server.authority.to_str().unwrap()),
    ];
    tokio::task::block_in_place(|| rerun("requests::in_another_environment", &variables));
}

#[tokio::test]
async fn a_certificate_for_another_host_is_refused() {
    let server = Trusted::start().await;
    let elsewhere = server.url.replace("localhost", "127.0.0.1");
    let error = failure(get(server.builder().base_url(elsewhere).ca_bundle(&server.authority)).await);
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(error.to_string().contains("certificate"), "{error}");
}

#[tokio::test]
async fn a_server_without_tls_is_told_from_one_that_is_not_there() {
    for answer in [b"HTTP/1.1 400 Bad Request\r\n\r\n".as_slice(), b""] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        let server = async {
            let (mut connection, _) = listener.accept().await.unwrap();
            connection.readable().await.unwrap();
            connection.write_all(answer).await.unwrap();
            connection.shutdown().await.unwrap();
            connection.read_to_end(&mut Vec::new()).await
        };
        let builder = Client::builder().api_key(KEY).base_url(url).max_retries(0);
        let error = failure(tokio::join!(get(builder), server).0);
        assert_eq!(error.kind(), ErrorKind::Connection);
        assert!(error.to_string().contains("does it speak TLS"), "{error}");
    }
}

#[tokio::test]
async fn making_a_connection_has_a_limit_of_its_own_tls_included() {
    // The system accepts the connection; nobody ever answers the handshake.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let limit = Duration::from_millis(50);
    let builder = Client::builder().api_key(KEY).base_url(url).max_retries(0).timeout(None).connect_timeout(limit);
    let error = failure(get(builder).await);
    assert_eq!((error.kind(), error.class_name()), (ErrorKind::Timeout, "APITimeoutError"));
    assert!(error.to_string().contains("no connection to https://127.0.0.1"), "{error}");
    assert!(error.to_string().contains("within 0.05 s"), "{error}");
}

#[test]
fn five_seconds_are_the_limit_of_connecting() {
    assert_eq!(agent_platform::CONNECT_TIMEOUT, Duration::from_secs(5));
    let client = Client::builder().base_url("https://localhost").build().unwrap();
    assert!(format!("{client:?}").contains("connect_timeout: Some(5s)"), "{client:?}");
}
