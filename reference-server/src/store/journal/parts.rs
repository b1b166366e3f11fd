//! A batch as PostgreSQL's function `write_journal` reads it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Entry;
use crate::{
    ids::TenantId,
    store::{
        checkpoint::Checkpoint,
        settlement::{NewExecution, Settlement},
    },
};

/// One tenant's part.
#[derive(Debug, Serialize)]
pub(super) struct Part<'a> {
    tenant_id: &'a TenantId,
    /// Whether something in it may only begin in an epoch of shared counters.
    in_epoch: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    begun: Vec<&'a NewExecution>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    changed: Vec<Change<'a>>,
}

/// What an execution has come to: one that ends has a status.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Change<'a> {
    Checkpoint(&'a Checkpoint),
    Settlement(&'a Settlement),
}

impl<'a> Part<'a> {
    fn of(tenant_id: &'a TenantId) -> Self {
        Self { tenant_id, in_epoch: false, begun: Vec::new(), changed: Vec::new() }
    }

    fn add(&mut self, entry: &'a Entry) {
        match entry {
            Entry::Begin(row, _) => {
                self.in_epoch |= row.quota_epoch.is_some();
                self.begun.push(row);
            }
            Entry::Checkpoint(row, _) => self.changed.push(Change::Checkpoint(row)),
            Entry::Settle(row, _) => self.changed.push(Change::Settlement(row)),
        }
    }
}

/// The parts of a batch, in the order of tenants: so two batches never wait for each other.
pub(super) fn parts(entries: &[Entry]) -> Vec<Part<'_>> {
    let mut parts = BTreeMap::new();
    for entry in entries {
        let tenant_id = entry.tenant_id();
        parts.entry(tenant_id).or_insert_with(|| Part::of(tenant_id)).add(entry);
    }
    parts.into_values().collect()
}
