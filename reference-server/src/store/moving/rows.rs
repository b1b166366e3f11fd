//! Rows as they cross from one database to another, of either kind.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, ColumnIndex, Decode, Postgres, Row, Sqlite, Transaction, Type};

use super::{
    super::{Database, Result, TenantStore, begin_as, begin_snapshot, begin_writing},
    lease::given_up,
    statements::{Dialect, Span, counts, ledger_sums},
    tables::{Kind, Table},
};
use crate::ids::{MoveId, TenantId};

/// Rows in one statement: a round trip for each would be most of a pause.
const ROWS_AT_ONCE: usize = 50;

/// One column of one row.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Text(Option<String>),
    Int(Option<i64>),
    Real(Option<f64>),
    Bool(Option<bool>),
    Time(Option<DateTime<Utc>>),
    Bytes(Option<Vec<u8>>),
}

fn values<R: Row>(row: &R, table: &Table) -> Result<Vec<Value>>
where
    usize: ColumnIndex<R>,
    for<'r> String: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> i64: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> f64: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> bool: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> DateTime<Utc>: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> Vec<u8>: Decode<'r, R::Database> + Type<R::Database>,
{
    let value = |(i, (_, kind)): (usize, &(&str, Kind))| {
        Ok(match kind {
            Kind::Text | Kind::Json | Kind::Jsonb => Value::Text(row.try_get(i)?),
            Kind::Int => Value::Int(row.try_get(i)?),
            Kind::Real => Value::Real(row.try_get(i)?),
            Kind::Bool => Value::Bool(row.try_get(i)?),
            Kind::Time => Value::Time(row.try_get(i)?),
            Kind::Bytes => Value::Bytes(row.try_get(i)?),
        })
    };
    table.columns.iter().enumerate().map(value).collect()
}

/// A list of units as one parameter.
fn named(units: &[String]) -> String {
    serde_json::to_string(units).expect("units are texts")
}

/// One moment of a tenant's data in one database.
#[derive(Debug)]
pub(super) struct Snapshot {
    tenant_id: TenantId,
    transaction: Reading,
}

#[derive(Debug)]
enum Reading {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// Runs a body on the connection of either driver, with its dialect.
macro_rules! on {
    ($reading:expr, |$connection:ident, $dialect:ident| $body:expr) => {
        match &mut $reading {
            Reading::Sqlite(transaction) => {
                let ($connection, $dialect) = (&mut **transaction, Dialect::Sqlite);
                $body
            }
            Reading::Postgres(transaction) => {
                let ($connection, $dialect) = (&mut **transaction, Dialect::Postgres);
                $body
            }
        }
    };
}

impl Snapshot {
    pub(super) async fn of(end: &TenantStore) -> Result<Self> {
        let reached = end.reach().await?;
        let transaction = match &*reached {
            Database::Sqlite { read, .. } => Reading::Sqlite(read.begin().await?),
            Database::Postgres(pool) => Reading::Postgres(begin_snapshot(pool, &end.tenant_id).await?),
        };
        Ok(Self { tenant_id: end.tenant_id.clone(), transaction })
    }

    /// The units that may have changed since the time that ids after `since` begin with, each with a text that changes with it.
    pub(super) async fn changes(&mut self, table: &Table, since: &str) -> Result<HashMap<String, Option<String>>> {
        let found: Vec<(String, Option<String>)> = on!(self.transaction, |connection, dialect| {
            sqlx::query_as(table.listing(dialect)).bind(&self.tenant_id).bind(since).fetch_all(connection).await?
        });
        Ok(found.into_iter().collect())
    }

    /// How many rows the tenant has.
    pub(super) async fn count(&mut self, table: &Table) -> Result<i64> {
        on!(self.transaction, |connection, dialect| {
            sqlx::query_scalar(AssertSqlSafe(table.count(dialect))).bind(&self.tenant_id).fetch_one(connection).await
        })
    }

    /// The same for each table of which there is nothing else; of what came of executions, of those since the time that ids begin with,
    /// or of all where that is empty.
    pub(super) async fn counts(&mut self, since: &str) -> Result<Vec<(i64, i64)>> {
        on!(self.transaction, |connection, dialect| {
            let span = Span::of(since);
            let counts = sqlx::query_as(AssertSqlSafe(counts(dialect, span))).bind(&self.tenant_id);
            let counts = if span == Span::Since { counts.bind(since) } else { counts };
            counts.fetch_all(connection).await
        })
    }

    /// How many rows each unit has.
    pub(super) async fn count_units(&mut self, table: &Table) -> Result<HashMap<String, i64>> {
        let found: Vec<(String, i64)> = on!(self.transaction, |connection, dialect| {
            sqlx::query_as(AssertSqlSafe(table.count_units(dialect)))
                .bind(&self.tenant_id)
                .fetch_all(connection)
                .await?
        });
        Ok(found.into_iter().collect())
    }

    /// What the ledger comes to, in the same span: input and output tokens, and cost.
    pub(super) async fn ledger(&mut self, since: &str) -> Result<(i64, i64, i64)> {
        on!(self.transaction, |connection, dialect| {
            let span = Span::of(since);
            let sums = sqlx::query_as(AssertSqlSafe(ledger_sums(dialect, span))).bind(&self.tenant_id);
            let sums = if span == Span::Since { sums.bind(since) } else { sums };
            sums.fetch_one(connection).await
        })
    }

    /// Which loading of the shared counters stands.
    pub(super) async fn quota_epoch(&mut self) -> Result<Option<String>> {
        on!(self.transaction, |connection, _dialect| {
            sqlx::query_scalar("SELECT quota_epoch FROM tenants WHERE tenant_id = $1")
                .bind(&self.tenant_id)
                .fetch_optional(connection)
                .await
        })
    }

