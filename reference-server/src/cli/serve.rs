//! `agent-platform serve`: from arguments to a listening server, and down again.

use std::{
    io::{IsTerminal, Write},
    time::Duration,
};

use anyhow::{Context, bail};
use tracing_subscriber::EnvFilter;

use super::{listen, seat};
use crate::{
    api,
    app::{App, Setup},
    clock::Clock,
    config::{OperatorSecret, ServeArgs, Settings},
    quota::SharedCounters,
    runtime::tokens,
    store::{Store, seat::Company},
};

/// How long executions may go on after the signal to stop.
const DRAIN: Duration = Duration::from_secs(25);
/// How long their settlement may take after that; together under the 30 s that a supervisor waits.
const SETTLE: Duration = Duration::from_secs(4);

pub(super) async fn run(mut args: ServeArgs) -> anyhow::Result<()> {
    log_to_stderr(args.log_json);
    super::warn_of_passwords(&args.database);
    super::warn_of_unused_owner(&args.database);
    super::warn_of_redis_password(args.redis_url.as_ref());
    args.operator_key = OperatorSecret::from_env()?;
    let settings = Settings::load(args.config.as_ref())?;
    tokens::warm();
    // First the port, so that a second server is refused before it touches the database.
    let listener = listen::bind(args.bind)?;
    let address = listener.local_addr()?;
    let clock = Clock::default();
    let shared = args.redis_url.as_ref().map(|url| SharedCounters::new(url, clock.clone())).transpose()?;
    let company = if shared.is_some() { Company::Sharing } else { Company::None };
    let url = &args.database.database_url;
    // Before it is migrated: a newer release changes nothing under an older one that still runs.
    let early = seat::take_early(url, company).await?;
    let store = Store::open(url, args.database.database_admin_url.as_ref()).await?;
    // Held until this process ends, however it ends.
    let seat = match early {
        Some(seat) => seat,
        None => seat::take(url, company).await?,
    };
    let operator = args.operator_key;
    let app = App::new(store, Setup { clock, settings, operator, address, shared, ..Setup::default() });
    if company == Company::None {
        app.runtime.take_over().await.context("cannot write to the database")?;
    }
    app.runtime.beat().await.context("cannot write to the database")?;
    let alive = tokio::spawn(app.runtime.clone().keep_alive());
    let mut seated = tokio::spawn(seat::keep(seat, url.clone(), company, app.clone()));
    let writing = tokio::spawn(app.refusals.clone().keep_writing());

    let told_to_stop = signals()?;
    writeln!(std::io::stdout(), "Agent Platform is ready: http://{address}  (API reference: http://{address}/docs)")?;
    tracing::info!(%address, database = %args.database.database_url, "ready");
    let server = tokio::spawn(listen::serve(listener, api::router(app.clone()), app.draining.clone()));

    let is_ousted = tokio::select! {
        signal = told_to_stop => signal.map(|()| false)?,
        _ = &mut seated => true,
    };
    tracing::info!("stopping: no new work is taken, what runs may end");
    app.draining.cancel();
    drain(&app).await;
    alive.abort();
    seated.abort();
    // What is still connected now has nothing left to be told.
    let _ = tokio::time::timeout(Duration::from_secs(1), server).await;
    writing.abort();
    // What was counted of refused sign-ins; a database that hangs is not waited for.
    let _ = tokio::time::timeout(Duration::from_secs(1), app.refusals.write_down()).await;
    app.store.leave(&app.runtime.instance).await.context("cannot sign off from the database")?;
    // A database that hangs must not keep the server: what matters is written.
    let _ = tokio::time::timeout(Duration::from_secs(1), app.store.close()).await;
    tracing::info!("stopped");
    if is_ousted {
        bail!("another server took this one's seat at the database while the connection to it was broken");
    }
    Ok(())
}

async fn drain(app: &App) {
    let tasks = &app.runtime.tasks;
    tasks.close();
    if tokio::time::timeout(DRAIN, tasks.wait()).await.is_err() {
        tracing::warn!(executions = tasks.len(), "executions are interrupted and settled");
        app.runtime.stopping.cancel();
        if tokio::time::timeout(SETTLE, tasks.wait()).await.is_err() {
            tracing::error!(executions = tasks.len(), "executions are left to the next server's sweep");
        }
    }
    app.runtime.stopping.cancel();
}

/// What ends when the server is told to stop. From here on the signals are listened to: one may come as soon as "ready" is printed.
fn signals() -> anyhow::Result<impl Future<Output = anyhow::Result<()>>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        Ok(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            Ok(())
        })
    }
    #[cfg(not(unix))]
    Ok(async { Ok(tokio::signal::ctrl_c().await?) })
}

fn log_to_stderr(json: bool) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let outcome = if json { log.json().try_init() } else { log.with_ansi(std::io::stderr().is_terminal()).try_init() };
    // A program that embeds the server may have a log of its own.
    drop(outcome);
}
