//! The scripts against the in-process counters, over any order of what can happen to a tenant: they say the same to the letter. And
//! what is reserved in counters that are lost begins nothing.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use proptest::{collection::vec, prelude::*, sample::Index};

use super::*;
use crate::{
    auth::{ApiKey, Mode, Scope},
    ids::{AgentId, ConversationId, InstanceId, KeyId},
    quota::{Used, counters::Counters},
    store::{
        journal::Journal,
        keys::KeyRow,
        ledger::UsageTotals,
        settlement::{NewExecution, StoredMicros},
        tenants::TenantRow,
    },
    tenancy::QuotaOverrides,
};

#[path = "../../../tests/api/harness/redis.rs"]
mod redis_of_a_test;
use redis_of_a_test::Redis;

#[derive(Clone, Debug)]
enum Event {
    Reserve(Ask),
    TopUp(Index, i64),
    Settle(Index, i64),
    GiveBack(Index),
    Store(i64),
    Move(i64),
}

fn event() -> impl Strategy<Value = Event> {
    let ask = (prop::bool::weighted(0.8), 0..40_i64, 1..40_i64, any::<bool>(), 0..4_i64, 0..4_i64, 0..300_000_i64);
    let ask =
        ask.prop_map(|(metered, input_tokens, max_output_tokens, output_is_fixed, input, output, message_bytes)| Ask {
            metered,
            input_tokens,
            max_output_tokens,
            output_is_fixed,
            input_price: Micros(input),
            output_price: Micros(output),
            message_bytes,
        });
    prop_oneof![
        6 => ask.prop_map(Event::Reserve),
        2 => (any::<Index>(), 1..20_i64).prop_map(|(which, tokens)| Event::TopUp(which, tokens)),
        3 => (any::<Index>(), 0..=100_i64).prop_map(|(which, percent)| Event::Settle(which, percent)),
        1 => any::<Index>().prop_map(Event::GiveBack),
        1 => (0..300_000_i64).prop_map(Event::Store),
        1 => (1..90_i64).prop_map(Event::Move),
    ]
}

fn limits() -> impl Strategy<Value = Limits> {
    (0..12_i64, 0..400_i64, 0..600_i64, 0..6_i64).prop_map(|(requests, tokens, spend, running)| Limits {
        max_requests_per_hour: requests,
        max_tokens_per_month: tokens,
        max_spend_per_month: Micros(spend),
        max_concurrent_agents: running,
        max_storage_mb: 1,
    })
}

fn caller(store: &Store, limits: Limits, now: DateTime<Utc>) -> Caller {
    let tenant_id: TenantId = format!("tenant-{:016x}", crate::ids::random_u64()).parse().unwrap();
    Caller {
        store: store.tenant(tenant_id),
        key_id: KeyId::new(now),
        scope: Scope::Admin,
        mode: Mode::Live,
        tier: "starter".to_owned(),
        limits,
    }
}

