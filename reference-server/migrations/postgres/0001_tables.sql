-- Money is integer micro-dollars.
-- Every table but the last two belongs to tenants: each row names its tenant, and each query does too.

CREATE TABLE tenants (
    tenant_id       TEXT PRIMARY KEY,
    name            TEXT NOT NULL,
    email           TEXT NOT NULL,
    tier            TEXT NOT NULL,
    status          TEXT NOT NULL CHECK (status IN ('active', 'suspended')),
    quota_overrides JSONB NOT NULL,
    created_at      TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX tenants_email_key ON tenants (lower(email));

CREATE TABLE api_keys (
    key_id       TEXT PRIMARY KEY,
    tenant_id    TEXT NOT NULL REFERENCES tenants,
    name         TEXT NOT NULL,
    public_id    TEXT NOT NULL UNIQUE,
    secret_hash  BYTEA NOT NULL,
    scopes       JSONB NOT NULL,
    mode         TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    created_at   TIMESTAMPTZ NOT NULL,
    last_used_at TIMESTAMPTZ,
    expires_at   TIMESTAMPTZ,
    revoked_at   TIMESTAMPTZ
);
CREATE INDEX api_keys_tenant ON api_keys (tenant_id, key_id);

CREATE TABLE agents (
    agent_id          TEXT PRIMARY KEY,
    tenant_id         TEXT NOT NULL REFERENCES tenants,
    name              TEXT NOT NULL,
    status            TEXT NOT NULL,
    system_prompt     TEXT NOT NULL,
    tools             JSONB NOT NULL,
    model             TEXT NOT NULL,
    max_output_tokens BIGINT,
    temperature       DOUBLE PRECISION NOT NULL,
    metadata          JSONB NOT NULL,
    created_at        TIMESTAMPTZ NOT NULL,
    updated_at        TIMESTAMPTZ NOT NULL
);
CREATE INDEX agents_tenant ON agents (tenant_id, agent_id);

CREATE TABLE conversations (
    conversation_id TEXT PRIMARY KEY,
    tenant_id       TEXT NOT NULL,
    agent_id        TEXT NOT NULL,
    created_at      TIMESTAMPTZ NOT NULL
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
    reserved_tokens  BIGINT NOT NULL,
    input_tokens     BIGINT NOT NULL,
    output_tokens    BIGINT NOT NULL DEFAULT 0,
    estimated        BOOLEAN NOT NULL DEFAULT FALSE,
    cost_micros      BIGINT NOT NULL DEFAULT 0,
    tool_calls       JSONB NOT NULL DEFAULT '[]',
    steps            JSONB NOT NULL DEFAULT '[]',
    problem          JSONB,
    metadata         JSONB NOT NULL,
    created_at       TIMESTAMPTZ NOT NULL,
    completed_at     TIMESTAMPTZ,
    duration_ms      BIGINT
);
CREATE INDEX executions_tenant ON executions (tenant_id, execution_id);
CREATE INDEX executions_started ON executions (tenant_id, created_at);
CREATE INDEX executions_running ON executions (owner) WHERE status = 'running';

CREATE TABLE messages (
    message_id      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id       TEXT NOT NULL,
    conversation_id TEXT NOT NULL REFERENCES conversations ON DELETE CASCADE,
    execution_id    TEXT NOT NULL,
    role            TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
    content         TEXT NOT NULL,
    created_at      TIMESTAMPTZ NOT NULL,
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
    input_tokens  BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    estimated     BOOLEAN NOT NULL,
    cost_micros   BIGINT NOT NULL,
    started_at    TIMESTAMPTZ NOT NULL,
    settled_at    TIMESTAMPTZ NOT NULL
);
CREATE INDEX ledger_period ON ledger (tenant_id, mode, started_at, input_tokens, output_tokens, cost_micros);
CREATE TABLE documents (
    document_id TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenants,
    title       TEXT NOT NULL,
    content     TEXT NOT NULL,
    bytes       BIGINT NOT NULL,
    metadata    JSONB NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL
);
CREATE INDEX documents_tenant ON documents (tenant_id, document_id);

-- `terms` holds the analysed words of title and passage, so that both databases find the same candidates.
CREATE TABLE passages (
    passage_id  BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id   TEXT NOT NULL,
    document_id TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
    ordinal     BIGINT NOT NULL,
    text        TEXT NOT NULL,
    terms       TEXT NOT NULL,
    search      TSVECTOR GENERATED ALWAYS AS (to_tsvector('simple', terms)) STORED,
    UNIQUE (document_id, ordinal)
);
CREATE INDEX passages_tenant ON passages (tenant_id);
CREATE INDEX passages_search ON passages USING gin (search);

CREATE TABLE tickets (
    ticket_id    TEXT PRIMARY KEY,
    tenant_id    TEXT NOT NULL,
    subject      TEXT NOT NULL,
    body         TEXT NOT NULL,
    execution_id TEXT NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL
);
CREATE INDEX tickets_tenant ON tickets (tenant_id, ticket_id);

-- The platform's own tables, which hold no tenant's data.
CREATE TABLE operator_keys (
    public_id   TEXT PRIMARY KEY,
    secret_hash BYTEA NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL
);

CREATE TABLE instances (
    instance_id  TEXT PRIMARY KEY,
    heartbeat_at TIMESTAMPTZ NOT NULL
);
