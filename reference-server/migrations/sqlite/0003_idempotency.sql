-- What was answered under an Idempotency-Key. Of keys only hashes are stored; answers are sealed under the key itself. Either
-- an answer is kept, or the execution that has it is named.
CREATE TABLE idempotency_keys (
    tenant_id    TEXT NOT NULL,
    operation    TEXT NOT NULL,
    key_hash     TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    execution_id TEXT,
    status       INTEGER,
    answer       BLOB,
    created_at   TEXT NOT NULL,
    expires_at   TEXT NOT NULL,
    PRIMARY KEY (tenant_id, operation, key_hash),
    CHECK ((execution_id IS NULL) = (status IS NOT NULL AND answer IS NOT NULL))
) WITHOUT ROWID;
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);

-- The same where no tenant asks: sign-up, and the operator.
CREATE TABLE platform_idempotency_keys (
    operation    TEXT NOT NULL,
    key_hash     TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    status       INTEGER NOT NULL,
    answer       BLOB NOT NULL,
    created_at   TEXT NOT NULL,
    expires_at   TEXT NOT NULL,
    PRIMARY KEY (operation, key_hash)
) WITHOUT ROWID;
CREATE INDEX platform_idempotency_keys_expiry ON platform_idempotency_keys (expires_at);