async fn same_as_in_process(shared: &Arc<SharedCounters>, store: &Store, limits: Limits, events: &[Event]) {
    let mut now: DateTime<Utc> = "2024-03-01T00:10:00Z".parse().unwrap();
    let caller = caller(store, limits, now);
    let mut own = Counters::new((hour_of(now), 0), (month_of(now), UsageTotals::default()), 0);
    let mut open = Vec::new();
    for event in events {
        match event {
            Event::Reserve(ask) => {
                let execution_id = ExecutionId::new(now);
                let ours = own.reserve(now, &limits, *ask);
                match (shared.reserve(&caller, &execution_id, *ask, now).await, ours) {
                    (Ok((hold, output)), Ok((reserved, allowed))) => {
                        assert_eq!(
                            (hold.tokens, hold.spend, hold.bytes, output),
                            (reserved.tokens, reserved.spend, reserved.bytes, allowed)
                        );
                        open.push((hold, reserved));
                    }
                    (Err(theirs), Err(ours)) => assert_eq!(
                        (theirs.detail, theirs.quota, theirs.retry_after),
                        (ours.detail, ours.quota, ours.retry_after)
                    ),
                    (theirs, ours) => panic!("{theirs:?} where the process says {ours:?}"),
                }
            }
            Event::TopUp(which, tokens) if !open.is_empty() => {
                let at = which.index(open.len());
                let (hold, reserved) = &mut open[at];
                let spend = Micros(tokens * 2);
                let allowed = own.top_up(now, &limits, reserved, *tokens, spend);
                assert_eq!(shared.top_up(&caller.store, hold, &limits, *tokens, spend).await, allowed);
                assert_eq!((hold.tokens, hold.spend), (reserved.tokens, reserved.spend));
            }
            Event::Settle(which, percent) if !open.is_empty() => {
                let (hold, reserved) = open.swap_remove(which.index(open.len()));
                let part = |of: i64| of * percent / 100;
                let used =
                    Used { tokens: part(hold.tokens), spend: Micros(part(hold.spend.0)), bytes: part(hold.bytes) };
                own.release(now, &reserved, used);
                // Told twice, counted once.
                shared.settle(&hold.tenant_id, &hold.execution_id, used).await;
                shared.settle(&hold.tenant_id, &hold.execution_id, used).await;
            }
            Event::GiveBack(which) if !open.is_empty() => {
                let (hold, reserved) = open.swap_remove(which.index(open.len()));
                own.give_back(now, &reserved);
                shared.release(&hold.tenant_id, &hold.execution_id, None).await.unwrap();
            }
            Event::Store(bytes) => {
                let ours = own.take_storage(&limits, *bytes).map_err(|problem| problem.detail);
                let theirs = shared.take_storage(&caller, *bytes, now).await.map_err(|problem| problem.detail);
                assert_eq!(theirs.map(drop), ours);
            }
            Event::Move(minutes) => now += TimeDelta::minutes(*minutes),
            _ => {}
        }
        assert_eq!(shared.snapshot(&caller.store, now).await.unwrap(), own.snapshot(now));
    }
}

/// A store and counters of a test's own, with what has to be kept for as long as they are used.
async fn shared_counters() -> (Redis, tempfile::TempDir, Store, Arc<SharedCounters>) {
    let (redis, folder) = (Redis::start().await, tempfile::tempdir().unwrap());
    let url = format!("sqlite://{}", folder.path().join("store.db").display()).parse().unwrap();
    let store = Store::open(&url, None).await.unwrap();
    let shared = SharedCounters::new(&redis.url().parse().unwrap(), Clock::default()).unwrap();
    (redis, folder, store, shared)
}

#[test]
fn redis_counts_as_the_process_does() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (_redis, _folder, store, shared) = runtime.block_on(shared_counters());
    let config = ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() };
    let outcome =
        proptest::test_runner::TestRunner::new(config).run(&(limits(), vec(event(), 1..60)), |(limits, events)| {
            runtime.block_on(same_as_in_process(&shared, &store, limits, &events));
            Ok(())
        });
    outcome.unwrap();
}

fn one_at_a_time(max_requests_per_hour: i64) -> Limits {
    Limits {
        max_requests_per_hour,
        max_tokens_per_month: 1_000,
        max_spend_per_month: Micros::dollars(1),
        max_concurrent_agents: 1,
        max_storage_mb: 1,
    }
}

const ASK: Ask = Ask {
    metered: true,
    input_tokens: 10,
    max_output_tokens: 10,
    output_is_fixed: true,
    input_price: Micros(1),
    output_price: Micros(1),
    message_bytes: 5,
};

#[tokio::test]
async fn what_was_reserved_in_counters_that_are_lost_begins_nothing() {
    let (mut redis, _folder, store, shared) = shared_counters().await;
    let now: DateTime<Utc> = "2024-03-01T00:10:00Z".parse().unwrap();
    let caller = caller(&store, one_at_a_time(1), now);
    sign_up(&caller, now).await;
    let (lost, _) = shared.reserve(&caller, &ExecutionId::new(now), ASK, now).await.unwrap();
    assert!(caller.store.is_quota_epoch(&lost.epoch).await.unwrap());
    redis.kill().await;
    redis.start_again().await;
    let nothing: i64 = redis.ask(&["DBSIZE"]).await;
    assert_eq!(nothing, 0);
    // Redis knows nothing of the first any more, so the one request of the hour is free: the first must not take it too.
    let (held, _) = shared.reserve(&caller, &ExecutionId::new(now), ASK, now).await.unwrap();
    assert!(!caller.store.is_quota_epoch(&lost.epoch).await.unwrap());
    assert!(caller.store.is_quota_epoch(&held.epoch).await.unwrap());
    let journal = Journal::start(store.clone());
    for (hold, begins) in [(&lost, false), (&held, true)] {
        assert_eq!(journal.begin(execution(&caller, hold, now)).await.unwrap(), begins);
    }
    // What was never begun is given back to nobody.
    shared.release(&lost.tenant_id, &lost.execution_id, None).await.unwrap();
    assert_eq!(shared.snapshot(&caller.store, now).await.unwrap().requests, 1);
    assert!(shared.reserve(&caller, &ExecutionId::new(now), ASK, now).await.is_err());
}

