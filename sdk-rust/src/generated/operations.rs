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
    has_body: true,
    needs_api_key: false,
    answer: Answer::Json,
    duration: DurationClass::Call,
};

/// List agents.
pub static LIST_AGENTS: Operation = Operation {
    id: "list_agents",
    method: Method::Get,
    path: "/agents",
    path_parameters: &[],
    query_parameters: &["limit", "cursor"],
    has_body: false,
    needs_api_key: true,
    answer: Answer::Json,
    duration: DurationClass::Call,
};

/// Create an agent.
pub static CREATE_AGENT: Operation = Operation {
    id: "create_agent",
    method: Method::Post,
    path: "/agents",
    path_parameters: &[],
    query_parameters: &[],
    has_body: true,
    needs_api_key: true,
    answer: Answer::Json,
    duration: DurationClass::Call,
};

/// Read an agent.
pub static GET_AGENT: Operation = Operation {
    id: "get_agent",
    method: Method::Get,
    path: "/agents/{agent_id}",
    path_parameters: &["agent_id"],
    query_parameters: &[],
    has_body: false,
    needs_api_key: true,
    answer: Answer::Json,
    duration: DurationClass::Call,
};

/// Delete an agent.
pub static DELETE_AGENT: Operation = Operation {
    id: "delete_agent",
    method: Method::Delete,
    path: "/agents/{agent_id}",
    path_parameters: &["agent_id"],
    query_parameters: &[],
    has_body: false,
    needs_api_key: true,
    answer: Answer::Empty,
    duration: DurationClass::Call,
};

/// Change an agent.
pub static UPDATE_AGENT: Operation = Operation {
    id: "update_agent",
    method: Method::Patch,
    path: "/agents/{agent_id}",
    path_parameters: &["agent_id"],
    query_parameters: &[],
    has_body: true,
    needs_api_key: true,
    answer: Answer::Json,
    duration: DurationClass::Call,
};

/// Execute an agent.
pub static EXECUTE_AGENT: Operation = Operation {
    id: "execute_agent",
    method: Method::Post,
    path: "/agents/{agent_id}/execute",
    path_parameters: &["agent_id"],
    query_parameters: &[],
    has_body: true,
    needs_api_key: true,
    answer: Answer::Json,
    duration: DurationClass::Execute,
};

/// Execute an agent.
pub static STREAM_AGENT: Operation = Operation {
    id: "stream_agent",
    method: Method::Post,
    path: "/agents/{agent_id}/execute",
    path_parameters: &["agent_id"],
    query_parameters: &[],
    has_body: true,
    needs_api_key: true,
    answer: Answer::Events,
    duration: DurationClass::Execute,
};

/// List executions.
pub static LIST_EXECUTIONS: Operation = Operation {
    id: "list_executions",
    method: Method::Get,
    path: "/executions",
    path_parameters: &[],
    query_parameters: &["limit", "cursor", "agent_id", "status", "from", "to"],
    has_body: false,
    needs_api_key: true,
    answer: Answer::Json,
    duration: DurationClass::Call,
};

/// Search documents.
pub static SEARCH_DOCUMENTS: Operation = Operation {
    id: "search_documents",
    method: Method::Get,
    path: "/documents/search",
    path_parameters: &[],
    query_parameters: &["q", "limit"],
    has_body: false,
    needs_api_key: true,
    answer: Answer::Json,
    duration: DurationClass::Call,
};

/// Download an invoice.
pub static GET_INVOICE_PDF: Operation = Operation {
    id: "get_invoice_pdf",
    method: Method::Get,
    path: "/invoices/{invoice_id}/pdf",
    path_parameters: &["invoice_id"],
    query_parameters: &[],
    has_body: false,
    needs_api_key: true,
    answer: Answer::Bytes,
    duration: DurationClass::Call,
};

/// Read quota and usage.
pub static GET_USAGE: Operation = Operation {
    id: "get_usage",
    method: Method::Get,
    path: "/usage",
    path_parameters: &[],
    query_parameters: &[],
    has_body: false,
    needs_api_key: true,
    answer: Answer::Json,
    duration: DurationClass::Call,
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
    &SEARCH_DOCUMENTS,
    &GET_INVOICE_PDF,
    &GET_USAGE,
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
        "search_documents" => Some(&SEARCH_DOCUMENTS),
        "get_invoice_pdf" => Some(&GET_INVOICE_PDF),
        "get_usage" => Some(&GET_USAGE),
        _ => None,
    }
}
