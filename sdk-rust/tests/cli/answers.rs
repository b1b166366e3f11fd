//! What `run` asks and prints.

use std::io::{self, Write};

use serde_json::json;

use crate::support::{
    Run, STARTED, Surroundings, Written, answer, completed, delta, events, run, run_bare, run_in, serve,
};

#[tokio::test]
async fn an_answer_is_printed_and_ends_in_one_newline() {
    for (pieces, printed) in
        [(&["Grüße, ", "Welt 🌍"][..], "Grüße, Welt 🌍\n"), (&["a list:\n", "- one\n"], "a list:\n- one\n"), (&[], "")]
    {
        let (url, _) = serve(vec![answer(pieces)]).await;
        let Run { status, stdout, stderr } = run(&url, &["run", "agent-1", "hello"]).await;
        assert_eq!((status, stdout.as_str(), stderr.as_str()), (0, printed, ""));
    }
}

#[tokio::test]
async fn what_is_asked_is_sent() {
    let (url, requests) = serve(vec![answer(&[])]).await;
    let arguments =
        ["run", "agent-1", "--conversation", "conv-9", "--max-output-tokens=64", "--on-disconnect", "cancel"];
    run(&url, &[&arguments[..], &["--idempotency-key", "once", "--", "--a question"]].concat()).await;
    let body = json!({"message": "--a question", "conversation_id": "conv-9", "max_output_tokens": 64, "on_disconnect": "cancel"});
    assert_eq!(requests.body(), body);
    let head = &requests.all()[0].0;
    assert!(head.starts_with("POST /agents/agent-1/execute HTTP/1.1\r\n"), "{head}");
    for line in
        ["accept: text/event-stream", "idempotency-key: once", "authorization: Bearer pk_test_public_SECRETSECRET"]
    {
        assert!(head.contains(&format!("\r\n{line}\r\n")), "{line} in {head}");
    }
    assert!(head.contains(" agent-platform-cli\r\n"), "the user agent names the program: {head}");
}

#[tokio::test]
async fn the_message_is_read_from_standard_input() {
    for arguments in [&["run", "agent-1"][..], &["run", "agent-1", "-"]] {
        let (url, requests) = serve(vec![answer(&["yes"])]).await;
        let stdin = Box::new("two\nlines\r\n".as_bytes());
        let ran = run_in(&url, arguments, Surroundings { stdin, ..Surroundings::default() }).await;
        assert_eq!((ran.status, ran.stdout.as_str()), (0, "yes\n"));
        assert_eq!(requests.body(), json!({"message": "two\nlines"}));
    }
}

#[tokio::test]
async fn nothing_is_asked_with_a_message_that_is_none() {
    let with = |stdin: &'static [u8]| Surroundings { stdin: Box::new(stdin), ..Surroundings::default() };
    let terminal = Surroundings { stdin_is_terminal: true, ..Surroundings::default() };
    for (surroundings, why) in
        [(with(b"\n"), "is empty"), (with(b"\xFF"), "can't be read"), (terminal, "the message is missing")]
    {
        let ran = run_in("http://127.0.0.1:9", &["run", "agent-1"], surroundings).await;
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(ran.stderr.contains(why), "{ran:?}");
    }
}

#[tokio::test]
async fn events_are_printed_as_they_came_a_line_each() {
    let unknown = "id: 2\nevent: tool.thought\ndata: {\"b\": 1.50,\ndata:  \"a\": 2}\n\n";
    let frames = [STARTED, unknown, &delta(3, "hi\n"), &completed(4, "stop")];
    let (url, _) = serve(vec![events(&frames)]).await;
    let ran = run(&url, &["run", "agent-1", "hello", "--json"]).await;
    let data = |frame: &str| frame.split_once("data: ").unwrap().1.trim_end().to_owned();
    let expected = [data(STARTED), "{\"b\": 1.50,  \"a\": 2}".to_owned(), data(frames[2]), data(frames[3])];
    assert_eq!(ran.stdout.lines().collect::<Vec<_>>(), expected);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
}