/// A Redis that was away for longer than a lease comes back with leases that nobody could renew.
#[tokio::test]
async fn a_slot_is_not_given_twice_where_its_lease_could_not_be_renewed() {
    let (redis, _folder, store, shared) = shared_counters().await;
    let now: DateTime<Utc> = "2024-03-01T00:10:00Z".parse().unwrap();
    let caller = caller(&store, one_at_a_time(10), now);
    sign_up(&caller, now).await;
    let end_lease = async |hold: &SharedHold| {
        let (slots, lease) =
            (format!("usage:{}:running", hold.tenant_id), format!("{} {}", hold.tenant_id, hold.execution_id));
        let _: i64 = redis.ask(&["ZADD", &slots, "1", hold.execution_id.as_str()]).await;
        let _: i64 = redis.ask(&["ZADD", "usage:leases", "1", &lease]).await;
    };
    let (lost, _) = shared.reserve(&caller, &ExecutionId::new(now), ASK, now).await.unwrap();
    end_lease(&lost).await;
    let (held, _) = shared.reserve(&caller, &ExecutionId::new(now), ASK, now).await.expect("the first never began");
    assert!(Journal::start(store.clone()).begin(execution(&caller, &held, now)).await.unwrap());
    end_lease(&held).await;
    let problem = shared.reserve(&caller, &ExecutionId::new(now), ASK, now).await.unwrap_err();
    assert_eq!((problem.code.as_ref(), problem.quota.as_deref()), ("quota_exceeded", Some("max_concurrent_agents")));
}

async fn sign_up(caller: &Caller, now: DateTime<Utc>) {
    let key = ApiKey::generate(Mode::Live);
    let tenant = TenantRow {
        tenant_id: caller.tenant_id().clone(),
        name: "Acme Corp".to_owned(),
        email: "user@acme.example".to_owned(),
        tier: caller.tier.clone(),
        status: "active".to_owned(),
        quota_overrides: QuotaOverrides::default().into(),
        created_at: now,
        deleted_at: None,
        erased_at: None,
    };
    let key = KeyRow {
        key_id: caller.key_id.clone(),
        name: String::new(),
        public_id: key.public_id.clone(),
        secret_hash: key.secret.hash(),
        scopes: vec![Scope::Admin].into(),
        mode: Mode::Live,
        created_at: now,
        last_used_at: None,
        expires_at: None,
        rotated_to: None,
    };
    caller.store.insert_tenant(&tenant, &key).await.unwrap();
}

fn execution(caller: &Caller, hold: &SharedHold, now: DateTime<Utc>) -> NewExecution {
    NewExecution {
        execution_id: hold.execution_id.clone(),
        tenant_id: hold.tenant_id.clone(),
        agent_id: AgentId::new(now),
        conversation_id: ConversationId::new(now),
        new_conversation: true,
        key_id: caller.key_id.clone(),
        mode: Mode::Live,
        owner: InstanceId::new(now),
        input: "Hello!".to_owned(),
        model: "builtin".to_owned(),
        reserved_tokens: hold.tokens,
        reserved_micros: StoredMicros(hold.spend),
        reserved_bytes: hold.bytes,
        quota_epoch: Some(hold.epoch.clone()),
        input_tokens: 10,
        input_cost_micros: StoredMicros(Micros(10)),
        metadata: BTreeMap::new(),
        last_event_id: 1_024,
        created_at: now,
        claim: None,
    }
}
