//! Copies a tenant's data from one database to another while it is used: pass by pass, until a pass finds little.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::{
    super::{Result, TenantStore},
    rows::{self, Snapshot},
    tables::{TABLES, Table, Writing},
};
use crate::ids::ExecutionId;

/// Units that are read and written at once: bounds the memory, and how long a target that others use is busy with it.
const UNITS_AT_ONCE: usize = 100;
/// What was begun so long before a move may still change, or be written, while it is made: clocks differ, and work takes its time.
const UNSETTLED_FOR: chrono::Duration = chrono::Duration::minutes(15);

/// What keeps a move alive while it copies.
pub(super) trait Heart {
    /// Says that the move is still being made; an error where it was given up by others.
    async fn beat(&mut self) -> Result<()>;
}

/// Two databases, and how far the second is like the first.
#[derive(Debug)]
pub(super) struct Copier {
    source: TenantStore,
    target: TenantStore,
    /// What ids of this time and later begin with: what has them may change while the move is made.
    since: String,
    /// For each table its units since then, as they were copied last.
    copied: Vec<HashMap<String, Option<String>>>,
    /// Rows copied so far.
    pub(super) rows: usize,
}

impl Copier {
    /// Between two databases, of which the second has nothing of the tenant's.
    pub(super) async fn new(source: TenantStore, target: TenantStore, now: DateTime<Utc>) -> Result<Self> {
        let oldest = Snapshot::of(&source).await?.oldest_running().await?.unwrap_or(now);
        let since = time_of_ids(oldest.min(now - UNSETTLED_FOR));
        Ok(Self { source, target, since, copied: Vec::new(), rows: 0 })
    }

    /// Makes the target what the source is at this moment; gives how many rows that took.
    pub(super) async fn pass(&mut self, heart: &mut impl Heart) -> Result<usize> {
        let before = self.rows;
        let is_first = self.copied.is_empty();
        let mut source = Snapshot::of(&self.source).await?;
        for (i, table) in TABLES.iter().enumerate() {
            let now = source.changes(table, &self.since).await?;
            if is_first {
                let everything = source.changes(table, "").await?;
                self.copy(&mut source, table, everything.into_keys().collect(), heart).await?;
                self.copied.push(now);
                continue;
            }
            let last = std::mem::take(&mut self.copied[i]);
            let mut changed = Vec::new();
            for (unit, text) in &now {
                // What runs is copied each time.
                if text.is_none() || last.get(unit) != Some(text) {
                    let (last, text) = (last.get(unit).and_then(Option::as_deref), text.as_deref());
                    if !self.copy_behind(&mut source, table, unit, (last, text)).await? {
                        changed.push(unit.clone());
                    }
                }
            }
            self.copy(&mut source, table, changed, heart).await?;
            let gone: Vec<_> = last.into_keys().filter(|unit| !now.contains_key(unit)).collect();
            if table.is_whole && !gone.is_empty() {
                rows::delete(&self.target, table, &gone).await?;
                self.rows += gone.len();
            }
            self.copied[i] = now;
        }
        let (wanted, there) = (source.counts().await?, Snapshot::of(&self.target).await?.counts().await?);
        let tables = TABLES.iter().filter(|table| table.is_whole).zip(wanted.iter().zip(&there));
        for (table, _) in tables.filter(|(_, (wanted, there))| wanted != there) {
            self.reconcile(&mut source, table, heart).await?;
        }
        Ok(self.rows - before)
    }

    /// Copies what a unit has gained behind what was copied of it last, where that is all that has changed.
    async fn copy_behind(
        &mut self,
        source: &mut Snapshot,
        table: &Table,
        unit: &str,
        (last, now): (Option<&str>, Option<&str>),
    ) -> Result<bool> {
        // How many rows there were, and the place of the last.
        let figures = |text: Option<&str>| {
            let (count, place) = text?.split_once(' ')?;
            Some((count.parse::<usize>().ok()?, place.parse::<i64>().ok()?))
        };
        let (Writing::InOrder(_), Some((had, place)), Some((has, _))) = (table.writing, figures(last), figures(now))
        else {
            return Ok(false);
        };
        let found = source.rows_behind(table, unit, place).await?;
        let is_all = had + found.len() == has;
        if is_all {
            rows::write(&self.target, table, &[], &found).await?;
            self.rows += found.len();
        }
        Ok(is_all)
    }

    /// Takes over what stands beside the data and changes with it: for the last pass.
    pub(super) async fn take_over(&self) -> Result<()> {
        let epoch = self.source.quota_epoch().await?;
        self.target.set_quota_epoch(epoch.as_deref()).await
    }

    /// Whether the two have the same: rows in each table, and what the ledger comes to.
    pub(super) async fn is_whole(&self) -> Result<bool> {
        let (mut source, mut target) = (Snapshot::of(&self.source).await?, Snapshot::of(&self.target).await?);
        Ok(source.counts().await? == target.counts().await? && source.ledger().await? == target.ledger().await?)
    }

    /// Finds what else differs, where numbers do: something old was deleted.
    async fn reconcile(&mut self, source: &mut Snapshot, table: &Table, heart: &mut impl Heart) -> Result<()> {
        let wanted = source.count_units(table).await?;
        let there = Snapshot::of(&self.target).await?.count_units(table).await?;
        let differing = wanted.iter().filter(|&(unit, count)| there.get(unit) != Some(count));
        self.copy(source, table, differing.map(|(unit, _)| unit.clone()).collect(), heart).await?;
        let gone: Vec<_> = there.into_keys().filter(|unit| !wanted.contains_key(unit)).collect();
        for units in gone.chunks(UNITS_AT_ONCE) {
            rows::delete(&self.target, table, units).await?;
            self.rows += units.len();
        }
        Ok(())
    }

    async fn copy(
        &mut self,
        source: &mut Snapshot,
        table: &Table,
        mut units: Vec<String>,
        heart: &mut impl Heart,
    ) -> Result<()> {
        units.sort_unstable();
        for units in units.chunks(UNITS_AT_ONCE) {
            heart.beat().await?;
            let found = source.rows(table, units).await?;
            let replaced = if matches!(table.writing, Writing::InOrder(_)) { units } else { &[] };
            rows::write(&self.target, table, replaced, &found).await?;
            self.rows += found.len();
        }
        Ok(())
    }
}

/// What ids that are made at this time begin with, behind their prefix.
fn time_of_ids(time: DateTime<Utc>) -> String {
    let id = ExecutionId::new(time).to_string();
    let body = id.rsplit('-').next().unwrap_or_default();
    body[..body.len() / 2].to_owned()
}
