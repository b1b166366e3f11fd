-- Which tenants' data lives in a database of its own. In the platform's database there is a row for each tenant that was ever
-- moved; one without a row lives there. In such a silo the one row says what the silo is to its tenant.
CREATE TABLE placements (
    tenant_id    TEXT PRIMARY KEY,
    -- Where the data lives; NULL: in this database. May hold a password.
    database_url TEXT,
    -- The platform's: settled; copying to the other database; paused for the last of it; clearing what the other one still holds.
    -- A silo's: arriving, resident, leaving.
    state        TEXT NOT NULL CHECK (state IN ('settled', 'copying', 'paused', 'clearing', 'arriving', 'resident', 'leaving')),
    -- The other database of a move; NULL: this one.
    other_url    TEXT,
    -- Counts the changes of this row.
    version      BIGINT NOT NULL,
    -- The last move, and until when whoever makes it may be silent.
    move_id      TEXT NOT NULL,
    lease_until  TIMESTAMPTZ NOT NULL
);

-- How far each server follows a move.
CREATE TABLE placement_acks (
    move_id     TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    version     BIGINT NOT NULL,
    PRIMARY KEY (move_id, instance_id)
);

-- A mark that is found under another URL is in the same database.
CREATE TABLE database_marks (mark TEXT PRIMARY KEY);

ALTER TABLE placements ENABLE ROW LEVEL SECURITY;
ALTER TABLE placements FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON placements FOR ALL TO agent_platform_app
    USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
CREATE POLICY platform ON placements FOR ALL TO CURRENT_USER USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON placements TO agent_platform_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON placement_acks, database_marks TO agent_platform_app;

-- The functions look up their tables in this schema, and never in the session's temporary one.
SELECT set_config('search_path', format('%I, pg_temp', current_schema()), true);

-- Where every tenant lives that was ever moved: each server follows it.
CREATE FUNCTION platform_placements()
    RETURNS TABLE (tenant_id TEXT, database_url TEXT, state TEXT, other_url TEXT, version BIGINT, move_id TEXT,
                   lease_until TIMESTAMPTZ)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT
    AS $$
        SELECT p.tenant_id, p.database_url, p.state, p.other_url, p.version, p.move_id, p.lease_until FROM placements p
    $$;

-- Whether any other tenant has data here: a silo holds one.
CREATE FUNCTION platform_houses_others(arriving TEXT) RETURNS BOOLEAN
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT
    AS $$ SELECT EXISTS (SELECT FROM tenants WHERE tenant_id <> arriving) $$;

-- Deletes some of what a tenant that lives elsewhere left here, as the owner: the application's role may delete neither from the
-- ledger nor executions. Gives how many rows it deleted.
CREATE FUNCTION platform_clear_moved(moved TEXT, at_most BIGINT) RETURNS BIGINT
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT
    AS $$
    DECLARE
        tenant_table TEXT;
        cleared BIGINT;
    BEGIN
        IF NOT EXISTS (SELECT FROM placements p WHERE p.tenant_id = moved
                       AND (p.database_url IS NOT NULL OR p.state IN ('arriving', 'leaving'))) THEN
            RAISE EXCEPTION 'the tenant % lives in this database', moved;
        END IF;
        -- What refers to others goes first.
        FOREACH tenant_table IN ARRAY ARRAY['messages', 'passages', 'conversations', 'documents', 'tickets', 'agents', 'ledger',
                                            'executions'] LOOP
            EXECUTE format('DELETE FROM %I WHERE tenant_id = $1 AND ctid = ANY (ARRAY('
                'SELECT ctid FROM %I WHERE tenant_id = $1 LIMIT $2))', tenant_table, tenant_table) USING moved, at_most;
            GET DIAGNOSTICS cleared = ROW_COUNT;
            IF cleared > 0 THEN
                RETURN cleared;
            END IF;
        END LOOP;
        -- In the platform's database answers that are kept also belong to what stays there, as keys do: they expire.
        DELETE FROM idempotency_keys WHERE tenant_id = moved AND (execution_id IS NOT NULL OR EXISTS
            (SELECT FROM placements p WHERE p.tenant_id = moved AND p.database_url IS NULL));
        GET DIAGNOSTICS cleared = ROW_COUNT;
        RETURN cleared;
    END $$;

-- The end of a silo: nothing of its tenant stays.
CREATE FUNCTION platform_vacate(moved TEXT) RETURNS VOID
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT
    AS $$
        DELETE FROM tenants WHERE tenant_id = moved
            AND EXISTS (SELECT FROM placements p WHERE p.tenant_id = moved AND p.state IN ('arriving', 'leaving'));
        DELETE FROM placements p WHERE p.tenant_id = moved AND p.state IN ('arriving', 'leaving');
    $$;

REVOKE EXECUTE ON FUNCTION platform_placements(), platform_houses_others(TEXT), platform_clear_moved(TEXT, BIGINT),
    platform_vacate(TEXT) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION platform_placements(), platform_houses_others(TEXT), platform_clear_moved(TEXT, BIGINT),
    platform_vacate(TEXT) TO agent_platform_app;

-- As before, and where the tenant lived.
CREATE OR REPLACE FUNCTION platform_purge_tenant(wanted TEXT, retention_days BIGINT) RETURNS BIGINT
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT
    AS $$
    DECLARE entries BIGINT;
    BEGIN
        PERFORM FROM tenants t WHERE t.tenant_id = wanted AND t.erased_at IS NOT NULL AND retention_days >= 0
            AND t.deleted_at + make_interval(days => retention_days::int) <= now() FOR UPDATE;
        IF NOT FOUND THEN
            RETURN NULL;
        END IF;
        DELETE FROM ledger l WHERE l.tenant_id = wanted;
        GET DIAGNOSTICS entries = ROW_COUNT;
        DELETE FROM audit_entries a WHERE a.tenant_id = wanted;
        DELETE FROM audit_heads a WHERE a.tenant_id = wanted;
        DELETE FROM placements p WHERE p.tenant_id = wanted;
        DELETE FROM tenants t WHERE t.tenant_id = wanted;
        RETURN entries;
    END $$;
