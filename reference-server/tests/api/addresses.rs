//! Limits by address, and one of calls by tenant: they stop who tries keys and addresses, and never a valid key.

use http::HeaderName;
use serde_json::{Value, json};

use crate::harness::{
    Answer, Backend, Binary, Call, Server,
    binary::{self, command},
    on_both, wire,
};

const FORWARDED: HeaderName = HeaderName::from_static("x-forwarded-for");
const THREE: &str = "[limits]\nsign_ups_per_hour = 3\nfailed_sign_ins_per_minute = 3\ncalls_per_minute = 6";

fn behind_proxies() -> String {
    format!("trusted_proxies = [\"10.0.0.0/8\", \"fd00::1\"]\n{THREE}")
}

/// A refusal that no quota gave; says after how many seconds to come back.
#[track_caller]
fn too_many(answer: &Answer) -> u64 {
    let problem = answer.problem(429, "too_many_requests");
    assert!(problem.get("quota").is_none() && problem.get("limit").is_none(), "{problem}");
    answer.header("retry-after").unwrap().parse().unwrap()
}

fn sign_up(server: &Server, email: &str) -> Call {
    server.post("/signup", json!({ "email": email, "tier": "starter" }))
}

/// Tries a key that is none.
fn guess(server: &Server) -> Call {
    server.get("/agents").key("pk_live_000000000000_00000000000000000000000000000000")
}

on_both! {
    async fn an_address_signs_up_so_often_an_hour_also_in_vain(server: Server) {
        let server = server.configured(THREE).await;
        let from = "203.0.113.7";
        sign_up(&server, "a@one.example").from(from).await.ok(201);
        sign_up(&server, "a@one.example").from(from).await.problem(409, "email_taken");
        sign_up(&server, "nonsense").from(from).await.refusal_of("/email");
        for email in ["a@two.example", "a@one.example", "nonsense"] {
            let seconds = too_many(&sign_up(&server, email).from(from).await);
            assert!((1..=1200).contains(&seconds), "{seconds}");
        }
        sign_up(&server, "a@three.example").from("203.0.113.8").await.ok(201);
        server.set_clock("2024-03-15T14:50:00Z");
        sign_up(&server, "a@four.example").from(from).await.ok(201);
        too_many(&sign_up(&server, "a@five.example").from(from).await);
        server.set_clock("2024-03-15T15:50:00Z");
        for email in ["a@six.example", "a@seven.example", "a@eight.example"] {
            sign_up(&server, email).from(from).await.ok(201);
        }
    }

    async fn refused_keys_are_limited_and_a_valid_one_is_let_in(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let server = server.configured(THREE).await;
        let from = "203.0.113.7";
        // To show no key is no attempt.
        for _ in 0..10 {
            server.get("/agents").from(from).await.problem(401, "unauthorized");
        }
        guess(&server).from(from).await.problem(401, "unauthorized");
        server.get("/agents").key("nonsense").from(from).await.problem(401, "unauthorized");
        server.get("/admin/tenants/acme").key("nonsense").from(from).await.problem(401, "unauthorized");
        assert_eq!(too_many(&guess(&server).from(from).await), 20);
        too_many(&server.get("/admin/tenants/acme").key("nonsense").from(from).await);
        too_many(&server.get("/agents").key(&format!("{}x", tenant.key)).from(from).await);
        tenant.through(&server).get("/agents").from(from).await.ok(200);
        server.get("/admin/tenants/acme").key(crate::harness::server::OPERATOR_KEY).from(from).await.ok(200);
        server.get("/agents").from(from).await.problem(401, "unauthorized");
        guess(&server).from("203.0.113.8").await.problem(401, "unauthorized");
        server.set_clock("2024-03-15T14:31:00Z");
        guess(&server).from(from).await.problem(401, "unauthorized");
    }

    async fn a_forged_header_changes_nothing_without_a_trusted_proxy(server: Server) {
        let server = server.configured(THREE).await;
        for i in 0..3 {
            let forged = format!("198.51.100.{i}");
            guess(&server).from("203.0.113.7").header(FORWARDED, &forged).await.problem(401, "unauthorized");
        }
        too_many(&guess(&server).from("203.0.113.7").header(FORWARDED, "198.51.100.9").await);
    }

    async fn behind_trusted_proxies_each_client_counts_alone(server: Server) {
        let server = server.configured(&behind_proxies()).await;
        for client in ["203.0.113.7", "203.0.113.8"] {
            for i in 0..3 {
                let proxy = if i == 0 { "fd00::1" } else { "10.0.0.1" };
                guess(&server).from(proxy).header(FORWARDED, client).await.problem(401, "unauthorized");
            }
            too_many(&guess(&server).from("10.0.0.1").header(FORWARDED, &format!("{client}, 10.9.9.9")).await);
        }
        // What a client writes itself stands on the left of what the proxy saw.
        for forged in ["198.51.100.1", "10.0.0.1", "nonsense", "198.51.100.2, 198.51.100.3"] {
            too_many(&guess(&server).from("10.0.0.1").header(FORWARDED, &format!("{forged}, 203.0.113.7")).await);
        }
        guess(&server).from("10.0.0.1").header(FORWARDED, "203.0.113.7, 203.0.113.9").await.problem(401, "unauthorized");
    }

    async fn an_address_of_ipv6_counts_with_its_network(server: Server) {
        let server = server.configured(THREE).await;
        for from in ["2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2:ffff:ffff:ffff:ffff"] {
            guess(&server).from(from).await.problem(401, "unauthorized");
        }
        too_many(&guess(&server).from("2001:db8:1:2:3::").await);
        guess(&server).from("2001:db8:1:3::1").await.problem(401, "unauthorized");
        for from in ["::ffff:203.0.113.7", "203.0.113.7", "::ffff:203.0.113.7"] {
            guess(&server).from(from).await.problem(401, "unauthorized");
        }
        too_many(&guess(&server).from("203.0.113.7").await);
    }

    async fn a_machine_of_ones_own_signs_up_more_often_than_others(server: Server) {
        for i in 0..25 {
            let body = json!({ "email": format!("a@t{i}.example"), "tier": "starter" });
            server.post("/signup", body.clone()).await.ok(201);
        }
        for i in 0..20 {
            sign_up(&server, &format!("a@u{i}.example")).from("203.0.113.7").await.ok(201);
        }
        too_many(&sign_up(&server, "a@u20.example").from("203.0.113.7").await);
    }

    async fn a_tenant_calls_so_often_a_minute_and_executes_by_its_quota_alone(server: Server) {
        let (tenant, other) = (server.sign_up("a@acme.example").await, server.sign_up("b@other.example").await);
        let agent_id = tenant.agent(&[]).await;
        let limited = server.configured(THREE).await;
        let (tenant, other) = (tenant.through(&limited), other.through(&limited));
        for _ in 0..3 {
            tenant.get("/agents").await.ok(200);
            tenant.agent(&[]).await;
        }
        assert_eq!(too_many(&tenant.get("/agents").await), 10);
        too_many(&tenant.post("/agents", json!({ "name": "A", "system_prompt": "B" })).await);
        tenant.ask(&agent_id, "Hello!").await;
        other.get("/agents").await.ok(200);
        server.set_clock("2024-03-15T14:30:10Z");
        tenant.get("/agents").await.ok(200);
        too_many(&tenant.get("/agents").await);
    }
}

