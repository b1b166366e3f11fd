//! The platform's questions, asked of the silos: of each at once, and one that is down holds up none of the others.

use std::{io, time::Duration};

use chrono::{DateTime, Utc};
use futures_util::future::join_all;

use super::{Result, Store, TenantStore, idempotency::forget_keys_in, platform::Orphan};
use crate::ids::{ExecutionId, InstanceId, TenantId};

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
    /// Does the platform's work for one tenant. In a silo that takes long is broken off, and the silo left alone for a while: what
    /// is done for others, and for it later, is not to wait for it.
    ///
    /// # Errors
    /// Those of the work; that the silo does not answer.
    pub async fn with_patience<T>(&self, tenant_id: &TenantId, work: impl Future<Output = Result<T>>) -> Result<T> {
        let home = self.places.of(tenant_id).home();
        match &home {
            Some(home) if !home.is_silo() => return work.await,
            Some(home) if home.is_silent() => {
                return Err(sqlx::Error::Io(io::Error::other("the tenant's silo did not answer a moment ago")));
            }
            _ => {}
        }
        tokio::time::timeout(PATIENCE, work).await.unwrap_or_else(|_| {
            // Without a home the tenant is moving, which is over in a moment.
            home.inspect(|home| home.note_silence());
            Err(sqlx::Error::PoolTimedOut)
        })
    }

    /// Whether a tenant's data is in the platform's database, as far as that is not changing.
    #[must_use]
    pub fn is_pooled(&self, tenant_id: &TenantId) -> bool {
        self.places.is_pooled(tenant_id)
    }

    /// The executions that run in silos and are wanted.
    pub(super) async fn running_in_silos(&self, is_wanted: impl Fn(&RunningExecution) -> bool) -> Vec<Orphan> {
        let silos = self.places.silos().into_iter().filter(|(_, home)| !home.is_silent());
        let asking = silos.map(|(tenant_id, _)| async move {
            let silo = self.tenant(tenant_id.clone());
            let running = self.with_patience(&tenant_id, silo.running_executions()).await.inspect_err(|error| {
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
            if let Err(error) = self.with_patience(&tenant_id, forget_keys_in(database, now)).await {
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
