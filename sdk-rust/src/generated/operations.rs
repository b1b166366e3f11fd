// Generated from openapi/openapi.json by `make spec`; changes made here by hand are lost.

//! The operations of the API, as data.

use crate::operation::{Answer, DurationClass, Method, Operation};

/// Sign up.
pub static SIGN_UP: Operation = Operation {
    id: "sign_up",
    method: Method::Post,
    path: "/signup",
    path_parameters: &[],
    query_parameters: &[],
    header_parameters: &[],
    has_body: true,
    needs_api_key: false,
    answer: Answer::Json,
    duration: DurationClass::Call,
    rejoin: None,
};

/// List agents.
pub static LIST_AGENTS: Operation = Operation {
    id: "list_agents",
    method: Method::Get,
    path: "/agents",
    path_parameters: &[],
    query_parameters: &["limit", "cursor"],
    header_parameters: &[],
    has_body: false,
    needs_api_key: true,
    answer: Answer::Json,
    duration: DurationClass::Call,
    rejoin: None,
};

/// Create an agent.
pub static CREATE_AGENT: Operation = Operation {
    id: "create_agent",
    method: Method::Post,
    path: "/agents",
    path_parameters: &[],
    query_parameters: &[],
    header_parameters: &[],
    has_body: true,
    needs_api_key: true,
    answer: Answer::Json,
    duration: DurationClass::Call,
    rejoin: None,
};

/// Read an agent.
pub static GET_AGENT: Operation = Operation {
    id: "get_agent",
    method: Method::Get,
    path: "/agents/{agent_id}",
    path_parameters: &["agent_id"],
    query_parameters: &[],
    header_parameters: &[],
    has_body: false,
    needs_api_key: true,
    answer: Answer::Json,
    duration: DurationClass::Call,
    rejoin: None,
};

/// Delete an agent.
pub static DELETE_AGENT: Operation = Operation {
    id: "delete_agent",
    method: Method::Delete,
    path: "/agents/{agent_id}",
    path_parameters: &["agent_id"],
    query_parameters: &[],
    header_parameters: &[],
    has_body: false,
    needs_api_key: true,
    answer: Answer::Empty,
    duration: DurationClass::Call,
    rejoin: None,
};

/// Change an agent.
pub static UPDATE_AGENT: Operation = Operation {
    id: "update_agent",
    method: Method::Patch,
    path: "/agents/{agent_id}",
    path_parameters: &["agent_id"],
    query_parameters: &[],
    header_parameters: &[],
    has_body: true,
    needs_api_key: true,
    answer: Answer::Json,
    duration: DurationClass::Call,
    rejoin: None,
};

/// Execute an agent.
pub static EXECUTE_AGENT: Operation = Operation {
    id: "execute_agent",
    method: Method::Post,
    path: "/agents/{agent_id}/execute",
    path_parameters: &["agent_id"],
    query_parameters: &[],
    header_parameters: &[],
    has_body: true,
    needs_api_key: true,
    answer: Answer::Json,
    duration: DurationClass::Execute,
    rejoin: None,
};

/// Execute an agent.
pub static STREAM_AGENT: Operation = Operation {
    id: "stream_agent",
    method: Method::Post,
    path: "/agents/{agent_id}/execute",
    path_parameters: &["agent_id"],
    query_parameters: &[],
    header_parameters: &[],
    has_body: true,
    needs_api_key: true,
    answer: Answer::Events,
    duration: DurationClass::Execute,
    rejoin: Some(&STREAM_EXECUTION_EVENTS),
};

/// List executions.
pub static LIST_EXECUTIONS: Operation = Operation {
    id: "list_executions",
    method: Method::Get,
    path: "/executions",
    path_parameters: &[],
    query_parameters: &["agent_id", "status", "from", "to", "limit", "cursor"],
    header_parameters: &[],
    has_body: false,
    needs_api_key: true,
    answer: Answer::Json,
    duration: DurationClass::Call,
    rejoin: None,
};

/// Read an execution.
pub static GET_EXECUTION: Operation = Operation {
    id: "get_execution",
    method: Method::Get,
    path: "/executions/{execution_id}",
    path_parameters: &["execution_id"],
    query_parameters: &[],
    header_parameters: &[],
    has_body: false,
    needs_api_key: true,
    answer: Answer::Json,
    duration: DurationClass::Call,
    rejoin: None,
};

/// Follow an execution.
pub static STREAM_EXECUTION_EVENTS: Operation = Operation {
    id: "stream_execution_events",
    method: Method::Get,
    path: "/executions/{execution_id}/events",
    path_parameters: &["execution_id"],
    query_parameters: &[],
    header_parameters: &[("last_event_id", "Last-Event-ID")],
    has_body: false,
    needs_api_key: true,
    answer: Answer::Events,
    duration: DurationClass::Execute,
    rejoin: Some(&STREAM_EXECUTION_EVENTS),
};

/// Cancel an execution.
pub static CANCEL_EXECUTION: Operation = Operation {
    id: "cancel_execution",
    method: Method::Post,
    path: "/executions/{execution_id}/cancel",
    path_parameters: &["execution_id"],
    query_parameters: &[],
    header_parameters: &[],
    has_body: false,
    needs_api_key: true,
    answer: Answer::Json,
    duration: DurationClass::Call,
    rejoin: None,
};

