//! Whether a database is the one that this binary works with.

use sqlx::{PgConnection, PgPool, migrate::Migrator};

use super::{OpenError, POSTGRES, POSTGRES_REMEDY, unreachable};
use crate::{config::DatabaseUrl, ids::ALPHABET};

/// Whether the database sorts two characters of ids, whichever they are, as their codes: some languages take `ch` or `aa` for one.
const SORTS_BY_CODES: &str = "SELECT bool_and(before < pair) FROM (SELECT pair, lag(pair) OVER (ORDER BY pair COLLATE \"C\") AS before \
    FROM (SELECT x || y AS pair FROM unnest(string_to_array($1, NULL)) x, unnest(string_to_array($1, NULL)) y) pairs) sorted";

/// Ids sort by age only where text does by its codes.
pub(super) async fn check_order(connection: &mut PgConnection, url: &DatabaseUrl) -> Result<(), OpenError> {
    let sorts: bool = sqlx::query_scalar(SORTS_BY_CODES)
        .bind(ALPHABET)
        .fetch_one(connection)
        .await
        .map_err(unreachable(url, POSTGRES_REMEDY))?;
    if sorts { Ok(()) } else { Err(OpenError::Order { url: url.to_string() }) }
}

/// The schema must be exactly the one that this binary was built with.
pub(super) async fn check_version(pool: &PgPool, url: &DatabaseUrl) -> Result<(), OpenError> {
    let exists: bool = sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL")
        .fetch_one(pool)
        .await
        .map_err(unreachable(url, POSTGRES_REMEDY))?;
    if !exists {
        return same_version(&POSTGRES, None, url);
    }
    let found: Option<i64> = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations WHERE success")
        .fetch_one(pool)
        .await
        .map_err(unreachable(url, POSTGRES_REMEDY))?;
    same_version(&POSTGRES, found, url)
}

pub(super) fn same_version(migrator: &Migrator, found: Option<i64>, url: &DatabaseUrl) -> Result<(), OpenError> {
    let known = migrator.iter().map(|m| m.version).max().unwrap_or(0);
    match found.unwrap_or(0) {
        found if found > known => Err(OpenError::Newer { url: url.to_string(), version: found }),
        found if found < known => Err(OpenError::Older { url: url.to_string(), version: known }),
        _ => Ok(()),
    }
}
