//! The command line.

mod check;
mod check_audit;
mod check_isolation;
mod listen;
mod move_tenant;
mod operator_key;
mod seat;
mod seed;
mod serve;
mod stall;
mod tenants;

use std::{io::Write, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::{
    api,
    config::{DatabaseArgs, DatabaseUrl, RedisUrl, ServeArgs},
    store,
};

/// Agent Platform: runs AI agents for many tenants, with API keys, quotas and a usage ledger.
#[derive(Debug, Parser)]
#[command(name = "agent-platform", version, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server
    ///
    /// Makes and migrates the database where needed. Stops on SIGTERM or Ctrl-C, after the executions that run have ended.
    #[command(
        after_help = "Environment:\n  AGENT_PLATFORM_OPERATOR_KEY  the key for /admin; without one, and none made by `operator-key create`, /admin lets nobody in\n  RUST_LOG                     what is logged: error, warn, info (default), debug, trace"
    )]
    Serve(Box<ServeArgs>),
    /// Print the OpenAPI specification
    Openapi,
    /// Bring the database's schema up to date
    ///
    /// `serve` does it by itself, but for PostgreSQL under a role that owns nothing.
    Migrate(DatabaseArgs),
    /// Fill a database with three tenants to try things on
    ///
    /// Each gets a key (printed once), an agent with a small knowledge base, and 50, 30 and 20 conversations. Tenants that exist
    /// stay as they are.
    Seed(DatabaseArgs),
    /// Prove on a running database that what it holds is whole and held apart
    #[command(subcommand)]
    Check(check::CheckCommand),
    /// What is done to one tenant by a command
    #[command(subcommand)]
    Tenants(tenants::TenantsCommand),
    /// Keys for the operator
    #[command(subcommand)]
    OperatorKey(OperatorKeyCommand),
}

#[derive(Debug, Subcommand)]
enum OperatorKeyCommand {
    /// Make a key for /admin and print it; only its hash is stored
    Create(DatabaseArgs),
}

/// Runs the command that the process was started with. An error is one line on standard error, and a status that is not 0.
#[must_use]
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    let outcome = runtime.block_on(async {
        match cli.command {
            Command::Serve(args) => serve::run(*args).await,
            Command::Openapi => print_spec(),
            Command::Migrate(args) => migrate(&args).await,
            Command::Seed(args) => seed::run(&args).await,
            Command::Check(command) => check::run(&command).await,
            Command::Tenants(command) => tenants::run(command).await,
            Command::OperatorKey(OperatorKeyCommand::Create(args)) => operator_key::create(&args).await,
        }
    });
    // What still blocks a thread (a query to a database that hangs) does not keep the process.
    runtime.shutdown_background();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error),
    }
}

fn failed(error: &anyhow::Error) -> ExitCode {
    // `{:#}` puts the causes on the same line.
    let _ = writeln!(std::io::stderr(), "error: {error:#}");
    ExitCode::FAILURE
}

fn print_spec() -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{}", api::text())?;
    Ok(())
}

async fn migrate(args: &DatabaseArgs) -> anyhow::Result<()> {
    warn_of_passwords(args);
    store::migrate(args.owner_url()).await?;
    writeln!(std::io::stdout(), "{} is up to date", args.owner_url())?;
    Ok(())
}

/// A password on the command line shows in every list of processes.
fn warn_of_passwords(args: &DatabaseArgs) {
    let urls = [Some(&args.database_url), args.database_admin_url.as_ref()];
    warn_of_database_passwords(urls.into_iter().flatten(), "AGENT_PLATFORM_DATABASE_URL");
}

/// Of a server that works on a file, where another database was meant.
fn warn_of_unused_owner(args: &DatabaseArgs) {
    if args.database_url.is_sqlite() && args.database_admin_url.is_some() {
        let advice = "warning: AGENT_PLATFORM_DATABASE_ADMIN_URL is for PostgreSQL; a SQLite file has no roles, and it is not used";
        let _ = writeln!(std::io::stderr(), "{advice}");
    }
}

fn warn_of_database_passwords<'a>(urls: impl IntoIterator<Item = &'a DatabaseUrl>, variable: &str) {
    if urls.into_iter().any(|url| url.has_password() && is_on_command_line(url.expose())) {
        warn_of_password(variable);
    }
}

/// The same for Redis.
fn warn_of_redis_password(url: Option<&RedisUrl>) {
    if url.is_some_and(|url| url.has_password() && is_on_command_line(url.expose())) {
        warn_of_password("AGENT_PLATFORM_REDIS_URL");
    }
}

fn is_on_command_line(url: &str) -> bool {
    std::env::args().any(|arg| arg.contains(url))
}

fn warn_of_password(variable: &str) {
    let advice =
        format!("warning: a password on the command line shows in every list of processes; set {variable} instead");
    let _ = writeln!(std::io::stderr(), "{advice}");
}
