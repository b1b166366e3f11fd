//! What PostgreSQL's catalogue says of the tables that hold tenants' rows, and what the application may do to them.

use sqlx::{FromRow, PgPool};

use super::Finding;
use crate::store::{Database, Result, Store};

/// What the server does to each table with tenants' rows, and all that its role may: a table that is not here, or a grant
/// beyond, is told.
const MAY: [(&str, &str); 14] = [
    ("agents", "SELECT INSERT UPDATE DELETE"),
    ("api_keys", "SELECT INSERT UPDATE"),
    ("audit_entries", "SELECT INSERT"),
    ("audit_heads", "SELECT INSERT UPDATE"),
    ("conversations", "SELECT INSERT DELETE"),
    ("documents", "SELECT INSERT DELETE"),
    ("executions", "SELECT INSERT UPDATE"),
    ("idempotency_keys", "SELECT INSERT UPDATE"),
    ("ledger", "SELECT INSERT"),
    ("messages", "SELECT INSERT DELETE"),
    ("passages", "SELECT INSERT DELETE"),
    ("placements", "SELECT INSERT UPDATE"),
    ("tenants", "SELECT INSERT UPDATE"),
    ("tickets", "SELECT INSERT"),
];
/// The rule of the one policy, as PostgreSQL writes it.
const RULE: &str = "(tenant_id = ( SELECT current_tenant() AS current_tenant))";

/// A table that holds tenants' rows.
#[derive(Debug, FromRow)]
struct Table {
    name: String,
    is_forced: bool,
    /// What the role of this connection may do to it, or to a column of it.
    granted: String,
    /// Policies that bind this role, with their command and rules.
    policies: Vec<String>,
}

impl Store {
    /// Whether row security is set as it must be; on SQLite there is none.
    ///
    /// # Errors
    /// The database failed.
    pub async fn isolation_by_catalogue(&self) -> Result<Vec<Finding>> {
        let Database::Postgres(pool) = &*self.database else { return Ok(Vec::new()) };
        let tables = tables(pool).await?;
        let count = format!("{} tables", tables.len());
        let names = |is_wrong: fn(&Table) -> bool| -> Vec<String> {
            tables.iter().filter(|table| is_wrong(table)).map(|table| table.name.clone()).collect()
        };
        let unforced = names(|table| !table.is_forced);
        let other_policy = names(|table| table.policies != [format!("tenant_isolation ALL PERMISSIVE {RULE} {RULE}")]);
        let too_wide = tables.iter().filter_map(too_wide).collect();
        let (role, why) = role(pool).await?;
        Ok(vec![
            Finding::new(
                format!("the role {role} owns nothing and cannot bypass row security"),
                "",
                why.map(|why| format!("it, which {why}")).into_iter().collect(),
            ),
            Finding::new("row security is enabled and forced on every table with a tenant_id", &count, unforced),
            Finding::new("one policy shows and takes a tenant's own rows alone", &count, other_policy),
            Finding::new(format!("{role} may do to a table only what the server does"), &count, too_wide),
        ])
    }
}

async fn tables(pool: &PgPool) -> Result<Vec<Table>> {
    sqlx::query_as(
        "SELECT c.relname::text AS name, c.relrowsecurity AND c.relforcerowsecurity AS is_forced, \
         array_to_string(ARRAY(SELECT p FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) \
             WITH ORDINALITY AS privileges (p, position) WHERE has_table_privilege(c.oid, p) \
             OR (p IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') AND has_any_column_privilege(c.oid, p)) ORDER BY position), ' ') AS granted, \
         ARRAY(SELECT concat_ws(' ', p.policyname, p.cmd, p.permissive, p.qual, p.with_check) FROM pg_policies p \
             WHERE p.schemaname = current_schema() AND p.tablename = c.relname \
             AND EXISTS (SELECT FROM unnest(p.roles) r WHERE r = 'public' OR pg_has_role(current_user, r, 'MEMBER')) ORDER BY 1) AS policies \
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped \
         WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace ORDER BY 1",
    )
    .fetch_all(pool)
    .await
}

/// What the role may do to a table beyond what the server does.
fn too_wide(table: &Table) -> Option<String> {
    let Some((_, may)) = MAY.iter().find(|(name, _)| *name == table.name) else {
        return Some(format!("{} (this release knows no such table)", table.name));
    };
    let beyond: Vec<_> =
        table.granted.split(' ').filter(|granted| may.split(' ').all(|allowed| allowed != *granted)).collect();
    (!beyond.is_empty()).then(|| format!("{} ({})", table.name, beyond.join(" ")))
}

/// The role under which the server works, and why it could reach beyond its tenant.
async fn role(pool: &PgPool) -> Result<(String, Option<&'static str>)> {
    let (role, bypasses, owns, may_create): (String, bool, bool, bool) = sqlx::query_as(
        "SELECT current_user::text, r.rolsuper OR r.rolbypassrls, \
         EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND pg_has_role(current_user, c.relowner, 'MEMBER')), \
         has_schema_privilege(current_schema(), 'CREATE') FROM pg_roles r WHERE r.rolname = current_user",
    )
    .fetch_one(pool)
    .await?;
    let why = match (bypasses, owns, may_create) {
        (true, ..) => Some("bypasses it"),
        (_, true, _) => Some("owns tables, or may become who does"),
        (.., true) => Some("may make tables of its own beside them"),
        _ => None,
    };
    Ok((role, why))
}
