-- A deleted tenant's row stays as a tombstone, under which its ledger is kept until it is purged. `erased_at` is set once nothing
-- else of it is left.
ALTER TABLE tenants
    ADD COLUMN deleted_at TIMESTAMPTZ,
    ADD COLUMN erased_at TIMESTAMPTZ;
CREATE INDEX tenants_created ON tenants (created_at, tenant_id);
CREATE INDEX tenants_erasing ON tenants (deleted_at) WHERE deleted_at IS NOT NULL AND erased_at IS NULL;

-- The functions look up their tables in this schema, and never in the session's temporary one.
SELECT set_config('search_path', format('%I, pg_temp', current_schema()), true);

-- The operator's list, newest first.
CREATE FUNCTION platform_tenants(status_is TEXT, tier_is TEXT, before TIMESTAMPTZ, before_id TEXT, at_most BIGINT)
    RETURNS SETOF tenants
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT
    AS $$
        SELECT t.* FROM tenants t
        WHERE (before IS NULL OR (t.created_at, t.tenant_id) < (before, before_id))
            AND (status_is IS NULL OR status_is = CASE WHEN t.deleted_at IS NULL THEN t.status ELSE 'deleted' END)
            AND (tier_is IS NULL OR t.tier = tier_is)
        ORDER BY t.created_at DESC, t.tenant_id DESC LIMIT at_most
    $$;

-- Deleted tenants of which something may be left, those first that have waited longest.
CREATE FUNCTION platform_unerased(at_most BIGINT) RETURNS TABLE (tenant_id TEXT)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT
    AS $$
        SELECT t.tenant_id FROM tenants t
        WHERE t.deleted_at IS NOT NULL AND t.erased_at IS NULL ORDER BY t.deleted_at LIMIT at_most
    $$;

-- Erases some of what a deleted tenant has, but for its ledger and for executions that still run: their ledger entries are made
-- of their rows. Gives how many rows it erased. The application's role may delete few of these rows by itself.
CREATE FUNCTION platform_erase_tenant(wanted TEXT, at_most BIGINT) RETURNS BIGINT
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT
    AS $$
    DECLARE
        erasable TEXT;
        erased BIGINT;
        erased_in_all BIGINT := 0;
    BEGIN
        IF NOT EXISTS (SELECT FROM tenants t WHERE t.tenant_id = wanted AND t.deleted_at IS NOT NULL) THEN
            RETURN 0;
        END IF;
        FOREACH erasable IN ARRAY ARRAY['messages', 'conversations', 'passages', 'documents', 'tickets', 'idempotency_keys',
                                        'agents', 'api_keys'] LOOP
            EXECUTE format('DELETE FROM %1$I WHERE tenant_id = $1 AND ctid = ANY (ARRAY('
                'SELECT ctid FROM %1$I WHERE tenant_id = $1 LIMIT $2))', erasable) USING wanted, at_most;
            GET DIAGNOSTICS erased = ROW_COUNT;
            erased_in_all := erased_in_all + erased;
        END LOOP;
        DELETE FROM executions e WHERE e.tenant_id = wanted AND e.status <> 'running' AND e.ctid = ANY (ARRAY(
            SELECT x.ctid FROM executions x WHERE x.tenant_id = wanted AND x.status <> 'running' LIMIT at_most));
        GET DIAGNOSTICS erased = ROW_COUNT;
        RETURN erased_in_all + erased;
    END $$;

REVOKE EXECUTE ON FUNCTION platform_tenants(TEXT, TEXT, TIMESTAMPTZ, TEXT, BIGINT), platform_unerased(BIGINT),
    platform_erase_tenant(TEXT, BIGINT) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION platform_tenants(TEXT, TEXT, TIMESTAMPTZ, TEXT, BIGINT), platform_unerased(BIGINT),
    platform_erase_tenant(TEXT, BIGINT) TO agent_platform_app;

-- Removes what is left of a tenant whose retention is over: the one way by which ledger and audit log lose anything. It looks by
-- itself whether it may, by the database's own clock. Gives how many ledger entries there were; NULL where it may not. For the
-- owner alone: the application's role is given no right to it.
CREATE FUNCTION platform_purge_tenant(wanted TEXT, retention_days BIGINT) RETURNS BIGINT
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
        DELETE FROM tenants t WHERE t.tenant_id = wanted;
        RETURN entries;
    END $$;
REVOKE EXECUTE ON FUNCTION platform_purge_tenant(TEXT, BIGINT) FROM PUBLIC;
