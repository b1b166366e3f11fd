//! The proxy, before the fault server: what it drops and where it cuts, the same each time.
#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected has to fail")]

use agent_platform_conformance::{
    FaultServer,
    case::Case,
    proxy::{Cut, Plan, Proxy, Stats},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const FRAMES: [&str; 3] = ["id: 1\ndata: a\n\n", "id: 2\ndata: b\n\n", "id: 3\ndata: ü\n\n"];

async fn upstream() -> FaultServer {
    let always = |mut reply: Value| {
        reply["repeat"] = json!("always");
        json!([reply])
    };
    let case = |name: &str, reply: Value| -> Case {
        serde_json::from_value(json!({
            "name": name, "shows": "Something.", "call": {"operation": "get_agent"}, "script": always(reply), "expect": {}
        }))
        .unwrap()
    };
    let stream = case("stream", json!({"pieces": FRAMES}));
    let whole = case("whole", json!({"json": {"name": "A"}}));
    let empty = case("empty", json!({"status": 204}));
    FaultServer::start(vec![stream, whole, empty]).await.unwrap()
}

async fn proxy(server: &FaultServer, plan: Plan) -> Proxy {
    Proxy::start(server.url().trim_start_matches("http://").parse().unwrap(), plan).await.unwrap()
}

/// All that comes over a new connection until it ends: of an answer that was not cut, that is the client's wish.
async fn get(proxy: &Proxy, path: &str) -> String {
    get_with(proxy, path, "x-a: b").await
}

async fn get_with(proxy: &Proxy, path: &str, header: &str) -> String {
    let mut connection = TcpStream::connect(proxy.url().trim_start_matches("http://")).await.unwrap();
    connection.write_all(format!("GET {path} HTTP/1.1\r\nhost: a\r\n{header}\r\n\r\n").as_bytes()).await.unwrap();
    connection.shutdown().await.unwrap();
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").map_or("", |(_, body)| body)
}

#[tokio::test]
async fn without_a_plan_everything_passes() {
    let server = upstream().await;
    let proxy = proxy(&server, Plan::default()).await;
    let stream = get(&proxy, "/stream/r1").await;
    for frame in FRAMES {
        assert!(stream.contains(frame), "{stream}");
    }
    assert!(stream.ends_with("0\r\n\r\n"), "{stream}");
    let whole = get(&proxy, "/whole/r1").await;
    assert!(whole.starts_with("HTTP/1.1 200 OK\r\n") && body(&whole) == r#"{"name":"A"}"#, "{whole}");
    assert!(get(&proxy, "/empty/r1").await.starts_with("HTTP/1.1 204"));
    assert_eq!(proxy.stats(), Stats { requests: 3, ..Stats::default() });
    let told: Value = serde_json::from_str(body(&get(&proxy, "/_proxy/stats").await)).unwrap();
    assert_eq!(told["requests"], 3);
}

#[tokio::test]
async fn a_stream_is_cut_after_its_first_frame_and_other_answers_are_not() {
    let server = upstream().await;
    let proxy = proxy(&server, Plan { cut: Cut::EveryFrame, ..Plan::default() }).await;
    for _ in 0..2 {
        let stream = get(&proxy, "/stream/r1").await;
        assert!(stream.ends_with(FRAMES[0]), "{stream}");
    }
    assert_eq!(body(&get(&proxy, "/whole/r1").await), r#"{"name":"A"}"#);
    assert_eq!(proxy.stats().cuts, 2);
}

#[tokio::test]
async fn streams_are_cut_anywhere_so_many_times_and_with_one_seed_the_same() {
    let server = upstream().await;
    let plan = |seed| Plan { seed, cut: Cut::Bytes { cuts: 20, most: 40 }, ..Plan::default() };
    let mut seen = Vec::new();
    for seed in [1, 1, 2] {
        let proxy = proxy(&server, plan(seed)).await;
        let mut lengths = Vec::new();
        for _ in 0..22 {
            lengths.push(body(&get(&proxy, "/stream/r1").await).len());
        }
        assert_eq!(proxy.stats().cuts, 20);
        assert!(lengths[20] == lengths[21] && lengths[20] > lengths[0], "{lengths:?}");
        seen.push(lengths);
    }
    assert!(seen[0] == seen[1] && seen[0] != seen[2], "{seen:?}");
}

#[tokio::test]
async fn a_share_of_requests_and_answers_is_dropped() {
    let server = upstream().await;
    let proxy = proxy(&server, Plan { seed: 7, drop_requests: 30, drop_answers: 30, cut: Cut::Never }).await;
    let (mut nothing, mut half_the_headers, mut half_the_body, mut all) = (0, 0, 0, 0);
    for _ in 0..1000 {
        let answer = get(&proxy, "/whole/r1").await;
        match () {
            () if answer.is_empty() => nothing += 1,
            () if !answer.contains("\r\n\r\n") => half_the_headers += 1,
            () if body(&answer) != r#"{"name":"A"}"# => half_the_body += 1,
            () => all += 1,
        }
    }
    let stats = proxy.stats();
    assert!((250..350).contains(&stats.dropped_requests), "{stats:?}");
    assert!((170..250).contains(&stats.dropped_answers), "30% of the other 70%: {stats:?}");
    assert_eq!(1000 - all, stats.dropped_requests + stats.dropped_answers);
    assert!(nothing > stats.dropped_requests && half_the_headers > 40 && half_the_body > 40);
}

#[tokio::test]
async fn one_call_is_not_dropped_for_ever() {
    let server = upstream().await;
    let proxy = proxy(&server, Plan { drop_requests: 100, ..Plan::default() }).await;
    let mut dropped = 0;
    while get_with(&proxy, "/whole/r1", "idempotency-key: k").await.is_empty() {
        dropped += 1;
    }
    assert_eq!(dropped, 18);
    assert!(get_with(&proxy, "/whole/r1", "idempotency-key: l").await.is_empty(), "another call is another");
}
