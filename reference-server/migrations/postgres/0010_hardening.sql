-- Up to PostgreSQL 14 everybody may make things in `public`. A function that fits its arguments better than PostgreSQL's own is
-- taken in place of it, also by the functions that run as the owner: nobody but the owner makes any beside them. Where the schema
-- is somebody else's, this takes nothing away, and the server says so as it starts.
DO $$ BEGIN
    EXECUTE pg_catalog.format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC', current_schema());
END $$;

-- The functions look up their tables in this schema, and never in the session's temporary one.
SELECT set_config('search_path', format('%I, pg_temp', current_schema()), true);

-- As before; what makes a statement out of text is PostgreSQL's own.
CREATE OR REPLACE FUNCTION platform_erase_tenant(wanted TEXT, at_most BIGINT) RETURNS BIGINT
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
            EXECUTE pg_catalog.format('DELETE FROM %1$I WHERE tenant_id = $1 AND ctid = ANY (ARRAY('
                'SELECT ctid FROM %1$I WHERE tenant_id = $1 LIMIT $2))', erasable) USING wanted, at_most;
            GET DIAGNOSTICS erased = ROW_COUNT;
            erased_in_all := erased_in_all + erased;
        END LOOP;
        DELETE FROM executions e WHERE e.tenant_id = wanted AND e.status <> 'running' AND e.ctid = ANY (ARRAY(
            SELECT x.ctid FROM executions x WHERE x.tenant_id = wanted AND x.status <> 'running' LIMIT at_most));
        GET DIAGNOSTICS erased = ROW_COUNT;
        RETURN erased_in_all + erased;
    END $$;

-- As before, and the tenant does not come to live here while its rows are deleted.
CREATE OR REPLACE FUNCTION platform_clear_moved(moved TEXT, at_most BIGINT) RETURNS BIGINT
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT
    AS $$
    DECLARE
        tenant_table TEXT;
        cleared BIGINT;
    BEGIN
        PERFORM FROM placements p WHERE p.tenant_id = moved
            AND (p.database_url IS NOT NULL OR p.state IN ('arriving', 'leaving')) FOR SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the tenant % lives in this database', moved;
        END IF;
        -- What refers to others goes first.
        FOREACH tenant_table IN ARRAY ARRAY['messages', 'passages', 'conversations', 'documents', 'tickets', 'agents', 'ledger',
                                            'executions'] LOOP
            EXECUTE pg_catalog.format('DELETE FROM %1$I WHERE tenant_id = $1 AND ctid = ANY (ARRAY('
                'SELECT ctid FROM %1$I WHERE tenant_id = $1 LIMIT $2))', tenant_table) USING moved, at_most;
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

-- What is cleared from here is what a placement says, so that says only what a move does, one step after the other. A silo's words
-- are for a database in which the tenant has nothing yet, and a tenant that lives here does not leave by them.
CREATE FUNCTION placement_goes_its_way() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    silo CONSTANT TEXT[] := ARRAY['arriving', 'resident', 'leaving'];
    is_allowed BOOLEAN;
BEGIN
    IF TG_OP = 'INSERT' THEN
        is_allowed := NEW.database_url IS NULL AND (NEW.state IN ('settled', 'copying') OR (NEW.state = 'arriving'
            AND NOT EXISTS (SELECT FROM tenants t WHERE t.tenant_id = NEW.tenant_id)));
    ELSIF NEW.tenant_id <> OLD.tenant_id THEN
        is_allowed := FALSE;
    ELSIF OLD.state = ANY (silo) THEN
        is_allowed := NEW.database_url IS NULL AND NEW.other_url IS NULL AND NEW.state = ANY (silo)
            AND (OLD.state, NEW.state) NOT IN (('leaving', 'resident'), ('resident', 'arriving'));
    ELSIF NEW.database_url IS DISTINCT FROM OLD.database_url THEN
        -- The turn-over.
        is_allowed := (OLD.state, NEW.state) IN (('paused', 'clearing')) AND NEW.move_id = OLD.move_id
            AND NEW.database_url IS NOT DISTINCT FROM OLD.other_url AND NEW.other_url IS NOT DISTINCT FROM OLD.database_url;
    ELSIF (OLD.state, NEW.state) IN (('settled', 'copying'), ('clearing', 'copying')) THEN
        is_allowed := TRUE;
    ELSE
        is_allowed := NEW.move_id = OLD.move_id AND (NEW.other_url IS NOT DISTINCT FROM OLD.other_url OR NEW.state = 'settled')
            AND (NEW.state = OLD.state OR (OLD.state, NEW.state) IN (('copying', 'paused'), ('paused', 'copying'),
                ('copying', 'clearing'), ('paused', 'clearing'), ('clearing', 'settled')));
    END IF;
    IF NOT is_allowed THEN
        RAISE EXCEPTION 'a placement goes its way, one step of a move after the other';
    END IF;
    RETURN NULL;
END $$;
-- Afterwards: of an insert that turns out to be an update, the update is asked about alone.
CREATE TRIGGER placements_go_their_way AFTER INSERT OR UPDATE ON placements
    FOR EACH ROW EXECUTE FUNCTION placement_goes_its_way();

-- And nobody is turned over without the tenant's log telling of it, in the same transaction.
CREATE FUNCTION turn_over_is_told() RETURNS TRIGGER LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM audit_entries a WHERE a.tenant_id = NEW.tenant_id AND a.action = 'tenant.placed'
                   AND a.xmin = pg_current_xact_id()::xid) THEN
        RAISE EXCEPTION 'the audit log of the tenant % does not tell that it is placed elsewhere', NEW.tenant_id;
    END IF;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION turn_over_is_told() FROM PUBLIC;
CREATE CONSTRAINT TRIGGER turn_overs_are_told AFTER UPDATE ON placements DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.database_url IS DISTINCT FROM OLD.database_url) EXECUTE FUNCTION turn_over_is_told();
