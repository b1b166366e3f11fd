//! A tenant moves while two servers work for it: nothing is lost, nothing is doubled, and nobody else waits.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::silo::{KINDS, all, place, rows, rows_of_all};
use crate::harness::{Answer, Backend, Database, Server, Tenant, gate::SettlementGate, on_both, server::id, until};

/// What was asked and answered, in the order of its conversation.
struct Said {
    key: String,
    body: Value,
    answer: Answer,
    result: Value,
}

/// Talks with an agent, one conversation on, until it is told to stop: each question is asked under a key of its own.
async fn talk(tenant: Tenant, agent_id: String, name: String, stop: Arc<AtomicBool>, said: Arc<Mutex<Vec<Said>>>) {
    let mut conversation_id = Value::Null;
    for number in 0.. {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let message = format!("Please open a ticket: {name} has question {number}.");
        let body = json!({ "message": message, "conversation_id": conversation_id, "stream": number % 2 == 0 });
        let key = format!("{name}-{number}");
        let answer = tenant.execute(&agent_id, body.clone()).once(&key).await;
        let result = match number % 2 {
            0 => answer.events().last().expect("a stream has an end").data["response"].clone(),
            _ => answer.ok(200),
        };
        conversation_id = result["conversation_id"].clone();
        assert!(conversation_id.is_string(), "{result}");
        said.lock().unwrap().push(Said { key, body, answer, result });
    }
}

/// Does a little all the time, and tells the longest that it had to wait for any answer.
async fn linger(tenant: Tenant, agent_id: String, stop: Arc<AtomicBool>) -> Duration {
    let mut longest = Duration::ZERO;
    while !stop.load(Ordering::Relaxed) {
        let asked = Instant::now();
        tenant.get("/conversations").await.ok(200);
        tenant.ask(&agent_id, "Hello!").await;
        longest = longest.max(asked.elapsed());
    }
    longest
}

async fn move_under_load(server: Server, kind: Backend) {
    let silo = Database::new(kind).await;
    let replica = server.replica().await;
    let tenant = server.sign_up_as(&format!("a@{kind:?}.example"), "enterprise").await;
    let other = server.sign_up_as(&format!("b@{kind:?}.example"), "enterprise").await;
    let (agent_id, others_agent) = (tenant.agent(&["create_ticket"]).await, other.agent(&[]).await);
    let (stop, said) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
    let talks: Vec<_> = (0..6)
        .map(|i| {
            let tenant = tenant.through(if i % 2 == 0 { &server } else { &replica });
            tokio::spawn(talk(tenant, agent_id.clone(), format!("{kind:?}-{i}"), stop.clone(), said.clone()))
        })
        .collect();
    let others: Vec<_> = [&server, &replica]
        .map(|server| tokio::spawn(linger(other.through(server), others_agent.clone(), stop.clone())))
        .into();

    let url = silo.url_text();
    for to in [Some(url.as_str()), None, Some(url.as_str())] {
        let before = said.lock().unwrap().len();
        until("answers between the moves", || async { (said.lock().unwrap().len() > before + 12).then_some(()) }).await;
        let moved = place(&server, &tenant, to).await.ok(200);
        println!(
            "{:?} to {kind:?} {}: held back for {} ms of {} ms, {} rows",
            server.database.backend,
            to.is_some(),
            moved["paused_ms"],
            moved["duration_ms"],
            moved["rows"]
        );
        // What a pause may take is bounded in the server; here a busy machine may hold up the end of it.
        assert!(moved["paused_ms"].as_u64().unwrap() < 5_000, "{moved}");
    }
    stop.store(true, Ordering::Relaxed);
    for talk in talks {
        talk.await.unwrap();
    }
    for longest in futures_util::future::join_all(others).await {
        let longest = longest.unwrap();
        println!("another tenant waited for {longest:?} at most");
        assert!(longest < Duration::from_secs(5), "{longest:?}");
    }
    let said = said.lock().unwrap().drain(..).collect::<Vec<_>>();
    everything_is_there_once(&tenant.through(&replica), &said).await;
    assert_eq!(rows(&silo, &tenant.id).await[4], i64::try_from(said.len()).unwrap(), "the ledger is in the silo");
    assert!(rows(&server.database, &tenant.id).await.iter().all(|&count| count == 0));
    assert!(rows(&silo, &other.id).await.iter().all(|&count| count == 0));
    for said in said.iter().step_by(7) {
        let again = tenant.execute(&agent_id, said.body.clone()).once(&said.key).await;
        again.replays(&said.answer);
    }
    place(&server, &tenant, None).await.ok(200);
    assert_eq!(rows_of_all(&silo).await, 0);
    everything_is_there_once(&tenant, &said).await;
    replica.app.store.leave(&replica.app.runtime.instance).await.unwrap();
    replica.app.store.close().await;
    silo.remove().await;
}

