-- Ids tell the time, so that one index finds a tenant's executions by both. Each index that begins with the tenant costs a page an
-- execution where many tenants are active.
DROP INDEX executions_started;

-- Who deletes a conversation does not look through all messages for those of it.
CREATE INDEX messages_parent ON messages (conversation_id);
