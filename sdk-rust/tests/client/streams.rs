//! Streams of events, whole and cut, typed and as text.

use agent_platform::{Arguments, Error, ErrorKind, EventStream, RequestOptions};

use crate::support::{End, Event, Item, Reply, STREAM, Server, failure, turns_of_others};

fn frame(id: u32, name: &str, fields: &str) -> String {
    format!("id: {id}\nevent: {name}\ndata: {{\"type\":\"{name}\"{fields}}}\n\n")
}

fn deltas() -> String {
    frame(1, "execution.started", "")
        + ": heartbeat\n\n"
        + &frame(2, "message.delta", r#","text":"Grüße, ""#)
        + &frame(3, "message.delta", r#","text":"\"Welt\" 🌍""#)
}

fn completed() -> String {
    deltas() + &frame(4, "execution.completed", r#","response":{"name":"done"}"#)
}

async fn open(reply: Reply) -> (Server, EventStream<Event>) {
    let server = Server::start(vec![reply]).await;
    let stream = server.client().0.stream(&STREAM, Arguments::new()).await.unwrap();
    (server, stream)
}

async fn kinds(stream: &mut EventStream<Event>) -> (Vec<String>, Option<Error>) {
    let mut kinds = Vec::new();
    while let Some(event) = stream.next().await {
        match event {
            Ok(event) => kinds.push(event.kind),
            Err(error) => return (kinds, Some(error)),
        }
    }
    (kinds, None)
}

#[tokio::test]
async fn events_text_and_the_final_response_come_whatever_the_pieces() {
    let text = completed().replace('\n', "\r\n");
    for size in [1, 2, 3, 7, 64, 4096] {
        let pieces = || text.as_bytes().chunks(size).map(<[u8]>::to_vec).collect();
        let (_, mut stream) = open(Reply::Stream { pieces: pieces(), end: End::Properly }).await;
        assert_eq!(stream.request_id(), Some("req-stream"));
        let (kinds, error) = kinds(&mut stream).await;
        let expected = ["execution.started", "message.delta", "message.delta", "execution.completed"];
        assert_eq!(kinds, expected);
        assert!(error.is_none() && stream.next().await.is_none());
        assert_eq!(stream.final_response().await.unwrap().name, "done");

        let (_, mut stream) = open(Reply::Stream { pieces: pieces(), end: End::Properly }).await;
        let mut said = String::new();
        let mut texts = stream.text_stream();
        while let Some(text) = texts.next().await {
            said += &text.unwrap();
        }
        assert_eq!(said, "Grüße, \"Welt\" 🌍");
        assert_eq!(stream.final_response().await.unwrap().name, "done");
    }
}

#[tokio::test]
async fn a_stream_without_its_final_event_was_cut() {
    for (text, end, last) in [
        (deltas(), End::Properly, "3"),
        (deltas(), End::Cut, "3"),
        // Its last event is not complete: it does not count.
        (completed().trim_end().to_owned(), End::Cut, "3"),
    ] {
        let (_, mut stream) = open(Reply::events(&text, end)).await;
        let (kinds, error) = kinds(&mut stream).await;
        assert_eq!(kinds.len(), 3);
        let error = error.unwrap();
        assert_eq!(error.kind(), ErrorKind::StreamInterrupted);
        assert_eq!(error.class_name(), "StreamInterruptedError");
        assert_eq!(error.partial_text(), Some("Grüße, \"Welt\" 🌍"));
        assert_eq!(error.last_event_id(), Some(last));
        assert!(stream.next().await.is_none(), "the error comes once");
        let again = failure(stream.final_response().await);
        assert_eq!(again.kind(), ErrorKind::StreamInterrupted);
    }
}

#[tokio::test]
async fn a_cut_text_stream_says_so() {
    let (_, mut stream) = open(Reply::events(&deltas(), End::Cut)).await;
    let mut texts = stream.text_stream();
    texts.next().await.unwrap().unwrap();
    texts.next().await.unwrap().unwrap();
    assert_eq!(failure(texts.next().await.unwrap()).kind(), ErrorKind::StreamInterrupted);
    assert!(texts.next().await.is_none());
}

#[tokio::test]
async fn a_failed_execution_is_an_event_and_an_error_of_the_final_response() {
    let failed = deltas()
        + &frame(
            4,
            "execution.failed",
            r#","error":{"status":502,"code":"model_failed","detail":"no answer","request_id":"req-9"},"partial_message":"x""#,
        );
    let (_, mut stream) = open(Reply::events(&failed, End::Properly)).await;
    assert_eq!(kinds(&mut stream).await.0.last().unwrap(), "execution.failed");
    let error = failure(stream.final_response().await);
    assert_eq!((error.status(), error.code()), (Some(502), Some("model_failed")));
    assert_eq!(error.class_name(), "InternalServerError");
    assert_eq!(error.request_id(), Some("req-9"));
    assert_eq!(error.partial_text(), Some("Grüße, \"Welt\" 🌍"));

    let (_, mut stream) = open(Reply::events(&failed, End::Properly)).await;
    let mut texts = stream.text_stream();
    let mut last = None;
    while let Some(text) = texts.next().await {
        last = Some(text);
    }
    assert_eq!(failure(last.unwrap()).status(), Some(502));
}

#[tokio::test]
async fn a_cancelled_execution_has_no_final_response() {
    let text = deltas() + &frame(4, "execution.cancelled", "");
    let (_, mut stream) = open(Reply::events(&text, End::Properly)).await;
    assert!(kinds(&mut stream).await.1.is_none());
    let error = failure(stream.final_response().await);
    assert_eq!(error.kind(), ErrorKind::ExecutionCancelled);
    assert_eq!(error.partial_text(), Some("Grüße, \"Welt\" 🌍"));
}

#[tokio::test]
async fn errors_before_the_first_event_are_raised_by_the_call_and_tried_again() {
    let server = Server::start(vec![
        Reply::status(503),
        Reply::status(422),
        Reply::status(503),
        Reply::events(&completed(), End::Properly),
    ])
    .await;
    let (client, waits) = server.client();
    let error = failure(client.stream::<Event>(&STREAM, Arguments::new()).await);
    assert_eq!(error.class_name(), "UnprocessableEntityError");
    let stream = client.open(&STREAM, Arguments::new(), &RequestOptions::new()).await.unwrap();
    assert_eq!((stream.retries_taken(), waits.all().len()), (1, 2));
    let requests = server.requests();
    let key = |number: usize| requests[number].header("idempotency-key").unwrap();
    assert!(key(0) == key(1) && key(2) == key(3) && key(1) != key(2));
}

#[tokio::test]
async fn batches_hand_over_what_is_there_and_never_more_than_asked() {
    let server = Server::start(vec![Reply::events(&completed(), End::Properly)]).await;
    let (client, _) = server.client();
    let mut stream = client.open(&STREAM, Arguments::new(), &RequestOptions::new()).await.unwrap();
    let mut out = Vec::new();
    assert!(stream.next_batch(&mut out, 3).await.unwrap());
    assert_eq!(out.len(), 3, "they came in one piece");
    assert!(!stream.next_batch(&mut out, 3).await.unwrap());
    assert_eq!((out.len(), out[3].id.as_str(), &*out[3].event), (4, "4", "execution.completed"));
    assert!(!stream.next_batch(&mut out, 3).await.unwrap());
    assert_eq!(out.len(), 4);
    assert_eq!(stream.final_response().await.unwrap(), r#"{"name":"done"}"#);
}

#[tokio::test]
async fn a_cut_is_told_after_the_events_that_came_before_it() {
    let server = Server::start(vec![Reply::events(&deltas(), End::Cut)]).await;
    let (client, _) = server.client();
    let mut stream = client.open(&STREAM, Arguments::new(), &RequestOptions::new()).await.unwrap();
    let mut out = Vec::new();
    while out.len() < 3 {
        assert!(stream.next_batch(&mut out, 100).await.unwrap());
    }
    let error = failure(stream.next_batch(&mut out, 100).await);
    assert_eq!((error.kind(), out.len()), (ErrorKind::StreamInterrupted, 3));
}

#[tokio::test]
async fn dropping_a_stream_closes_its_connection() {
    let (mut server, mut stream) = open(Reply::events(&deltas(), End::Silent)).await;
    stream.next().await.unwrap().unwrap();
    drop(stream);
    server.closed.recv().await.unwrap();
}

#[tokio::test]
async fn a_finished_stream_gives_its_connection_back_when_its_body_ends_a_little_later() {
    let replies = (0..2).map(|_| Reply::events(&completed(), End::Late(1000))).collect();
    let server = Server::start(replies).await;
    let (client, _) = server.client();
    for _ in 0..2 {
        let stream = client.stream::<Event>(&STREAM, Arguments::new()).await.unwrap();
        let Item { name } = stream.final_response().await.unwrap();
        assert_eq!(name, "done");
        turns_of_others(5000).await;
    }
    assert_eq!(server.connections(), 1);
}
