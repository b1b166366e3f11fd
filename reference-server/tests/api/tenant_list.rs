//! The operator's list of tenants.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::{Server, on_both, server::OPERATOR_KEY};

async fn page(server: &Server, query: &str) -> Value {
    server.get(&format!("/admin/tenants{query}")).key(OPERATOR_KEY).await.ok(200)
}

fn ids(page: &Value) -> Vec<String> {
    page["data"].as_array().unwrap().iter().map(|tenant| tenant["tenant_id"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    async fn tenants_are_listed_newest_first_page_by_page(server: Server) {
        let mut signed_up = Vec::new();
        // Two signed up in the same moment, and their names do not sort by age.
        for (name, minute) in [("zebra", 30), ("ape", 31), ("cat", 31), ("yak", 32), ("bee", 33)] {
            server.set_clock(&format!("2024-03-15T14:{minute}:00Z"));
            signed_up.push(server.sign_up(&format!("user@{name}.example")).await.id);
        }
        let all = page(&server, "").await;
        assert_eq!(ids(&all), ["bee", "yak", "cat", "ape", "zebra"]);
        assert_eq!((&all["has_more"], &all["next_cursor"]), (&json!(false), &json!(null)));
        for tenant in all["data"].as_array().unwrap() {
            let one = server.get(&format!("/admin/tenants/{}", tenant["tenant_id"].as_str().unwrap())).key(OPERATOR_KEY).await;
            assert_eq!(one.ok(200), *tenant);
        }
        for size in 1..=5 {
            let (mut seen, mut query) = (Vec::new(), format!("?limit={size}"));
            loop {
                let part = page(&server, &query).await;
                seen.extend(ids(&part));
                let Some(cursor) = part["next_cursor"].as_str() else { break };
                assert!(part["has_more"] == true && ids(&part).len() == size);
                query = format!("?limit={size}&cursor={cursor}");
            }
            assert_eq!(seen, ids(&all), "in pages of {size}");
        }
    }

    async fn it_is_filtered_by_status_and_tier(server: Server) {
        let [a, b, c, d] = [("a", "starter"), ("b", "starter"), ("c", "enterprise"), ("d", "professional")];
        let mut tenants = Vec::new();
        for (name, tier) in [a, b, c, d] {
            tenants.push(server.sign_up_as(&format!("user@{name}.example"), tier).await);
        }
        server.operate(&tenants[1], json!({ "status": "suspended" })).await.ok(200);
        server.operate(&tenants[2], json!({ "status": "suspended" })).await.ok(200);
        server.delete_tenant(&tenants[2]).await.no_content();
        for (query, expected) in [
            ("?status=active", vec!["a", "d"]), ("?status=suspended", vec!["b"]), ("?status=deleted", vec!["c"]),
            ("?tier=starter", vec!["a", "b"]), ("?tier=enterprise&status=active", vec![]), ("?tier=starter&status=suspended&limit=1", vec!["b"]),
        ] {
            let found: BTreeSet<_> = ids(&page(&server, query).await).into_iter().collect();
            assert_eq!(found, expected.into_iter().map(str::to_owned).collect(), "{query}");
        }
    }

    /// An operator who took a tier away still sees who is on it, and can put them on another.
    async fn a_tenant_whose_tier_is_gone_is_shown_without_limits(server: Server) {
        let tenant = server.sign_up_as("user@acme.example", "starter").await;
        server.database.execute("UPDATE tenants SET tier = 'bronze'").await.unwrap();
        let shown = server.seen(&tenant).await;
        assert_eq!((&shown["tier"], &shown["quota"]), (&json!("bronze"), &json!(null)));
        assert_eq!(page(&server, "").await["data"], json!([shown]));
        let moved = server.operate(&tenant, json!({ "tier": "starter" })).await.ok(200);
        assert_eq!(moved["quota"], tenant.usage().await["quota"]);
    }

    async fn what_makes_no_sense_is_refused_by_name(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        for (query, pointer, word) in [
            ("?status=gone", "?status", "deleted"), ("?tier=platinum", "?tier", "professional"), ("?limit=0", "?limit", "1 to 100"),
            ("?limit=1.5", "?limit", "whole"), ("?cursor=c1.acme", "?cursor", "next_cursor"), ("?cursor=c1.-1.acme", "?cursor", "next_cursor"),
            ("?cursor=c1.9223372036854775807.acme", "?cursor", "next_cursor"), ("?cursor=c1.1.a'b", "?cursor", "next_cursor"),
            ("?cursor=c1.1.", "?cursor", "next_cursor"), ("?status=active&status=active", "?status", "more than once"), ("?teir=starter", "?teir", "not a parameter"),
        ] {
            let answer = server.get(&format!("/admin/tenants{query}")).key(OPERATOR_KEY).await;
            let detail = answer.refusal_of(pointer);
            assert!(detail.contains(word), "{query}: {detail}");
        }
        server.get("/admin/tenants").await.problem(401, "unauthorized");
        tenant.get("/admin/tenants").await.problem(401, "unauthorized");
        // A place that no tenant has is a place all the same.
        assert_eq!(ids(&page(&server, "?cursor=c1.1710513000000001.zzz").await), [tenant.id.as_str()]);
        assert_eq!(page(&server, "?cursor=c1.0.zzz").await["data"], json!([]));
    }
}
