-- Who changed what, when and from where: one chain a tenant, in which each entry's hash covers the entry and the hash before it.
-- What stood before and after is text, since a hash is over bytes. The chain `platform` is nobody's: it holds refused sign-ins
-- that name no tenant.
CREATE TABLE audit_entries (
    tenant_id    TEXT NOT NULL,
    seq          INTEGER NOT NULL CHECK (seq >= 1),
    created_at   TEXT NOT NULL,
    actor        TEXT NOT NULL CHECK (actor IN ('api_key', 'operator', 'anonymous', 'system')),
    actor_id     TEXT,
    address      TEXT,
    request_id   TEXT,
    action       TEXT NOT NULL,
    target       TEXT NOT NULL,
    target_id    TEXT,
    state_before TEXT,
    state_after  TEXT,
    hash         BLOB NOT NULL,
    PRIMARY KEY (tenant_id, seq)
) WITHOUT ROWID;

-- The newest hash of each chain, outside of it, so that entries can't be cut off its end unseen.
CREATE TABLE audit_heads (
    tenant_id TEXT PRIMARY KEY,
    seq       INTEGER NOT NULL,
    hash      BLOB NOT NULL
) WITHOUT ROWID;

-- A key that was replaced says by which: it can't be replaced once more.
ALTER TABLE api_keys ADD COLUMN rotated_to TEXT;

-- Tenants whose rows are being taken away for good, within the transaction that does it: theirs alone may go.
CREATE TABLE purging (
    tenant_id TEXT PRIMARY KEY
) WITHOUT ROWID;

CREATE TRIGGER audit_keeps_entries BEFORE UPDATE ON audit_entries
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_loses_nothing BEFORE DELETE ON audit_entries
    WHEN NOT EXISTS (SELECT 1 FROM purging WHERE tenant_id = OLD.tenant_id)
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_heads_begin BEFORE INSERT ON audit_heads WHEN NEW.seq <> 0
    BEGIN SELECT RAISE(ABORT, 'an audit chain begins with its first entry'); END;
CREATE TRIGGER audit_heads_go_forward BEFORE UPDATE ON audit_heads
    WHEN NEW.tenant_id <> OLD.tenant_id OR NOT (NEW.seq = OLD.seq + 1 OR (NEW.seq = OLD.seq AND NEW.hash = OLD.hash))
    BEGIN SELECT RAISE(ABORT, 'the head of an audit chain goes forward, one entry at a time'); END;
CREATE TRIGGER audit_heads_stay BEFORE DELETE ON audit_heads
    WHEN NOT EXISTS (SELECT 1 FROM purging WHERE tenant_id = OLD.tenant_id)
    BEGIN SELECT RAISE(ABORT, 'the head of an audit chain stays'); END;

-- The ledger's entries go with their tenant alone, too.
DROP TRIGGER ledger_keeps_entries;
DROP TRIGGER ledger_loses_nothing;
CREATE TRIGGER ledger_keeps_entries BEFORE UPDATE ON ledger
    WHEN NOT EXISTS (SELECT 1 FROM purging WHERE tenant_id = OLD.tenant_id)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_loses_nothing BEFORE DELETE ON ledger
    WHEN NOT EXISTS (SELECT 1 FROM purging WHERE tenant_id = OLD.tenant_id)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

-- Whoever was here before begins with an empty chain: a tenant without a head has lost it.
INSERT INTO audit_heads (tenant_id, seq, hash)
    SELECT tenant_id, 0, zeroblob(32) FROM tenants UNION SELECT 'platform', 0, zeroblob(32);
