//! What the tests stand on: a database of its own for each, a server in this process or the real binary, and calls that
//! speak the public API.

pub mod binary;
pub mod call;
pub mod database;
pub mod everything;
pub mod faulty;
pub mod gate;
pub mod redis;
pub mod server;
pub mod sse;
pub mod wire;

use std::{future::Future, time::Duration};

pub use self::redis::Redis;
pub use binary::Binary;
pub use call::{Answer, Call};
pub use database::{Backend, Database};
pub use faulty::Faulty;
pub use server::{Server, Tenant};

/// Makes two tests of each function: one on SQLite, one on PostgreSQL.
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($server:ident: Server) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn promise($server: Server) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                $crate::harness::server::with($crate::harness::Backend::Sqlite, promise).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                $crate::harness::server::with($crate::harness::Backend::Postgres, promise).await;
            }
        }
    )+};
}
pub(crate) use on_both;

/// How long a test waits for something that must come.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Asks until the answer is there; a test that would wait for ever fails with `what`.
pub async fn until<T, F: Future<Output = Option<T>>>(what: &str, mut ask: impl FnMut() -> F) -> T {
    let asking = async {
        let mut pause = tokio::time::interval(Duration::from_millis(10));
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            pause.tick().await;
        }
    };
    tokio::time::timeout(PATIENCE, asking).await.unwrap_or_else(|_| panic!("waited in vain for {what}"))
}

/// A moment, as RFC 3339 writes it.
pub fn at(time: &str) -> chrono::DateTime<chrono::Utc> {
    time.parse().expect("a test's time is RFC 3339")
}
