-- What is needed to play an execution's events again. Their text is the answer's, their tools are the steps'; `layout` tells how
-- they were cut and in which order, in about one character an event.
ALTER TABLE executions
    ADD COLUMN layout TEXT NOT NULL DEFAULT '',
    -- While it runs: up to this id, events may be shown before they are stored. Once it has ended: the terminal event's id.
    -- 0: the execution is older than this column and can't be played.
    ADD COLUMN last_event_id BIGINT NOT NULL DEFAULT 0,
    -- Somebody asked another server than the owner to cancel it.
    ADD COLUMN cancel_requested BOOLEAN NOT NULL DEFAULT FALSE,
    -- JSONB sorts keys anew; an event is played again to the byte, and JSON keeps what it is given.
    ALTER COLUMN tool_calls DROP DEFAULT,
    ALTER COLUMN tool_calls TYPE JSON USING tool_calls::json,
    ALTER COLUMN tool_calls SET DEFAULT '[]',
    ALTER COLUMN steps DROP DEFAULT,
    ALTER COLUMN steps TYPE JSON USING steps::json,
    ALTER COLUMN steps SET DEFAULT '[]';

-- What one server runs, or what of it somebody asked another server to cancel; asked by that server, across tenants.
SELECT set_config('search_path', format('%I, pg_temp', current_schema()), true);
CREATE FUNCTION platform_running(server TEXT, only_to_cancel BOOLEAN)
    RETURNS TABLE (execution_id TEXT, tenant_id TEXT)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT
    AS $$
        SELECT e.execution_id, e.tenant_id FROM executions e
        WHERE e.owner = server AND e.status = 'running' AND (e.cancel_requested OR NOT only_to_cancel)
    $$;
REVOKE EXECUTE ON FUNCTION platform_running(TEXT, BOOLEAN) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION platform_running(TEXT, BOOLEAN) TO agent_platform_app;
