//! The platform's questions, asked of the silos: of each at once, and one that is down holds up none of the others.

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::future::join_all;

use super::{Result, Store, TenantStore, idempotency::forget_keys_in, platform::Orphan};
use crate::ids::{ExecutionId, InstanceId};

/// How long a silo may take to answer: a server has other things to keep alive.
const PATIENCE: Duration = Duration::from_secs(2);

/// An execution that runs in a silo.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct RunningExecution {
    pub(super) execution_id: ExecutionId,
    /// Run by which server.
    pub(super) owner: InstanceId,
    /// Whether somebody asked another server to cancel it.
    pub(super) cancel_requested: bool,
}

impl Store {
    /// The executions that run in silos and are wanted.
    pub(super) async fn running_in_silos(&self, is_wanted: impl Fn(&RunningExecution) -> bool) -> Vec<Orphan> {
        let asking = self.places.silos().into_iter().map(|(tenant_id, _)| async move {
            let silo = self.tenant(tenant_id.clone());
            let answer = tokio::time::timeout(PATIENCE, silo.running_executions()).await;
            let answer = answer.unwrap_or(Err(sqlx::Error::PoolTimedOut));
            let running = answer.inspect_err(|error| {
                tracing::warn!(%tenant_id, %error, "a tenant's silo does not answer");
            });
            (tenant_id, running.unwrap_or_default())
        });
        let answers = join_all(asking).await.into_iter();
        let executions = answers.flat_map(|(tenant_id, running)| {
            let wanted = running.into_iter().filter(&is_wanted).map(|execution| execution.execution_id);
            let orphans = wanted.map(|execution_id| Orphan { execution_id, tenant_id: tenant_id.clone() });
            orphans.collect::<Vec<_>>()
        });
        executions.collect()
    }

    /// Deletes expired keys in those silos that are in use.
    pub(super) async fn forget_keys_in_silos(&self, now: DateTime<Utc>) {
        let forgetting = self.places.silos().into_iter().map(|(tenant_id, home)| async move {
            let Some(database) = home.opened() else { return };
            let outcome = tokio::time::timeout(PATIENCE, forget_keys_in(database, now)).await;
            if let Err(error) = outcome.unwrap_or(Err(sqlx::Error::PoolTimedOut)) {
                tracing::warn!(%tenant_id, %error, "expired keys stay in a tenant's silo");
            }
        });
        join_all(forgetting).await;
    }
}

impl TenantStore {
    async fn running_executions(&self) -> Result<Vec<RunningExecution>> {
        Ok(read!(self, |connection| {
            sqlx::query_as(
                "SELECT execution_id, owner, cancel_requested FROM executions WHERE tenant_id = $1 AND status = 'running'",
            )
            .bind(&self.tenant_id)
            .fetch_all(connection)
            .await?
        }))
    }
}
