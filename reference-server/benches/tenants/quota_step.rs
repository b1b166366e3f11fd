//! What the quotas cost an execution: to reserve all five and to settle them, in the process and over Redis.

use std::{
    error::Error,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use agent_platform_server::{
    auth::{Caller, Mode, Scope},
    clock::Clock,
    ids::{ExecutionId, KeyId},
    money::Micros,
    quota::{Ask, Quotas, SharedCounters, Used},
    store::Store,
    tenancy::Limits,
};

const STEPS: u32 = 20_000;

pub(crate) async fn measure(url: &str) -> Result<(), Box<dyn Error>> {
    let (store, clock) = (Store::open(&url.parse()?, None).await?, Clock::default());
    let limits = Limits {
        max_requests_per_hour: 1_000_000_000,
        max_tokens_per_month: 1_000_000_000_000,
        max_spend_per_month: Micros::dollars(1_000_000_000),
        max_concurrent_agents: 1_000,
        max_storage_mb: 1_000_000,
    };
    let caller = Caller {
        key_id: KeyId::new(clock.now()),
        scope: Scope::Admin,
        mode: Mode::Live,
        tier: "enterprise".to_owned(),
        limits,
        store: store.tenant("bench".parse()?),
    };
    let own = per_step(&Quotas::new(clock.clone(), None), &caller, &clock).await?;
    println!("the quota step, to reserve all five and to settle: {own:.2?} in the process (goal: under 20 µs)");

    let folder = tempfile::tempdir()?;
    let socket = folder.path().join("redis.sock");
    let mut redis = Command::new("redis-server")
        .args(["--port", "0", "--save", "", "--unixsocket"])
        .arg(&socket)
        .stdout(Stdio::null())
        .spawn()?;
    let outcome = over_redis(&format!("redis+unix://{}", socket.display()), &caller, &clock).await;
    redis.kill()?;
    redis.wait()?;
    let (shared, ping) = outcome?;
    println!(
        "                                                    {shared:.2?} over Redis in two round trips, of which a PING takes {ping:.2?}"
    );
    Ok(())
}

async fn over_redis(url: &str, caller: &Caller, clock: &Clock) -> Result<(Duration, Duration), Box<dyn Error>> {
    let client = redis::Client::open(url)?;
    let mut connection = loop {
        match client.get_multiplexed_async_connection().await {
            Ok(connection) => break connection,
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    };
    let shared = SharedCounters::new(&url.parse()?, clock.clone())?;
    let step = per_step(&Quotas::new(clock.clone(), Some(shared)), caller, clock).await?;
    let started = Instant::now();
    for _ in 0..STEPS {
        let () = redis::cmd("PING").query_async(&mut connection).await?;
    }
    Ok((step, started.elapsed() / STEPS))
}

async fn per_step(quotas: &Quotas, caller: &Caller, clock: &Clock) -> Result<Duration, Box<dyn Error>> {
    let ask = Ask {
        metered: true,
        input_tokens: 20,
        max_output_tokens: 1_024,
        output_is_fixed: false,
        input_price: Micros(50),
        output_price: Micros(50),
        message_bytes: 6,
    };
    let used = Used { tokens: 40, spend: Micros(2_000), bytes: 100 };
    let mut took = Duration::ZERO;
    for round in 0..2 {
        let started = Instant::now();
        for _ in 0..STEPS {
            let now = clock.now();
            let reservation = quotas.reserve(caller, &ExecutionId::new(now), ask, now).await;
            reservation.map_err(|problem| problem.detail)?.settle(used).await;
        }
        // The first round warms up.
        if round == 1 {
            took = started.elapsed() / STEPS;
        }
    }
    Ok(took)
}
