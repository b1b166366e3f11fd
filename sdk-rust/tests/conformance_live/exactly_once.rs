//! A thousand executes through a proxy that drops a third of everything are a thousand executions, and a thousand answers.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use agent_platform::{
    Result,
    models::{ExecuteAgentRequest, ExecutionResult},
};
use agent_platform_conformance::{
    live::{Answer, Ended, Stage},
    proxy::Plan,
};
use futures_util::{StreamExt, stream};
use tokio::sync::mpsc;

use crate::{builder, stage};

const EXECUTES: usize = 1000;
const AT_ONCE: usize = 64;
const RETRIES: u32 = 20;

fn dropping(seed: u64) -> Plan {
    Plan { seed, drop_requests: 30, drop_answers: 30, ..Plan::default() }
}

fn question(n: usize) -> ExecuteAgentRequest {
    ExecuteAgentRequest::new(format!("Question {n}"))
}

fn answer(n: usize, result: Result<ExecutionResult>) -> Answer {
    let ended = match result {
        Ok(result) => Ended::Well { execution_id: result.execution_id.to_string(), tokens_used: result.tokens_used },
        Err(error) => Ended::Badly {
            error: error.class_name().to_owned(),
            code: error.code().map(str::to_owned),
            message: error.to_string(),
        },
    };
    Answer { n, ended }
}

/// Takes the answers as they come, kills the server as often in between, and compares with its ledger.
async fn judged(mut stage: Stage, mut answers: mpsc::UnboundedReceiver<Answer>, kills: usize) {
    let mut all = Vec::new();
    while let Some(answer) = answers.recv().await {
        all.push(answer);
        if (1..=kills).any(|kill| all.len() == kill * EXECUTES / (kills + 1)) {
            stage.kill_and_restart().await.unwrap();
        }
    }
    let ledger = stage.ledger().await.unwrap();
    let contradictions = ledger.contradictions(&all, EXECUTES);
    let stats = stage.proxy.stats();
    assert!(contradictions.is_empty(), "{stats:?}\n{}", contradictions.join("\n"));
    assert!(stats.dropped_requests > 300 && stats.dropped_answers > 300, "{stats:?}");
    // A kill breaks what is under way, and nothing else may fail.
    assert!(if kills > 0 { stats.broken > 0 } else { ledger.failed == 0 }, "{stats:?}, {} failed", ledger.failed);
}

async fn asynchronous(seed: u64, kills: usize) {
    let stage = stage(dropping(seed)).await;
    let client = builder(&stage, stage.proxy.url()).max_retries(RETRIES).retry_budget(false).build().unwrap();
    let agent_id = stage.brief_agent_id.clone();
    let (tell, answers) = mpsc::unbounded_channel();
    let calls = async move {
        let (client, agent_id, tell) = (&client, &agent_id, &tell);
        let one = |n| async move { tell.send(answer(n, client.execute_agent(agent_id, question(n)).await)).unwrap() };
        stream::iter(0..EXECUTES).for_each_concurrent(AT_ONCE, one).await;
    };
    tokio::join!(calls, judged(stage, answers, kills));
}

async fn blocking(seed: u64, kills: usize) {
    let stage = stage(dropping(seed)).await;
    let client = builder(&stage, stage.proxy.url()).max_retries(RETRIES).retry_budget(false).build_blocking().unwrap();
    let next = Arc::new(AtomicUsize::new(0));
    let (tell, answers) = mpsc::unbounded_channel();
    let threads: Vec<_> = (0..AT_ONCE)
        .map(|_| {
            let (client, agent_id, tell, next) =
                (client.clone(), stage.brief_agent_id.clone(), tell.clone(), Arc::clone(&next));
            thread::spawn(move || {
                while let Some(n) = Some(next.fetch_add(1, Ordering::Relaxed)).filter(|n| *n < EXECUTES) {
                    tell.send(answer(n, client.execute_agent(&agent_id, question(n)).send())).unwrap();
                }
            })
        })
        .collect();
    drop(tell);
    judged(stage, answers, kills).await;
    for thread in threads {
        thread.join().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_executes_are_a_thousand_executions() {
    asynchronous(1, 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn also_while_the_server_is_killed_and_started_again() {
    asynchronous(2, 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_blocking_executes_are_a_thousand_executions() {
    blocking(3, 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn also_blocking_while_the_server_is_killed_and_started_again() {
    blocking(4, 2).await;
}
