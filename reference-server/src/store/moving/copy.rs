//! Copies a tenant's data from one database to another while it is used: pass by pass, until a pass finds little.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::{
    super::{Result, TenantStore},
    lease::{Heart, Silent},
    rows::{self, Snapshot, Value, Write},
    tables::{TABLES, Table, Writing},
};
use crate::ids::{MoveId, time_of_ids};

/// Units that are read and written at once: bounds the memory, and how long a target that others use is busy with it.
const UNITS_AT_ONCE: usize = 100;
/// What was begun so long before a move may still change, or be written, while it is made: clocks differ, and work takes its time.
const UNSETTLED_FOR: chrono::Duration = chrono::Duration::minutes(15);

/// Two databases, and how far the second is like the first.
#[derive(Debug)]
pub(super) struct Copier {
    source: TenantStore,
    target: TenantStore,
    /// For which move: once that is given up, nothing is written any more.
    move_id: MoveId,
    /// What ids of this time and later begin with: what has them may change while the move is made.
    since: String,
    /// For each table its units since then, as they were copied last; empty before the first pass.
    copied: Vec<Units>,
    /// Whether the target may have more than that: a pass was broken off.
    is_unsure: bool,
    /// Whether both were found alike by the last pass, from the first row on. Then only what came since can differ, but for what is
    /// deleted.
    pub(super) agrees: bool,
    /// What the last pass is about to write, all of it in one transaction: it has little time.
    gathered: Option<Vec<Write>>,
    /// Rows copied so far.
    pub(super) rows: usize,
}

/// Units, each with a text that changes with it; without one, it changes at any time.
type Units = HashMap<String, Option<String>>;

impl Copier {
    /// Between two databases, of which the second has nothing of the tenant's.
    pub(super) async fn new(
        source: TenantStore,
        target: TenantStore,
        move_id: MoveId,
        now: DateTime<Utc>,
        heart: &mut impl Heart,
    ) -> Result<Self> {
        let oldest = heart.during(async { Snapshot::of(&source).await?.oldest_running().await }).await?.unwrap_or(now);
        let since = time_of_ids(oldest.min(now - UNSETTLED_FOR));
        Ok(Self {
            source,
            target,
            move_id,
            since,
            copied: Vec::new(),
            is_unsure: false,
            agrees: false,
            gathered: None,
            rows: 0,
        })
    }

    /// Makes the target what the source is at this moment; gives how many rows that took.
    pub(super) async fn pass(&mut self, heart: &mut impl Heart) -> Result<usize> {
        let before = self.rows;
        // Of a last pass that was broken off.
        self.gathered = None;
        let mut source = Snapshot::of(&self.source).await?;
        self.agrees = false;
        self.copy_changes(&mut source, heart).await?;
        self.agrees = heart.during(self.is_whole(&mut source, "")).await?;
        if !self.agrees {
            self.reconcile(&mut source, "", heart).await?;
            self.agrees = heart.during(self.is_whole(&mut source, "")).await?;
        }
        Ok(self.rows - before)
    }

    /// The same while nothing changes, with what changes beside the data. Gives whether the two have the same in the end: rows in
    /// each table, and what the ledger comes to.
    pub(super) async fn last_pass(&mut self) -> Result<bool> {
        let mut source = Snapshot::of(&self.source).await?;
        let epoch = Write::QuotaEpoch(source.quota_epoch().await?);
        self.gathered = Some(vec![epoch]);
        self.copy_changes(&mut source, &mut Silent).await?;
        // What executions came to long ago does not change, but that messages are deleted with their conversation, in both.
        let since = if self.agrees { self.since.clone() } else { String::new() };
        if self.is_whole(&mut source, &since).await? {
            return Ok(true);
        }
        self.reconcile(&mut source, &since, &mut Silent).await?;
        self.is_whole(&mut source, &since).await
    }