/// Through a real socket, whose other end is the proxy.
#[tokio::test]
async fn the_address_of_a_connection_is_told_and_that_behind_a_trusted_proxy() {
    binary::with_database(Backend::Sqlite, |database| async move {
        for (proxies, address) in [("[]", "127.0.0.1"), ("[\"127.0.0.1\"]", "203.0.113.7")] {
            let config = database.folder.path().join("agent-platform.toml");
            std::fs::write(&config, format!("trusted_proxies = {proxies}")).unwrap();
            let mut serve = command(&["serve", "--bind", "127.0.0.1:0", "--config"]);
            serve.arg(&config).env("AGENT_PLATFORM_DATABASE_URL", database.url_text());
            let server = Binary::listening(&mut serve).await;
            let key = server.sign_up(&format!("user@acme-{}.example", proxies.len())).await;
            let request = format!(
                "POST /api-keys HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\nX-Forwarded-For: 198.51.100.1\r\n\
                 X-Forwarded-For: 203.0.113.7\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}"
            );
            let made = wire::raw_and_closed(server.address, &request).await;
            assert!(made.starts_with("HTTP/1.1 201 "), "{made}");
            let log: Value = server.get("/audit-log?limit=1", &key).await.ok(200);
            assert_eq!(
                (&log["data"][0]["action"], &log["data"][0]["address"]),
                (&json!("api_key.created"), &json!(address))
            );
            server.terminate().await;
            assert!(server.ended().await);
        }
    })
    .await;
}
