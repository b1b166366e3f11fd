//! A server's seat at a database. One that counts quotas in its own process sits there alone; those that share their counters sit
//! there together. So limits are never multiplied by the number of servers.

use std::{
    fs::{File, TryLockError},
    io,
    str::FromStr,
    time::Duration,
};

use sqlx::{ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions, sqlite::SqliteConnectOptions};

use crate::config::DatabaseUrl;

/// The number of PostgreSQL's advisory lock: the letters `agentplt`.
const LOCK: i64 = i64::from_be_bytes(*b"agentplt");

/// How long PostgreSQL may take to answer.
const ANSWER: Duration = Duration::from_secs(2);

/// Who else may have a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Company {
    /// Nobody: quotas are counted in the process.
    None,
    /// Servers that share the counters.
    Sharing,
}

/// Held for as long as the server works on the database. The system takes it back when the process ends, also when it is killed.
#[derive(Debug)]
pub enum Seat {
    /// By a lock on a file beside the database: closing any handle on the database's own file would take SQLite's locks away.
    /// `None` where the file system has no locks.
    Sqlite(Option<File>),
    /// By a connection of its own, whose session has the lock.
    Postgres(Box<PgConnection>),
}

/// Why it can't be told whether there is a seat.
#[derive(Debug, thiserror::Error)]
pub enum SeatError {
    /// The file can't be made.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl Seat {
    /// Takes a seat; `None` where another server's company does not allow it.
    ///
    /// # Errors
    /// The lock file can't be made, or the database can't be reached.
    pub async fn take(url: &DatabaseUrl, company: Company) -> Result<Option<Self>, SeatError> {
        if url.is_sqlite() {
            return Ok(Self::at_file(url, company)?);
        }
        let taking = tokio::time::timeout(ANSWER, Self::at_server(url, company));
        Ok(taking.await.unwrap_or(Err(sqlx::Error::PoolTimedOut))?)
    }

    fn at_file(url: &DatabaseUrl, company: Company) -> io::Result<Option<Self>> {
        let options = SqliteConnectOptions::from_str(url.expose()).map_err(io::Error::other)?;
        // One database, one lock, by whichever link it is reached.
        let mut path = options.get_filename().canonicalize()?.into_os_string();
        path.push("-server");
        let file = File::options().create(true).truncate(false).write(true).read(true).open(path)?;
        let outcome = match company {
            Company::None => file.try_lock(),
            Company::Sharing => file.try_lock_shared(),
        };
        match outcome {
            Ok(()) => Ok(Some(Self::Sqlite(Some(file)))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => {
                tracing::warn!(%error, "the file system has no locks: see to it that no other server works on this database");
                Ok(Some(Self::Sqlite(None)))
            }
        }
    }

    async fn at_server(url: &DatabaseUrl, company: Company) -> sqlx::Result<Option<Self>> {
        let options = PgConnectOptions::from_str(url.expose())?;
        let options = options.application_name("agent-platform (seat)").disable_statement_logging();
        let mut connection = options.connect().await?;
        let ask = match company {
            Company::None => "SELECT pg_try_advisory_lock($1)",
            Company::Sharing => "SELECT pg_try_advisory_lock_shared($1)",
        };
        let is_taken: bool = sqlx::query_scalar(ask).bind(LOCK).fetch_one(&mut connection).await?;
        Ok(is_taken.then(|| Self::Postgres(Box::new(connection))))
    }

    /// Whether it is still held: PostgreSQL lets go of it when the connection breaks.
    pub async fn is_held(&mut self) -> bool {
        match self {
            Self::Sqlite(_) => true,
            // A server that says nothing may be gone, and its locks with it: one that took its place knows nothing of them.
            Self::Postgres(connection) => matches!(tokio::time::timeout(ANSWER, connection.ping()).await, Ok(Ok(()))),
        }
    }

    /// Whether it keeps others off: not where the file system has no locks.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        !matches!(self, Self::Sqlite(None))
    }
}
