//! What every request needs, put together once.

use std::{
    net::{Ipv4Addr, SocketAddr},
    ops::Deref,
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    address::TrustedProxies,
    api::{self, extract::Schemas},
    audit::Refusals,
    auth::Gate,
    clock::Clock,
    config::{OperatorSecret, Settings},
    error::{Problem, Result},
    ids::{InstanceId, TenantId},
    quota::{Quotas, SharedCounters},
    rate::Rate,
    recent::{Recent, Trust},
    runtime::{DEADLINE, Runtime, registry::Registry, running::Running},
    store::{Store, journal::Journal},
    tenancy::{SignUps, Tiers},
};

/// How a server is set up, but for its database.
#[derive(Debug)]
pub struct Setup {
    /// Tells the time.
    pub clock: Clock,
    /// What is configured.
    pub settings: Settings,
    /// The operator's key, if there is one.
    pub operator: Option<OperatorSecret>,
    /// Where it listens.
    pub address: SocketAddr,
    /// The counters that it shares with other servers; none: it counts by itself.
    pub shared: Option<Arc<SharedCounters>>,
    /// The models that agents can have.
    pub models: Registry,
    /// How long one execution may take.
    pub deadline: Duration,
}

impl Default for Setup {
    /// As it comes: on loopback, by the system's clock, with the built-in model.
    fn default() -> Self {
        Self {
            clock: Clock::default(),
            settings: Settings::default(),
            operator: None,
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            shared: None,
            models: Registry::default(),
            deadline: DEADLINE,
        }
    }
}

/// The parts of a running server, cheap to clone.
#[derive(Clone, Debug)]
pub struct App(Arc<Parts>);

/// See [`App`].
#[derive(Debug)]
pub struct Parts {
    /// Tells the time.
    pub clock: Clock,
    /// The database.
    pub store: Store,
    /// Lets callers in.
    pub gate: Gate,
    /// For how long what was read is trusted.
    pub trust: Trust,
    /// Counts.
    pub quotas: Arc<Quotas>,
    /// Runs agents.
    pub runtime: Runtime,
    /// Counts refused sign-ins, and has them written.
    pub refusals: Refusals,
    /// Counts sign-ups by address.
    pub sign_ups: SignUps,
    /// Counts every call of a tenant but executions, which have their quota.
    pub calls: Rate<TenantId>,
    /// Whose word on addresses is taken.
    pub proxies: TrustedProxies,
    /// The tiers.
    pub tiers: Arc<Tiers>,
    /// The tiers that can be chosen at sign-up.
    pub open_tiers: Vec<String>,
    /// The requests' schemas.
    pub schemas: Schemas,
    /// The specification as it is served.
    pub spec: Bytes,
    /// Cancelled when the server takes no new work.
    pub draining: CancellationToken,
}

impl Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Does work that a client who goes away must not leave half done: what is written is also counted.
    ///
    /// # Errors
    /// Those of the work; 500 where it panicked.
    pub async fn to_the_end<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T>> + Send + 'static,
    ) -> Result<T> {
        self.runtime.tasks.spawn(work).await.unwrap_or_else(|lost| Err(Problem::internal(lost)))
    }

    /// Says whether this server has the database to itself, as far as changes go that it would have to look for; and whether it may
    /// have lost that: then nothing is executed.
    pub fn set_seat(&self, is_alone: bool, is_contested: bool) {
        self.trust.set_alone(is_alone);
        self.quotas.set_contested(is_contested);
    }

    /// Puts a server together; it listens nowhere yet.
    #[must_use]
    pub fn new(store: Store, setup: Setup) -> Self {
        let Setup { clock, settings, operator, address, shared, models, deadline } = setup;
        let spec = api::document();
        let open_tiers = settings.open_tiers(address);
        let tiers = Arc::new(settings.tiers);
        let quotas = Arc::new(Quotas::new(clock.clone(), shared));
        let instance = InstanceId::new(clock.now());
        store.follow(instance.clone(), clock.clone());
        let trust = Trust::default();
        let runtime = Runtime {
            clock: clock.clone(),
            instance,
            store: store.clone(),
            journal: Journal::start(store.clone()),
            running: Arc::new(Running::new(clock.clone())),
            agents: Arc::new(Recent::new(trust.clone())),
            models: Arc::new(models),
            quotas: quotas.clone(),
            admission: Arc::default(),
            deadline,
            tasks: TaskTracker::new(),
            stopping: CancellationToken::new(),
        };
        let refusals = Refusals::start(store.clone());
        let limits = &settings.limits;
        Self(Arc::new(Parts {
            gate: Gate::new(
                store.clone(),
                clock.clone(),
                tiers.clone(),
                operator,
                refusals.clone(),
                limits.failed_sign_ins_per_minute,
                trust.clone(),
            ),
            trust,
            refusals,
            sign_ups: SignUps::new(limits.sign_ups_per_hour),
            calls: Rate::new(limits.calls_per_minute, chrono::Duration::minutes(1)),
            proxies: settings.trusted_proxies,
            clock,
            store,
            quotas,
            runtime,
            open_tiers,
            tiers,
            schemas: Schemas::of(&spec),
            spec: api::text().into(),
            draining: CancellationToken::new(),
        }))
    }
}