    async fn copy_changes(&mut self, source: &mut Snapshot, heart: &mut impl Heart) -> Result<()> {
        let is_first = self.copied.is_empty();
        let last = self.copied.clone();
        let was_unsure = std::mem::replace(&mut self.is_unsure, true);
        let mut copied = Vec::new();
        for (i, table) in TABLES.iter().enumerate() {
            let now = heart.during(source.changes(table, &self.since)).await?;
            if is_first {
                let everything = heart.during(source.changes(table, "")).await?;
                self.copy(source, table, everything.into_keys().collect(), heart).await?;
            } else {
                self.copy_changed(source, table, (&last[i], &now), was_unsure, heart).await?;
            }
            copied.push(now);
        }
        if let Some(gathered) = self.gathered.take() {
            rows::write(&self.target, &self.move_id, &gathered).await?;
        }
        (self.copied, self.is_unsure) = (copied, false);
        Ok(())
    }

    async fn copy_changed(
        &mut self,
        source: &mut Snapshot,
        table: &'static Table,
        (last, now): (&Units, &Units),
        is_unsure: bool,
        heart: &mut impl Heart,
    ) -> Result<()> {
        let (mut changed, mut behind) = (Vec::new(), Vec::new());
        for (unit, text) in now {
            // What runs is copied each time.
            if text.is_some() && last.get(unit) == Some(text) {
                continue;
            }
            let texts = (last.get(unit).and_then(Option::as_deref), text.as_deref());
            let rows = if is_unsure { None } else { gained(source, table, unit, texts).await? };
            match rows {
                Some(rows) => behind.extend(rows),
                None => changed.push(unit.clone()),
            }
        }
        if !behind.is_empty() {
            self.rows += behind.len();
            self.write(Write::Rows { table, replaced: Vec::new(), rows: behind }).await?;
        }
        self.copy(source, table, changed, heart).await?;
        let units: Vec<_> = last.keys().filter(|unit| !now.contains_key(*unit)).cloned().collect();
        if table.is_whole && !units.is_empty() {
            self.rows += units.len();
            self.write(Write::Gone { table, units }).await?;
        }
        Ok(())
    }

    /// Whether both have the same numbers; of what came of executions, of those since the time that ids begin with.
    async fn is_whole(&self, source: &mut Snapshot, since: &str) -> Result<bool> {
        let mut target = Snapshot::of(&self.target).await?;
        Ok(source.counts(since).await? == target.counts(since).await?
            && source.ledger(since).await? == target.ledger(since).await?)
    }

    /// Finds what else differs, where numbers do: something old was deleted.
    async fn reconcile(&mut self, source: &mut Snapshot, since: &str, heart: &mut impl Heart) -> Result<()> {
        let wanted = heart.during(source.counts(since)).await?;
        let there = heart.during(async { Snapshot::of(&self.target).await?.counts(since).await }).await?;
        let tables = TABLES.iter().filter(|table| table.is_whole).zip(wanted.iter().zip(&there));
        for (table, _) in tables.filter(|(_, (wanted, there))| wanted != there) {
            let wanted = heart.during(source.count_units(table)).await?;
            let there = heart.during(async { Snapshot::of(&self.target).await?.count_units(table).await }).await?;
            let differing = wanted.iter().filter(|&(unit, count)| there.get(unit) != Some(count));
            self.copy(source, table, differing.map(|(unit, _)| unit.clone()).collect(), heart).await?;
            let gone: Vec<_> = there.into_keys().filter(|unit| !wanted.contains_key(unit)).collect();
            for units in gone.chunks(UNITS_AT_ONCE) {
                self.rows += units.len();
                self.write(Write::Gone { table, units: units.to_vec() }).await?;
            }
        }
        Ok(())
    }

    async fn copy(
        &mut self,
        source: &mut Snapshot,
        table: &'static Table,
        mut units: Vec<String>,
        heart: &mut impl Heart,
    ) -> Result<()> {
        units.sort_unstable();
        for units in units.chunks(UNITS_AT_ONCE) {
            heart.beat().await?;
            let rows = source.rows(table, units).await?;
            let replaced = if matches!(table.writing, Writing::InOrder(_)) { units.to_vec() } else { Vec::new() };
            self.rows += rows.len();
            self.write(Write::Rows { table, replaced, rows }).await?;
        }
        Ok(())
    }

    async fn write(&mut self, write: Write) -> Result<()> {
        match &mut self.gathered {
            Some(gathered) => gathered.push(write),
            None => rows::write(&self.target, &self.move_id, &[write]).await?,
        }
        Ok(())
    }
}

