//! From a request to a running execution: agent, conversation, reservation, claim.

use std::{collections::BTreeMap, sync::Arc, time::Instant};

use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::{
    DEFAULT_MAX_OUTPUT_TOKENS, HISTORY_MESSAGES, Runtime,
    execution::{self, Job},
    log::{self, ID_BLOCK},
    models::Turn,
    prompt::{self, Prompt},
    registry,
    running::Entry,
    tools,
    transcript::Speaker,
    watch::Watch,
};
use crate::{
    auth::{Caller, Mode},
    error::{Problem, Result},
    idempotency::Claim,
    ids::{AgentId, ConversationId, ExecutionId, RequestId},
    quota::{Ask, Reservation},
    store::{
        TenantStore,
        agents::AgentRow,
        journal::BeginError,
        settlement::{NewExecution, StoredMicros},
    },
};

/// How often an execution is prepared once more whose reservation was lost with the shared counters: nothing of it had begun.
const PREPARED_AGAIN: usize = 2;

/// What a caller asks of an agent.
#[derive(Clone, Debug)]
pub struct Order {
    /// Of which agent.
    pub agent_id: AgentId,
    /// The user's message.
    pub message: String,
    /// The conversation to continue; absent: a new one.
    pub conversation_id: Option<ConversationId>,
    /// How many tokens it may write.
    pub max_output_tokens: Option<i64>,
    /// The caller's own labels.
    pub metadata: BTreeMap<String, String>,
    /// Ends the execution when it is cancelled.
    pub cancel: CancellationToken,
    /// Whether it is cancelled when nobody has followed it for a while: not at once, since whoever asks under a key comes back.
    pub ends_deserted: bool,
    /// The key that it is asked for under.
    pub claim: Option<Claim>,
}

/// What an order came to.
#[derive(Debug)]
pub struct Started {
    /// Follows the execution.
    pub watch: Watch,
    /// Whether an earlier request with the same key has begun it.
    pub is_known: bool,
}

impl Runtime {
    /// Starts an execution and follows it; or follows the one that was started under the same key, also where a new one would be
    /// refused by now.
    ///
    /// The work is a task of its own from here on: a caller who goes away neither stops it nor leaves it half begun.
    ///
    /// # Errors
    /// 404, 422, 429 or 503: then nothing was begun and nothing is counted.
    pub async fn start(&self, caller: Caller, order: Order, request_id: RequestId) -> Result<Started> {
        let (begun, begins) = oneshot::channel();
        let runtime = self.clone();
        self.tasks.spawn(async move {
            let (store, claim) = (caller.store.clone(), order.claim.clone());
            // Before anything is reserved: a replay must not take, even for a moment, what somebody's work needs.
            if let Some(known) = runtime.known_under(&store, claim.as_ref()).await {
                return drop(begun.send(known));
            }
            match runtime.admitted(caller, order, request_id).await {
                Ok((job, reservation)) => {
                    let watch = Watch::live(job.store.clone(), job.execution_id.clone(), job.log.reader());
                    let watch = watch.attending(job.place.attend());
                    // Whoever asked may have gone; the execution is begun all the same.
                    let _ = begun.send(Ok(Started { watch, is_known: false }));
                    execution::run(job, reservation).await;
                }
                Err(problem) => {
                    // It may have been begun in the meantime.
                    let known = runtime.known_under(&store, claim.as_ref()).await;
                    drop(begun.send(known.unwrap_or(Err(problem))));
                }
            }
        });
        begins.await.unwrap_or_else(|_| Err(Problem::internal("the task that starts executions was lost")))
    }

