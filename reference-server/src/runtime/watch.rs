//! Following an execution's events, wherever they are: in this server's memory while it runs here, else in the store.

use std::{mem, sync::Arc, time::Duration};

use bytes::{Bytes, BytesMut};
use chrono::{DateTime, Utc};

use super::{
    Runtime,
    events::{ExecutionEvent, ExecutionResult, TokenUsage},
    log::{EventReader, Found},
    running::Attending,
    transcript::{Cursor, Speaker, Transcript, write_frame},
};
use crate::{
    error::{Problem, Result},
    ids::ExecutionId,
    store::{
        TenantStore,
        executions::{ExecutionRow, ExecutionStatus},
    },
};

/// How often the store is asked for the progress of what another server runs.
const POLL: Duration = Duration::from_millis(500);
/// How long the events of an execution are kept after its end.
const KEPT: chrono::Duration = chrono::Duration::hours(24);

impl Runtime {
    /// Follows an execution of the tenant from behind the event `after`; 0 is before the first.
    ///
    /// # Errors
    /// 404 where the tenant has no such execution. 503 where the database is gone.
    pub async fn watch(&self, store: &TenantStore, execution_id: &ExecutionId, after: u64) -> Result<Watch> {
        let source = match self.running.reader(store.tenant_id(), execution_id) {
            Some(reader) => {
                let watch = Watch::live(store.clone(), execution_id.clone(), reader.after(after));
                return Ok(watch.attending(self.running.attend(execution_id)));
            }
            None => {
                let row = store.execution(execution_id).await?;
                let row = row.ok_or_else(|| Problem::not_found("execution", execution_id.as_str()))?;
                Source::Stored(Stored::of(after, row))
            }
        };
        Ok(Watch { store: store.clone(), execution_id: execution_id.clone(), source, attending: None })
    }
}

/// Somebody who follows one execution.
#[derive(Debug)]
pub struct Watch {
    store: TenantStore,
    execution_id: ExecutionId,
    source: Source,
    #[expect(dead_code, reason = "it is held: the execution is not deserted until this is dropped")]
    attending: Option<Attending>,
}

#[derive(Debug)]
enum Source {
    Live(EventReader),
    Stored(Stored),
}

impl Watch {
    pub(super) fn live(store: TenantStore, execution_id: ExecutionId, events: EventReader) -> Self {
        Self { store, execution_id, source: Source::Live(events), attending: None }
    }

    /// The same, whose end is noticed.
    pub(super) fn attending(self, attending: Option<Attending>) -> Self {
        Self { attending, ..self }
    }

    /// Which execution.
    #[must_use]
    pub fn execution_id(&self) -> &ExecutionId {
        &self.execution_id
    }

    /// Whether it ended so long before `now`, or in so old a release, that its events are not kept any more.
    #[must_use]
    pub fn is_expired(&self, now: DateTime<Utc>) -> bool {
        match &self.source {
            Source::Live(_) => false,
            Source::Stored(stored) => stored
                .row
                .completed_at
                .is_some_and(|completed_at| completed_at + KEPT <= now || stored.row.last_event_id == 0),
        }
    }

    /// Waits for the next events and gives as many as there are, up to a sensible size; `None` behind the terminal event, and
    /// where there will be none. Dropped while it waits, it has lost nothing.
    pub async fn next(&mut self) -> Option<Bytes> {
        loop {
            match &mut self.source {
                Source::Live(reader) => match reader.next().await {
                    Found::Frames(frames) => return Some(frames),
                    Found::Nothing => return None,
                    Found::Stored => {
                        let seen = reader.seen();
                        let row = self.row().await.ok()?;
                        self.source = Source::Stored(Stored::of(seen, row));
                    }
                },
                Source::Stored(stored) => {
                    let frames = stored.next();
                    if !frames.is_empty() {
                        return Some(frames);
                    }
                    if stored.is_over() {
                        return None;
                    }
                    let marks = stored.marks;
                    self.wait_for_more(marks).await.ok()?;
                }
            }
        }
    }

    /// Waits for the terminal event, without the others.
    ///
    /// # Errors
    /// 503 where the database is gone, 500 where the execution was lost.
    pub async fn end(&mut self) -> Result<Arc<ExecutionEvent>> {
        if let Source::Live(reader) = &self.source {
            if let Some(event) = reader.end().await {
                return Ok(event);
            }
            let seen = reader.seen();
            let row = self.row().await?;
            self.source = Source::Stored(Stored::of(seen, row));
        }
        loop {
            if let Source::Stored(stored) = &self.source
                && let Some((_, event)) = terminal(&stored.row)
            {
                return Ok(Arc::new(event));
            }
            self.wait_for_end().await?;
        }
    }

