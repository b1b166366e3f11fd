//! From what a case says to a client and a call.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use agent_platform::{Arguments, ClientBuilder, RecordedDelays, RequestOptions, operation::Operation, operations};
use agent_platform_conformance::{
    API_KEY,
    case::{Call, CallOptions, ClientSettings},
};
use serde_json::{Map, Value};

/// A run of a case: where it is played, and what was waited for.
pub(crate) struct Run {
    pub(crate) id: String,
    base_url: String,
    server: String,
    waits: Arc<RecordedDelays>,
}

impl Run {
    pub(crate) fn new(server: &str, case: &str) -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let id = format!("r{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let base_url = format!("{server}/{case}/{id}");
        Self { id, base_url, server: server.to_owned(), waits: Arc::default() }
    }

    /// The delays that were asked for.
    pub(crate) fn waits_ms(&self) -> Vec<f64> {
        self.waits.all().iter().map(|wait| wait.as_secs_f64() * 1000.0).collect()
    }

    /// The client's settings as the case has them.
    pub(crate) fn builder(&self, settings: &ClientSettings) -> ClientBuilder {
        let fill = |text: &str| {
            let text = text.replace("{{base_url}}", &self.base_url).replace("{{server}}", &self.server);
            text.replace("{{run}}", &self.id)
        };
        let base_url = settings.base_url.as_deref().map_or_else(|| self.base_url.clone(), fill);
        let mut builder = ClientBuilder::default().base_url(base_url).sleep(self.waits.clone());
        if let Some(key) = settings.api_key.clone().unwrap_or_else(|| Some(API_KEY.to_owned())) {
            builder = builder.api_key(key);
        }
        if let Some(retries) = settings.max_retries {
            builder = builder.max_retries(retries);
        }
        if let Some(timeout) = settings.timeout_ms {
            builder = builder.timeout(timeout.map(Duration::from_millis));
        }
        if let Some(budget) = settings.retry_budget {
            builder = builder.retry_budget(budget);
        }
        if let Some(proxy) = &settings.proxy {
            builder = builder.proxy(fill(proxy));
        }
        settings.default_headers.iter().fold(builder, |builder, (name, value)| builder.default_header(name, value))
    }
}

/// The options of a call as the case has them.
pub(crate) fn options(given: &CallOptions) -> RequestOptions {
    let mut options = RequestOptions::new();
    if let Some(retries) = given.max_retries {
        options = options.max_retries(retries);
    }
    if let Some(timeout) = given.timeout_ms {
        options = options.timeout(timeout.map(Duration::from_millis));
    }
    if let Some(key) = &given.idempotency_key {
        options = options.idempotency_key(key);
    }
    let options = given.headers.iter().fold(options, |options, (name, value)| options.header(name, value));
    given.query.iter().fold(options, |options, (name, value)| options.query(name, value))
}

/// The operation of a call, and its arguments sorted by where they go, as the generated methods do.
pub(crate) fn operation_and_arguments(call: &Call) -> (&'static Operation, Arguments) {
    let operation = operations::find(&call.operation).unwrap_or_else(|| panic!("no operation {}", call.operation));
    let mut arguments = Arguments::new();
    let mut body = Map::new();
    for (name, value) in &call.arguments {
        if let Some(name) = operation.path_parameters.iter().find(|known| *known == name) {
            arguments = arguments.path(name, text(value));
        } else if let Some(name) = operation.query_parameters.iter().find(|known| *known == name) {
            arguments = arguments.query(name, Some(text(value)));
        } else if let Some((_, header)) = operation.header_parameters.iter().find(|(known, _)| *known == name) {
            arguments = arguments.header(header, Some(text(value)));
        } else {
            assert!(operation.has_body, "{} has no argument {name}", operation.id);
            body.insert(name.clone(), value.clone());
        }
    }
    if operation.has_body {
        arguments = arguments.json(&body).unwrap();
    }
    (operation, arguments)
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
