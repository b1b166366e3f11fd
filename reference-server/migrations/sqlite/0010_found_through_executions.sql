-- What a tenant has is found by an index that begins with the tenant, which costs an execution a page of its own where many tenants
-- are active. Its messages and its ledger entries are found through its executions instead: all three have the execution's id.
DROP INDEX messages_conversation;
DROP INDEX ledger_period;

-- What a tenant runs is found without looking through what it ran.
CREATE INDEX executions_running_of_tenant ON executions (tenant_id, execution_id) WHERE status = 'running';

-- Messages go with their executions.
CREATE TRIGGER executions_take_messages AFTER DELETE ON executions
    BEGIN DELETE FROM messages WHERE execution_id = OLD.execution_id; END;

-- A ledger entry stays, though its execution is erased. Whose it is stands here, for as long as there is no execution to say it.
CREATE TABLE ledger_alone (
    tenant_id    TEXT NOT NULL,
    execution_id TEXT NOT NULL,
    PRIMARY KEY (tenant_id, execution_id)
) WITHOUT ROWID;
INSERT INTO ledger_alone (tenant_id, execution_id)
SELECT tenant_id, execution_id FROM ledger l WHERE NOT EXISTS (SELECT 1 FROM executions e WHERE e.execution_id = l.execution_id);

CREATE TRIGGER ledger_stays_alone AFTER DELETE ON executions
    WHEN EXISTS (SELECT 1 FROM ledger WHERE execution_id = OLD.execution_id)
    BEGIN INSERT INTO ledger_alone (tenant_id, execution_id) VALUES (OLD.tenant_id, OLD.execution_id); END;
CREATE TRIGGER ledger_comes_alone AFTER INSERT ON ledger
    WHEN NOT EXISTS (SELECT 1 FROM executions WHERE execution_id = NEW.execution_id)
    BEGIN INSERT INTO ledger_alone (tenant_id, execution_id) VALUES (NEW.tenant_id, NEW.execution_id); END;
CREATE TRIGGER ledger_is_joined AFTER INSERT ON executions
    WHEN EXISTS (SELECT 1 FROM ledger WHERE execution_id = NEW.execution_id)
    BEGIN DELETE FROM ledger_alone WHERE tenant_id = NEW.tenant_id AND execution_id = NEW.execution_id; END;
CREATE TRIGGER ledger_goes AFTER DELETE ON ledger
    BEGIN DELETE FROM ledger_alone WHERE tenant_id = OLD.tenant_id AND execution_id = OLD.execution_id; END;