    /// Reads the execution until it has ended, or has more than so many marks.
    async fn wait_for_more(&mut self, marks: i64) -> Result<()> {
        loop {
            tokio::time::sleep(POLL).await;
            let progress = self.store.execution_progress(&self.execution_id).await?;
            if progress.is_none_or(|p| p.status != ExecutionStatus::Running || p.marks > marks) {
                break;
            }
        }
        let row = self.row().await?;
        if let Source::Stored(stored) = &mut self.source {
            stored.replace(row);
        }
        Ok(())
    }

    async fn wait_for_end(&mut self) -> Result<()> {
        self.wait_for_more(i64::MAX).await
    }

    async fn row(&self) -> Result<ExecutionRow> {
        let row = self.store.execution(&self.execution_id).await;
        let row = row.inspect_err(|error| {
            tracing::warn!(execution_id = %self.execution_id, %error, "an execution that is watched was not read");
        })?;
        row.ok_or_else(|| Problem::internal(format!("the execution {} is gone", self.execution_id)))
    }
}

/// An execution as it was read from the store, and how far its events were given.
#[derive(Debug)]
struct Stored {
    row: Box<ExecutionRow>,
    speaker: Speaker,
    cursor: Cursor,
    after: u64,
    /// How long its layout was when it was read.
    marks: i64,
}

impl Stored {
    fn of(after: u64, row: ExecutionRow) -> Self {
        let speaker = Speaker {
            execution_id: row.execution_id.clone(),
            conversation_id: row.conversation_id.clone(),
            agent_id: row.agent_id.clone(),
        };
        let marks = row.layout.size();
        Self { row: Box::new(row), speaker, cursor: Cursor::default(), after, marks }
    }

    /// What was read later holds what was read before, and more.
    fn replace(&mut self, row: ExecutionRow) {
        let Self { cursor, after, .. } = *self;
        *self = Self { cursor, ..Self::of(after, row) };
    }

    fn next(&mut self) -> Bytes {
        let row = &self.row;
        let transcript = Transcript {
            speaker: &self.speaker,
            text: &row.output,
            layout: &row.layout,
            tool_calls: &row.tool_calls.0,
            steps: &row.steps.0,
        };
        let mut frames = BytesMut::new();
        let has_more = transcript.write(&mut self.cursor, self.after, u64::MAX, &mut frames);
        if !has_more && let Some((id, event)) = terminal(row) {
            let before = mem::replace(&mut self.cursor.id, id);
            if before < id && id > self.after {
                write_frame(&mut frames, id, &event);
            }
        }
        frames.freeze()
    }

    fn is_over(&self) -> bool {
        self.row.status != ExecutionStatus::Running
    }
}

/// The terminal event of an execution that has ended, with its id.
pub(super) fn terminal(row: &ExecutionRow) -> Option<(u64, ExecutionEvent)> {
    let usage =
        TokenUsage { input_tokens: row.input_tokens, output_tokens: row.output_tokens, estimated: row.estimated };
    let partial_message = || row.output.clone();
    let event = match row.status {
        ExecutionStatus::Running => return None,
        ExecutionStatus::Completed => ExecutionEvent::ExecutionCompleted {
            response: ExecutionResult {
                execution_id: row.execution_id.clone(),
                conversation_id: row.conversation_id.clone(),
                agent_id: row.agent_id.clone(),
                message: row.output.clone(),
                tokens_used: row.input_tokens + row.output_tokens,
                usage,
                cost: row.cost_micros,
                model: row.model.clone(),
                finish_reason: row.finish_reason.clone().unwrap_or_default(),
                tool_calls: row.tool_calls.0.clone(),
                created_at: row.created_at,
                duration_ms: row.duration_ms.unwrap_or_default(),
            },
        },
        ExecutionStatus::Failed => {
            let error = row.problem.as_ref().map_or_else(Problem::interrupted, |problem| problem.0.clone());
            ExecutionEvent::ExecutionFailed { error, partial_message: partial_message(), usage }
        }
        ExecutionStatus::Cancelled => ExecutionEvent::ExecutionCancelled { partial_message: partial_message(), usage },
    };
    Some((u64::try_from(row.last_event_id).unwrap_or_default(), event))
}
