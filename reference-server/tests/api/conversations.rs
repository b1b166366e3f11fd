//! Conversations: continued, read, deleted.

use serde_json::{Value, json};

use crate::harness::{Backend, Server, gate::SettlementGate, on_both, server::id, until};

on_both! {
    async fn a_conversation_goes_on_and_keeps_both_sides(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        let first = tenant.ask(&agent_id, "Hello!").await;
        let conversation_id = id(&first, "conversation_id");
        let body = json!({ "message": "And now?", "conversation_id": conversation_id });
        let second = tenant.execute(&agent_id, body).await.ok(200);
        assert_eq!(second["conversation_id"], conversation_id.as_str());

        let conversation = tenant.get(&format!("/conversations/{conversation_id}")).await.ok(200);
        let said: Vec<_> = conversation["messages"].as_array().unwrap().iter()
            .map(|message| (message["role"].clone(), message["content"].clone(), message["execution_id"].clone())).collect();
        let of = |role: &str, content: &Value, answer: &Value| (json!(role), content.clone(), answer["execution_id"].clone());
        assert_eq!(said, [
            of("user", &json!("Hello!"), &first), of("assistant", &first["message"], &first),
            of("user", &json!("And now?"), &second), of("assistant", &second["message"], &second),
        ]);
        let listed = tenant.get("/conversations").await.ok(200);
        assert_eq!(listed["data"], json!([{ "conversation_id": conversation_id, "agent_id": agent_id, "created_at": "2024-03-15T14:30:00Z" }]));
    }

    async fn the_model_reads_what_was_said_before(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        let long = format!("Remember this: {}", "alpha ".repeat(300));
        let first = tenant.ask(&agent_id, &long).await;
        let fresh = tenant.ask(&agent_id, "Hello!").await;
        let body = json!({ "message": "Hello!", "conversation_id": first["conversation_id"] });
        let continued = tenant.execute(&agent_id, body).await.ok(200);
        let input = |answer: &Value| answer["usage"]["input_tokens"].as_i64().unwrap();
        assert!(input(&continued) >= input(&fresh) + 300, "{} after {}", input(&continued), input(&fresh));
    }

    async fn a_question_that_refers_back_is_understood(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        tenant.document("Refunds", "A refund of your subscription takes five working days to arrive on your card.").await;
        let agent_id = tenant.agent(&["search_kb"]).await;
        let first = tenant.ask(&agent_id, "How do I get a refund of my subscription?").await;
        assert!(first["message"].as_str().unwrap().contains("five working days"), "{first}");
        let body = json!({ "message": "How long does it take?", "conversation_id": first["conversation_id"] });
        let second = tenant.execute(&agent_id, body).await.ok(200);
        assert!(second["message"].as_str().unwrap().contains("five working days"), "{second}");
    }

    async fn another_agent_does_not_continue_it(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let (one, two) = (tenant.agent(&[]).await, tenant.agent(&[]).await);
        let first = tenant.ask(&one, "Hello!").await;
        let body = json!({ "message": "Hello!", "conversation_id": first["conversation_id"] });
        let detail = tenant.execute(&two, body).await.refusal_of("/conversation_id");
        assert!(detail.contains(&one), "{detail}");
        assert_eq!(tenant.usage().await["usage"]["requests_this_hour"], 1, "what is refused is not counted");
    }

    async fn a_deleted_conversation_is_gone_and_its_executions_stay(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        let answer = tenant.ask(&agent_id, "Hello!").await;
        let path = format!("/conversations/{}", id(&answer, "conversation_id"));
        let before = tenant.usage().await;
        assert!(before["usage"]["storage_mb"].as_f64().unwrap() > 0.0);
        tenant.delete(&path).await.no_content();
        tenant.get(&path).await.problem(404, "not_found");
        tenant.delete(&path).await.problem(404, "not_found");
        let body = json!({ "message": "Hello!", "conversation_id": answer["conversation_id"] });
        tenant.execute(&agent_id, body).await.problem(404, "not_found");
        let after = tenant.usage().await;
        assert_eq!(after["usage"]["storage_mb"], 0.0);
        assert_eq!(after["usage"]["tokens_this_month"], before["usage"]["tokens_this_month"]);
        tenant.get(&format!("/executions/{}", id(&answer, "execution_id"))).await.ok(200);
    }

    async fn an_answer_of_a_conversation_that_is_deleted_meanwhile_takes_no_storage(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        let conversation_id = tenant.ask(&agent_id, "Hello!").await["conversation_id"].clone();
        let gate = SettlementGate::close(&server.database).await;
        let body = json!({ "message": "Hello again!", "conversation_id": conversation_id });
        let call = tokio::spawn(tenant.execute(&agent_id, body).into_future());
        until("it to run", || async { (tenant.usage().await["usage"]["concurrent_agents"] == 1).then_some(()) }).await;
        tenant.delete(&format!("/conversations/{}", conversation_id.as_str().unwrap())).await.no_content();
        gate.open().await;
        call.await.unwrap().ok(200);
        assert_eq!(server.database.number("SELECT COUNT(*) FROM messages").await, 0);
        assert_eq!(tenant.usage().await["usage"]["storage_mb"], 0.0);
    }
}

/// Columns that refer to other tables and that no index begins with: each row that is deleted there would be looked for in all of
/// these.
const UNINDEXED: [&str; 2] = [
    "SELECT COUNT(*) FROM sqlite_schema t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table' AND NOT EXISTS \
     (SELECT 1 FROM pragma_index_list(t.name) i, pragma_index_info(i.name) c WHERE c.seqno = 0 AND c.name = f.\"from\")",
    "SELECT COUNT(*) FROM pg_constraint f WHERE f.contype = 'f' AND NOT EXISTS \
     (SELECT FROM pg_index i WHERE i.indrelid = f.conrelid AND i.indkey[0] = f.conkey[1] AND i.indpred IS NULL)",
];

on_both! {
    async fn what_refers_to_a_deleted_row_is_found_by_an_index(server: Server) {
        let ask = UNINDEXED[usize::from(server.database.backend == Backend::Postgres)];
        assert_eq!(server.database.number(ask).await, 0);
    }
}
