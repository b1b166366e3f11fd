-- Who changed what, when and from where: one chain a tenant, in which each entry's hash covers the entry and the hash before it.
-- What stood before and after is text, since a hash is over bytes. The chain `platform` is nobody's: it holds refused sign-ins
-- that name no tenant.
CREATE TABLE audit_entries (
    tenant_id    TEXT NOT NULL,
    seq          BIGINT NOT NULL CHECK (seq >= 1),
    created_at   TIMESTAMPTZ NOT NULL,
    actor        TEXT NOT NULL CHECK (actor IN ('api_key', 'operator', 'anonymous', 'system')),
    actor_id     TEXT,
    address      TEXT,
    request_id   TEXT,
    action       TEXT NOT NULL,
    target       TEXT NOT NULL,
    target_id    TEXT,
    state_before TEXT,
    state_after  TEXT,
    hash         BYTEA NOT NULL,
    PRIMARY KEY (tenant_id, seq)
);

-- The newest hash of each chain, outside of it, so that entries can't be cut off its end unseen. Whoever appends locks the row.
CREATE TABLE audit_heads (
    tenant_id TEXT PRIMARY KEY,
    seq       BIGINT NOT NULL,
    hash      BYTEA NOT NULL
);

-- A key that was replaced says by which: it can't be replaced once more.
ALTER TABLE api_keys ADD COLUMN rotated_to TEXT;

-- The functions look up their tables in this schema, and never in the session's temporary one.
SELECT set_config('search_path', format('%I, pg_temp', current_schema()), true);

DO $$
DECLARE tenant_table TEXT;
BEGIN
    FOREACH tenant_table IN ARRAY ARRAY['audit_entries', 'audit_heads'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
        EXECUTE format('CREATE POLICY tenant_isolation ON %I FOR ALL TO agent_platform_app '
            'USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()))', tenant_table);
        EXECUTE format('CREATE POLICY platform ON %I FOR ALL TO CURRENT_USER USING (true) WITH CHECK (true)', tenant_table);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO agent_platform_app', tenant_table);
    END LOOP;
END $$;
GRANT UPDATE ON audit_heads TO agent_platform_app;

CREATE FUNCTION audit_head_goes_forward() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.seq <> 0 THEN
            RAISE EXCEPTION 'an audit chain begins with its first entry';
        END IF;
    ELSIF NEW.tenant_id <> OLD.tenant_id OR NOT (NEW.seq = OLD.seq + 1 OR (NEW.seq = OLD.seq AND NEW.hash = OLD.hash)) THEN
        RAISE EXCEPTION 'the head of an audit chain goes forward, one entry at a time';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_heads_go_forward BEFORE INSERT OR UPDATE ON audit_heads
    FOR EACH ROW EXECUTE FUNCTION audit_head_goes_forward();

-- Whoever was here before begins with an empty chain: a tenant without a head has lost it.
INSERT INTO audit_heads (tenant_id, seq, hash)
    SELECT tenant_id, 0, decode(repeat('00', 32), 'hex') FROM tenants
    UNION SELECT 'platform', 0, decode(repeat('00', 32), 'hex');

-- Whose chains there are to be checked, also where all but a part of one was taken away.
CREATE FUNCTION platform_audited_tenants() RETURNS TABLE (tenant_id TEXT)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT
    AS $$
        SELECT t.tenant_id FROM tenants t UNION SELECT h.tenant_id FROM audit_heads h
        UNION SELECT e.tenant_id FROM audit_entries e ORDER BY 1
    $$;

-- Whose key it was: a refused sign-in with it belongs into that tenant's chain.
CREATE FUNCTION platform_revoked_key(wanted TEXT) RETURNS TEXT
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT
    AS $$ SELECT k.tenant_id FROM api_keys k WHERE k.public_id = wanted AND k.revoked_at IS NOT NULL $$;

REVOKE EXECUTE ON FUNCTION platform_audited_tenants(), platform_revoked_key(TEXT) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION platform_audited_tenants(), platform_revoked_key(TEXT) TO agent_platform_app;
