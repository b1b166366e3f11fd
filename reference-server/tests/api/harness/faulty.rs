//! A model that ends in every way there is, as the message asks of it.

use std::{
    future,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use agent_platform_server::{
    money::Micros,
    runtime::{
        models::{DeltaSink, FinishReason, Generation, Model, ModelAnswer, ModelError, ModelRequest, ToolCall, Turn},
        registry::{PricedModel, Registry},
    },
};
use serde_json::json;
use tokio::sync::Semaphore;

use super::until;

/// The name that [`Faulty::registered`] gives it.
pub const MODEL: &str = "faulty";
/// Dear to read and dearer to write, unlike the built-in model.
pub const INPUT_PRICE: Micros = Micros(70);
pub const OUTPUT_PRICE: Micros = Micros(130);

/// What it is asked to do; anything else it answers.
pub const FAIL: &str = "fail";
pub const FAIL_LATE: &str = "fail after some text";
/// Until the execution is ended.
pub const HANG: &str = "hang";
/// Until [`Faulty::go_on`].
pub const WAIT: &str = "wait";
pub const PANIC: &str = "panic";
/// It says that it read and wrote more than it was allowed to.
pub const OVERRUN: &str = "overrun";
pub const CALL: &str = "call a tool";
pub const CALL_AND_FAIL: &str = "call a tool and fail";

const ANSWER: &str = "All is well.";
/// What it says to have written, whatever that was.
const WRITTEN: u32 = 4;

/// See the module.
#[derive(Debug)]
pub struct Faulty {
    /// Rounds that have come to a point where they wait.
    waiting: AtomicUsize,
    turns: Semaphore,
}

impl Faulty {
    /// A new one, among the models that there are otherwise.
    pub fn registered() -> (Arc<Self>, Registry) {
        let faulty = Arc::new(Self { waiting: AtomicUsize::new(0), turns: Semaphore::new(0) });
        let registry = Registry::default().with(MODEL, faulty.priced());
        (faulty, registry)
    }

    pub fn priced(self: &Arc<Self>) -> PricedModel {
        PricedModel { model: self.clone(), input_price: INPUT_PRICE, output_price: OUTPUT_PRICE }
    }

    /// How many rounds have hung or waited so far.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
    }

    /// Waits until so many have.
    pub async fn has_waiting(&self, count: usize) {
        until("the model to be asked", || async { (self.waiting() >= count).then_some(()) }).await;
    }

    /// Lets one that waits answer.
    pub fn go_on(&self) {
        self.turns.add_permits(1);
    }

    async fn act(&self, request: ModelRequest<'_>, sink: &mut dyn DeltaSink) -> Result<ModelAnswer, ModelError> {
        let told = request.turns.iter().rev().find_map(|turn| match turn {
            Turn::User { content } => Some(content.as_str()),
            _ => None,
        });
        let is_first = !matches!(request.turns.last(), Some(Turn::Tool { .. }));
        match told.unwrap_or_default() {
            FAIL => return Err(failure()),
            CALL_AND_FAIL if !is_first => return Err(failure()),
            FAIL_LATE => {
                sink.push("All is");
                return Err(failure());
            }
            HANG => {
                sink.push("All is");
                self.waiting.fetch_add(1, Ordering::SeqCst);
                future::pending::<()>().await;
            }
            WAIT => {
                self.waiting.fetch_add(1, Ordering::SeqCst);
                self.turns.acquire().await.expect("it is never closed").forget();
            }
            PANIC => panic!("as the test asked for"),
            _ => {}
        }
        let mut answer = ModelAnswer {
            text: String::new(),
            tool_calls: Vec::new(),
            finish_reason: FinishReason::Stop,
            input_tokens: self.input_tokens(&request),
            output_tokens: WRITTEN,
        };
        match told.unwrap_or_default() {
            CALL | CALL_AND_FAIL if is_first => {
                let arguments = json!({ "subject": "Help", "body": "It fails." });
                let tool_call_id = "call_1".to_owned();
                answer.tool_calls.push(ToolCall { tool_call_id, name: "create_ticket".to_owned(), arguments });
                answer.finish_reason = FinishReason::ToolCalls;
            }
            told => {
                sink.push(ANSWER);
                ANSWER.clone_into(&mut answer.text);
                if told == OVERRUN {
                    answer.input_tokens += 1_000;
                    answer.output_tokens = request.max_output_tokens + 1_000;
                }
            }
        }
        Ok(answer)
    }
}

fn failure() -> ModelError {
    ModelError::Provider { detail: "as the test asked for".to_owned() }
}

impl Model for Faulty {
    fn input_tokens(&self, request: &ModelRequest<'_>) -> u32 {
        10 + 7 * u32::try_from(request.turns.len()).expect("a test's conversation is short")
    }

    fn generate<'a>(&'a self, request: ModelRequest<'a>, sink: &'a mut dyn DeltaSink) -> Generation<'a> {
        Box::pin(self.act(request, sink))
    }
}
