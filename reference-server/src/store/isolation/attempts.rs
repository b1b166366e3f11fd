//! Attempts on PostgreSQL to reach one tenant's rows as another, with the very role and connections that the server has.

use sqlx::{AssertSqlSafe, FromRow, PgConnection, PgPool, postgres::PgQueryResult};

use super::Finding;
use crate::{
    ids::TenantId,
    store::{Database, Result, Store, begin_as, open::INSUFFICIENT_PRIVILEGE},
};

/// What a trigger of ours refuses, which comes before row security.
const REFUSED_BY_A_TRIGGER: &str = "P0001";

/// The statements that are tried on a table. The database writes them, which quotes its own names best; `$1` is a tenant.
#[derive(Debug, FromRow)]
struct Statements {
    name: String,
    count: String,
    insert: String,
    take: String,
    give: String,
    delete: String,
    disable: String,
}

/// How many rows of a table are seen: in all, and of two tenants.
#[derive(Clone, Copy, Debug, Default, FromRow)]
struct Seen {
    all: i64,
    of_own: i64,
    of_other: i64,
}

impl Store {
    /// Whether one tenant sees or writes rows of the other, or anybody any without a tenant; on SQLite there is no role to try it
    /// with.
    ///
    /// # Errors
    /// The database failed.
    pub async fn isolation_of_attempts(&self, a: &TenantId, b: &TenantId) -> Result<Vec<Finding>> {
        let Database::Postgres(pool) = &*self.database else { return Ok(Vec::new()) };
        let tables = statements(pool).await?;
        let mut findings = vec![without_tenant(pool, &tables, a, b).await?];
        for (own, other) in [(a, b), (b, a)] {
            findings.extend(as_one(pool, &tables, own, other).await?);
        }
        for (own, other) in [(a, b), (b, a)] {
            findings.push(writing(pool, &tables, own, other).await?);
        }
        findings.push(switching_off(pool, &tables, a, b).await?);
        Ok(findings)
    }
}

async fn statements(pool: &PgPool) -> Result<Vec<Statements>> {
    sqlx::query_as(
        "SELECT c.relname::text AS name, \
         format('SELECT count(*) AS all, count(*) FILTER (WHERE tenant_id = $1) AS of_own, \
             count(*) FILTER (WHERE tenant_id = $2) AS of_other FROM %I', c.relname) AS count, \
         format('INSERT INTO %I (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM %1$I LIMIT 1', c.relname, \
             string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum), \
             string_agg(CASE a.attname WHEN 'tenant_id' THEN '$1' ELSE quote_ident(a.attname) END, ', ' ORDER BY a.attnum)) AS insert, \
         format('UPDATE %I SET tenant_id = $1 WHERE tenant_id = $2', c.relname) AS take, \
         format('UPDATE %I SET tenant_id = $2 WHERE tenant_id = $1', c.relname) AS give, \
         format('DELETE FROM %I WHERE tenant_id = $2 AND tenant_id <> $1', c.relname) AS delete, \
         format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY', c.relname) AS disable \
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' \
         WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace \
         GROUP BY c.relname HAVING bool_or(a.attname = 'tenant_id') ORDER BY 1",
    )
    .fetch_all(pool)
    .await
}

/// What is seen of a table; nothing of one that may not be read.
async fn seen(connection: &mut PgConnection, table: &Statements, own: &TenantId, other: &TenantId) -> Result<Seen> {
    let counted = sqlx::query_as(AssertSqlSafe(table.count.clone())).bind(own).bind(other).fetch_one(connection).await;
    match counted {
        Err(error) if refusal(&error).as_deref() == Some(INSUFFICIENT_PRIVILEGE) => Ok(Seen::default()),
        counted => counted,
    }
}

/// The same as one tenant, or as another.
async fn seen_as(pool: &PgPool, who: &TenantId, table: &Statements, own: &TenantId, other: &TenantId) -> Result<Seen> {
    let mut transaction = begin_as(pool, who).await?;
    let seen = seen(&mut transaction, table, own, other).await?;
    transaction.rollback().await?;
    Ok(seen)
}

