//! What was typed, as what it means. `help.txt` says the same to people.

use std::{ffi::OsString, path::PathBuf, time::Duration};

use lexopt::{Arg, Parser};

use super::{PROGRAM, agents, executions, failure::Failure, stream::Question};
use crate::{Client, models::OnDisconnect};

/// One run of the program.
pub(super) struct Invocation {
    pub(super) connection: Connection,
    pub(super) json: bool,
    pub(super) command: Command,
}

pub(super) enum Command {
    Run(Question),
    Agents(agents::Command),
    Executions(executions::Command),
    Usage,
}

/// Why the arguments come to no command.
#[derive(Debug)]
pub(super) enum Stop {
    Help,
    Version,
    Misuse(String),
}

impl From<lexopt::Error> for Stop {
    fn from(error: lexopt::Error) -> Self {
        Self::Misuse(error.to_string())
    }
}

/// How the server is reached.
#[derive(Default)]
pub(super) struct Connection {
    base_url: Option<String>,
    api_key_file: Option<PathBuf>,
    timeout: Option<Option<Duration>>,
    max_retries: Option<u32>,
}

impl Connection {
    pub(super) fn client(self) -> Result<Client, Failure> {
        let mut builder = Client::builder().user_agent_suffix(PROGRAM);
        if let Some(path) = self.api_key_file {
            let unusable = |why: &str| Failure::Misuse(format!("the key's file {}: {why}", path.display()));
            let key = std::fs::read_to_string(&path).map_err(|error| unusable(&error.to_string()))?;
            if key.trim().is_empty() {
                return Err(unusable("it is empty"));
            }
            builder = builder.api_key(key);
        }
        if let Some(url) = self.base_url {
            builder = builder.base_url(url);
        }
        if let Some(timeout) = self.timeout {
            builder = builder.timeout(timeout);
        }
        if let Some(retries) = self.max_retries {
            builder = builder.max_retries(retries);
        }
        Ok(builder.build()?)
    }
}

/// Reads the arguments of the program, its name not among them.
pub(super) fn read(arguments: Vec<OsString>) -> Result<Invocation, Stop> {
    let mut line = Line { parser: Parser::from_args(arguments), connection: Connection::default(), json: false };
    let command = match line.word("a command")?.as_str() {
        "run" => Command::Run(question(&mut line)?),
        "agents" => Command::Agents(match line.word("agents list or agents create")?.as_str() {
            "list" => line.end(agents::Command::List)?,
            "create" => agents::Command::Create(new_agent(&mut line)?),
            other => return unknown(&format!("agents {other}")),
        }),
        "executions" => Command::Executions(execution_command(&mut line)?),
        "usage" => line.end(Command::Usage)?,
        "help" => return Err(Stop::Help),
        other => return unknown(other),
    };
    Ok(Invocation { connection: line.connection, json: line.json, command })
}

fn unknown<T>(command: &str) -> Result<T, Stop> {
    Err(Stop::Misuse(format!("there is no command {command:?}")))
}

fn question(line: &mut Line) -> Result<Question, Stop> {
    let mut question = Question { agent_id: line.word("the agent's id")?, ..Question::default() };
    while let Some(token) = line.next()? {
        match token {
            Token::Word(message) if question.message.is_none() => question.message = Some(message),
            Token::Option(name) if name == "conversation" => question.conversation_id = Some(line.value()?),
            Token::Option(name) if name == "max-output-tokens" => {
                question.max_output_tokens = Some(line.number(&name)?)
            }
            Token::Option(name) if name == "idempotency-key" => question.idempotency_key = Some(line.value()?),
            Token::Option(name) if name == "on-disconnect" => {
                question.on_disconnect = Some(match line.value()?.as_str() {
                    "continue" => OnDisconnect::Continue,
                    "cancel" => OnDisconnect::Cancel,
                    other => return Err(Stop::Misuse(format!("--on-disconnect is continue or cancel, not {other:?}"))),
                });
            }
            other => return other.refused(),
        }
    }
    Ok(question)
}

fn new_agent(line: &mut Line) -> Result<agents::NewAgent, Stop> {
    let (mut name, mut system_prompt, mut tools, mut model) = (None, None, Vec::new(), None);
    while let Some(token) = line.next()? {
        match token {
            Token::Option(option) if option == "name" => name = Some(line.value()?),
            Token::Option(option) if option == "system-prompt" => system_prompt = Some(line.value()?),
            Token::Option(option) if option == "tool" => tools.push(line.value()?),
            Token::Option(option) if option == "model" => model = Some(line.value()?),
            other => return other.refused(),
        }
    }
    let missing = |option: &str| Stop::Misuse(format!("agents create needs --{option}"));
    Ok(agents::NewAgent {
        name: name.ok_or_else(|| missing("name"))?,
        system_prompt: system_prompt.ok_or_else(|| missing("system-prompt"))?,
        tools,
        model,
    })
}

