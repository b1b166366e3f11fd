-- Times are RFC 3339 text in UTC, JSON is text, money is integer micro-dollars.
-- Every table but the last two belongs to tenants: each row names its tenant, and each query does too.

CREATE TABLE tenants (
    tenant_id       TEXT PRIMARY KEY,
    name            TEXT NOT NULL,
    email           TEXT NOT NULL,
    tier            TEXT NOT NULL,
    status          TEXT NOT NULL CHECK (status IN ('active', 'suspended')),
    quota_overrides TEXT NOT NULL,
    created_at      TEXT NOT NULL
);
CREATE UNIQUE INDEX tenants_email_key ON tenants (lower(email));

CREATE TABLE api_keys (
    key_id       TEXT PRIMARY KEY,
    tenant_id    TEXT NOT NULL REFERENCES tenants,
    name         TEXT NOT NULL,
    public_id    TEXT NOT NULL UNIQUE,
    secret_hash  BLOB NOT NULL,
    scopes       TEXT NOT NULL,
    mode         TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    created_at   TEXT NOT NULL,
    last_used_at TEXT,
    expires_at   TEXT,
    revoked_at   TEXT
);
CREATE INDEX api_keys_tenant ON api_keys (tenant_id, key_id);

CREATE TABLE agents (
    agent_id          TEXT PRIMARY KEY,
    tenant_id         TEXT NOT NULL REFERENCES tenants,
    name              TEXT NOT NULL,
    status            TEXT NOT NULL,
    system_prompt     TEXT NOT NULL,
    tools             TEXT NOT NULL,
    model             TEXT NOT NULL,
    max_output_tokens INTEGER,
    temperature       REAL NOT NULL,
    metadata          TEXT NOT NULL,
    created_at        TEXT NOT NULL,
    updated_at        TEXT NOT NULL
);
CREATE INDEX agents_tenant ON agents (tenant_id, agent_id);

CREATE TABLE conversations (
    conversation_id TEXT PRIMARY KEY,
    tenant_id       TEXT NOT NULL,
    agent_id        TEXT NOT NULL,
    created_at      TEXT NOT NULL
);
CREATE INDEX conversations_tenant ON conversations (tenant_id, conversation_id);

-- An agent or a conversation may be deleted; what was executed, and what it cost, stays.
CREATE TABLE executions (
    execution_id     TEXT PRIMARY KEY,
    tenant_id        TEXT NOT NULL,
    agent_id         TEXT NOT NULL,
    conversation_id  TEXT NOT NULL,
    key_id           TEXT NOT NULL,
    mode             TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    owner            TEXT NOT NULL,
    status           TEXT NOT NULL CHECK (status IN ('running', 'completed', 'failed', 'cancelled')),
    input            TEXT NOT NULL,
    output           TEXT NOT NULL DEFAULT '',
    model            TEXT NOT NULL,
    finish_reason    TEXT,
    reserved_tokens  INTEGER NOT NULL,
    input_tokens     INTEGER NOT NULL,
    output_tokens    INTEGER NOT NULL DEFAULT 0,
    estimated        BOOLEAN NOT NULL DEFAULT FALSE,
    cost_micros      INTEGER NOT NULL DEFAULT 0,
    tool_calls       TEXT NOT NULL DEFAULT '[]',
    steps            TEXT NOT NULL DEFAULT '[]',
    problem          TEXT,
    metadata         TEXT NOT NULL,
    created_at       TEXT NOT NULL,
    completed_at     TEXT,
    duration_ms      INTEGER
);
CREATE INDEX executions_tenant ON executions (tenant_id, execution_id);
CREATE INDEX executions_started ON executions (tenant_id, created_at);
CREATE INDEX executions_running ON executions (owner) WHERE status = 'running';

CREATE TABLE messages (
    message_id      INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_id       TEXT NOT NULL,
    conversation_id TEXT NOT NULL REFERENCES conversations ON DELETE CASCADE,
    execution_id    TEXT NOT NULL,
    role            TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
    content         TEXT NOT NULL,
    created_at      TEXT NOT NULL,
    UNIQUE (execution_id, role)
);
CREATE INDEX messages_conversation ON messages (tenant_id, conversation_id, message_id);

-- Append-only. One entry an execution, written in the transaction that gives the execution its final state. Entries of
-- test keys are kept, but count for no bill.
CREATE TABLE ledger (
    execution_id  TEXT PRIMARY KEY,
    tenant_id     TEXT NOT NULL,
    agent_id      TEXT NOT NULL,
    key_id        TEXT NOT NULL,
    mode          TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    model         TEXT NOT NULL,
    status        TEXT NOT NULL,
    input_tokens  INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    estimated     BOOLEAN NOT NULL,
    cost_micros   INTEGER NOT NULL,
    started_at    TEXT NOT NULL,
    settled_at    TEXT NOT NULL
);
CREATE INDEX ledger_period ON ledger (tenant_id, mode, started_at, input_tokens, output_tokens, cost_micros);
CREATE TRIGGER ledger_keeps_entries BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_loses_nothing BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

CREATE TABLE documents (
    document_id TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenants,
    title       TEXT NOT NULL,
    content     TEXT NOT NULL,
    bytes       INTEGER NOT NULL,
    metadata    TEXT NOT NULL,
    created_at  TEXT NOT NULL
);
CREATE INDEX documents_tenant ON documents (tenant_id, document_id);

-- `terms` holds the analysed words of title and passage, so that both databases find the same candidates.
CREATE TABLE passages (
    passage_id  INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_id   TEXT NOT NULL,
    document_id TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
    ordinal     INTEGER NOT NULL,
    text        TEXT NOT NULL,
    terms       TEXT NOT NULL,
    UNIQUE (document_id, ordinal)
);
CREATE INDEX passages_tenant ON passages (tenant_id);
CREATE VIRTUAL TABLE passages_index USING fts5 (
    tenant_id, terms, content = 'passages', content_rowid = 'passage_id', tokenize = "unicode61 remove_diacritics 0"
);
CREATE TRIGGER passages_indexed AFTER INSERT ON passages BEGIN
    INSERT INTO passages_index (rowid, tenant_id, terms) VALUES (new.passage_id, new.tenant_id, new.terms);
END;
CREATE TRIGGER passages_unindexed AFTER DELETE ON passages BEGIN
    INSERT INTO passages_index (passages_index, rowid, tenant_id, terms)
    VALUES ('delete', old.passage_id, old.tenant_id, old.terms);
END;

CREATE TABLE tickets (
    ticket_id    TEXT PRIMARY KEY,
    tenant_id    TEXT NOT NULL,
    subject      TEXT NOT NULL,
    body         TEXT NOT NULL,
    execution_id TEXT NOT NULL,
    created_at   TEXT NOT NULL
);
CREATE INDEX tickets_tenant ON tickets (tenant_id, ticket_id);

-- The platform's own tables, which hold no tenant's data.
CREATE TABLE operator_keys (
    public_id   TEXT PRIMARY KEY,
    secret_hash BLOB NOT NULL,
    created_at  TEXT NOT NULL
);

CREATE TABLE instances (
    instance_id  TEXT PRIMARY KEY,
    heartbeat_at TEXT NOT NULL
);
