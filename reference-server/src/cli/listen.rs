//! Accepting connections, with bounds on how many there are and how slowly they may ask.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context;
use axum::{Router, body::Body};
use http::Request;
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpSocket},
    sync::Semaphore,
};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::stall::Unstalled;
use crate::address::Peer;

/// Connections waiting to be accepted; the kernel's default of 128 drops some of a burst.
const BACKLOG: u32 = 4096;
/// Connections at once; more wait in the backlog. Each idle one takes about 10 KB.
const CONNECTIONS: usize = 16_384;
/// How long a request's head may take, and how long a connection may idle between requests.
const HEAD_TIMEOUT: Duration = Duration::from_secs(60);
/// After a failed accept (no file descriptors left) the next is not tried at once.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Binds the address.
pub(super) fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    let bound = socket.bind(address).and_then(|()| socket.listen(BACKLOG));
    bound.with_context(|| match address.port() {
        0 => format!("cannot listen on {address}"),
        port => {
            format!("cannot listen on {address}: stop what uses port {port}, or choose another address with --bind")
        }
    })
}

/// Serves until `draining`, and then until every connection has had its answer.
pub(super) async fn serve(listener: TcpListener, router: Router, draining: CancellationToken) {
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let next = async {
            let place = places.clone().acquire_owned().await.expect("the semaphore is never closed");
            (listener.accept().await, place)
        };
        let Some((stream, place)) = draining.run_until_cancelled(next).await else { break };
        let Ok((stream, peer)) = stream else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        // An answer is one write, and must not wait for the acknowledgement of the last.
        let _ = stream.set_nodelay(true);
        let service = router.clone().map_request(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(Peer(peer.ip()));
            request.map(Body::new)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIMEOUT)
            .serve_connection(TokioIo::new(Unstalled::new(stream)), TowerToHyperService::new(service));
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // A connection that breaks is the client's affair; what it asked for is logged by its own layer.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    graceful.shutdown().await;
}
