-- Ids tell the time, so that one index finds a tenant's executions by both. Each index that begins with the tenant costs a page an
-- execution where many tenants are active.
DROP INDEX executions_started;
