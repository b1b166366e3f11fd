//! Runs agents: a loop of model and tools, watched by callers, settled once.

mod breaker;
mod cancel;
mod checkpoints;
mod erasure;
pub mod events;
pub mod execution;
pub mod fair;
pub mod layout;
pub mod log;
pub mod models;
mod owned;
mod progress;
mod prompt;
pub mod registry;
pub mod rounds;
pub mod running;
pub mod start;
pub mod sweep;
pub mod tokens;
pub mod tools;
mod transcript;
pub mod watch;

use std::{sync::Arc, time::Duration};

use tokio_util::{sync::CancellationToken, task::TaskTracker};

use self::{fair::Admission, registry::Registry, running::Running};
use crate::{
    clock::Clock,
    ids::{AgentId, InstanceId, TenantId},
    quota::Quotas,
    recent::Recent,
    store::{Store, agents::AgentRow, journal::Journal},
};

/// The most rounds of model and tools in one execution.
pub const MAX_ROUNDS: usize = 8;
/// How long one execution may take, if the server is not set up otherwise.
pub const DEADLINE: Duration = Duration::from_secs(300);
/// How many tokens an execution may write where neither the request nor the agent says.
pub const DEFAULT_MAX_OUTPUT_TOKENS: i64 = 1_024;
/// The latest messages of a conversation that a model is shown.
pub const HISTORY_MESSAGES: i64 = 100;

/// What every execution needs.
#[derive(Clone, Debug)]
pub struct Runtime {
    /// Tells the time.
    pub clock: Clock,
    /// Names this server as the owner of what it runs.
    pub instance: InstanceId,
    /// The database.
    pub store: Store,
    /// Where executions are begun and settled.
    pub journal: Journal,
    /// What runs here.
    pub running: Arc<Running>,
    /// Agents that were executed a moment ago.
    pub agents: Arc<Recent<(TenantId, AgentId), AgentRow>>,
    /// The models, each with its price.
    pub models: Arc<Registry>,
    /// The counters.
    pub quotas: Arc<Quotas>,
    /// Lets executions begin, each tenant its share.
    pub admission: Arc<Admission>,
    /// How long one execution may take.
    pub deadline: Duration,
    /// Every execution that runs: shutdown waits for them.
    pub tasks: TaskTracker,
    /// Tells executions that the server's patience is at its end.
    pub stopping: CancellationToken,
}
