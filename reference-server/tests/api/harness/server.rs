//! A server in this process, and the tenants that speak to it.

use std::{future::Future, ops::Deref, sync::Arc};

use agent_platform_server::{
    api,
    app::{App, Setup},
    clock::Clock,
    config::{OperatorSecret, Settings},
    quota::SharedCounters,
    store::Store,
};
use axum::Router;
use chrono::{DateTime, Utc};
use http::Method;
use serde_json::{Value, json};

use super::{Backend, Call, Database, Redis, at};

/// When every test begins, if it does not say.
pub const BEGINNING: &str = "2024-03-15T14:30:00Z";
/// The operator's key of every test's server.
pub const OPERATOR_KEY: &str = "an-operator-key-that-only-tests-know";

/// How a test's server is set up, where nothing else is said.
pub fn setup() -> Setup {
    let operator = Some(OperatorSecret::new(OPERATOR_KEY.to_owned()));
    let address = "127.0.0.1:8000".parse().expect("a test's address is one");
    Setup { clock: Clock::held_at(at(BEGINNING)), operator, address, ..Setup::default() }
}

/// A server with a database and a clock of its own.
#[derive(Clone)]
pub struct Server {
    pub app: App,
    pub clock: Clock,
    pub database: Arc<Database>,
    router: Router,
}

/// Runs a test on a new server, and takes its database away where it passed.
pub async fn with<F: Future<Output = ()>>(backend: Backend, test: impl FnOnce(Server) -> F) {
    let server = Server::start(backend).await;
    test(server.clone()).await;
    server.app.store.close().await;
    let Server { app, router, database, .. } = server;
    drop((app, router));
    if let Some(database) = Arc::into_inner(database) {
        database.remove().await;
    }
}

impl Server {
    async fn start(backend: Backend) -> Self {
        let database = Arc::new(Database::new(backend).await);
        Self::over(database, Clock::held_at(at(BEGINNING))).await
    }

    /// A server over a database that may have others.
    pub async fn over(database: Arc<Database>, clock: Clock) -> Self {
        Self::set_up(database, Setup { clock, ..setup() }).await
    }

    /// A server that shares its counters with others over Redis.
    pub async fn sharing(database: Arc<Database>, clock: Clock, redis: &Redis) -> Self {
        Self::sharing_as(database, redis, Setup { clock, ..setup() }).await
    }

    /// The same, that is set up in its own way.
    pub async fn sharing_as(database: Arc<Database>, redis: &Redis, setup: Setup) -> Self {
        let url = redis.url().parse().expect("a test's Redis has a URL");
        let shared = SharedCounters::new(&url, setup.clock.clone()).expect("the URL is one");
        Self::set_up(database, Setup { shared: Some(shared), ..setup }).await
    }

    /// A server over the same database and with the same clock, that is configured in its own way.
    pub async fn configured(&self, settings: &str) -> Self {
        let settings = toml::from_str(settings).expect("a test's settings are some");
        let clock = self.clock.clone();
        Self::set_up(self.database.clone(), Setup { clock, settings, ..setup() }).await
    }

    /// A server that is configured in its own way.
    pub async fn with_settings(
        database: Arc<Database>,
        clock: Clock,
        settings: &Settings,
        operator: Option<OperatorSecret>,
        address: &str,
    ) -> Self {
        let address = address.parse().expect("a test's address is one");
        Self::set_up(database, Setup { clock, settings: settings.clone(), operator, address, ..setup() }).await
    }

    /// A server that is set up in its own way.
    pub async fn set_up(database: Arc<Database>, setup: Setup) -> Self {
        let clock = setup.clock.clone();
        let store = Store::open(&database.url(), None).await.expect("the database opens");
        let app = App::new(store, setup);
        app.runtime.beat().await.expect("the first heartbeat is written");
        let router = api::router(app.clone());
        Self { app, clock, database, router }
    }

    /// A second server over the same database, with the same clock.
    pub async fn replica(&self) -> Self {
        Self::over(self.database.clone(), self.clock.clone()).await
    }

