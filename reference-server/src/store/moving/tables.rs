//! What a tenant's data is: the tables that move with it, and how what changed in them is found and copied.

use super::super::sqlite_ran;

/// What a column holds, where the two databases keep it in different types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Int,
    Real,
    Bool,
    Time,
    Bytes,
    /// JSON that keeps its text.
    Json,
    /// JSON that PostgreSQL writes in its own way.
    Jsonb,
}

/// How rows are written that may be there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writing {
    /// They never change: what is there stays.
    Once,
    /// They are brought up to date, by this key.
    Again(&'static str),
    /// Those of a unit have an order, which the database gives by this column: new ones are written behind the others.
    InOrder(&'static str),
}

/// By what SQLite finds a tenant's rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// By an index that begins with the tenant.
    ByTenant,
    /// By the executions that they came of; so the listing is another.
    ByExecution { listing: &'static str },
}

/// A table that moves with its tenant.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) name: &'static str,
    /// All but `tenant_id`, and what the database itself gives (an identity, what is generated).
    pub(super) columns: &'static [(&'static str, Kind)],
    /// What is copied at once: the rows that have this column in common.
    pub(super) unit: &'static str,
    /// The units of the tenant `$1` that may have changed since the time `$2`, each with a text that changes with it. Ids begin with
    /// their time.
    pub(super) listing: &'static str,
    pub(super) writing: Writing,
    /// The order of a unit's rows.
    pub(super) order: &'static str,
    /// Whether there is nothing else in a table of this name: in the platform's database, keys of other work stay.
    pub(super) is_whole: bool,
    pub(super) found: Found,
}