    /// The start of the oldest execution that runs.
    pub(super) async fn oldest_running(&mut self) -> Result<Option<DateTime<Utc>>> {
        on!(self.transaction, |connection, _dialect| {
            sqlx::query_scalar("SELECT MIN(created_at) FROM executions WHERE tenant_id = $1 AND status = 'running'")
                .bind(&self.tenant_id)
                .fetch_one(connection)
                .await
        })
    }

    /// The rows of some units, in their order.
    pub(super) async fn rows(&mut self, table: &Table, units: &[String]) -> Result<Vec<Vec<Value>>> {
        on!(self.transaction, |connection, dialect| {
            let select = AssertSqlSafe(table.select(dialect));
            let rows = sqlx::query(select).bind(&self.tenant_id).bind(named(units)).fetch_all(connection).await?;
            rows.iter().map(|row| values(row, table)).collect()
        })
    }

    /// The rows of a unit behind a place in its order; none of a table without one.
    pub(super) async fn rows_behind(&mut self, table: &Table, unit: &str, place: i64) -> Result<Vec<Vec<Value>>> {
        on!(self.transaction, |connection, dialect| {
            let Some(select) = table.select_behind(dialect) else { return Ok(Vec::new()) };
            let query = sqlx::query(AssertSqlSafe(select)).bind(&self.tenant_id).bind(unit).bind(place);
            let rows = query.fetch_all(connection).await?;
            rows.iter().map(|row| values(row, table)).collect()
        })
    }
}

/// Something to write.
#[derive(Debug)]
pub(super) enum Write {
    /// Rows, in place of what there is of some units.
    Rows { table: &'static Table, replaced: Vec<String>, rows: Vec<Vec<Value>> },
    /// Units that are gone.
    Gone { table: &'static Table, units: Vec<String> },
    /// Which loading of the shared counters stands: what is reserved begins where the data is.
    QuotaEpoch(Option<String>),
}

/// Writes all of it in one transaction, if the move is still being made by then: what a copier that hung for a while comes with is
/// old, and perhaps somebody else's copy is there.
pub(super) async fn write(target: &TenantStore, move_id: &MoveId, writes: &[Write]) -> Result<()> {
    let reached = target.reach().await?;
    let mut transaction = match &*reached {
        Database::Sqlite { write, .. } => Reading::Sqlite(begin_writing(write).await?),
        Database::Postgres(pool) => Reading::Postgres(begin_as(pool, &target.tenant_id).await?),
    };
    let stands = on!(transaction, |connection, dialect| {
        let ask = match dialect {
            Dialect::Sqlite => SQLITE_STANDS,
            Dialect::Postgres => POSTGRES_STANDS,
        };
        sqlx::query(ask).bind(&target.tenant_id).bind(move_id).fetch_optional(connection).await?.is_some()
    });
    if !stands {
        return Err(given_up());
    }
    for write in writes {
        match write {
            Write::Rows { table, replaced, rows } => {
                if !replaced.is_empty() {
                    delete(&mut transaction, &target.tenant_id, table, replaced).await?;
                }
                insert(&mut transaction, &target.tenant_id, table, rows).await?;
            }
            Write::Gone { table, units } => delete(&mut transaction, &target.tenant_id, table, units).await?,
            Write::QuotaEpoch(epoch) => on!(transaction, |connection, _dialect| {
                sqlx::query("UPDATE tenants SET quota_epoch = COALESCE($2, quota_epoch) WHERE tenant_id = $1")
                    .bind(&target.tenant_id)
                    .bind(epoch)
                    .execute(connection)
                    .await?;
            }),
        }
    }
    match transaction {
        Reading::Sqlite(transaction) => transaction.commit().await,
        Reading::Postgres(transaction) => transaction.commit().await,
    }
}

/// By the row of the platform's database, or by that of a silo.
const SQLITE_STANDS: &str = "SELECT 1 FROM placements WHERE tenant_id = $1 AND move_id = $2 \
    AND state IN ('copying', 'paused', 'arriving')";
/// Whoever gives the move up waits for the end of what is being written.
const POSTGRES_STANDS: &str = "SELECT 1 FROM placements WHERE tenant_id = $1 AND move_id = $2 \
    AND state IN ('copying', 'paused', 'arriving') FOR SHARE";

async fn insert(transaction: &mut Reading, tenant_id: &TenantId, table: &Table, rows: &[Vec<Value>]) -> Result<()> {
    for rows in rows.chunks(ROWS_AT_ONCE) {
        on!(*transaction, |connection, dialect| {
            let insert = AssertSqlSafe(table.insert(dialect, rows.len()));
            // Its text is another for each number of rows.
            let mut query = sqlx::query(insert).persistent(rows.len() == ROWS_AT_ONCE).bind(tenant_id);
            for value in rows.iter().flatten() {
                query = match value {
                    Value::Text(value) => query.bind(value),
                    Value::Int(value) => query.bind(value),
                    Value::Real(value) => query.bind(value),
                    Value::Bool(value) => query.bind(value),
                    Value::Time(value) => query.bind(value),
                    Value::Bytes(value) => query.bind(value),
                };
            }
            query.execute(connection).await?;
        });
    }
    Ok(())
}

async fn delete(transaction: &mut Reading, tenant_id: &TenantId, table: &Table, units: &[String]) -> Result<()> {
    on!(*transaction, |connection, dialect| {
        let delete = AssertSqlSafe(table.delete(dialect));
        sqlx::query(delete).bind(tenant_id).bind(named(units)).execute(connection).await?;
    });
    Ok(())
}
