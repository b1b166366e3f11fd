// Generated from openapi/openapi.json by `make spec`; changes made here are lost.

//! The types of arguments.

use crate::kind::Kind;

/// The arguments of an operation, with their types.
pub(crate) fn arguments(operation: &str) -> &'static [(&'static str, Kind)] {
    match operation {
        "sign_up" => &[
            ("email", Kind::Text),
            ("tier", Kind::Text),
            ("name", Kind::Nullable(&Kind::Text)),
        ],
        "list_agents" => &[
            ("limit", Kind::Integer),
            ("cursor", Kind::Text),
        ],
        "create_agent" => &[
            ("name", Kind::Text),
            ("system_prompt", Kind::Text),
            ("tools", Kind::List(&Kind::Text)),
            ("model", Kind::Nullable(&Kind::Text)),
            ("max_output_tokens", Kind::Nullable(&Kind::Integer)),
            ("temperature", Kind::Nullable(&Kind::Number)),
            ("metadata", Kind::Nullable(&Kind::Map(&Kind::Text))),
        ],
        "get_agent" => &[
            ("agent_id", Kind::Text),
        ],
        "delete_agent" => &[
            ("agent_id", Kind::Text),
        ],
        "update_agent" => &[
            ("agent_id", Kind::Text),
            ("name", Kind::Text),
            ("system_prompt", Kind::Text),
            ("tools", Kind::List(&Kind::Text)),
            ("model", Kind::Text),
            ("max_output_tokens", Kind::Nullable(&Kind::Integer)),
            ("temperature", Kind::Nullable(&Kind::Number)),
            ("metadata", Kind::Nullable(&Kind::Map(&Kind::Text))),
        ],
        "execute_agent" => &[
            ("agent_id", Kind::Text),
            ("message", Kind::Text),
            ("conversation_id", Kind::Nullable(&Kind::Text)),
            ("max_output_tokens", Kind::Nullable(&Kind::Integer)),
            ("on_disconnect", Kind::Nullable(&Kind::Text)),
            ("metadata", Kind::Nullable(&Kind::Map(&Kind::Text))),
        ],
        "stream_agent" => &[
            ("agent_id", Kind::Text),
            ("message", Kind::Text),
            ("conversation_id", Kind::Nullable(&Kind::Text)),
            ("max_output_tokens", Kind::Nullable(&Kind::Integer)),
            ("on_disconnect", Kind::Nullable(&Kind::Text)),
            ("metadata", Kind::Nullable(&Kind::Map(&Kind::Text))),
        ],
        "list_executions" => &[
            ("agent_id", Kind::Text),
            ("status", Kind::Text),
            ("from", Kind::Time),
            ("to", Kind::Time),
            ("limit", Kind::Integer),
            ("cursor", Kind::Text),
        ],
        "get_execution" => &[
            ("execution_id", Kind::Text),
        ],
        "stream_execution_events" => &[
            ("execution_id", Kind::Text),
            ("last_event_id", Kind::Text),
        ],
        "cancel_execution" => &[
            ("execution_id", Kind::Text),
        ],
        "list_conversations" => &[
            ("limit", Kind::Integer),
            ("cursor", Kind::Text),
        ],
        "get_conversation" => &[
            ("conversation_id", Kind::Text),
        ],
        "delete_conversation" => &[
            ("conversation_id", Kind::Text),
        ],
        "list_documents" => &[
            ("limit", Kind::Integer),
            ("cursor", Kind::Text),
        ],
        "create_document" => &[
            ("title", Kind::Text),
            ("content", Kind::Text),
            ("metadata", Kind::Nullable(&Kind::Map(&Kind::Text))),
        ],
        "search_documents" => &[
            ("q", Kind::Text),
            ("limit", Kind::Integer),
        ],
        "get_document" => &[
            ("document_id", Kind::Text),
        ],
        "delete_document" => &[
            ("document_id", Kind::Text),
        ],
        "list_tickets" => &[
            ("limit", Kind::Integer),
            ("cursor", Kind::Text),
        ],
        "get_ticket" => &[
            ("ticket_id", Kind::Text),
        ],
        "get_usage" => &[],
        "get_usage_history" => &[
            ("from", Kind::Time),
            ("to", Kind::Time),
            ("granularity", Kind::Text),
        ],
        "list_api_keys" => &[
            ("limit", Kind::Integer),
            ("cursor", Kind::Text),
        ],
        "create_api_key" => &[
            ("name", Kind::Nullable(&Kind::Text)),
            ("scopes", Kind::Nullable(&Kind::List(&Kind::Text))),
            ("mode", Kind::Nullable(&Kind::Text)),
            ("expires_at", Kind::Nullable(&Kind::Time)),
        ],
        "revoke_api_key" => &[
            ("key_id", Kind::Text),
        ],
        "rotate_api_key" => &[
            ("key_id", Kind::Text),
            ("grace_seconds", Kind::Nullable(&Kind::Integer)),
        ],
        "list_audit_entries" => &[
            ("limit", Kind::Integer),
            ("cursor", Kind::Text),
        ],
        _ => &[],
    }
}