    /// Prepares an execution when its tenant's turn has come: what floods waits here, behind its own and before nobody else's.
    async fn admitted(&self, caller: Caller, order: Order, request_id: RequestId) -> Result<(Job, Reservation)> {
        // First, so that who is out of quota is told at once.
        self.quotas.admit(&caller).await?;
        let tenant_id = caller.tenant_id().clone();
        let _permit = self.admission.enter(&tenant_id).await.map_err(|full| Problem::tenant_overloads(full.waiting))?;
        for _ in 0..PREPARED_AGAIN {
            match prepare(self.clone(), caller.clone(), order.clone(), request_id.clone()).await {
                Err(problem) if problem.is_counters_lost() => {}
                outcome => return outcome,
            }
        }
        prepare(self.clone(), caller, order, request_id).await
    }

    async fn known_under(&self, store: &TenantStore, claim: Option<&Claim>) -> Option<Result<Started>> {
        self.known(store, claim?).await.transpose()
    }

    /// The execution that was begun under this key, if there is one.
    async fn known(&self, store: &TenantStore, claim: &Claim) -> Result<Option<Started>> {
        let known = store.known_key(&claim.operation, &claim.key_hash, claim.asked_at).await?;
        let Some(known) = known else { return Ok(None) };
        claim.require_same(&known)?;
        let Some(execution_id) = known.execution_id else { return Ok(None) };
        let watch = self.watch(store, &execution_id, 0).await?;
        Ok(Some(Started { watch, is_known: true }))
    }
}

impl Runtime {
    async fn agent(&self, caller: &Caller, agent_id: &AgentId) -> Result<Option<Arc<AgentRow>>> {
        let key = (caller.tenant_id().clone(), agent_id.clone());
        if let Some(agent) = self.agents.get(&key) {
            return Ok(Some(agent));
        }
        let asked = Instant::now();
        let agent = caller.store.agent(agent_id).await?;
        Ok(self.agents.put(key, asked, agent))
    }
}

