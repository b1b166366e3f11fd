//! The program as a process of its own: environment, pipes, Ctrl-C.
#![cfg(unix)]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    os::unix::process::ExitStatusExt,
    process::{Child, Command, ExitStatus, Stdio},
};

use crate::support::{KEY, STARTED, completed, delta};

/// The program while an agent answers, with the connection over which the test is the agent.
struct Conversation {
    program: Child,
    connection: TcpStream,
}

impl Conversation {
    fn begin() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let program = Command::new(env!("CARGO_BIN_EXE_agent-platform-cli"))
            .args(["run", "agent-1", "hello"])
            .env("AGENT_PLATFORM_API_KEY", KEY)
            .env("AGENT_PLATFORM_BASE_URL", format!("http://{}", listener.local_addr().unwrap()))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let connection = listener.accept().unwrap().0;
        let mut head = BufReader::new(&connection).lines().map(Result::unwrap);
        assert!(head.any(|line| line == format!("authorization: Bearer {KEY}")));
        let mut conversation = Self { program, connection };
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
        conversation.say(&[head, STARTED, &delta(2, "first")].concat());
        conversation
    }

    fn say(&mut self, text: &str) {
        self.connection.write_all(text.as_bytes()).unwrap();
    }

    fn first_word(&mut self) {
        let mut word = [0; 5];
        self.program.stdout.as_mut().unwrap().read_exact(&mut word).unwrap();
        assert_eq!(&word, b"first");
    }

    fn end(mut self) -> (ExitStatus, String) {
        let mut stderr = String::new();
        self.program.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        (self.program.wait().unwrap(), stderr)
    }
}

#[test]
fn words_are_printed_when_they_come() {
    let mut conversation = Conversation::begin();
    // The agent says no more before this word has been read.
    conversation.first_word();
    conversation.say(&(delta(3, " last") + &completed(4, "stop")));
    let mut rest = String::new();
    conversation.program.stdout.take().unwrap().read_to_string(&mut rest).unwrap();
    assert_eq!(rest, " last\n");
    let (status, stderr) = conversation.end();
    assert_eq!((status.code(), stderr.as_str()), (Some(0), ""));
}

#[test]
fn a_closed_pipe_ends_it_quietly() {
    let mut conversation = Conversation::begin();
    conversation.first_word();
    drop(conversation.program.stdout.take());
    conversation.say(&delta(3, " more"));
    let (status, stderr) = conversation.end();
    assert_eq!((status.code(), stderr.as_str()), (Some(0), ""));
}

#[test]
fn ctrl_c_ends_it_and_closes_the_connection() {
    let mut conversation = Conversation::begin();
    conversation.first_word();
    let pid = conversation.program.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    // It ends, or breaks: the rest of the request may not have been read.
    assert_eq!(conversation.connection.read(&mut [0]).unwrap_or_default(), 0);
    let (status, stderr) = conversation.end();
    // SIGINT, which a shell reports as 130.
    assert_eq!((status.signal(), stderr.as_str()), (Some(2), ""));
}