/// List conversations.
pub static LIST_CONVERSATIONS: Operation = Operation {
    id: "list_conversations",
    method: Method::Get,
    path: "/conversations",
    path_parameters: &[],
    query_parameters: &["limit", "cursor"],
    header_parameters: &[],
    has_body: false,
    needs_api_key: true,
    answer: Answer::Json,
    duration: DurationClass::Call,
    rejoin: None,
};

/// Read a conversation.
pub static GET_CONVERSATION: Operation = Operation {
    id: "get_conversation",
    method: Method::Get,
    path: "/conversations/{conversation_id}",
    path_parameters: &["conversation_id"],
    query_parameters: &[],
    header_parameters: &[],
    has_body: false,
    needs_api_key: true,
    answer: Answer::Json,
    duration: DurationClass::Call,
    rejoin: None,
};

/// Delete a conversation.
pub static DELETE_CONVERSATION: Operation = Operation {
    id: "delete_conversation",
    method: Method::Delete,
    path: "/conversations/{conversation_id}",
    path_parameters: &["conversation_id"],
    query_parameters: &[],
    header_parameters: &[],
    has_body: false,
    needs_api_key: true,
    answer: Answer::Empty,
    duration: DurationClass::Call,
    rejoin: None,
};

/// List documents.
pub static LIST_DOCUMENTS: Operation = Operation {
    id: "list_documents",
    method: Method::Get,
    path: "/documents",
    path_parameters: &[],
    query_parameters: &["limit", "cursor"],
    header_parameters: &[],
    has_body: false,
    needs_api_key: true,
    answer: Answer::Json,
    duration: DurationClass::Call,
    rejoin: None,
};

/// Create a document.
pub static CREATE_DOCUMENT: Operation = Operation {
    id: "create_document",
    method: Method::Post,
    path: "/documents",
    path_parameters: &[],
    query_parameters: &[],
    header_parameters: &[],
    has_body: true,
    needs_api_key: true,
    answer: Answer::Json,
    duration: DurationClass::Call,
    rejoin: None,
};

/// Search the documents.
pub static SEARCH_DOCUMENTS: Operation = Operation {
    id: "search_documents",
    method: Method::Get,
    path: "/documents/search",
    path_parameters: &[],
    query_parameters: &["q", "limit"],
    header_parameters: &[],
    has_body: false,
    needs_api_key: true,
    answer: Answer::Json,
    duration: DurationClass::Call,
    rejoin: None,
};

/// Read a document.
pub static GET_DOCUMENT: Operation = Operation {
    id: "get_document",
    method: Method::Get,
    path: "/documents/{document_id}",
    path_parameters: &["document_id"],
    query_parameters: &[],
    header_parameters: &[],
    has_body: false,
    needs_api_key: true,
    answer: Answer::Json,
    duration: DurationClass::Call,
    rejoin: None,
};

/// Delete a document.
pub static DELETE_DOCUMENT: Operation = Operation {
    id: "delete_document",
    method: Method::Delete,
    path: "/documents/{document_id}",
    path_parameters: &["document_id"],
    query_parameters: &[],
    header_parameters: &[],
    has_body: false,
    needs_api_key: true,
    answer: Answer::Empty,
    duration: DurationClass::Call,
    rejoin: None,
};

/// List tickets.
pub static LIST_TICKETS: Operation = Operation {
    id: "list_tickets",
    method: Method::Get,
    path: "/tickets",
    path_parameters: &[],
    query_parameters: &["limit", "cursor"],
    header_parameters: &[],
    has_body: false,
    needs_api_key: true,
    answer: Answer::Json,
    duration: DurationClass::Call,
    rejoin: None,
};

/// Read a ticket.
pub static GET_TICKET: Operation = Operation {
    id: "get_ticket",
    method: Method::Get,
    path: "/tickets/{ticket_id}",
    path_parameters: &["ticket_id"],
    query_parameters: &[],
    header_parameters: &[],
    has_body: false,
    needs_api_key: true,
    answer: Answer::Json,
    duration: DurationClass::Call,
    rejoin: None,
};

/// Read the usage.
pub static GET_USAGE: Operation = Operation {
    id: "get_usage",
    method: Method::Get,
    path: "/usage",
    path_parameters: &[],
    query_parameters: &[],
    header_parameters: &[],
    has_body: false,
    needs_api_key: true,
    answer: Answer::Json,
    duration: DurationClass::Call,
    rejoin: None,
};

/// Read the usage over time.
pub static GET_USAGE_HISTORY: Operation = Operation {
    id: "get_usage_history",
    method: Method::Get,
    path: "/usage/history",
    path_parameters: &[],
    query_parameters: &["from", "to", "granularity"],
    header_parameters: &[],
    has_body: false,
    needs_api_key: true,
    answer: Answer::Json,
    duration: DurationClass::Call,
    rejoin: None,
};