#[tokio::test]
async fn the_rest_of_an_answer_is_had_from_the_execution() {
    let rest = || events(&[&delta(8, "of it"), &completed(9, "quota")]);
    let (url, requests) = serve(vec![rest()]).await;
    let ran = run(&url, &["executions", "events", "exec-1", "--after", "7"]).await;
    assert_eq!((ran.status, ran.stdout.as_str()), (0, "of it\n"));
    assert!(ran.stderr.contains("finish_reason: quota"), "{ran:?}");
    let head = &requests.all()[0].0;
    assert!(
        head.starts_with("GET /executions/exec-1/events HTTP/1.1\r\n") && head.contains("\r\nlast-event-id: 7\r\n")
    );

    let (url, requests) = serve(vec![rest()]).await;
    let ran = run(&url, &["executions", "events", "exec-1", "--json"]).await;
    assert_eq!(ran.stdout.lines().count(), 2);
    assert!(!requests.all()[0].0.contains("last-event-id"));

    let (url, _) = serve(vec![events(&[&delta(8, "of")])]).await;
    let ran = run(&url, &["executions", "events", "exec-1"]).await;
    assert_eq!((ran.status, ran.stdout.as_str()), (7, "of\n"));
    assert!(ran.stderr.ends_with("; the rest: executions events exec-1 --after 8\n"), "{ran:?}");
}

#[tokio::test]
async fn an_answer_that_ends_early_is_told() {
    let (url, _) = serve(vec![events(&[STARTED, &delta(2, "half an"), &completed(3, "length")])]).await;
    let ran = run(&url, &["run", "agent-1", "hello"]).await;
    assert_eq!((ran.status, ran.stdout.as_str()), (0, "half an\n"));
    assert_eq!(ran.stderr, "agent-platform-cli: the answer ends early (finish_reason: length)\n");
}

#[tokio::test]
async fn an_answer_does_not_steer_a_terminal() {
    for (stdout_is_terminal, printed) in [(true, "\u{FFFD}[2Jred\t\u{FFFD}\n"), (false, "\u{1b}[2Jred\t\u{9b}\n")] {
        let (url, _) = serve(vec![answer(&["\u{1b}[2Jred\t\u{9b}"])]).await;
        let surroundings = Surroundings { stdout_is_terminal, ..Surroundings::default() };
        assert_eq!(run_in(&url, &["run", "agent-1", "hello"], surroundings).await.stdout, printed);
    }
}

/// A pipe that takes a byte every other time, and cannot be waited for.
struct FullPipe {
    written: Written,
    full: bool,
}

impl Write for FullPipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.full = !self.full;
        if self.full { Err(io::ErrorKind::WouldBlock.into()) } else { self.written.write(&bytes[..1]) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_pipe_that_does_not_block_loses_nothing() {
    let (url, _) = serve(vec![answer(&["slowly ", "but surely"])]).await;
    let written = Written::default();
    let stdout: Box<dyn Write + Send> = Box::new(FullPipe { written: written.clone(), full: false });
    let ran =
        run_in(&url, &["run", "agent-1", "hello"], Surroundings { stdout: Some(stdout), ..Surroundings::default() });
    assert_eq!((ran.await.status, written.text().as_str()), (0, "slowly but surely\n"));
}

#[tokio::test]
async fn help_and_version_are_answers() {
    for arguments in [&["--help"][..], &["run", "-h"], &["help"], &["usage", "--help"]] {
        let ran = run_bare(arguments, Surroundings::default()).await;
        assert!(ran.status == 0 && ran.stdout.contains("Exit status:") && ran.stderr.is_empty(), "{ran:?}");
    }
    let ran = run_bare(&["-V"], Surroundings::default()).await;
    assert_eq!(ran.stdout, format!("agent-platform-cli {}\n", env!("CARGO_PKG_VERSION")));
}
