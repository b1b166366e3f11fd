//! However an execution ends, what it held is given back and what it used is charged once.

mod books;
mod ways;

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use agent_platform_server::{app::Setup, clock::Clock};
use chrono::{TimeDelta, Utc};
use futures_util::FutureExt;
use serde_json::{Value, json};

use crate::{
    harness::{
        Backend, Binary, Database, Faulty, Redis, Server, Tenant, binary, faulty,
        gate::{BeginningGate, ProgressGate, SettlementGate},
        on_both,
        server::{self, id},
        until, wire,
    },
    random_tenants::{Chance, SEED, seed},
};
use books::{agree, ledger, nothing_is_held};
use ways::{WAYS, Way, cost_of, end, end_of, move_clock, tokens_of};

/// Short enough to be waited for.
const DEADLINE: Duration = Duration::from_millis(250);
/// How many executions end at random in one test.
const RANDOM_ENDS: usize = 150;

/// A server beside this one, on its database and with its clock, that has the faulty model.
async fn faulty_server(server: &Server, deadline: Duration) -> (Server, Arc<Faulty>) {
    let (faulty, models) = Faulty::registered();
    let setup = Setup { clock: server.clock.clone(), models, deadline, ..server::setup() };
    (Server::set_up(server.database.clone(), setup).await, faulty)
}

async fn faulty_tenant(server: &Server, email: &str) -> (Tenant, String) {
    let tenant = server.sign_up(email).await;
    let agent_id = tenant.agent_with(faulty::MODEL, &["create_ticket"]).await;
    (tenant, agent_id)
}

/// The execution ended as this way does, and is charged what it used, at the model's own price.
fn is_charged(way: Way, execution: &Value) {
    let (status, why) = end_of(way);
    assert_eq!(execution["status"], status, "{way:?}: {execution}");
    let told = if status == "failed" { &execution["error"]["code"] } else { &execution["finish_reason"] };
    assert_eq!(*told, why, "{way:?}: {execution}");
    let (least, most) = tokens_of(way);
    let tokens = execution["tokens_used"].as_i64().unwrap();
    assert!((least..=most).contains(&tokens), "{way:?}: {execution}");
    let count = |field: &str| execution["usage"][field].as_i64().unwrap();
    let cost = cost_of(way, count("input_tokens"), count("output_tokens"));
    assert_eq!((execution["cost"].as_f64().unwrap() * 1e6).round() as i64, cost, "{way:?}: {execution}");
}

/// Ends one execution each way, through these views of one tenant in turn; each adds to usage and ledger what it says.
async fn each_way(views: &[Tenant], agent_id: &str, faulty: &Faulty, ways: &[Way]) {
    let (mut begun, mut before) = (0, ledger(&views[0]).await);
    for (at, way) in ways.iter().enumerate() {
        let tenant = &views[at % views.len()];
        let execution = end(tenant, agent_id, faulty, *way).await.expect("they are no five failures in a row");
        is_charged(*way, &execution);
        begun += 1;
        for tenant in views {
            let (usage, after) = agree(tenant).await;
            assert_eq!((&usage["requests_this_hour"], after.entries), (&json!(begun), begun), "{way:?}");
            let micros = (execution["cost"].as_f64().unwrap() * 1e6).round() as i64;
            assert_eq!(
                (after.tokens - before.tokens, after.micros - before.micros),
                (execution["tokens_used"].as_i64().unwrap(), micros),
                "{way:?}"
            );
        }
        before = ledger(tenant).await;
    }
    nothing_is_held(&views[0], agent_id).await;
}

