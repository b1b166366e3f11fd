//! Whether tenants are held apart, tried out on a database in use. Every attempt is a transaction that is rolled back.

mod attempts;
mod catalogue;

use std::collections::{BTreeMap, BTreeSet};

use super::{Result, Store, TenantStore};
use crate::ids::TenantId;

/// Rows of a list that are compared.
const COMPARED: i64 = 1_000;

/// One thing that was tried.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What must hold.
    pub what: String,
    /// With which figures it was found.
    pub figures: String,
    /// Where it does not hold.
    pub wrong: Vec<String>,
}

impl Finding {
    fn new(what: impl Into<String>, figures: impl Into<String>, wrong: Vec<String>) -> Self {
        Self { what: what.into(), figures: figures.into(), wrong }
    }

    /// Whether it holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.wrong.is_empty()
    }
}

impl Store {
    /// Whether the handle of one tenant, which is all that the server has, gives anything of another.
    ///
    /// # Errors
    /// The database failed.
    pub async fn isolation_of_handles(&self, own: &TenantId, other: &TenantId) -> Result<Vec<Finding>> {
        let (handle, others) = (self.tenant(own.clone()), self.tenant(other.clone()));
        let (seen, hidden) = (ids(&handle).await?, ids(&others).await?);
        let figures: Vec<_> = seen.iter().map(|(kind, ids)| format!("{kind}: {}", ids.len())).collect();
        let shared = seen.iter().filter(|(kind, ids)| !ids.is_disjoint(&hidden[*kind]));
        let listed = shared.map(|(kind, _)| format!("the list of {kind}")).collect();
        let found = found_by_id(&handle, &hidden).await?;
        Ok(vec![
            Finding::new(format!("what {own} lists is its own and none of {other}'s"), figures.join(", "), listed),
            Finding::new(format!("{own} finds nothing by {other}'s ids"), "", found),
        ])
    }
}

/// The ids in each list of a tenant.
async fn ids(handle: &TenantStore) -> Result<BTreeMap<&'static str, BTreeSet<String>>> {
    let text = |ids: Vec<String>| ids.into_iter().collect::<BTreeSet<_>>();
    let executions = handle.executions(&super::executions::ExecutionFilter::default(), None, COMPARED).await?;
    Ok([
        ("agents", text(handle.agents(None, COMPARED).await?.iter().map(|row| row.agent_id.to_string()).collect())),
        (
            "conversations",
            text(
                handle.conversations(None, COMPARED).await?.iter().map(|row| row.conversation_id.to_string()).collect(),
            ),
        ),
        (
            "documents",
            text(handle.documents(None, COMPARED).await?.iter().map(|row| row.document_id.to_string()).collect()),
        ),
        ("executions", text(executions.iter().map(|row| row.execution_id.to_string()).collect())),
        ("keys", text(handle.keys(None, COMPARED).await?.iter().map(|row| row.key_id.to_string()).collect())),
        ("tickets", text(handle.tickets(None, COMPARED).await?.iter().map(|row| row.ticket_id.to_string()).collect())),
    ]
    .into())
}

/// What of another tenant a handle finds by its id.
async fn found_by_id(handle: &TenantStore, hidden: &BTreeMap<&'static str, BTreeSet<String>>) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for (kind, ids) in hidden {
        for id in ids {
            let is_found = match *kind {
                "agents" => handle.agent(&parsed(id)).await?.is_some(),
                "conversations" => {
                    handle.conversation(&parsed(id)).await?.is_some()
                        || !handle.messages(&parsed(id), 1).await?.is_empty()
                }
                "documents" => handle.document(&parsed(id)).await?.is_some(),
                "executions" => handle.execution(&parsed(id)).await?.is_some(),
                "tickets" => handle.ticket(&parsed(id)).await?.is_some(),
                // A key is found by its public part alone, before a tenant is known.
                _ => false,
            };
            if is_found {
                found.push(id.clone());
            }
        }
    }
    Ok(found)
}

fn parsed<T: std::str::FromStr>(id: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    id.parse().expect("an id from the database is one")
}
