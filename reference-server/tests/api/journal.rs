//! What executions come to is written many at a time, and on PostgreSQL by several connections: nobody waits there for anybody.

use agent_platform_server::{
    ids::ExecutionId,
    store::{
        Store, is_passing, is_unstorable,
        journal::{Journal, Outcome},
        settlement::Settlement,
    },
};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::harness::{Backend, Database, PATIENCE, at, database::Behind, server::BEGINNING};

/// So many that two batches of them meet.
const EXECUTIONS: usize = 400;

fn execution_id(number: usize) -> ExecutionId {
    format!("exec-{number:020}").parse().unwrap()
}

/// Writes down executions of a tenant that run.
async fn running(database: &Database, tenant_id: &str, numbers: std::ops::Range<usize>) {
    let statement = format!(
        "INSERT INTO executions (execution_id, tenant_id, agent_id, conversation_id, key_id, mode, owner, status, input, model, \
         reserved_tokens, input_tokens, metadata, created_at) \
         SELECT 'exec-' || lpad(number::text, 20, '0'), '{tenant_id}', 'agent', 'conv', 'key', 'live', 'srv', 'running', 'Hello!', \
         'model', 0, 0, '{{}}', '{BEGINNING}' FROM generate_series({}, {}) number",
        numbers.start,
        numbers.end - 1
    );
    database.execute(&statement).await.unwrap();
}

fn settlement(number: usize, tenant_id: &str) -> Settlement {
    Settlement::failed(&execution_id(number), &tenant_id.parse().unwrap(), at(BEGINNING), at(BEGINNING))
}

/// The row of an execution that goes on, or ends.
fn change(number: usize, ends: bool) -> Value {
    let mut change = json!(settlement(number, "acme"));
    if !ends {
        change.as_object_mut().unwrap().remove("status");
    }
    change
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn batches_of_one_tenant_take_their_rows_in_one_order_on_postgres() {
    let database = Database::new(Backend::Postgres).await;
    running(&database, "acme", 0..EXECUTIONS).await;
    // Of each half, one batch ends what goes on in the other.
    let write = async |connection: &mut Behind, ends: bool| {
        let mut rows: Vec<_> =
            (0..EXECUTIONS).map(|number| change(number, (number < EXECUTIONS / 2) == ends)).collect();
        if ends {
            rows.reverse();
        }
        let batch = json!([{ "tenant_id": "acme", "in_epoch": false, "changed": rows }]);
        let batch = batch.to_string().replace('\'', "''");
        connection
            .execute(&format!("BEGIN; SET LOCAL ROLE agent_platform_app; SELECT write_journal('{batch}'); COMMIT"))
            .await
    };
    let (mut one, mut other) = (database.behind().await, database.behind().await);
    let (one, other) = tokio::join!(write(&mut one, true), write(&mut other, false));
    one.unwrap();
    other.unwrap();
    let settled = database.number("SELECT COUNT(*) FROM ledger").await;
    assert_eq!(settled, i64::try_from(EXECUTIONS).unwrap(), "each was ended once, by one of the two");
}

/// In one thread, so that what is handed in after each other is written together. More of it is locked than there are transactions.
#[tokio::test]
async fn who_waits_for_a_lock_keeps_no_other_tenant_waiting_on_postgres() {
    const LOCKED: usize = 10;
    let database = Database::new(Backend::Postgres).await;
    running(&database, "locked", 0..LOCKED).await;
    running(&database, "free", LOCKED..2 * LOCKED).await;
    let mut lock = database.behind().await;
    lock.execute("BEGIN; SELECT FROM executions WHERE tenant_id = 'locked' FOR UPDATE").await.unwrap();

    let journal = Journal::start(Store::open(&database.url(), None).await.unwrap());
    let mut locked = Vec::new();
    for number in 0..LOCKED {
        let mut of_locked = Box::pin(journal.settle(settlement(number, "locked")));
        assert!(futures_util::poll!(&mut of_locked).is_pending());
        locked.push((number, of_locked));
        let of_free = timeout(PATIENCE, journal.settle(settlement(LOCKED + number, "free"))).await;
        assert_eq!(of_free.expect("it waits for nobody").unwrap(), Outcome::Done);
    }
    lock.execute("COMMIT").await.unwrap();
    for (number, of_locked) in locked {
        // Where it took too long, the caller tries again.
        let outcome = match of_locked.await {
            Err(error) if is_passing(&error) => journal.settle(settlement(number, "locked")).await,
            outcome => outcome,
        };
        assert_eq!(outcome.unwrap(), Outcome::Done);
    }
    assert_eq!(database.number("SELECT COUNT(*) FROM ledger").await, i64::try_from(2 * LOCKED).unwrap());
}

#[tokio::test]
async fn a_row_that_is_refused_fails_no_other_on_postgres() {
    let database = Database::new(Backend::Postgres).await;
    running(&database, "one", 0..2).await;
    running(&database, "other", 2..3).await;
    let journal = Journal::start(Store::open(&database.url(), None).await.unwrap());
    let bad = Settlement { output: "\0".to_owned(), ..settlement(0, "one") };
    let (bad, good, other) =
        tokio::join!(journal.settle(bad), journal.settle(settlement(1, "one")), journal.settle(settlement(2, "other")));
    assert!(is_unstorable(&bad.unwrap_err()));
    assert_eq!((good.unwrap(), other.unwrap()), (Outcome::Done, Outcome::Done));
}
