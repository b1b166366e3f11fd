//! The program `agent-platform-cli`: arguments in, an exit status out. Written once, for the binary of this crate and for
//! the Python and Node packages, which call [`run`]. It uses the client as any program does.

mod agents;
mod arguments;
mod executions;
mod failure;
mod lists;
mod output;
mod stream;
mod usage;

use std::{
    ffi::OsString,
    fmt,
    io::{self, IsTerminal, Read, Write},
};

use arguments::{Command, Invocation, Stop};
use failure::Failure;
use output::{Output, single_line};

/// What the program calls itself, in its messages and to the server.
const PROGRAM: &str = "agent-platform-cli";

const HELP: &str = include_str!("help.txt");

/// Where the program reads and writes.
pub struct Streams {
    /// Read for the message, where the arguments hold none.
    pub stdin: Box<dyn Read + Send>,
    /// Whether a person would have to type it.
    pub stdin_is_terminal: bool,
    /// Gets answers and nothing else.
    pub stdout: Box<dyn Write + Send>,
    /// Whether control characters in an answer would reach a terminal.
    pub stdout_is_terminal: bool,
    /// Gets errors and notes, a line each.
    pub stderr: Box<dyn Write + Send>,
}

impl Streams {
    /// Those of this process.
    #[must_use]
    pub fn of_process() -> Self {
        Self {
            stdin: Box::new(io::stdin()),
            stdin_is_terminal: io::stdin().is_terminal(),
            stdout: Box::new(io::stdout()),
            stdout_is_terminal: io::stdout().is_terminal(),
            stderr: Box::new(io::stderr()),
        }
    }
}

impl fmt::Debug for Streams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Streams").finish_non_exhaustive()
    }
}

/// Runs the program with these arguments, its name not among them, and hands out its exit status. What the statuses
/// mean stands in its help. Dropping the future closes the connection.
pub async fn run(arguments: Vec<OsString>, streams: Streams) -> u8 {
    let Streams { stdin, stdin_is_terminal, stdout, stdout_is_terminal, mut stderr } = streams;
    let mut output = Output::new(stdout, stdout_is_terminal);
    let done = match arguments::read(arguments) {
        Ok(invocation) => obey(invocation, (stdin, stdin_is_terminal), &mut output, &mut *stderr).await,
        Err(Stop::Help) => output.text(HELP).await,
        Err(Stop::Version) => output.line(&format!("{PROGRAM} {}", env!("CARGO_PKG_VERSION"))).await,
        Err(Stop::Misuse(why)) => Err(Failure::Misuse(why)),
    };
    let Err(failure) = done else {
        return failure::DONE;
    };
    if let Some(message) = failure.message() {
        tell(&mut *stderr, &message);
    }
    failure.status()
}

async fn obey(
    invocation: Invocation,
    stdin: (Box<dyn Read + Send>, bool),
    output: &mut Output,
    stderr: &mut (dyn Write + Send),
) -> Result<(), Failure> {
    let client = invocation.connection.client()?;
    let json = invocation.json;
    let note = match invocation.command {
        Command::Run(question) => stream::run(&client, question, stdin, json, output).await?,
        Command::Executions(command) => executions::obey(&client, command, json, output).await?,
        Command::Agents(command) => {
            agents::obey(&client, command, json, output).await?;
            None
        }
        Command::Usage => {
            usage::show(&client, json, output).await?;
            None
        }
    };
    if let Some(note) = note {
        tell(stderr, &note);
    }
    Ok(())
}

/// Writes a line for people. Where nobody can read it there is nobody to tell that either.
fn tell(stderr: &mut (dyn Write + Send), message: &str) {
    let _ = writeln!(stderr, "{PROGRAM}: {}", single_line(message));
    let _ = stderr.flush();
}
