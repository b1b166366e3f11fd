//! The blocking client: the same calls, on any thread that may block.

use agent_platform::{Arguments, ErrorKind, RequestOptions, blocking::Client};

use crate::support::{End, Event, GET, Item, LIST, Reply, STREAM, Server, failure};

const ITEM: &str = r#"{"name":"a"}"#;

fn get() -> Arguments {
    Arguments::new().path("agent_id", "agent-1")
}

/// A server on a runtime of its own, as programs without one see it.
fn server(script: Vec<Reply>) -> (tokio::runtime::Runtime, Server) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(Server::start(script));
    (runtime, server)
}

#[test]
fn calls_lists_and_streams_work_without_a_runtime() {
    let text = "event: message.delta\ndata: {\"type\":\"message.delta\",\"text\":\"Hi\"}\n\n\
                event: execution.completed\ndata: {\"type\":\"execution.completed\",\"response\":{\"name\":\"z\"}}\n\n";
    let (_runtime, server) = server(vec![
        Reply::status(503),
        Reply::json(ITEM),
        Reply::json(r#"{"data":[{"name":"b"}],"has_more":false}"#),
        Reply::events(text, End::Properly),
        Reply::events(text, End::Properly),
    ]);
    let client = Client::new(server.client().0);
    assert_eq!(client.send::<Item>(&GET, get()).send().unwrap().name, "a");
    let names: Vec<_> = client.pager::<Item>(&LIST, Arguments::new()).map(|item| item.unwrap().name).collect();
    assert_eq!(names, ["b"]);
    let mut stream = client.stream::<Event>(&STREAM, Arguments::new()).send().unwrap();
    let text: String = stream.text_stream().map(Result::unwrap).collect();
    assert_eq!((text.as_str(), stream.final_response().unwrap().name.as_str()), ("Hi", "z"));
    let stream = client.stream::<Event>(&STREAM, Arguments::new()).send().unwrap();
    let kinds: Vec<_> = stream.map(|event| event.unwrap().kind).collect();
    assert_eq!(kinds, ["message.delta", "execution.completed"]);
}

/// In async code everything that would wait is refused with the way out, and everything can be dropped.
async fn refused_in_async_code() {
    let server = Server::start(vec![]).await;
    let client = Client::new(server.client().0);
    let refused = [
        failure(client.send::<Item>(&GET, get()).send()),
        failure(client.send::<Item>(&GET, get()).with_response()),
        failure(client.stream::<Event>(&STREAM, Arguments::new()).send()),
        failure(client.call(&GET, get(), &RequestOptions::new())),
        failure(client.pager::<Item>(&LIST, Arguments::new()).next().unwrap()),
    ];
    for error in refused {
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains("agent_platform::Client"), "{error}");
    }
    drop(client);
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn in_async_code_on_one_thread_it_is_refused() {
    refused_in_async_code().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_async_code_on_many_threads_it_is_refused() {
    refused_in_async_code().await;
    tokio::spawn(refused_in_async_code()).await.unwrap();
}

#[tokio::test]
async fn in_a_local_task_it_is_refused() {
    tokio::task::LocalSet::new().run_until(refused_in_async_code()).await;
}

#[tokio::test]
async fn an_open_stream_can_be_dropped_in_async_code() {
    let mut server = Server::start(vec![Reply::events(": hello\n\n", End::Silent)]).await;
    let client = Client::new(server.client().0);
    let open = move || client.stream::<Event>(&STREAM, Arguments::new()).send().unwrap();
    let mut stream = tokio::task::spawn_blocking(open).await.unwrap();
    assert_eq!(failure(stream.next().unwrap()).kind(), ErrorKind::Configuration);
    drop(stream);
    server.closed.recv().await.unwrap();
}

#[tokio::test]
async fn threads_of_a_runtime_that_may_block_may_use_it() {
    let server = Server::start(vec![Reply::json(ITEM)]).await;
    let client = Client::new(server.client().0);
    let call = move || client.send::<Item>(&GET, get()).send();
    assert_eq!(tokio::task::spawn_blocking(call).await.unwrap().unwrap().name, "a");
}

#[test]
fn its_time_outs_hold() {
    let (_runtime, server) = server(vec![Reply::Silent]);
    let options = RequestOptions::new().timeout(std::time::Duration::from_millis(50)).max_retries(0);
    let client = Client::new(server.client().0).with_options(options);
    assert_eq!(failure(client.send::<Item>(&GET, get()).send()).kind(), ErrorKind::Timeout);
}
