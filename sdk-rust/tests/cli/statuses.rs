//! Each exit status, and the line that goes with it.

use std::io::{self, Write};

use crate::support::{
    KEY, Reply, STARTED, Surroundings, answer, delta, events, json, problem, reply, run, run_in, serve,
};

/// Asks an agent and expects this status, with one line on standard error that begins with these words.
async fn expect(script: Reply, arguments: &[&str], status: u8, told: &str) {
    let (url, _) = serve(vec![script]).await;
    let ran = run(&url, &[&["run", "agent-1", "hello"], arguments].concat()).await;
    assert_eq!(ran.status, status, "{ran:?}");
    assert_eq!(ran.stderr.lines().count(), 1, "{ran:?}");
    assert!(ran.stderr.starts_with(&format!("agent-platform-cli: {told}")), "{ran:?}");
    assert!(!ran.stderr.contains("SECRET"), "{ran:?}");
}

#[tokio::test]
async fn execution_that_fails_is_1() {
    let failed = "id: 3\nevent: execution.failed\ndata: {\"error\":{\"status\":401,\"code\":\"model_failed\",\"detail\":\"no\"}}\n\n";
    let script = || events(&[STARTED, &delta(2, "half"), failed]);
    expect(script(), &[], 1, "the execution failed: 401 model_failed: no").await;
    let (url, _) = serve(vec![script()]).await;
    assert_eq!(run(&url, &["run", "agent-1", "hello"]).await.stdout, "half\n", "what it said is on a line of its own");

    let cancelled = "id: 2\nevent: execution.cancelled\ndata: {}\n\n";
    expect(events(&[STARTED, cancelled]), &[], 1, "the execution was cancelled").await;
    expect(events(&[STARTED, cancelled]), &["--json"], 1, "the execution was cancelled").await;
}

#[tokio::test]
async fn a_refused_request_is_2() {
    expect(problem(422, "invalid", "message: too long"), &[], 2, "422 invalid: message: too long (request req-1)")
        .await;
    expect(problem(409, "conflict", "no"), &[], 2, "409").await;
}

#[tokio::test]
async fn a_key_that_does_not_do_is_3() {
    let told = "401 no_key: no (request req-1); set AGENT_PLATFORM_API_KEY, or name the key's file with --api-key-file";
    expect(problem(401, "no_key", "no"), &[], 3, told).await;
    expect(problem(403, "scope", "it lacks execute"), &[], 3, "403 scope: it lacks execute").await;
}

#[tokio::test]
async fn what_is_not_there_is_4() {
    let told = "404 not_found: no agent agent-1 (request req-1); agents list and executions list show what there is";
    expect(problem(404, "not_found", "no agent agent-1"), &[], 4, told).await;
    expect(problem(410, "gone", "no longer"), &[], 4, "410").await;
}

#[tokio::test]
async fn a_quota_is_5_and_says_when() {
    let told = "429 rate_limited: hourly (request req-1); try again in 7 s";
    expect(problem(429, "rate_limited", "hourly"), &[], 5, told).await;
}

#[tokio::test]
async fn no_connection_and_no_answer_are_6() {
    let port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let ran = run(&format!("http://127.0.0.1:{port}"), &["run", "agent-1", "hello"]).await;
    assert_eq!(ran.status, 6, "{ran:?}");
    assert!(ran.stderr.contains("is the server there, and the base URL right?"), "{ran:?}");

    expect(problem(408, "slow", "too late"), &[], 6, "408 slow: too late").await;
    expect(problem(409, "idempotency_in_progress", "still running"), &[], 6, "409 idempotency_in_progress").await;
    let retryable = reply(409, "x-should-retry: true\r\n", "");
    expect(retryable, &["--max-retries", "0"], 6, "409").await;

    let silent = Reply { bytes: String::new(), then_silent: true };
    expect(silent, &["--timeout", "0.05"], 6, "stream_agent had no answer within 0.05 s").await;
}

#[tokio::test]
async fn a_cut_stream_is_7_and_says_where_the_rest_is() {
    let script = || events(&[STARTED, &delta(2, "half an")]);
    expect(script(), &[], 7, "the stream ended before its final event").await;
    let (url, _) = serve(vec![script()]).await;
    let ran = run(&url, &["run", "agent-1", "hello"]).await;
    assert_eq!(ran.stdout, "half an\n");
    assert!(ran.stderr.ends_with("; the rest: executions events exec-1 --after 2\n"), "{ran:?}");
}

#[tokio::test]
async fn a_server_that_fails_or_is_another_is_8() {
    expect(problem(500, "internal", "a fault"), &[], 8, "500 internal: a fault").await;
    let told = "503 overloaded: soon (request req-1); try again in 7 s";
    expect(problem(503, "overloaded", "soon"), &[], 8, told).await;
    let page = reply(200, "content-type: text/html\r\n", "<html>");
    expect(page, &[], 8, "stream_agent expected text/event-stream").await;
    let (url, _) = serve(vec![json("{\"data\": [{}], \"has_more\": false}")]).await;
    assert_eq!(run(&url, &["agents", "list"]).await.status, 8);
}

#[tokio::test]
async fn an_error_is_one_line_whatever_the_server_says() {
    let (url, _) = serve(vec![problem(404, "not_found", "two\nlines \u{1b}[31mred")]).await;
    let ran = run(&url, &["run", "agent-1", "hello"]).await;
    assert!(ran.stderr.contains("two lines \u{FFFD}[31mred"), "{ran:?}");
    assert_eq!(ran.stderr.lines().count(), 1);
}

struct Closed(io::ErrorKind);

impl Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_reader_that_has_had_enough_ends_it_quietly_and_a_full_disk_does_not() {
    for (kind, status, told) in [
        (io::ErrorKind::BrokenPipe, 0, ""),
        (io::ErrorKind::StorageFull, 1, "agent-platform-cli: standard output can't be written"),
    ] {
        let (url, _) = serve(vec![answer(&["hello"])]).await;
        let stdout: Box<dyn Write + Send> = Box::new(Closed(kind));
        let surroundings = Surroundings { stdout: Some(stdout), ..Surroundings::default() };
        let ran = run_in(&url, &["run", "agent-1", "hello"], surroundings).await;
        assert_eq!(ran.status, status, "{ran:?}");
        assert!(ran.stderr.starts_with(told) && ran.stderr.is_empty() == told.is_empty(), "{ran:?}");
    }
}

#[tokio::test]
async fn attempts_are_repeated_as_asked() {
    let (url, requests) = serve(vec![reply(503, "retry-after-ms: 1\r\n", ""), answer(&["at last"])]).await;
    let ran = run(&url, &["run", "agent-1", "hello", "--max-retries", "1"]).await;
    assert_eq!((ran.status, ran.stdout.as_str()), (0, "at last\n"));
    let keys: Vec<String> = requests
        .all()
        .iter()
        .map(|(head, _)| head.lines().find(|line| line.starts_with("idempotency-key: ")).unwrap().to_owned())
        .collect();
    assert_eq!(keys[0], keys[1]);
    assert!(requests.all()[0].0.contains(KEY));
}
