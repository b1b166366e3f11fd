//! Whether a server is the only one on its database: then what others were running was left by servers that are gone.

use std::{
    fs::{File, TryLockError},
    io,
    str::FromStr,
};

use sqlx::sqlite::SqliteConnectOptions;

use crate::config::DatabaseUrl;

/// Locks the embedded database for this server, for as long as what is given is held; the system takes the lock back when a
/// process ends, also when it is killed. `None` where another server has it, and where the database is not embedded: there,
/// servers tell each other that they live.
///
/// The lock is on a file of its own beside the database: closing any handle on the database's own file would take SQLite's
/// locks away.
///
/// # Errors
/// The file can't be made.
pub fn lock(url: &DatabaseUrl) -> io::Result<Option<File>> {
    let path =
        Some(url).filter(|url| url.is_sqlite()).and_then(|url| SqliteConnectOptions::from_str(url.expose()).ok());
    let path = path.map(|options| options.get_filename().to_path_buf()).filter(|path| path.is_file());
    let Some(path) = path else { return Ok(None) };
    // One database, one lock, by whichever link it is reached.
    let mut path = path.canonicalize()?.into_os_string();
    path.push("-server");
    let file = File::options().create(true).truncate(false).write(true).open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => {
            tracing::warn!(%error, "the file system has no locks: what a killed server left is settled in half a minute");
            Ok(None)
        }
    }
}
