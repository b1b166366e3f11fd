-- The functions look up their tables in this schema, and never in the session's temporary one.
SELECT set_config('search_path', format('%I, pg_temp', current_schema()), true);

-- Notes when keys of any tenants were last used: many at once, as the owner.
CREATE FUNCTION platform_touch_keys(uses JSON) RETURNS VOID
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT
    AS $$
        UPDATE api_keys k SET last_used_at = u.last_used_at
        FROM json_to_recordset(uses) AS u (tenant_id TEXT, key_id TEXT, last_used_at TIMESTAMPTZ)
        WHERE k.tenant_id = u.tenant_id AND k.key_id = u.key_id
    $$;
REVOKE EXECUTE ON FUNCTION platform_touch_keys(JSON) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION platform_touch_keys(JSON) TO agent_platform_app;