/// List API keys.
pub static LIST_API_KEYS: Operation = Operation {
    id: "list_api_keys",
    method: Method::Get,
    path: "/api-keys",
    path_parameters: &[],
    query_parameters: &["limit", "cursor"],
    header_parameters: &[],
    has_body: false,
    needs_api_key: true,
    answer: Answer::Json,
    duration: DurationClass::Call,
    rejoin: None,
};

/// Create an API key.
pub static CREATE_API_KEY: Operation = Operation {
    id: "create_api_key",
    method: Method::Post,
    path: "/api-keys",
    path_parameters: &[],
    query_parameters: &[],
    header_parameters: &[],
    has_body: true,
    needs_api_key: true,
    answer: Answer::Json,
    duration: DurationClass::Call,
    rejoin: None,
};

/// Revoke an API key.
pub static REVOKE_API_KEY: Operation = Operation {
    id: "revoke_api_key",
    method: Method::Delete,
    path: "/api-keys/{key_id}",
    path_parameters: &["key_id"],
    query_parameters: &[],
    header_parameters: &[],
    has_body: false,
    needs_api_key: true,
    answer: Answer::Empty,
    duration: DurationClass::Call,
    rejoin: None,
};

/// Rotate an API key.
pub static ROTATE_API_KEY: Operation = Operation {
    id: "rotate_api_key",
    method: Method::Post,
    path: "/api-keys/{key_id}/rotate",
    path_parameters: &["key_id"],
    query_parameters: &[],
    header_parameters: &[],
    has_body: true,
    needs_api_key: true,
    answer: Answer::Json,
    duration: DurationClass::Call,
    rejoin: None,
};

/// Read the audit log.
pub static LIST_AUDIT_ENTRIES: Operation = Operation {
    id: "list_audit_entries",
    method: Method::Get,
    path: "/audit-log",
    path_parameters: &[],
    query_parameters: &["limit", "cursor"],
    header_parameters: &[],
    has_body: false,
    needs_api_key: true,
    answer: Answer::Json,
    duration: DurationClass::Call,
    rejoin: None,
};

/// Every operation, in the order of the document.
pub static OPERATIONS: &[&Operation] = &[
    &SIGN_UP,
    &LIST_AGENTS,
    &CREATE_AGENT,
    &GET_AGENT,
    &DELETE_AGENT,
    &UPDATE_AGENT,
    &EXECUTE_AGENT,
    &STREAM_AGENT,
    &LIST_EXECUTIONS,
    &GET_EXECUTION,
    &STREAM_EXECUTION_EVENTS,
    &CANCEL_EXECUTION,
    &LIST_CONVERSATIONS,
    &GET_CONVERSATION,
    &DELETE_CONVERSATION,
    &LIST_DOCUMENTS,
    &CREATE_DOCUMENT,
    &SEARCH_DOCUMENTS,
    &GET_DOCUMENT,
    &DELETE_DOCUMENT,
    &LIST_TICKETS,
    &GET_TICKET,
    &GET_USAGE,
    &GET_USAGE_HISTORY,
    &LIST_API_KEYS,
    &CREATE_API_KEY,
    &REVOKE_API_KEY,
    &ROTATE_API_KEY,
    &LIST_AUDIT_ENTRIES,
];

/// The operation of that id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Operation> {
    match id {
        "sign_up" => Some(&SIGN_UP),
        "list_agents" => Some(&LIST_AGENTS),
        "create_agent" => Some(&CREATE_AGENT),
        "get_agent" => Some(&GET_AGENT),
        "delete_agent" => Some(&DELETE_AGENT),
        "update_agent" => Some(&UPDATE_AGENT),
        "execute_agent" => Some(&EXECUTE_AGENT),
        "stream_agent" => Some(&STREAM_AGENT),
        "list_executions" => Some(&LIST_EXECUTIONS),
        "get_execution" => Some(&GET_EXECUTION),
        "stream_execution_events" => Some(&STREAM_EXECUTION_EVENTS),
        "cancel_execution" => Some(&CANCEL_EXECUTION),
        "list_conversations" => Some(&LIST_CONVERSATIONS),
        "get_conversation" => Some(&GET_CONVERSATION),
        "delete_conversation" => Some(&DELETE_CONVERSATION),
        "list_documents" => Some(&LIST_DOCUMENTS),
        "create_document" => Some(&CREATE_DOCUMENT),
        "search_documents" => Some(&SEARCH_DOCUMENTS),
        "get_document" => Some(&GET_DOCUMENT),
        "delete_document" => Some(&DELETE_DOCUMENT),
        "list_tickets" => Some(&LIST_TICKETS),
        "get_ticket" => Some(&GET_TICKET),
        "get_usage" => Some(&GET_USAGE),
        "get_usage_history" => Some(&GET_USAGE_HISTORY),
        "list_api_keys" => Some(&LIST_API_KEYS),
        "create_api_key" => Some(&CREATE_API_KEY),
        "revoke_api_key" => Some(&REVOKE_API_KEY),
        "rotate_api_key" => Some(&ROTATE_API_KEY),
        "list_audit_entries" => Some(&LIST_AUDIT_ENTRIES),
        _ => None,
    }
}
