-- Who deletes a conversation does not look through all messages for those of it.
CREATE INDEX messages_parent ON messages (conversation_id);

-- Ids tell the time, so that one index finds a tenant's executions by both.
DROP INDEX executions_started;
-- There is no index left that finds less than one execution by its tenant and its id: whatever PostgreSQL thinks of the tables'
-- sizes, it looks through no more.
DROP INDEX executions_running;
CREATE INDEX executions_running ON executions (tenant_id, execution_id) WHERE status = 'running';

-- The functions look up their tables in this schema, and never in the session's temporary one.
SELECT set_config('search_path', format('%I, pg_temp', current_schema()), true);

-- Writes what executions of many tenants have come to, as the caller: tenant by tenant, each under its own row security, in one
-- transaction. Gives the executions that were `begun`, `checkpointed` and `settled` by it, and whether the conversations of the last
-- have their messages.
--
-- Executions are changed one by one, by their ids: with a statement for many, PostgreSQL may look through all that the tenant ever
-- ran instead, where it thinks that this is little.
CREATE FUNCTION write_journal(batch JSON) RETURNS TABLE (what TEXT, written TEXT, is_kept BOOLEAN)
    LANGUAGE plpgsql VOLATILE SET search_path FROM CURRENT
    AS $$
    DECLARE
        part RECORD;
        entry RECORD;
        execution RECORD;
        has_messages BOOLEAN;
    BEGIN
        FOR part IN SELECT * FROM json_to_recordset(batch) AS p (tenant_id TEXT, in_epoch BOOLEAN, begun JSON, changed JSON)
        LOOP
            PERFORM set_config('app.current_tenant', part.tenant_id, true);
            IF part.in_epoch THEN
                -- No other epoch of the tenant's shared counters begins before the end of this transaction.
                PERFORM pg_advisory_xact_lock_shared(hashtextextended('agent-platform:quota:' || part.tenant_id, 0));
            END IF;
            IF part.begun IS NOT NULL THEN
                -- Keys are claimed in their order, so that two transactions never wait for each other.
                RETURN QUERY WITH rows AS (SELECT * FROM json_to_recordset(part.begun) AS r (execution_id TEXT, agent_id TEXT,
                        conversation_id TEXT, new_conversation BOOLEAN, key_id TEXT, mode TEXT, owner TEXT, input TEXT, model TEXT,
                        reserved_tokens BIGINT, reserved_micros BIGINT, reserved_bytes BIGINT, input_tokens BIGINT,
                        input_cost_micros BIGINT, metadata JSONB, last_event_id BIGINT, created_at TIMESTAMPTZ, operation TEXT,
                        key_hash TEXT, request_hash TEXT, expires_at TIMESTAMPTZ, quota_epoch TEXT)
                    WHERE r.quota_epoch IS NULL OR EXISTS
                        (SELECT FROM tenants t WHERE t.tenant_id = part.tenant_id AND t.quota_epoch = r.quota_epoch)),
                claimed AS (INSERT INTO idempotency_keys (tenant_id, operation, key_hash, request_hash, execution_id, created_at, expires_at)
                    SELECT DISTINCT ON (r.operation, r.key_hash)
                        part.tenant_id, r.operation, r.key_hash, r.request_hash, r.execution_id, r.created_at, r.expires_at
                    FROM rows r WHERE r.key_hash IS NOT NULL ORDER BY r.operation, r.key_hash, r.execution_id
                    ON CONFLICT (tenant_id, operation, key_hash) DO UPDATE SET request_hash = excluded.request_hash,
                    execution_id = excluded.execution_id, status = NULL, answer = NULL, created_at = excluded.created_at,
                    expires_at = excluded.expires_at WHERE idempotency_keys.expires_at <= excluded.created_at
                    RETURNING idempotency_keys.execution_id),
                starting AS (SELECT * FROM rows r WHERE r.key_hash IS NULL OR r.execution_id IN (SELECT c.execution_id FROM claimed c)),
                opened AS (INSERT INTO conversations (conversation_id, tenant_id, agent_id, created_at)
                    SELECT s.conversation_id, part.tenant_id, s.agent_id, s.created_at FROM starting s WHERE s.new_conversation)
                INSERT INTO executions AS e (execution_id, tenant_id, agent_id, conversation_id, key_id, mode, owner, status, input, model,
                    reserved_tokens, reserved_micros, reserved_bytes, input_tokens, cost_micros, metadata, last_event_id, created_at)
                SELECT s.execution_id, part.tenant_id, s.agent_id, s.conversation_id, s.key_id, s.mode, s.owner, 'running', s.input,
                    s.model, s.reserved_tokens, s.reserved_micros, s.reserved_bytes, s.input_tokens, s.input_cost_micros, s.metadata,
                    s.last_event_id, s.created_at FROM starting s
                RETURNING 'begun', e.execution_id, FALSE;
            END IF;

            -- Also in their order, those that go on before those that end.
            FOR entry IN SELECT * FROM json_to_recordset(part.changed) AS r (execution_id TEXT, status TEXT, output TEXT,
                layout TEXT, last_event_id BIGINT, reserved_tokens BIGINT, reserved_micros BIGINT, finish_reason TEXT,
                input_tokens BIGINT, output_tokens BIGINT, estimated BOOLEAN, cost_micros BIGINT, tool_calls JSON, steps JSON,
                problem JSONB, completed_at TIMESTAMPTZ, duration_ms BIGINT)
                ORDER BY r.execution_id, r.status NULLS FIRST
            LOOP
                IF entry.status IS NULL THEN
                    UPDATE executions e SET output = entry.output, layout = entry.layout, last_event_id = entry.last_event_id,
                        reserved_tokens = GREATEST(e.reserved_tokens, entry.reserved_tokens),
                        reserved_micros = GREATEST(e.reserved_micros, entry.reserved_micros),
                        input_tokens = entry.input_tokens, output_tokens = entry.output_tokens,
                        cost_micros = entry.cost_micros, tool_calls = entry.tool_calls, steps = entry.steps
                    WHERE e.tenant_id = part.tenant_id AND e.execution_id = entry.execution_id AND e.status = 'running';
                    IF FOUND THEN
                        RETURN QUERY SELECT 'checkpointed', entry.execution_id, FALSE;
                    END IF;
                    CONTINUE;
                END IF;
                UPDATE executions e SET status = entry.status, output = entry.output, layout = entry.layout,
                    last_event_id = entry.last_event_id, finish_reason = entry.finish_reason, input_tokens = entry.input_tokens,
                    output_tokens = entry.output_tokens, estimated = entry.estimated, cost_micros = entry.cost_micros,
                    tool_calls = entry.tool_calls, steps = entry.steps, problem = entry.problem,
                    completed_at = entry.completed_at, duration_ms = entry.duration_ms
                WHERE e.tenant_id = part.tenant_id AND e.execution_id = entry.execution_id AND e.status = 'running'
                RETURNING e.agent_id, e.conversation_id, e.key_id, e.mode, e.model, e.input, e.created_at INTO execution;
                CONTINUE WHEN NOT FOUND;
                -- A conversation that was deleted meanwhile takes no more messages.
                has_messages := entry.status = 'completed' AND EXISTS (SELECT FROM conversations c
                    WHERE c.tenant_id = part.tenant_id AND c.conversation_id = execution.conversation_id);
                IF has_messages THEN
                    INSERT INTO messages (tenant_id, conversation_id, execution_id, role, content, created_at) VALUES
                        (part.tenant_id, execution.conversation_id, entry.execution_id, 'user', execution.input, execution.created_at),
                        (part.tenant_id, execution.conversation_id, entry.execution_id, 'assistant', entry.output, entry.completed_at);
                END IF;
                INSERT INTO ledger (execution_id, tenant_id, agent_id, key_id, mode, model, status, input_tokens, output_tokens,
                    estimated, cost_micros, started_at, settled_at)
                VALUES (entry.execution_id, part.tenant_id, execution.agent_id, execution.key_id, execution.mode, execution.model,
                    entry.status, entry.input_tokens, entry.output_tokens, entry.estimated, entry.cost_micros,
                    execution.created_at, entry.completed_at);
                RETURN QUERY SELECT 'settled', entry.execution_id, has_messages;
            END LOOP;
        END LOOP;
        PERFORM set_config('app.current_tenant', '', true);
    END $$;
REVOKE EXECUTE ON FUNCTION write_journal(JSON) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION write_journal(JSON) TO agent_platform_app;
