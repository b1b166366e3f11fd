//! The connection to Redis: one for all requests, made anew where it broke, and never waited for by a crowd.

use std::{
    fmt,
    sync::{PoisonError, RwLock},
    time::{Duration, Instant},
};

use redis::{
    AsyncConnectionConfig, Client, FromRedisValue, InfoDict, RedisError, RedisResult, Script, ScriptInvocation,
    aio::MultiplexedConnection,
};
use tokio::sync::Mutex;

use super::scripts;
use crate::ids::random_u64;

/// How long connecting may take, and each answer: who asks is holding a request meanwhile.
const PATIENCE: Duration = Duration::from_secs(2);
/// After a failed try the next requests fail at once for this long, instead of each trying by itself.
const PAUSE: Duration = Duration::from_millis(200);

/// See the module.
pub(super) struct Link {
    client: Client,
    current: RwLock<Option<Live>>,
    connecting: Mutex<Option<Failed>>,
}

#[derive(Clone)]
struct Live {
    serial: u64,
    connection: MultiplexedConnection,
}

struct Failed {
    at: Instant,
    reason: String,
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The client's own text holds the password.
        f.write_str("Link(…)")
    }
}

impl Link {
    pub(super) fn new(client: Client) -> Self {
        Self { client, current: RwLock::default(), connecting: Mutex::default() }
    }

    /// Runs a script that may run twice, with the arguments that `arguments` adds: one round trip. Where the connection turns out to
    /// be dead, as it is after a restart of Redis, it is asked once more.
    pub(super) async fn run<T: FromRedisValue>(
        &self,
        script: &Script,
        arguments: impl Fn(&mut ScriptInvocation<'_>),
    ) -> RedisResult<T> {
        match self.run_once(script, &arguments).await {
            Err(error) if error.is_connection_dropped() || error.is_io_error() && !error.is_timeout() => {
                self.run_once(script, arguments).await
            }
            answer => answer,
        }
    }

    /// Runs a script that must not run twice.
    pub(super) async fn run_once<T: FromRedisValue>(
        &self,
        script: &Script,
        arguments: impl Fn(&mut ScriptInvocation<'_>),
    ) -> RedisResult<T> {
        let mut invocation = script.prepare_invoke();
        arguments(&mut invocation);
        let Live { serial, mut connection } = self.live().await?;
        let answer = invocation.invoke_async(&mut connection).await;
        answer.inspect_err(|error| self.judge(serial, error))
    }

    /// Sets a key that is not there, for a while; whether it was not.
    pub(super) async fn set_new(&self, key: &str, value: &str, lasts: Duration) -> RedisResult<bool> {
        let Live { serial, mut connection } = self.live().await?;
        let milliseconds = u64::try_from(lasts.as_millis()).unwrap_or(u64::MAX);
        let mut command = redis::cmd("SET");
        command.arg(key).arg(value).arg("NX").arg("PX").arg(milliseconds);
        let answer: RedisResult<Option<String>> = command.query_async(&mut connection).await;
        answer.map(|set| set.is_some()).inspect_err(|error| self.judge(serial, error))
    }

    /// Lets go of a connection that a fault of it, or a silent Redis, makes worthless.
    fn judge(&self, serial: u64, error: &RedisError) {
        // A Redis that was made a replica, or still loads its data, goes on answering: perhaps another is in its place by now.
        let is_of_the_script = error.code().is_some_and(|code| !["READONLY", "MASTERDOWN", "LOADING"].contains(&code));
        if is_of_the_script && !error.is_unrecoverable_error() {
            return;
        }
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if current.as_ref().is_some_and(|live| live.serial == serial) {
            *current = None;
        }
    }

    fn now(&self) -> Option<Live> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn live(&self) -> RedisResult<Live> {
        if let Some(live) = self.now() {
            return Ok(live);
        }
        let mut failed = self.connecting.lock().await;
        if let Some(live) = self.now() {
            return Ok(live);
        }
        if let Some(failed) = failed.as_ref().filter(|failed| failed.at.elapsed() < PAUSE) {
            return Err(RedisError::from(std::io::Error::other(failed.reason.clone())));
        }
        match self.connect().await {
            Ok(live) => {
                if failed.take().is_some() {
                    tracing::info!("Redis answers again");
                }
                *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(live.clone());
                Ok(live)
            }
            Err(error) => {
                if failed.is_none() {
                    tracing::error!(%error, "Redis can't be reached: executions are refused until it can");
                }
                *failed = Some(Failed { at: Instant::now(), reason: error.to_string() });
                Err(error)
            }
        }
    }

    /// Connects, and sees to it that a Redis that was started anew is trusted in nothing it says.
    async fn connect(&self) -> RedisResult<Live> {
        let config =
            AsyncConnectionConfig::new().set_connection_timeout(Some(PATIENCE)).set_response_timeout(Some(PATIENCE));
        let mut connection = self.client.get_multiplexed_async_connection_with_config(&config).await?;
        let info: InfoDict = redis::cmd("INFO").query_async(&mut connection).await?;
        let (limit, policy) = (info.get::<u64>("maxmemory").unwrap_or(0), info.get::<String>("maxmemory_policy"));
        if limit > 0 && policy.as_deref().is_some_and(|policy| policy != "noeviction") {
            tracing::error!(
                policy,
                "Redis may drop counters when its memory is full, and limits would be passed: set maxmemory-policy to noeviction"
            );
        }
        let process: String = info.get("run_id").unwrap_or_default();
        let generation = format!("{:016x}", random_u64());
        let () = scripts::ADOPT.arg(process).arg(generation).invoke_async(&mut connection).await?;
        Ok(Live { serial: random_u64(), connection })
    }
}