fn execution_command(line: &mut Line) -> Result<executions::Command, Stop> {
    use executions::Command;

    let verb = line.word("executions list, show, events or cancel")?;
    if verb == "list" {
        let mut listing = executions::Listing::default();
        while let Some(token) = line.next()? {
            match token {
                Token::Option(name) if name == "agent" => listing.agent_id = Some(line.value()?),
                Token::Option(name) if name == "status" => listing.status = Some(line.value()?),
                Token::Option(name) if name == "limit" => listing.limit = line.number(&name)?,
                other => return other.refused(),
            }
        }
        return Ok(Command::List(listing));
    }
    if !matches!(verb.as_str(), "show" | "events" | "cancel") {
        return unknown(&format!("executions {verb}"));
    }
    let id = line.word("the execution's id")?;
    match verb.as_str() {
        "show" => line.end(Command::Show(id)),
        "cancel" => line.end(Command::Cancel(id)),
        _ => {
            let mut after = None;
            while let Some(token) = line.next()? {
                match token {
                    Token::Option(name) if name == "after" => after = Some(line.value()?),
                    other => return other.refused(),
                }
            }
            Ok(Command::Events { id, after })
        }
    }
}

enum Token {
    Option(String),
    Word(String),
}

impl Token {
    fn refused<T>(self) -> Result<T, Stop> {
        Err(Stop::Misuse(match self {
            // In an argument it would be seen by everybody who can list the processes of the machine.
            Self::Option(name) if name == "api-key" => {
                "a key is no argument: set AGENT_PLATFORM_API_KEY, or name its file with --api-key-file".to_owned()
            }
            Self::Option(name) => format!("the option --{name} does not belong here"),
            Self::Word(word) => format!("{word:?} is one argument too many; quote a message of several words"),
        }))
    }
}

/// What is left of the command line.
struct Line {
    parser: Parser,
    connection: Connection,
    json: bool,
}

impl Line {
    /// The next word, or option that does not hold for every command.
    fn next(&mut self) -> Result<Option<Token>, Stop> {
        loop {
            let name = match self.parser.next()? {
                None => return Ok(None),
                Some(Arg::Value(word)) => return Ok(Some(Token::Word(utf8(word)?))),
                Some(Arg::Short('h')) => "help".to_owned(),
                Some(Arg::Short('V')) => "version".to_owned(),
                Some(Arg::Long(name)) => name.to_owned(),
                Some(short @ Arg::Short(_)) => return Err(short.unexpected().into()),
            };
            match name.as_str() {
                "help" => return Err(Stop::Help),
                "version" => return Err(Stop::Version),
                "json" => self.json = true,
                "base-url" => self.connection.base_url = Some(self.value()?),
                "api-key-file" => self.connection.api_key_file = Some(self.parser.value()?.into()),
                "timeout" => self.connection.timeout = Some(self.timeout()?),
                "max-retries" => self.connection.max_retries = Some(self.number(&name)?),
                _ => return Ok(Some(Token::Option(name))),
            }
        }
    }

    fn word(&mut self, what: &str) -> Result<String, Stop> {
        match self.next()? {
            Some(Token::Word(word)) => Ok(word),
            Some(option @ Token::Option(_)) => option.refused(),
            None => Err(Stop::Misuse(format!("{what} is missing"))),
        }
    }

    fn end<T>(&mut self, command: T) -> Result<T, Stop> {
        self.next()?.map_or(Ok(command), Token::refused)
    }

    fn value(&mut self) -> Result<String, Stop> {
        utf8(self.parser.value()?)
    }

    fn number<T: std::str::FromStr>(&mut self, name: &str) -> Result<T, Stop> {
        let value = self.value()?;
        value.parse().map_err(|_| Stop::Misuse(format!("--{name} is a whole number, not {value:?}")))
    }

    fn timeout(&mut self) -> Result<Option<Duration>, Stop> {
        let value = self.value()?;
        if value == "none" {
            return Ok(None);
        }
        let seconds = value.parse().ok().filter(|seconds| *seconds > 0.0);
        let timeout = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        timeout
            .map(Some)
            .ok_or_else(|| Stop::Misuse(format!("--timeout is a number of seconds above 0, or none, not {value:?}")))
    }
}

fn utf8(word: OsString) -> Result<String, Stop> {
    word.into_string().map_err(|word| Stop::Misuse(format!("{} is not UTF-8", word.display())))
}
