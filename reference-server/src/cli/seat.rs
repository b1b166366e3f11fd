//! Waiting for a seat at the database, and keeping it.

use std::time::Duration;

use anyhow::{Context, bail};

use crate::{
    app::App,
    config::DatabaseUrl,
    store::seat::{Company, Seat},
};

/// How long a server waits for the one before it to leave: as long as that takes at most to stop.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often it looks meanwhile.
const LOOK: Duration = Duration::from_millis(100);
/// How often a server makes sure that it still has its seat.
const CHECK: Duration = Duration::from_secs(1);

/// The same at a database that is there; `None` where it is not yet, or can't be reached, which opening it tells of best.
pub(super) async fn take_early(url: &DatabaseUrl, company: Company) -> anyhow::Result<Option<Seat>> {
    match Seat::take(url, company).await {
        Err(_) => Ok(None),
        Ok(Some(seat)) => Ok(Some(seat)),
        Ok(None) => take(url, company).await.map(Some),
    }
}

/// Takes a seat, or says why there is none.
pub(super) async fn take(url: &DatabaseUrl, company: Company) -> anyhow::Result<Seat> {
    let mut is_told = false;
    let waiting = async {
        loop {
            if let Some(seat) = Seat::take(url, company).await.context("cannot lock the database")? {
                return Ok(seat);
            }
            if !std::mem::replace(&mut is_told, true) {
                tracing::warn!(database = %url, "another server works on this database; waiting {} s for it to leave", PATIENCE.as_secs());
            }
            tokio::time::sleep(LOOK).await;
        }
    };
    match tokio::time::timeout(PATIENCE, waiting).await {
        Ok(seat) => seat,
        Err(_) if company == Company::None => bail!(
            "another server works on the database {url}, and two that count quotas each by itself would let through twice what \
             they allow. Stop the other, or give both the same --redis-url."
        ),
        Err(_) => bail!(
            "another server works on the database {url} without --redis-url and counts quotas by itself. Restart that one with \
             the same --redis-url, or stop it."
        ),
    }
}

/// Keeps the seat: while it may be another's, nothing is executed. Ends where another server has it.
pub(super) async fn keep(mut seat: Seat, url: DatabaseUrl, company: Company, app: App) {
    let is_alone = company == Company::None && seat.is_locked();
    app.set_seat(is_alone, false);
    loop {
        tokio::time::sleep(CHECK).await;
        if seat.is_held().await {
            continue;
        }
        tracing::error!(
            "the connection that keeps other servers off the database broke; nothing is executed until it stands again"
        );
        app.set_seat(false, true);
        seat = loop {
            match Seat::take(&url, company).await {
                Ok(Some(seat)) => break seat,
                Ok(None) => return,
                Err(error) => tracing::warn!(%error, "the database does not answer"),
            }
            tokio::time::sleep(CHECK).await;
        };
        if is_alone {
            // Another may have sat here meanwhile, and have counted: what runs ends, and everything is counted anew.
            while !app.runtime.running.is_empty() {
                tokio::time::sleep(LOOK).await;
            }
            app.quotas.forget();
        }
        app.set_seat(is_alone, false);
        tracing::info!("this server has its seat at the database again");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Time is the test's own.
    #[tokio::test(start_paused = true)]
    async fn a_server_that_finds_no_seat_says_why_after_thirty_seconds() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("agent-platform.db");
        std::fs::write(&path, "").unwrap();
        let url: DatabaseUrl = format!("sqlite://{}", path.display()).parse().unwrap();
        for (first, second, remedy) in [
            (Company::None, Company::None, "--redis-url"),
            (Company::Sharing, Company::None, "--redis-url"),
            (Company::None, Company::Sharing, "Restart that one with the same --redis-url"),
        ] {
            let seat = take(&url, first).await.unwrap();
            let started = tokio::time::Instant::now();
            let reason = take(&url, second).await.unwrap_err().to_string();
            assert!(reason.contains("another server works on the database") && reason.contains(remedy), "{reason}");
            assert_eq!(started.elapsed().as_secs(), 30);
            drop(seat);
        }
        let _together = (take(&url, Company::Sharing).await.unwrap(), take(&url, Company::Sharing).await.unwrap());
    }
}
