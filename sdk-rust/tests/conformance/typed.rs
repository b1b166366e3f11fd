//! Operations and the types of their answers, as the generated methods have them.

/// Calls `$send` with the type of the operation's answer.
macro_rules! by_answer {
    ($operation:expr, $send:ident) => {{
        use agent_platform::{Page, models};
        match $operation.id {
            "sign_up" => $send!(models::SignedUp),
            "create_agent" | "get_agent" | "update_agent" => $send!(models::Agent),
            "list_agents" => $send!(Page<models::Agent>),
            "execute_agent" => $send!(models::ExecutionResult),
            "list_executions" => $send!(Page<models::Execution>),
            "get_execution" | "cancel_execution" => $send!(models::Execution),
            "list_conversations" => $send!(Page<models::ConversationSummary>),
            "get_conversation" => $send!(models::Conversation),
            "create_document" => $send!(models::Document),
            "list_documents" => $send!(Page<models::Document>),
            "get_document" => $send!(models::DocumentContent),
            "search_documents" => $send!(models::SearchResults),
            "list_tickets" => $send!(Page<models::Ticket>),
            "get_ticket" => $send!(models::Ticket),
            "get_usage" => $send!(models::UsageReport),
            "get_usage_history" => $send!(models::UsageHistory),
            "list_api_keys" => $send!(Page<models::ApiKeySummary>),
            "create_api_key" => $send!(models::CreatedApiKey),
            other => panic!("add the type that {other} answers"),
        }
    }};
}

pub(crate) use by_answer;