    pub fn set_clock(&self, time: &str) {
        self.clock.set(at(time));
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub fn call(&self, method: Method, path: &str) -> Call {
        Call::new(self.router.clone(), method, path)
    }

    pub fn get(&self, path: &str) -> Call {
        self.call(Method::GET, path)
    }

    pub fn post(&self, path: &str, body: Value) -> Call {
        self.call(Method::POST, path).json(&body)
    }

    /// A tenant on the tier `professional`.
    pub async fn sign_up(&self, email: &str) -> Tenant {
        self.sign_up_as(email, "professional").await
    }

    pub async fn sign_up_as(&self, email: &str, tier: &str) -> Tenant {
        let signed_up = self.post("/signup", json!({ "email": email, "tier": tier })).await.ok(201);
        let text = |field: &str| signed_up[field].as_str().expect("sign-up answers with text").to_owned();
        Tenant { server: self.clone(), id: text("tenant_id"), key: text("api_key") }
    }

    /// A tenant that was made through another server.
    pub fn known(&self, id: &str, key: &str) -> Tenant {
        Tenant { server: self.clone(), id: id.to_owned(), key: key.to_owned() }
    }

    /// Changes a tenant as the operator.
    pub fn operate(&self, tenant: &Tenant, change: Value) -> Call {
        self.call(Method::PATCH, &format!("/admin/tenants/{}", tenant.id)).key(OPERATOR_KEY).json(&change)
    }

    /// Deletes a tenant as the operator.
    pub fn delete_tenant(&self, tenant: &Tenant) -> Call {
        self.call(Method::DELETE, &format!("/admin/tenants/{}", tenant.id)).key(OPERATOR_KEY)
    }

    /// A tenant as the operator sees it.
    pub async fn seen(&self, tenant: &Tenant) -> Value {
        self.get(&format!("/admin/tenants/{}", tenant.id)).key(OPERATOR_KEY).await.ok(200)
    }

    /// Sets limits for a tenant as the operator.
    pub async fn limit(&self, tenant: &Tenant, quota: Value) {
        self.operate(tenant, json!({ "quota": quota })).await.ok(200);
    }
}

/// Who speaks to the server with a key.
#[derive(Clone)]
pub struct Tenant {
    server: Server,
    pub id: String,
    pub key: String,
}

impl Deref for Tenant {
    type Target = Server;
    fn deref(&self) -> &Server {
        &self.server
    }
}

impl Tenant {
    /// The same tenant with another key, or through another server.
    pub fn with_key(&self, key: &str) -> Self {
        Self { key: key.to_owned(), ..self.clone() }
    }

    pub fn through(&self, server: &Server) -> Self {
        Self { server: server.clone(), ..self.clone() }
    }

    pub fn call(&self, method: Method, path: &str) -> Call {
        self.server.call(method, path).key(&self.key)
    }

    pub fn get(&self, path: &str) -> Call {
        self.call(Method::GET, path)
    }

    pub fn post(&self, path: &str, body: Value) -> Call {
        self.call(Method::POST, path).json(&body)
    }

    pub fn patch(&self, path: &str, body: Value) -> Call {
        self.call(Method::PATCH, path).json(&body)
    }

    pub fn delete(&self, path: &str) -> Call {
        self.call(Method::DELETE, path)
    }

    /// Makes an agent with these tools and gives its id.
    pub async fn agent(&self, tools: &[&str]) -> String {
        let agent = json!({ "name": "Support Agent", "system_prompt": "You are helpful.", "tools": tools });
        id(&self.post("/agents", agent).await.ok(201), "agent_id")
    }

    /// Makes an agent whose model is this one.
    pub async fn agent_with(&self, model: &str, tools: &[&str]) -> String {
        let agent =
            json!({ "name": "Support Agent", "system_prompt": "You are helpful.", "tools": tools, "model": model });
        id(&self.post("/agents", agent).await.ok(201), "agent_id")
    }

    pub async fn document(&self, title: &str, content: &str) -> String {
        id(&self.post("/documents", json!({ "title": title, "content": content })).await.ok(201), "document_id")
    }

    /// Makes a key with these scopes and gives the tenant that uses it.
    pub async fn scoped(&self, scopes: &[&str]) -> Self {
        let created = self.post("/api-keys", json!({ "scopes": scopes })).await.ok(201);
        self.with_key(created["api_key"].as_str().expect("a key is shown once"))
    }

    pub fn execute(&self, agent_id: &str, body: Value) -> Call {
        self.post(&format!("/agents/{agent_id}/execute"), body)
    }

    /// Executes an agent and gives the answer, which must be one.
    pub async fn ask(&self, agent_id: &str, message: &str) -> Value {
        self.execute(agent_id, json!({ "message": message })).await.ok(200)
    }

    /// `GET /usage`.
    pub async fn usage(&self) -> Value {
        self.get("/usage").await.ok(200)
    }
}

/// An id out of an answer.
#[track_caller]
pub fn id(body: &Value, field: &str) -> String {
    body[field].as_str().unwrap_or_else(|| panic!("`{field}` is an id: {body}")).to_owned()
}
