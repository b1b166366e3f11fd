//! Cancelling an execution, on whichever server it runs.

use std::time::Duration;

use super::{Runtime, watch::Watch};
use crate::{
    error::{Problem, Result},
    ids::ExecutionId,
    store::{
        TenantStore,
        executions::{ExecutionRow, ExecutionStatus},
    },
};

/// How long a caller waits for the end of what was cancelled: the other server looks for the request each second, and a
/// server that died is replaced in half a minute, for which nobody waits.
const PATIENCE: Duration = Duration::from_secs(10);

impl Runtime {
    /// Cancels an execution of the tenant and gives it as it stands once its end is durable. One that has ended stays as it is;
    /// one whose server does not answer in time is given as it stands, and ends when that server, or the next, looks.
    ///
    /// # Errors
    /// 404 where the tenant has no such execution. 503 where the database is gone.
    pub async fn cancel(&self, store: &TenantStore, execution_id: &ExecutionId) -> Result<ExecutionRow> {
        let missing = || Problem::not_found("execution", execution_id.as_str());
        let mut watch = match self.running.cancel(store.tenant_id(), execution_id) {
            Some(events) => Watch::live(store.clone(), execution_id.clone(), events),
            None => {
                let row = store.execution(execution_id).await?.ok_or_else(missing)?;
                if row.status != ExecutionStatus::Running {
                    return Ok(row);
                }
                store.request_cancel(execution_id).await?;
                self.watch(store, execution_id, 0).await?
            }
        };
        // Whatever became of the wait, the row below says how things stand.
        let _ = tokio::time::timeout(PATIENCE, watch.end()).await;
        store.execution(execution_id).await?.ok_or_else(missing)
    }
}
