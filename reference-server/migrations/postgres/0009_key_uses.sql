-- The functions look up their tables in this schema, and never in the session's temporary one.
SELECT set_config('search_path', format('%I, pg_temp', current_schema()), true);

-- Notes when keys of any tenants were last used: many at once, as the owner.
CREATE FUNCTION platform_touch_keys(uses JSON) RETURNS VOID
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT
    AS $$
        -- In one order, and not those that somebody changes at this moment: nobody waits for this, and it waits for nobody.
        WITH used AS (
            SELECT k.key_id, u.last_used_at
            FROM json_to_recordset(uses) AS u (tenant_id TEXT, key_id TEXT, last_used_at TIMESTAMPTZ)
            JOIN api_keys k ON k.tenant_id = u.tenant_id AND k.key_id = u.key_id
            ORDER BY k.key_id FOR UPDATE OF k SKIP LOCKED
        )
        UPDATE api_keys k SET last_used_at = GREATEST(k.last_used_at, used.last_used_at) FROM used WHERE k.key_id = used.key_id
    $$;
REVOKE EXECUTE ON FUNCTION platform_touch_keys(JSON) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION platform_touch_keys(JSON) TO agent_platform_app;
