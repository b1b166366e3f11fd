//! Deleting a tenant.

use axum::extract::State;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    api::{
        extract::{Id, Operator},
        idempotency::{Answer, Once},
    },
    app::App,
    error::{Problem, Result},
    ids::TenantId,
};

/// Delete a tenant
///
/// For the operator. Its keys are refused at once, what it runs is cancelled and settled, and its content is erased. Its ledger
/// remains, and its id stays taken, until `agent-platform tenants purge`. To delete it again is 204 too: what is asked for holds.
#[utoipa::path(delete, path = "/admin/tenants/{tenant_id}", operation_id = "delete_tenant", tag = "admin",
    params(("tenant_id" = TenantId, Path, description = "The tenant.")), security(("operator_key" = [])),
    responses((status = 204, description = "Its keys are refused, and its content is being erased.")), extensions(("x-sdk" = json!(false))))]
async fn delete_tenant(
    State(app): State<App>,
    Operator(operator): Operator,
    Id(tenant_id): Id<TenantId>,
    once: Once,
) -> Result<Answer> {
    let answer = once.no_content();
    let store = app.store.tenant(tenant_id.clone()).acting(operator).keeping(answer.kept());
    let deleting = app.clone();
    app.to_the_end(async move {
        let outcome = store.delete_tenant(deleting.clock.now()).await;
        // Also where it failed: it may have been written all the same.
        deleting.gate.forget_tenant(&tenant_id);
        if outcome?.is_none() {
            let tombstone = store.tenant().await?;
            tombstone.ok_or_else(|| Problem::not_found("tenant", tenant_id.as_str()))?;
            store.keep_answer().await?;
            return Ok(());
        }
        tracing::info!(%tenant_id, "a tenant was deleted");
        // The answer does not wait for it; where this server ends before, the sweep of the next goes on.
        let runtime = deleting.runtime.clone();
        deleting.runtime.tasks.spawn(async move {
            if let Err(error) = runtime.erase(&tenant_id).await {
                tracing::warn!(%tenant_id, %error, "a deleted tenant is left to the sweep");
            }
        });
        Ok(())
    })
    .await?;
    Ok(answer)
}

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(delete_tenant))
}
