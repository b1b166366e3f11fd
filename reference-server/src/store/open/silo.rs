//! Opening the databases that tenants have of their own.

use std::{
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
};

use sqlx::sqlite::SqliteConnectOptions;

use super::{OpenError, SQLITE_REMEDY, open, unreachable};
use crate::{
    config::DatabaseUrl,
    ids::TenantId,
    store::{ACQUIRE_TIMEOUT, Database, begin_as},
};

const SILO_REMEDY: &str = "Check that the tenant's database is up.";

/// Opens a database that may become a tenant's, in the same manner; a file is made where there is none.
pub(in crate::store) async fn new_silo(url: &DatabaseUrl) -> Result<Arc<Database>, OpenError> {
    in_time(url, true).await
}

/// Opens a database that was a tenant's; `None` where its file is gone.
pub(in crate::store) async fn left_silo(url: &DatabaseUrl) -> Result<Option<Arc<Database>>, OpenError> {
    if url.is_sqlite() && !sqlite_path(url)?.is_file() {
        return Ok(None);
    }
    in_time(url, false).await.map(Some)
}

/// The same database by a name that leads to it from every folder.
pub(in crate::store) fn absolute(url: &DatabaseUrl) -> Result<DatabaseUrl, OpenError> {
    if !url.is_known() {
        return Err(OpenError::Unknown { url: url.to_string() });
    }
    if !url.is_sqlite() {
        return Ok(url.clone());
    }
    let path = sqlite_path(url)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let found = folder.canonicalize().map_err(|error| unreachable(url, SQLITE_REMEDY)(sqlx::Error::Io(error)))?;
    let path = found.join(path.file_name().unwrap_or_default());
    // What would end the path in a URL.
    let path = path.to_string_lossy().replace('%', "%25").replace('?', "%3F");
    let query = url.expose().split_once('?').map(|(_, query)| format!("?{query}")).unwrap_or_default();
    let Ok(url) = format!("sqlite://{path}{query}").parse();
    Ok(url)
}

fn sqlite_path(url: &DatabaseUrl) -> Result<PathBuf, OpenError> {
    let options = SqliteConnectOptions::from_str(url.expose()).map_err(unreachable(url, SQLITE_REMEDY))?;
    Ok(options.get_filename().to_path_buf())
}

/// Opens the database that a tenant lives in: one that has nothing of the tenant's is another than was meant.
pub(in crate::store) async fn silo(url: &DatabaseUrl, tenant_id: &TenantId) -> Result<Arc<Database>, OpenError> {
    let database = in_time(url, false).await?;
    let is_there = is_home_of(&database, tenant_id).await.map_err(unreachable(url, SILO_REMEDY))?;
    let strange = || OpenError::Strange { url: url.to_string(), tenant_id: tenant_id.clone() };
    is_there.then_some(database).ok_or_else(strange)
}

async fn is_home_of(database: &Database, tenant_id: &TenantId) -> Result<bool, sqlx::Error> {
    let resides = "SELECT EXISTS (SELECT 1 FROM placements WHERE tenant_id = $1 AND state <> 'leaving')";
    match database {
        Database::Sqlite { read, .. } => sqlx::query_scalar(resides).bind(tenant_id).fetch_one(read).await,
        Database::Postgres(pool) => {
            let mut transaction = begin_as(pool, tenant_id).await?;
            sqlx::query_scalar(resides).bind(tenant_id).fetch_one(&mut *transaction).await
        }
    }
}

/// Opens a database, and waits no longer for what does not answer: a host that is gone would be waited for by minutes. That of a file
/// goes on all the same: the migration of a large one takes its time, and whoever asks next finds it done. A PostgreSQL has a
/// limited number of connections, and whoever has a large one there migrates it by the command.
async fn in_time(url: &DatabaseUrl, may_make: bool) -> Result<Arc<Database>, OpenError> {
    let opening = {
        let url = url.clone();
        async move { open(&url, None, may_make).await }
    };
    let late = || OpenError::Unreachable {
        url: url.to_string(),
        reason: format!("no answer within {} s", ACQUIRE_TIMEOUT.as_secs()),
        remedy: SILO_REMEDY,
    };
    let opened = if url.is_sqlite() {
        let opening = tokio::time::timeout(ACQUIRE_TIMEOUT, tokio::spawn(opening));
        let broken = || Err(unreachable(url, SILO_REMEDY)(sqlx::Error::WorkerCrashed));
        opening.await.map(|opened| opened.unwrap_or_else(|_| broken()))
    } else {
        tokio::time::timeout(ACQUIRE_TIMEOUT, opening).await
    };
    opened.unwrap_or_else(|_| Err(late())).map(Arc::new)
}
