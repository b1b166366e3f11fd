-- The application's role owns nothing and cannot bypass row security; `serve` works under it.
-- Roles belong to the cluster, so another database may have made it already, also at this very moment. Where the owner may
-- make no roles, an administrator makes it beforehand.
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'agent_platform_app') THEN
        CREATE ROLE agent_platform_app NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOBYPASSRLS;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
-- Whoever migrates can also serve with the same URL: on each connection it steps down to this role. From PostgreSQL 16 on
-- the maker of a role is its member without the right to SET ROLE, so that right is asked for by its name there.
DO $$ BEGIN
    IF NOT pg_has_role(current_user, 'agent_platform_app',
                       CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END) THEN
        EXECUTE format('GRANT agent_platform_app TO %I', current_user);
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO agent_platform_app', current_schema());
END $$;
-- The functions below look up their tables in this schema, and never in the session's temporary one.
SELECT set_config('search_path', format('%I, pg_temp', current_schema()), true);

-- With no tenant set the setting reads NULL, or '' after an earlier transaction: either way no row matches.
CREATE FUNCTION current_tenant() RETURNS TEXT LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT NULLIF(current_setting('app.current_tenant', true), '') $$;

DO $$
DECLARE tenant_table TEXT;
BEGIN
    FOREACH tenant_table IN ARRAY ARRAY['tenants', 'api_keys', 'agents', 'conversations', 'executions', 'messages',
                                        'ledger', 'documents', 'passages', 'tickets'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
        EXECUTE format('CREATE POLICY tenant_isolation ON %I FOR ALL TO agent_platform_app '
            'USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()))', tenant_table);
        -- The owner, for the functions below, migrations and backups. The application's role never becomes the owner.
        EXECUTE format('CREATE POLICY platform ON %I FOR ALL TO CURRENT_USER USING (true) WITH CHECK (true)', tenant_table);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO agent_platform_app', tenant_table);
    END LOOP;
END $$;

-- What may change, may change; the ledger is append-only and executions, tickets and tenants are never deleted.
GRANT UPDATE ON tenants, api_keys, agents, executions TO agent_platform_app;
GRANT DELETE ON agents, conversations, messages, documents, passages TO agent_platform_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON instances TO agent_platform_app;
GRANT SELECT ON operator_keys, _sqlx_migrations TO agent_platform_app;

-- The narrow, listed questions that precede a tenant or cross tenants. Each runs as the owner.
CREATE FUNCTION platform_find_key(wanted TEXT)
    RETURNS TABLE (key_id TEXT, tenant_id TEXT, secret_hash BYTEA, scopes JSONB, mode TEXT, expires_at TIMESTAMPTZ,
                   tier TEXT, status TEXT, quota_overrides JSONB)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT
    AS $$
        SELECT k.key_id, k.tenant_id, k.secret_hash, k.scopes, k.mode, k.expires_at, t.tier, t.status, t.quota_overrides
        FROM api_keys k JOIN tenants t ON t.tenant_id = k.tenant_id
        WHERE k.public_id = wanted AND k.revoked_at IS NULL
    $$;

CREATE FUNCTION platform_orphans(alive_since TIMESTAMPTZ)
    RETURNS TABLE (execution_id TEXT, tenant_id TEXT)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT
    AS $$
        SELECT e.execution_id, e.tenant_id FROM executions e
        WHERE e.status = 'running' AND NOT EXISTS
            (SELECT FROM instances i WHERE i.instance_id = e.owner AND i.heartbeat_at >= alive_since)
        LIMIT 500
    $$;

-- The passages of the tenant that is set, for each term those that it weighs most in. A condition with @@ is not leakproof, so
-- under row security it could not use its index: this runs as the owner, and names the tenant itself.
CREATE FUNCTION tenant_passages(terms TEXT[], per_term BIGINT)
    RETURNS TABLE (term_number BIGINT, frequency BIGINT, passage_id BIGINT, document_id TEXT, title TEXT, ordinal BIGINT, text TEXT)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT
    AS $$
        SELECT t.term_number, found.frequency, found.passage_id, found.document_id, d.title, found.ordinal, found.text
        FROM unnest(terms) WITH ORDINALITY AS t (term, term_number), LATERAL (
            SELECT p.*, count(*) OVER () AS frequency FROM passages p
            WHERE p.search @@ to_tsquery('simple', term) AND p.tenant_id = current_tenant()
            ORDER BY ts_rank(p.search, to_tsquery('simple', term)) DESC, p.passage_id LIMIT per_term
        ) AS found JOIN documents d ON d.document_id = found.document_id AND d.tenant_id = current_tenant()
    $$;

REVOKE EXECUTE ON FUNCTION platform_find_key(TEXT), platform_orphans(TIMESTAMPTZ), tenant_passages(TEXT[], BIGINT) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION platform_find_key(TEXT), platform_orphans(TIMESTAMPTZ), tenant_passages(TEXT[], BIGINT)
    TO agent_platform_app;
