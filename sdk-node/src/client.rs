//! The client as JavaScript sees it.

use std::sync::Arc;

use agent_platform::{Client, RawResponse, RecordedDelays, RequestOptions, operation::Answer as AnswerKind};
use futures_util::FutureExt;
use napi::bindgen_prelude::Uint8Array;
use napi_derive::napi;
use tokio_util::sync::CancellationToken;

use crate::{
    arguments::{CallArguments, CallOptions, duration, operation, pairs},
    error::Failure,
    head::Head,
    mailbox::{Done, Mailbox},
    stream::NativeStream,
};

/// How the client is set up; what is left out comes from the environment or is the core's default.
#[napi(object, object_to_js = false)]
pub(crate) struct ClientSettings {
    /// The key.
    pub api_key: Option<String>,
    /// Where the server is.
    pub base_url: Option<String>,
    /// Milliseconds; infinite for no limit.
    pub timeout: Option<f64>,
    /// How many times a failed attempt is repeated.
    pub max_retries: Option<u32>,
    /// Names and values of headers for every request, in turn.
    pub default_headers: Vec<String>,
    /// The proxy for every request.
    pub proxy: Option<String>,
    /// A PEM file of further certificate authorities.
    pub ca_bundle: Option<String>,
    /// A word for the `User-Agent`.
    pub user_agent_suffix: String,
    /// Whether retries are bounded over all calls.
    pub retry_budget: Option<bool>,
    /// Never waits between attempts, and keeps how long it would have: for tests.
    pub record_delays: Option<bool>,
}

/// What a call came to: an answer, a failure, or neither when it was cancelled.
#[napi(object, object_from_js = false)]
pub(crate) struct Outcome {
    /// The answer.
    pub answer: Option<Answer>,
    /// The failure.
    pub failure: Option<Failure>,
}

/// A successful answer.
#[napi(object, object_from_js = false)]
pub(crate) struct Answer {
    /// What is not in its body.
    pub head: Head,
    /// The body of a JSON answer.
    pub text: Option<String>,
    /// The body of any other.
    pub bytes: Option<Uint8Array>,
}

/// Stops the call that it was given to.
#[napi]
#[derive(Clone)]
pub(crate) struct Cancellation {
    token: CancellationToken,
}

#[napi]
impl Cancellation {
    /// One that has not been used.
    #[napi(constructor)]
    pub fn new() -> Self {
        Self { token: CancellationToken::new() }
    }

    /// Drops the request, and with it the connection if the answer is still on its way.
    #[napi]
    pub fn cancel(&self) {
        self.token.cancel();
    }
}

/// The Rust client.
#[napi]
pub(crate) struct NativeClient {
    client: Arc<Client>,
    delays: Option<Arc<RecordedDelays>>,
}

#[napi]
impl NativeClient {
    /// Throws what is wrong with a setting.
    #[napi(constructor)]
    pub fn new(settings: ClientSettings) -> napi::Result<Self> {
        let mut builder = Client::builder().camel_case().user_agent_suffix(settings.user_agent_suffix);
        if let Some(key) = settings.api_key {
            builder = builder.api_key(key);
        }
        if let Some(url) = settings.base_url {
            builder = builder.base_url(url);
        }
        if let Some(milliseconds) = settings.timeout {
            builder = builder.timeout(duration(milliseconds));
        }
        if let Some(retries) = settings.max_retries {
            builder = builder.max_retries(retries);
        }
        for (name, value) in pairs(settings.default_headers) {
            builder = builder.default_header(name, value);
        }
        if let Some(url) = settings.proxy {
            builder = builder.proxy(url);
        }
        if let Some(path) = settings.ca_bundle {
            builder = builder.ca_bundle(path);
        }
        if let Some(on) = settings.retry_budget {
            builder = builder.retry_budget(on);
        }
        let delays = settings.record_delays.unwrap_or_default().then(Arc::<RecordedDelays>::default);
        if let Some(delays) = &delays {
            builder = builder.sleep(Arc::<RecordedDelays>::clone(delays));
        }
        let client = builder.build().map_err(|error| napi::Error::from_reason(error.to_string()))?;
        Ok(Self { client: Arc::new(client), delays })
    }

    /// The same client, over the same connections, with other options for the calls made through it.
    #[napi]
    pub fn with_options(&self, options: CallOptions) -> Self {
        Self { client: Arc::new(self.client.with_options(options.into())), delays: self.delays.clone() }
    }

    /// Where the server is.
    #[napi(getter)]
    pub fn base_url(&self) -> String {
        self.client.base_url().to_owned()
    }

    /// The milliseconds it would have waited, each time, where it was set up to keep them.
    #[napi]
    pub fn delays(&self) -> Vec<f64> {
        self.delays.iter().flat_map(|delays| delays.all()).map(|delay| delay.as_secs_f64() * 1000.0).collect()
    }

    /// Calls an operation; an `Outcome` under that ticket.
    #[napi]
    pub fn call(
        &self,
        mailbox: &Mailbox,
        ticket: u32,
        id: String,
        arguments: CallArguments,
        options: Option<CallOptions>,
        cancellation: Option<&Cancellation>,
    ) -> napi::Result<()> {
        let work = call(Arc::clone(&self.client), id, arguments, options);
        match cancellation {
            None => mailbox.deliver(ticket, work.map(Done::A)),
            Some(cancellation) => {
                let token = cancellation.token.clone();
                let none = Outcome { answer: None, failure: None };
                mailbox.deliver(ticket, async move { Done::A(token.run_until_cancelled(work).await.unwrap_or(none)) })
            }
        }
    }

    /// Calls an operation that answers with events. The request is sent now; what goes wrong with it is told by the
    /// first batch.
    #[napi]
    pub fn stream(
        &self,
        id: String,
        arguments: CallArguments,
        options: Option<CallOptions>,
    ) -> napi::Result<NativeStream> {
        let client = Arc::clone(&self.client);
        NativeStream::open(async move {
            let operation = operation(&id)?;
            client.open(operation, arguments.of(operation)?, &request_options(options)).await
        })
    }
}

async fn call(client: Arc<Client>, id: String, arguments: CallArguments, options: Option<CallOptions>) -> Outcome {
    match answered(&client, &id, arguments, options).await {
        Ok(answer) => Outcome { answer: Some(answer), failure: None },
        Err(error) => Outcome { answer: None, failure: Some(Failure::from(error)) },
    }
}

async fn answered(
    client: &Client,
    id: &str,
    arguments: CallArguments,
    options: Option<CallOptions>,
) -> agent_platform::Result<Answer> {
    let operation = operation(id)?;
    let response = client.call(operation, arguments.of(operation)?, &request_options(options)).await?;
    Ok(answer(response, operation.answer))
}

fn request_options(options: Option<CallOptions>) -> RequestOptions {
    options.map(RequestOptions::from).unwrap_or_default()
}

fn answer(response: RawResponse, kind: AnswerKind) -> Answer {
    let head = Head::new(response.status, &response.headers, response.request_id, response.retries_taken);
    let (text, bytes) = match kind {
        AnswerKind::Json => (Some(String::from_utf8_lossy(&response.body).into_owned()), None),
        AnswerKind::Empty => (None, None),
        _ => (None, Some(Uint8Array::from(response.body.to_vec()))),
    };
    Answer { head, text, bytes }
}