async fn prepare(runtime: Runtime, caller: Caller, order: Order, request_id: RequestId) -> Result<(Job, Reservation)> {
    if runtime.stopping.is_cancelled() {
        return Err(Problem::stopping());
    }
    let agent = runtime.agent(&caller, &order.agent_id).await?;
    let agent = agent.ok_or_else(|| Problem::not_found("agent", order.agent_id.as_str()))?;
    let mut turns = history(&caller, &order).await?;
    turns.push(Turn::User { content: order.message.clone() });

    let model_name = match caller.mode {
        Mode::Live => agent.model.clone(),
        Mode::Test => registry::DEFAULT_MODEL.to_owned(),
    };
    let registered = runtime.models.find(&model_name).ok_or_else(|| {
        Problem::internal(format!("agent {} has the model `{model_name}`, which has no price", agent.agent_id))
    })?;
    let passage = registered.breaker.admit(runtime.clock.now());
    let passage = passage.map_err(|seconds| Problem::provider_unavailable(&model_name, seconds))?;
    let model = registered.priced.clone();
    let prompt = Arc::new(Prompt {
        system_prompt: agent.system_prompt.clone(),
        tools: agent.tools.iter().filter_map(|name| tools::spec(name)).collect(),
        temperature: agent.temperature,
    });
    let (turns, input_tokens) = prompt::count(&model, &prompt, turns).await.map_err(Problem::internal)?;
    let metered = caller.mode == Mode::Live;
    let ask = Ask {
        metered,
        input_tokens: i64::from(input_tokens),
        max_output_tokens: order.max_output_tokens.or(agent.max_output_tokens).unwrap_or(DEFAULT_MAX_OUTPUT_TOKENS),
        output_is_fixed: order.max_output_tokens.is_some(),
        input_price: model.input_price,
        output_price: model.output_price,
        message_bytes: i64::try_from(order.message.len()).unwrap_or(i64::MAX),
    };
    // One reading of the clock: the hour and month of the counters are those of the ledger.
    let created_at = runtime.clock.now();
    let execution_id = ExecutionId::new(created_at);
    let reservation = runtime.quotas.reserve(&caller, &execution_id, ask, created_at).await?;

    let new_conversation = order.conversation_id.is_none();
    let conversation_id = order.conversation_id.unwrap_or_else(|| ConversationId::new(created_at));
    let log = log::open(Speaker {
        execution_id: execution_id.clone(),
        conversation_id: conversation_id.clone(),
        agent_id: order.agent_id.clone(),
    });
    // Found there before anybody can read its beginning in the store.
    let (running, cancel) = (&runtime.running, order.cancel);
    let entry = Entry::new(caller.tenant_id().clone(), log.log().clone(), cancel.clone(), order.ends_deserted);
    let place = running.enter(execution_id.clone(), entry);
    let job = Job {
        store: caller.store.clone(),
        execution_id,
        conversation_id,
        agent_id: order.agent_id,
        prompt,
        turns,
        message_bytes: order.message.len(),
        model,
        model_name,
        passage,
        metered,
        input_tokens,
        created_at,
        log,
        cancel,
        place,
        request_id,
        runtime,
    };
    let claim = NewExecution {
        execution_id: job.execution_id.clone(),
        tenant_id: caller.tenant_id().clone(),
        agent_id: job.agent_id.clone(),
        conversation_id: job.conversation_id.clone(),
        new_conversation,
        key_id: caller.key_id,
        mode: caller.mode,
        owner: job.runtime.instance.clone(),
        input: order.message,
        model: job.model_name.clone(),
        reserved_tokens: reservation.tokens(),
        reserved_micros: StoredMicros(reservation.spend()),
        reserved_bytes: reservation.bytes(),
        quota_epoch: reservation.epoch().map(str::to_owned),
        input_tokens: i64::from(input_tokens),
        input_cost_micros: StoredMicros(job.model.input_price.times(i64::from(input_tokens))),
        metadata: order.metadata,
        claim: order.claim.as_ref().map(Claim::of_execution),
        last_event_id: i64::try_from(ID_BLOCK).unwrap_or(i64::MAX),
        created_at,
    };
    match job.runtime.journal.begin(claim).await {
        Ok(true) => Ok((job, reservation)),
        Ok(false) if was_lost(&job, &reservation).await? => {
            let (tenant_id, epoch) = (job.store.tenant_id(), reservation.epoch().unwrap_or_default());
            job.runtime.quotas.was_lost(tenant_id, epoch);
            Err(Problem::counters_lost(format!("the counters of {tenant_id} were lost while it was reserved")))
        }
        // Another request came first with the key: what was reserved is given back, and that execution is followed.
        Ok(false) => Err(Problem::idempotency_in_progress()),
        Err(error) => {
            if let BeginError::Uncertain(_) = error {
                // The row may be there: it is ended before the reservation is given back.
                job.runtime.tasks.clone().spawn(execution::abandon(job, reservation));
            }
            Err(error.into())
        }
    }
}

/// Whether the counters that hold a reservation stand no longer: Redis has lost them, or another one counts for the tenant too.
async fn was_lost(job: &Job, reservation: &Reservation) -> Result<bool> {
    match reservation.epoch() {
        Some(epoch) => Ok(!job.store.is_quota_epoch(epoch).await?),
        None => Ok(false),
    }
}

async fn history(caller: &Caller, order: &Order) -> Result<Vec<Turn>> {
    let Some(conversation_id) = &order.conversation_id else { return Ok(Vec::new()) };
    let missing = || Problem::not_found("conversation", conversation_id.as_str());
    let conversation = caller.store.conversation(conversation_id).await?.ok_or_else(missing)?;
    if conversation.agent_id != order.agent_id {
        let detail = format!(
            "names a conversation with the agent `{}`; continue it with that agent, or leave it out.",
            conversation.agent_id
        );
        return Err(Problem::invalid_field("/conversation_id", detail));
    }
    let messages = caller.store.messages(conversation_id, HISTORY_MESSAGES).await?;
    Ok(messages
        .into_iter()
        .map(|message| match message.role.as_str() {
            "user" => Turn::User { content: message.content },
            _ => Turn::Assistant { content: message.content, tool_calls: Vec::new() },
        })
        .collect())
}