/// Holds executions, ledger, tickets and conversations to what was answered.
async fn everything_is_there_once(tenant: &Tenant, said: &[Said]) {
    let executions = all(tenant, "/executions").await;
    assert!(executions.iter().all(|execution| execution["status"] == "completed"));
    assert_eq!(executions.len(), said.len());
    let ids: BTreeSet<_> = executions.iter().map(|execution| id(execution, "execution_id")).collect();
    assert_eq!(ids, said.iter().map(|said| id(&said.result, "execution_id")).collect());
    assert_eq!(all(tenant, "/tickets").await.len(), said.len(), "each asked for one ticket");

    let history = tenant.get("/usage/history").await.ok(200);
    let sum =
        |field: &str| history["data"].as_array().unwrap().iter().map(|hour| hour[field].as_i64().unwrap()).sum::<i64>();
    let tokens: i64 = said.iter().map(|said| said.result["tokens_used"].as_i64().unwrap()).sum();
    assert_eq!((sum("requests"), sum("tokens")), (i64::try_from(said.len()).unwrap(), tokens));

    let mut conversations: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for said in said {
        let conversation = conversations.entry(id(&said.result, "conversation_id")).or_default();
        conversation.push(said.body["message"].clone());
        conversation.push(said.result["message"].clone());
    }
    assert_eq!(all(tenant, "/conversations").await.len(), conversations.len());
    for (conversation_id, messages) in conversations {
        let stored = tenant.get(&format!("/conversations/{conversation_id}")).await.ok(200);
        let stored: Vec<_> = stored["messages"].as_array().unwrap().iter().map(|m| m["content"].clone()).collect();
        // The API shows the latest of a long one.
        assert!(messages.ends_with(&stored) && !stored.is_empty(), "{conversation_id}");
    }
}

on_both! {
    async fn a_move_under_load_to_a_file_loses_and_doubles_nothing(server: Server) {
        move_under_load(server, Backend::Sqlite).await;
    }

    async fn a_move_under_load_to_postgres_loses_and_doubles_nothing(server: Server) {
        move_under_load(server, Backend::Postgres).await;
    }

    /// Its end can't be written where it began; it is where the tenant lives by then.
    async fn what_runs_goes_on_over_a_move_to_sqlite_or_postgres_and_is_followed(server: Server) {
        for kind in KINDS {
            let silo = Database::new(kind).await;
            let replica = server.replica().await;
            let tenant = server.sign_up(&format!("a@{kind:?}.example")).await;
            let agent_id = tenant.agent(&["create_ticket"]).await;
            let gate = SettlementGate::close(&server.database).await;
            let body = json!({ "message": "Please open a ticket: my invoice is wrong.", "stream": true });
            let running = tokio::spawn(tenant.execute(&agent_id, body.clone()).once("over-the-move").into_future());
            let elsewhere = tenant.through(&replica);
            let execution = until("the execution", || async {
                elsewhere.get("/executions?status=running").await.ok(200)["data"].get(0).cloned()
            })
            .await;
            let path = format!("/executions/{}/events", id(&execution, "execution_id"));
            let followed = tokio::spawn(elsewhere.get(&path).into_future());
            place(&replica, &tenant, Some(&silo.url_text())).await.ok(200);
            let (running, followed) = (running.await.unwrap(), followed.await.unwrap());
            assert_eq!(running.events().last().unwrap().data["type"], "execution.completed", "{}", running.text());
            assert_eq!(followed.text(), running.text());
            gate.open().await;
            assert_eq!(rows(&silo, &tenant.id).await[4], 1);
            elsewhere.execute(&agent_id, body).once("over-the-move").await.replays(&running);
            replica.app.store.leave(&replica.app.runtime.instance).await.unwrap();
            replica.app.store.close().await;
            silo.remove().await;
        }
    }
}