async fn without_tenant(pool: &PgPool, tables: &[Statements], a: &TenantId, b: &TenantId) -> Result<Finding> {
    let mut connection = pool.acquire().await?;
    let mut visible = Vec::new();
    for table in tables {
        let Seen { all, .. } = seen(&mut connection, table, a, b).await?;
        if all > 0 {
            visible.push(format!("{} ({all})", table.name));
        }
    }
    Ok(Finding::new("with no tenant set, no row is visible", format!("{} tables", tables.len()), visible))
}

/// What a tenant sees of its own and of the other's, in every table.
async fn as_one(pool: &PgPool, tables: &[Statements], own: &TenantId, other: &TenantId) -> Result<[Finding; 2]> {
    let (mut own_figures, mut other_figures) = (Vec::new(), Vec::new());
    let (mut missing, mut visible) = (Vec::new(), Vec::new());
    for table in tables {
        let name = &table.name;
        let there = seen_as(pool, other, table, own, other).await?.of_other;
        let Seen { all, of_own, of_other } = seen_as(pool, own, table, own, other).await?;
        own_figures.push(format!("{name}: {of_own}"));
        other_figures.push(format!("{name}: {of_other} of {there}"));
        if name == "tenants" && of_own != 1 {
            missing.push(name.clone());
        }
        if of_other > 0 || all != of_own {
            visible.push(name.clone());
        }
    }
    Ok([
        Finding::new(format!("{own} sees its own rows"), own_figures.join(", "), missing),
        Finding::new(format!("{own} sees none of {other}'s rows"), other_figures.join(", "), visible),
    ])
}

/// The code of what the database refused.
fn refusal(error: &sqlx::Error) -> Option<String> {
    error.as_database_error()?.code().map(Into::into)
}

/// Whether a statement reached nothing: refused, or no row was there for it. A unique key that stands in the way is no wall.
fn is_held(outcome: Result<PgQueryResult>) -> Result<bool> {
    match outcome {
        Ok(done) => Ok(done.rows_affected() == 0),
        Err(error) => match refusal(&error) {
            Some(code) => Ok([INSUFFICIENT_PRIVILEGE, REFUSED_BY_A_TRIGGER].contains(&code.as_str())),
            None => Err(error),
        },
    }
}

async fn writing(pool: &PgPool, tables: &[Statements], own: &TenantId, other: &TenantId) -> Result<Finding> {
    let mut written = Vec::new();
    for table in tables {
        let attempts =
            [("insert", &table.insert), ("take", &table.take), ("give", &table.give), ("delete", &table.delete)];
        for (attempt, statement) in attempts {
            let mut transaction = begin_as(pool, own).await?;
            let statement = sqlx::query(AssertSqlSafe(statement.clone()));
            let outcome = match attempt {
                "insert" => statement.bind(other).execute(&mut *transaction).await,
                _ => statement.bind(own).bind(other).execute(&mut *transaction).await,
            };
            transaction.rollback().await?;
            if !is_held(outcome)? {
                written.push(format!("{} ({attempt})", table.name));
            }
        }
    }
    Ok(Finding::new(format!("{own} cannot write a row for {other}"), format!("{} tables", tables.len()), written))
}

/// Without row security a query fails, and shows nothing; to take it off the table is refused.
async fn switching_off(pool: &PgPool, tables: &[Statements], own: &TenantId, other: &TenantId) -> Result<Finding> {
    let mut switched = Vec::new();
    for table in tables {
        for statement in [&table.count, &table.disable] {
            let mut transaction = begin_as(pool, own).await?;
            sqlx::query("SET LOCAL row_security = off").execute(&mut *transaction).await?;
            let statement = AssertSqlSafe(statement.clone());
            let outcome = match statement.0 == table.count {
                true => sqlx::query(statement).bind(own).bind(other).execute(&mut *transaction).await,
                false => sqlx::query(statement).execute(&mut *transaction).await,
            };
            transaction.rollback().await?;
            let code = outcome.err().as_ref().and_then(refusal);
            let is_refused = code.as_deref() == Some(INSUFFICIENT_PRIVILEGE);
            if !is_refused && !switched.contains(&table.name) {
                switched.push(table.name.clone());
            }
        }
    }
    Ok(Finding::new("switching row security off is refused", format!("{} tables", tables.len()), switched))
}
