//! Streams that are cut, and go on as if they had not been.

use std::{error::Error as _, sync::Arc, time::Duration};

use agent_platform::{Arguments, Client, Error, ErrorKind, EventStream, RecordedDelays, RequestOptions};

use crate::support::{EVENTS, End, Event, KEY, REJOINABLE, Reply, Server, failure, turns_of_others};

fn frame(id: usize, name: &str, fields: &str) -> String {
    format!("id: {id}\nevent: {name}\ndata: {{\"type\":\"{name}\"{fields}}}\n\n")
}

fn delta(id: usize, text: &str) -> String {
    frame(id, "message.delta", &format!(r#","text":"{text}""#))
}

fn completed(id: usize) -> String {
    frame(id, "execution.completed", r#","response":{"name":"done"}"#)
}

/// A whole execution, event by event.
fn frames() -> Vec<String> {
    vec![
        frame(1, "execution.started", r#","execution_id":"exec-1""#),
        delta(2, "Grü"),
        delta(3, "ße, 🌍"),
        frame(4, "tool.called", ""),
        completed(5),
    ]
}

const KINDS: [&str; 5] = ["execution.started", "message.delta", "message.delta", "tool.called", "execution.completed"];

async fn open(script: Vec<Reply>) -> (Server, Arc<RecordedDelays>, EventStream<Event>) {
    let server = Server::start(script).await;
    let (client, waits) = server.client();
    let stream = client.stream(&REJOINABLE, Arguments::new()).await.unwrap();
    (server, waits, stream)
}

async fn read(stream: &mut EventStream<Event>) -> (Vec<String>, Option<Error>) {
    let mut kinds = Vec::new();
    while let Some(event) = stream.next().await {
        match event {
            Ok(event) => kinds.push(event.kind),
            Err(error) => return (kinds, Some(error)),
        }
    }
    (kinds, None)
}

/// The events before number `next`, then a cut.
fn cut_before(next: usize) -> Reply {
    Reply::events(&frames()[..next - 1].concat(), End::Cut)
}

#[tokio::test]
async fn a_stream_cut_at_any_byte_brings_every_event_once() {
    let whole = frames().concat();
    // From nothing to all but the last byte, each followed by what is left.
    let cuts = 0..whole.len() - 1;
    let end = |at: usize| [End::Cut, End::Properly, End::Malformed][at % 3];
    let cut = |at: usize| Reply::Stream { pieces: vec![whole.as_bytes()[..at].to_vec()], end: end(at) };
    let server = Server::start(cuts.clone().flat_map(|at| [cut(at), Reply::Rest(frames())]).collect()).await;
    let (client, waits) = server.client();
    for at in cuts {
        let mut stream = client.stream(&REJOINABLE, Arguments::new()).await.unwrap();
        let (kinds, error) = read(&mut stream).await;
        assert!(error.is_none() && kinds == KINDS, "cut at {at}: {kinds:?} {error:?}");
        assert_eq!((stream.rejoins(), waits.all().len()), (1, 0), "the first rejoin goes out at once");
        let requests = server.requests();
        assert_eq!(requests.len(), 2 * (at + 1));
        let (first, second) = (&requests[2 * at], &requests[2 * at + 1]);
        let whole_frames = (1..=5).filter(|&count| frames()[..count].concat().len() <= at).count();
        if whole_frames == 0 {
            assert_eq!(second.line, "POST /execute");
            assert_eq!(second.header("idempotency-key"), first.header("idempotency-key"));
            assert_eq!(second.header("last-event-id"), None);
        } else {
            assert_eq!(second.line, "GET /executions/exec-1/events");
            assert_eq!(second.header("last-event-id"), Some(whole_frames.to_string().as_str()));
            assert_eq!(second.header("idempotency-key"), None);
            assert_eq!(second.header("accept"), Some("text/event-stream"));
        }
    }
}

#[tokio::test]
async fn the_text_and_the_final_response_are_whole_after_a_cut() {
    let (_, _, mut stream) = open(vec![cut_before(3), Reply::Rest(frames())]).await;
    let mut said = String::new();
    let mut text = stream.text_stream();
    while let Some(piece) = text.next().await {
        said += &piece.unwrap();
    }
    assert_eq!(said, "Grüße, 🌍");
    assert_eq!(stream.final_response().await.unwrap().name, "done");
}

#[tokio::test]
async fn events_that_come_again_are_dropped_and_numbers_may_be_left_out() {
    // A server that begins anew, and one that sends an event twice on one connection.
    let again = [frames()[0].clone(), frames()[0].clone(), frames()[1].clone(), delta(3, "x"), delta(3, "x")];
    // After a crash the final event lies beyond every number that was sent.
    let last = [frames()[2].clone(), completed(1000)];
    let script = vec![cut_before(3), Reply::events(&again.concat(), End::Cut), Reply::events(&last.concat(), End::Cut)];
    let (server, _, mut stream) = open(script).await;
    let (kinds, error) = read(&mut stream).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(kinds, ["execution.started", "message.delta", "message.delta", "execution.completed"]);
    assert_eq!(server.requests()[2].header("last-event-id"), Some("3"));
}

#[tokio::test]
async fn a_cut_after_each_event_takes_no_wait_and_nothing_from_the_budget() {
    let mut script: Vec<_> = (1..=300).map(|id| Reply::events(&delta(id, "x"), End::Cut)).collect();
    script[0] = cut_before(2);
    script.push(Reply::events(&completed(301), End::Properly));
    let (_, waits, mut stream) = open(script).await;
    let (kinds, error) = read(&mut stream).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!((kinds.len(), stream.rejoins(), waits.all().len()), (301, 300, 0));
}

#[tokio::test]
async fn without_retries_a_cut_stream_is_not_rejoined() {
    let server = Server::start(vec![cut_before(3)]).await;
    let client = server.client().0.with_options(RequestOptions::new().max_retries(0));
    let mut stream = client.stream(&REJOINABLE, Arguments::new()).await.unwrap();
    let error = read(&mut stream).await.1.unwrap();
    assert_eq!(error.kind(), ErrorKind::StreamInterrupted);
    assert_eq!((server.requests().len(), stream.rejoins()), (1, 0));
}

#[tokio::test]
async fn a_server_that_does_not_know_it_any_more_ends_the_stream() {
    for status in [400, 401, 404, 410] {
        let (server, waits, mut stream) = open(vec![cut_before(4), Reply::status(status)]).await;
        let (kinds, error) = read(&mut stream).await;
        let error = error.unwrap();
        assert_eq!((kinds.len(), error.kind()), (3, ErrorKind::StreamInterrupted));
        assert_eq!((error.partial_text(), error.last_event_id()), (Some("Grüße, 🌍"), Some("3")));
        let told = format!("it was cut and could not be rejoined: {status} some_code: what went wrong");
        assert!(error.to_string().contains(&told), "{error}");
        let cause = error.source().unwrap().downcast_ref::<Error>().unwrap();
        assert_eq!(cause.status(), Some(status));
        assert_eq!((server.requests().len(), waits.all().len()), (2, 0));
        assert_eq!(failure(stream.final_response().await).last_event_id(), Some("3"));
    }
}

#[tokio::test]
async fn failures_to_reach_the_server_are_bounded_by_the_retries_of_the_call() {
    let script = vec![cut_before(3), Reply::status(503), Reply::Close, Reply::Rest(frames())];
    let (server, waits, mut stream) = open(script).await;
    let error = read(&mut stream).await.1.unwrap();
    let cause = error.source().unwrap().downcast_ref::<Error>().unwrap();
    assert_eq!((error.kind(), cause.kind()), (ErrorKind::StreamInterrupted, ErrorKind::Connection));
    assert_eq!((server.requests().len(), waits.all().len()), (3, 1));
    assert!(waits.all()[0] <= Duration::from_millis(500));

    let script =
        vec![cut_before(3), Reply::status(503).header("retry-after", "7"), Reply::Close, Reply::Rest(frames())];
    let server = Server::start(script).await;
    let (client, waits) = server.client();
    let client = client.with_options(RequestOptions::new().max_retries(3));
    let mut stream = client.stream(&REJOINABLE, Arguments::new()).await.unwrap();
    assert_eq!(read(&mut stream).await.0, KINDS);
    assert_eq!((waits.all().len(), waits.all()[0]), (2, Duration::from_secs(7)));
}

#[tokio::test]
async fn a_server_that_cuts_every_answer_is_given_up() {
    let why = "too many rejoins in a row brought nothing new";
    for budget in [true, false] {
        let mut script = vec![cut_before(3)];
        script.extend((0..200).map(|_| Reply::events(": hello\n\n", End::Cut)));
        let server = Server::start(script).await;
        let waits = Arc::new(RecordedDelays::default());
        let builder = Client::builder().api_key(KEY).base_url(&server.url).sleep(waits.clone());
        let client = builder.retry_budget(budget).build().unwrap();
        let mut stream = client.stream(&REJOINABLE, Arguments::new()).await.unwrap();
        let error = read(&mut stream).await.1.unwrap();
        assert_eq!((error.kind(), error.last_event_id()), (ErrorKind::StreamInterrupted, Some("2")));
        assert!(error.to_string().contains(why), "{error}");
        assert_eq!((stream.rejoins(), waits.all().len()), (20, 19));
        assert!(waits.all().iter().max() <= Some(&Duration::from_secs(8)));
    }
}

#[tokio::test]
async fn streams_share_the_budget() {
    let stream = || std::iter::once(cut_before(3)).chain((0..20).map(|_| Reply::events(": hello\n\n", End::Cut)));
    let server = Server::start((0..6).flat_map(|_| stream()).collect()).await;
    let client = server.client().0;
    let mut told = Vec::new();
    for _ in 0..6 {
        let mut stream = client.stream::<Event>(&REJOINABLE, Arguments::new()).await.unwrap();
        told.push((read(&mut stream).await.1.unwrap().to_string(), stream.rejoins()));
    }
    // 500 tokens at 5 a rejoin are 100 of them; each opening returned one.
    assert!(told[..5].iter().all(|(_, rejoins)| *rejoins == 20), "{told:?}");
    assert!(told[5].0.contains("the client's retry budget is spent") && told[5].1 <= 1, "{told:?}");
}

#[tokio::test]
async fn a_server_that_stays_silent_is_given_up_after_max_retries() {
    let script = std::iter::once(cut_before(3)).chain((0..10).map(|_| Reply::events(": hello\n\n", End::Silent)));
    let server = Server::start(script.collect()).await;
    let options = RequestOptions::new().timeout(Duration::from_millis(50)).max_retries(2);
    let client = server.client().0.with_options(options);
    let mut stream = client.stream(&REJOINABLE, Arguments::new()).await.unwrap();
    let error = read(&mut stream).await.1.unwrap();
    assert!(error.to_string().contains("nothing came for 0.05 s, and too many rejoins in a row"), "{error}");
    assert_eq!((error.last_event_id(), stream.rejoins()), (Some("2"), 3), "one for the cut, two for the silence");
}

#[tokio::test]
async fn an_event_without_an_id_is_no_progress_and_ends_the_rejoining() {
    let without = "event: message.delta\ndata: {\"type\":\"message.delta\",\"text\":\"x\"}\n\n";
    let mut script = vec![cut_before(2)];
    script.extend((0..200).map(|_| Reply::events(without, End::Properly)));
    let (server, _, mut stream) = open(script).await;
    let (kinds, error) = read(&mut stream).await;
    let error = error.unwrap();
    assert_eq!((error.kind(), error.last_event_id()), (ErrorKind::StreamInterrupted, Some("1")));
    assert!(error.to_string().contains("an event that had no id would come again"), "{error}");
    assert_eq!((kinds, server.requests().len()), (vec!["execution.started".to_owned(), "message.delta".to_owned()], 2));
}

#[tokio::test]
async fn events_that_could_not_be_recognised_are_not_asked_for_again() {
    let delta = |id: &str| format!("{id}event: message.delta\ndata: {{\"type\":\"message.delta\",\"text\":\"x\"}}\n\n");
    for id in ["", "id\n", "id: first\n"] {
        let script = vec![Reply::events(&delta(id), End::Cut), Reply::events(&delta(id), End::Cut)];
        let (server, _, mut stream) = open(script).await;
        let (kinds, error) = read(&mut stream).await;
        let error = error.unwrap();
        assert_eq!((kinds.len(), error.kind()), (1, ErrorKind::StreamInterrupted), "{id}");
        assert!(error.to_string().contains("would come again"), "{error}");
        assert_eq!(server.requests().len(), 1);
    }
    // Where the server is told after which event to go on, any id will do.
    let script = vec![
        Reply::events(&(delta("id: a\n") + &frames()[0].replace("id: 1", "id: b")), End::Cut),
        Reply::events(&completed(5), End::Cut),
    ];
    let (server, _, mut stream) = open(script).await;
    assert!(read(&mut stream).await.1.is_none());
    assert_eq!(server.requests()[1].header("last-event-id"), Some("b"));
}

#[tokio::test]
async fn a_silent_stream_is_rejoined() {
    let silent = Reply::events(&frames()[..3].concat(), End::Silent);
    let mut server = Server::start(vec![silent, Reply::Rest(frames())]).await;
    let options = RequestOptions::new().timeout(Duration::from_millis(100));
    let client = server.client().0.with_options(options);
    let mut stream = client.stream(&REJOINABLE, Arguments::new()).await.unwrap();
    assert_eq!(read(&mut stream).await.0, KINDS);
    server.closed.recv().await.unwrap();
}

#[tokio::test]
async fn what_rejoins_can_be_called_and_cut_itself() {
    let server = Server::start(vec![Reply::events("", End::Cut), cut_before(4), Reply::Rest(frames())]).await;
    let arguments = Arguments::new().path("execution_id", "exec-9").header("last-event-id", Some(2));
    let mut stream = server.client().0.stream(&EVENTS, arguments).await.unwrap();
    assert_eq!(read(&mut stream).await.0, KINDS[2..], "those up to the second are known");
    let requests = server.requests();
    assert!(requests.iter().all(|request| request.line == "GET /executions/exec-9/events"));
    let after: Vec<_> = requests.iter().map(|request| request.header("last-event-id").unwrap()).collect();
    assert_eq!(after, ["2", "2", "3"]);
}

#[tokio::test]
async fn a_rejoin_carries_the_headers_and_the_query_of_the_call() {
    let server = Server::start(vec![cut_before(3), Reply::Rest(frames())]).await;
    let options = RequestOptions::new().header("x-team", "blue").query("debug", "1");
    let client = server.client().0.with_options(options);
    let stream = client.stream::<Event>(&REJOINABLE, Arguments::new().query("own", Some(1))).await.unwrap();
    stream.final_response().await.unwrap();
    let requests = server.requests();
    assert_eq!(requests[0].line, "POST /execute?own=1&debug=1");
    assert_eq!(requests[1].line, "GET /executions/exec-1/events?debug=1");
    assert_eq!(requests[1].header("x-team"), Some("blue"));
    assert!(requests[1].header("authorization").is_some());
}

#[tokio::test]
async fn dropping_a_stream_while_it_is_rejoined_closes_the_connection() {
    let (mut server, _, mut stream) = open(vec![cut_before(2), Reply::Silent]).await;
    stream.next().await.unwrap().unwrap();
    server.closed.recv().await.unwrap();
    {
        let mut next = std::pin::pin!(stream.next());
        while server.requests().len() < 2 {
            let mut context = std::task::Context::from_waker(std::task::Waker::noop());
            assert!(next.as_mut().poll(&mut context).is_pending());
            turns_of_others(1).await;
        }
    }
    drop(stream);
    server.closed.recv().await.unwrap();
}