/// What a unit has gained behind what was copied of it last, where that is all that has changed.
async fn gained(
    source: &mut Snapshot,
    table: &Table,
    unit: &str,
    (last, now): (Option<&str>, Option<&str>),
) -> Result<Option<Vec<Vec<Value>>>> {
    // How many rows there were, and the place of the last.
    let figures = |text: Option<&str>| {
        let (count, place) = text?.split_once(' ')?;
        Some((count.parse::<usize>().ok()?, place.parse::<i64>().ok()?))
    };
    let (Writing::InOrder(_), Some((had, place)), Some((has, _))) = (table.writing, figures(last), figures(now)) else {
        return Ok(None);
    };
    let found = source.rows_behind(table, unit, place).await?;
    Ok((had + found.len() == has).then_some(found))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::{
        ids::{ConversationId, ExecutionId},
        store::{Database, Store},
    };

    async fn store(folder: &tempfile::TempDir, name: &str) -> Store {
        let Ok(url) = format!("sqlite://{}", folder.path().join(name).display()).parse();
        Store::open(&url, None).await.unwrap()
    }

    async fn run(store: &Store, statement: &str, values: &[&str]) -> u64 {
        let Database::Sqlite { write, .. } = &*store.database else { unreachable!("it is SQLite") };
        let mut query = sqlx::query(sqlx::AssertSqlSafe(statement));
        for value in values {
            query = query.bind(*value);
        }
        query.execute(write).await.unwrap().rows_affected()
    }

    /// Long ago, with its conversation, messages and ledger entry.
    async fn execution(store: &Store, began: DateTime<Utc>) -> ConversationId {
        let (execution_id, conversation_id) = (ExecutionId::new(began), ConversationId::new(began));
        let time = began.to_rfc3339();
        let values = [execution_id.as_str(), conversation_id.as_str(), &time];
        for statement in [
            "INSERT INTO executions (execution_id, conversation_id, created_at, tenant_id, agent_id, key_id, mode, owner, status, \
             input, model, reserved_tokens, input_tokens, metadata) \
             VALUES ($1, $2, $3, 'acme', 'a', 'k', 'live', 'o', 'completed', 'Hello!', 'm', 0, 1, '{}')",
            "INSERT INTO conversations (tenant_id, conversation_id, agent_id, created_at) VALUES ('acme', $2, 'a', $3)",
            "INSERT INTO messages (tenant_id, conversation_id, execution_id, role, content, created_at) \
             VALUES ('acme', $2, $1, 'user', 'Hello!', $3), ('acme', $2, $1, 'assistant', 'Hello.', $3)",
            "INSERT INTO ledger VALUES ($1, 'acme', 'a', 'k', 'live', 'm', 'completed', 1, 1, FALSE, 1, $3, $3)",
        ] {
            run(store, statement, &values).await;
        }
        conversation_id
    }

    #[tokio::test]
    async fn what_is_deleted_in_the_pause_is_gone_from_the_copy_however_old_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let (source, target) = (store(&folder, "source.db").await, store(&folder, "target.db").await);
        let now = Utc::now();
        let (deleted, _) = (execution(&source, now - TimeDelta::days(2)).await, execution(&source, now).await);
        let move_id = MoveId::new(now);
        let arriving = "INSERT INTO placements (tenant_id, state, version, move_id, lease_until) VALUES ('acme', 'arriving', 1, $1, '')";
        run(&target, arriving, &[move_id.as_str()]).await;
        let end = |store: &Store| store.tenant("acme".parse().unwrap()).control();
        let mut copier = Copier::new(end(&source), end(&target), move_id, now, &mut Silent).await.unwrap();
        copier.pass(&mut Silent).await.unwrap();
        assert!(copier.agrees);
        end(&source).delete_conversation(&deleted).await.unwrap().unwrap();
        assert!(copier.last_pass().await.unwrap());
        let counts = async |store: &Store| Snapshot::of(&end(store)).await.unwrap().counts("").await.unwrap();
        let found = counts(&target).await;
        assert_eq!(found, counts(&source).await);
        let of_tables: Vec<_> =
            TABLES.iter().filter(|table| table.is_whole).map(|table| table.name).zip(found).collect();
        for (table, rows) in [("conversations", 1), ("messages", 2), ("executions", 2), ("ledger", 2)] {
            let of_table = of_tables.iter().find(|(name, _)| *name == table).unwrap();
            assert_eq!(of_table.1.1, rows, "{table}");
        }
    }
}
