//! Why the program did not do what it was asked, as an exit status and a line that says what to do.

use std::io;

use crate::{Error, ErrorKind};

pub(super) const DONE: u8 = 0;
const UNSUCCESSFUL: u8 = 1;
const MISUSE: u8 = 2;
const NOT_ALLOWED: u8 = 3;
const NOT_FOUND: u8 = 4;
const OVER_QUOTA: u8 = 5;
const NO_CONNECTION: u8 = 6;
const CUT: u8 = 7;
const SERVER_FAILED: u8 = 8;

/// The code of a 409 that ends when another attempt at the same call does.
const IN_PROGRESS: &str = "idempotency_in_progress";

#[derive(Debug)]
pub(super) enum Failure {
    /// The arguments, or what they name, can't be used.
    Misuse(String),
    /// A call failed.
    Call(Error),
    /// The execution ended without an answer.
    Execution(Error),
    /// The stream of an execution was cut.
    Cut { error: Error, execution_id: Option<String> },
    /// Standard output took no more.
    Output(io::Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

impl Failure {
    pub(super) fn status(&self) -> u8 {
        match self {
            Self::Misuse(_) => MISUSE,
            Self::Execution(_) => UNSUCCESSFUL,
            Self::Output(_) if self.is_closed_pipe() => DONE,
            Self::Output(_) => UNSUCCESSFUL,
            Self::Cut { .. } => CUT,
            Self::Call(error) => match (error.kind(), error.status()) {
                (ErrorKind::Configuration | ErrorKind::InvalidRequest, _) => MISUSE,
                (ErrorKind::Connection | ErrorKind::Timeout, _) => NO_CONNECTION,
                (ErrorKind::StreamInterrupted, _) => CUT,
                (ErrorKind::ExecutionCancelled, _) => UNSUCCESSFUL,
                (_, Some(408)) => NO_CONNECTION,
                // The server is still at work on the same call.
                (_, Some(409)) if error.is_retryable() || error.code() == Some(IN_PROGRESS) => NO_CONNECTION,
                (_, Some(401 | 403)) => NOT_ALLOWED,
                (_, Some(404 | 410)) => NOT_FOUND,
                (_, Some(429)) => OVER_QUOTA,
                (_, Some(400..=499)) => MISUSE,
                _ => SERVER_FAILED,
            },
        }
    }

    /// What to tell; nothing when whoever reads has had enough.
    pub(super) fn message(&self) -> Option<String> {
        Some(match self {
            Self::Misuse(why) => format!("{why} (--help shows what there is)"),
            Self::Output(_) if self.is_closed_pipe() => return None,
            Self::Output(error) => format!("standard output can't be written: {error}"),
            Self::Execution(error) if error.kind() == ErrorKind::ExecutionCancelled => error.to_string(),
            Self::Execution(error) => format!("the execution failed: {error}"),
            Self::Cut { error, execution_id: Some(id) } => {
                let after = error.last_event_id().map_or(String::new(), |last| format!(" --after {last}"));
                format!("{error}; the rest: executions events {id}{after}")
            }
            Self::Cut { error, execution_id: None } => error.to_string(),
            Self::Call(error) => format!("{error}{}", remedy(error)),
        })
    }

    fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

/// What to do about an error whose own text does not say it.
fn remedy(error: &Error) -> String {
    match error.status() {
        Some(401) => "; set AGENT_PLATFORM_API_KEY, or name the key's file with --api-key-file".to_owned(),
        Some(404) => "; agents list and executions list show what there is".to_owned(),
        _ => match error.retry_after() {
            Some(wait) => format!("; try again in {} s", wait.as_secs_f64().ceil()),
            None => String::new(),
        },
    }
}