on_both! {
    async fn each_end_gives_back_what_was_held_and_is_charged_once(server: Server) {
        let (patient, faulty) = faulty_server(&server, agent_platform_server::runtime::DEADLINE).await;
        let (tenant, agent_id) = faulty_tenant(&patient, "user@acme.example").await;
        let ways: Vec<_> = WAYS.into_iter().filter(|way| *way != Way::TimedOut).collect();
        each_way(&[tenant], &agent_id, &faulty, &ways).await;

        let (hasty, faulty) = faulty_server(&server, DEADLINE).await;
        let (tenant, agent_id) = faulty_tenant(&hasty, "user@other.example").await;
        each_way(&[tenant], &agent_id, &faulty, &[Way::TimedOut]).await;
        for server in [patient, hasty] {
            server.app.store.close().await;
        }
    }

    async fn each_end_does_so_where_servers_share_their_counters(server: Server) {
        let redis = Redis::start().await;
        let (faulty, models) = Faulty::registered();
        let set_up = || Setup { clock: server.clock.clone(), models: models.clone(), ..server::setup() };
        let mut servers = Vec::new();
        for _ in 0..2 {
            servers.push(Server::sharing_as(server.database.clone(), &redis, set_up()).await);
        }
        let (tenant, agent_id) = faulty_tenant(&servers[0], "user@acme.example").await;
        let views: Vec<_> = servers.iter().map(|server| tenant.through(server)).collect();
        let ways: Vec<_> = WAYS.into_iter().filter(|way| *way != Way::TimedOut).collect();
        each_way(&views, &agent_id, &faulty, &ways).await;
        for server in servers {
            server.app.store.close().await;
        }
    }

    /// One after the other as chance has it, so that none lives on what another left.
    async fn any_order_of_ends_leaves_the_books_in_balance(server: Server) {
        let seed = seed();
        let (hasty, faulty) = faulty_server(&server, DEADLINE).await;
        let (tenant, agent_id) = faulty_tenant(&hasty, "user@acme.example").await;
        let ending = AssertUnwindSafe(async {
            let mut chance = Chance::new(seed);
            let mut begun = 0;
            for _ in 0..RANDOM_ENDS {
                let way = WAYS[chance.below(WAYS.len())];
                match end(&tenant, &agent_id, &faulty, way).await {
                    Some(_) => begun += 1,
                    // The provider has failed too often: it burnt nothing, and can be tried later.
                    None => move_clock(&tenant, 10),
                }
            }
            let (usage, ledger) = agree(&tenant).await;
            assert_eq!((&usage["requests_this_hour"], ledger.entries), (&json!(begun), begun));
            assert!(begun > 100, "{begun}");
            nothing_is_held(&tenant, &agent_id).await;
            // A server that is started now counts the same from the database.
            let restarted = tenant.through(&tenant.replica().await);
            assert_eq!(restarted.usage().await["usage"], usage);
            restarted.app.store.close().await;
        });
        ending.catch_unwind().await.unwrap_or_else(|_| panic!("repeat with {SEED}={seed}"));
        hasty.app.store.close().await;
    }

    async fn a_server_that_stops_settles_what_it_interrupts(server: Server) {
        let (stopping, faulty) = faulty_server(&server, agent_platform_server::runtime::DEADLINE).await;
        let (tenant, agent_id) = faulty_tenant(&stopping, "user@acme.example").await;
        let call = tokio::spawn(tenant.execute(&agent_id, json!({ "message": faulty::HANG })).into_future());
        faulty.has_waiting(1).await;
        stopping.app.runtime.stopping.cancel();
        call.await.unwrap().problem(503, "interrupted");
        tenant.execute(&agent_id, json!({ "message": "Hello!" })).await.problem(503, "stopping");
        let (usage, ledger) = agree(&tenant).await;
        assert_eq!((&usage["requests_this_hour"], ledger.entries), (&json!(1), 1));
        assert!(ledger.tokens > 0, "what it read and wrote is charged");
        let (next, _) = faulty_server(&server, DEADLINE).await;
        nothing_is_held(&tenant.through(&next), &agent_id).await;
        for server in [stopping, next] {
            server.app.store.close().await;
        }
    }
}

/// Killed with one execution that waits to begin, one before its tool, and one whose end is being stored.
async fn a_killed_server_leaves_nothing_held(database: Arc<Database>) {
    let binary = Binary::serve(&database).await;
    let key = binary.sign_up("user@acme.example").await;
    let tenant_id = id(&binary.get("/usage", &key).await.ok(200), "tenant_id");
    let (plain, searching) = (binary.agent(&key, &[]).await, binary.agent(&key, &["search_kb"]).await);
    let running = async |count: i64| {
        until("it to run", || async {
            (binary.get("/usage", &key).await.ok(200)["usage"]["concurrent_agents"] == count).then_some(())
        })
        .await;
    };
    let (settlement, progress) = (SettlementGate::close(&database).await, ProgressGate::close(&database).await);
    let (_ending, _) = binary.stream(&key, &plain, json!({ "message": "Hello!" })).await;
    let (_calling, _) = binary.stream(&key, &searching, json!({ "message": "How do I reset my password?" })).await;
    running(2).await;
    let beginning = BeginningGate::close(&database).await;
    let waiting = tokio::spawn({
        let (address, path, key) = (binary.address, format!("/agents/{plain}/execute"), key.clone());
        async move { wire::try_send_once(address, &path, (&key, "a-key"), &json!({ "message": "Hello!" })).await }
    });
    running(3).await;
    binary.kill().await;
    assert!(!waiting.await.unwrap(), "nothing was answered");
    beginning.open().await;
    progress.open().await;
    settlement.open().await;

    let next = Server::over(database.clone(), Clock::held_at(Utc::now() + TimeDelta::seconds(31))).await;
    next.app.runtime.beat().await.unwrap();
    let tenant = next.known(&tenant_id, &key);
    let (_, ledger) = agree(&tenant).await;
    assert_eq!(ledger.entries, 2, "what had not begun is not there");
    assert!(ledger.tokens > 0 && ledger.micros == ledger.tokens * 50, "{ledger:?}");
    nothing_is_held(&tenant, &plain).await;
    let failed = database.number("SELECT COUNT(*) FROM ledger WHERE status = 'failed' AND estimated").await;
    assert_eq!(failed, 2);
    next.app.store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_leaves_nothing_held_on_sqlite() {
    binary::with_database(Backend::Sqlite, a_killed_server_leaves_nothing_held).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_leaves_nothing_held_on_postgres() {
    binary::with_database(Backend::Postgres, a_killed_server_leaves_nothing_held).await;
}
