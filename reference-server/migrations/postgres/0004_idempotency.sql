-- What was answered under an Idempotency-Key. Of keys only hashes are stored; answers are sealed under the key itself. Either
-- an answer is kept, or the execution that has it is named.
CREATE TABLE idempotency_keys (
    tenant_id    TEXT NOT NULL,
    operation    TEXT NOT NULL,
    key_hash     TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    execution_id TEXT,
    status       BIGINT,
    answer       BYTEA,
    created_at   TIMESTAMPTZ NOT NULL,
    expires_at   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, operation, key_hash),
    CHECK ((execution_id IS NULL) = (status IS NOT NULL AND answer IS NOT NULL))
);
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);

-- The same where no tenant asks: sign-up, and the operator.
CREATE TABLE platform_idempotency_keys (
    operation    TEXT NOT NULL,
    key_hash     TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    status       BIGINT NOT NULL,
    answer       BYTEA NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL,
    expires_at   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (operation, key_hash)
);
CREATE INDEX platform_idempotency_keys_expiry ON platform_idempotency_keys (expires_at);

ALTER TABLE idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON idempotency_keys FOR ALL TO agent_platform_app
    USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
CREATE POLICY platform ON idempotency_keys FOR ALL TO CURRENT_USER USING (true) WITH CHECK (true);
-- An expired key is used anew; only the sweep below deletes.
GRANT SELECT, INSERT, UPDATE ON idempotency_keys, platform_idempotency_keys TO agent_platform_app;

-- The function looks up its tables in this schema, and never in the session's temporary one.
SELECT set_config('search_path', format('%I, pg_temp', current_schema()), true);

-- Deletes expired keys of all tenants, as the owner. One that is being used anew is left alone.
CREATE FUNCTION platform_forget_keys(expired_at TIMESTAMPTZ, at_most BIGINT) RETURNS BIGINT
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT
    AS $$
        WITH tenants_keys AS (
            DELETE FROM idempotency_keys WHERE expires_at <= expired_at AND ctid = ANY (ARRAY(
                SELECT ctid FROM idempotency_keys WHERE expires_at <= expired_at LIMIT at_most FOR UPDATE SKIP LOCKED)) RETURNING 1),
        platforms_keys AS (
            DELETE FROM platform_idempotency_keys WHERE expires_at <= expired_at AND ctid = ANY (ARRAY(
                SELECT ctid FROM platform_idempotency_keys WHERE expires_at <= expired_at LIMIT at_most FOR UPDATE SKIP LOCKED)) RETURNING 1)
        SELECT (SELECT count(*) FROM tenants_keys) + (SELECT count(*) FROM platforms_keys)
    $$;
REVOKE EXECUTE ON FUNCTION platform_forget_keys(TIMESTAMPTZ, BIGINT) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION platform_forget_keys(TIMESTAMPTZ, BIGINT) TO agent_platform_app;