/// In an order in which nothing refers to what comes later.
pub(super) static TABLES: [Table; 9] = [
    Table {
        name: "agents",
        columns: &[
            ("agent_id", Kind::Text),
            ("name", Kind::Text),
            ("status", Kind::Text),
            ("system_prompt", Kind::Text),
            ("tools", Kind::Jsonb),
            ("model", Kind::Text),
            ("max_output_tokens", Kind::Int),
            ("temperature", Kind::Real),
            ("metadata", Kind::Jsonb),
            ("created_at", Kind::Time),
            ("updated_at", Kind::Time),
        ],
        unit: "agent_id",
        // All of them: an old one may be changed, and there are few.
        listing: "SELECT agent_id, CAST(updated_at AS TEXT) FROM agents WHERE tenant_id = $1 AND CAST($2 AS TEXT) IS NOT NULL",
        writing: Writing::Again("agent_id"),
        order: "agent_id",
        is_whole: true,
        found: Found::ByTenant,
    },
    Table {
        name: "conversations",
        columns: &[("conversation_id", Kind::Text), ("agent_id", Kind::Text), ("created_at", Kind::Time)],
        unit: "conversation_id",
        listing: "SELECT conversation_id, '' FROM conversations WHERE tenant_id = $1 AND conversation_id >= 'conv-' || $2",
        writing: Writing::Once,
        order: "conversation_id",
        is_whole: true,
        found: Found::ByTenant,
    },
    Table {
        name: "executions",
        columns: &[
            ("execution_id", Kind::Text),
            ("agent_id", Kind::Text),
            ("conversation_id", Kind::Text),
            ("key_id", Kind::Text),
            ("mode", Kind::Text),
            ("owner", Kind::Text),
            ("status", Kind::Text),
            ("input", Kind::Text),
            ("output", Kind::Text),
            ("model", Kind::Text),
            ("finish_reason", Kind::Text),
            ("reserved_tokens", Kind::Int),
            ("input_tokens", Kind::Int),
            ("output_tokens", Kind::Int),
            ("estimated", Kind::Bool),
            ("cost_micros", Kind::Int),
            ("tool_calls", Kind::Json),
            ("steps", Kind::Json),
            ("problem", Kind::Jsonb),
            ("metadata", Kind::Jsonb),
            ("created_at", Kind::Time),
            ("completed_at", Kind::Time),
            ("duration_ms", Kind::Int),
            ("layout", Kind::Text),
            ("last_event_id", Kind::Int),
            ("cancel_requested", Kind::Bool),
            ("reserved_micros", Kind::Int),
            ("reserved_bytes", Kind::Int),
        ],
        unit: "execution_id",
        // One that runs changes with each checkpoint; one that has ended never does.
        listing: "SELECT execution_id, CASE status WHEN 'running' THEN NULL ELSE status END FROM executions \
                  WHERE tenant_id = $1 AND execution_id >= 'exec-' || $2",
        writing: Writing::Again("execution_id"),
        order: "execution_id",
        is_whole: true,
        found: Found::ByTenant,
    },
    Table {
        name: "messages",
        columns: &[
            ("conversation_id", Kind::Text),
            ("execution_id", Kind::Text),
            ("role", Kind::Text),
            ("content", Kind::Text),
            ("created_at", Kind::Time),
        ],
        unit: "conversation_id",
        // By conversations, so that messages keep their order.
        listing: "SELECT conversation_id, CAST(COUNT(*) AS TEXT) || ' ' || CAST(MAX(message_id) AS TEXT) FROM messages \
                  WHERE tenant_id = $1 AND conversation_id IN (SELECT conversation_id FROM messages \
                  WHERE tenant_id = $1 AND execution_id >= 'exec-' || $2) GROUP BY conversation_id",
        writing: Writing::InOrder("message_id"),
        order: "message_id",
        is_whole: true,
        found: Found::ByExecution {
            listing: concat!(
                "SELECT conversation_id, CAST(COUNT(*) AS TEXT) || ' ' || CAST(MAX(message_id) AS TEXT) FROM messages \
                 WHERE tenant_id = $1 AND conversation_id IN (SELECT m.conversation_id FROM ",
                sqlite_ran!(since "$2"),
                " CROSS JOIN messages m ON m.execution_id = ran.execution_id) GROUP BY conversation_id"
            ),
        },
    },
    Table {
        name: "ledger",
        columns: &[
            ("execution_id", Kind::Text),
            ("agent_id", Kind::Text),
            ("key_id", Kind::Text),
            ("mode", Kind::Text),
            ("model", Kind::Text),
            ("status", Kind::Text),
            ("input_tokens", Kind::Int),
            ("output_tokens", Kind::Int),
            ("estimated", Kind::Bool),
            ("cost_micros", Kind::Int),
            ("started_at", Kind::Time),
            ("settled_at", Kind::Time),
        ],
        unit: "execution_id",
        listing: "SELECT execution_id, '' FROM ledger WHERE tenant_id = $1 AND execution_id >= 'exec-' || $2",
        writing: Writing::Once,
        order: "execution_id",
        is_whole: true,
        found: Found::ByExecution {
            listing: concat!(
                "SELECT l.execution_id, '' FROM ",
                sqlite_ran!(since "$2"),
                " CROSS JOIN ledger l ON l.execution_id = ran.execution_id WHERE l.tenant_id = $1"
            ),
        },
    },
    Table {
        name: "documents",
        columns: &[
            ("document_id", Kind::Text),
            ("title", Kind::Text),
            ("content", Kind::Text),
            ("bytes", Kind::Int),
            ("metadata", Kind::Jsonb),
            ("created_at", Kind::Time),
        ],
        unit: "document_id",
        listing: "SELECT document_id, '' FROM documents WHERE tenant_id = $1 AND document_id >= 'doc-' || $2",
        writing: Writing::Once,
        order: "document_id",
        is_whole: true,
        found: Found::ByTenant,
    },
    Table {
        name: "passages",
        columns: &[("document_id", Kind::Text), ("ordinal", Kind::Int), ("text", Kind::Text), ("terms", Kind::Text)],
        unit: "document_id",
        listing: "SELECT document_id, CAST(COUNT(*) AS TEXT) || ' ' || CAST(MAX(passage_id) AS TEXT) FROM passages \
                  WHERE tenant_id = $1 AND document_id >= 'doc-' || $2 GROUP BY document_id",
        writing: Writing::InOrder("passage_id"),
        order: "passage_id",
        is_whole: true,
        found: Found::ByTenant,
    },
    Table {
        name: "tickets",
        columns: &[
            ("ticket_id", Kind::Text),
            ("subject", Kind::Text),
            ("body", Kind::Text),
            ("execution_id", Kind::Text),
            ("created_at", Kind::Time),
        ],
        unit: "ticket_id",
        listing: "SELECT ticket_id, '' FROM tickets WHERE tenant_id = $1 AND ticket_id >= 'tick-' || $2",
        writing: Writing::Once,
        order: "ticket_id",
        is_whole: true,
        found: Found::ByTenant,
    },
    Table {
        name: "idempotency_keys",
        columns: &[
            ("operation", Kind::Text),
            ("key_hash", Kind::Text),
            ("request_hash", Kind::Text),
            ("execution_id", Kind::Text),
            ("status", Kind::Int),
            ("answer", Kind::Bytes),
            ("created_at", Kind::Time),
            ("expires_at", Kind::Time),
        ],
        unit: "key_hash",
        // All of them: they are kept for a day.
        listing: "SELECT key_hash, CAST(COUNT(*) AS TEXT) || ' ' || MAX(CAST(created_at AS TEXT)) || ' ' || \
                  MAX(CAST(expires_at AS TEXT)) FROM idempotency_keys \
                  WHERE tenant_id = $1 AND CAST($2 AS TEXT) IS NOT NULL GROUP BY key_hash",
        writing: Writing::Again("tenant_id, operation, key_hash"),
        order: "operation",
        is_whole: false,
        found: Found::ByTenant,
    },
];
