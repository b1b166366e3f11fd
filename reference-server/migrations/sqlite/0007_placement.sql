-- Which tenants' data lives in a database of its own. In the platform's database there is a row for each tenant that was ever
-- moved; one without a row lives there. In such a silo the one row says what the silo is to its tenant.
CREATE TABLE placements (
    tenant_id    TEXT PRIMARY KEY,
    -- Where the data lives; NULL: in this database. May hold a password.
    database_url TEXT,
    -- The platform's: settled; copying to the other database; paused for the last of it; clearing what the other one still holds.
    -- A silo's: arriving, resident, leaving.
    state        TEXT NOT NULL CHECK (state IN ('settled', 'copying', 'paused', 'clearing', 'arriving', 'resident', 'leaving')),
    -- The other database of a move; NULL: this one.
    other_url    TEXT,
    -- Counts the changes of this row.
    version      INTEGER NOT NULL,
    -- The last move, and until when whoever makes it may be silent.
    move_id      TEXT NOT NULL,
    lease_until  TEXT NOT NULL
);

-- How far each server follows a move.
CREATE TABLE placement_acks (
    move_id     TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    version     INTEGER NOT NULL,
    PRIMARY KEY (move_id, instance_id)
) WITHOUT ROWID;

-- A mark that is found under another URL is in the same database.
CREATE TABLE database_marks (mark TEXT PRIMARY KEY) WITHOUT ROWID;

-- The ledger stays append-only where a tenant lives, until it is purged; what was copied to, or from, elsewhere is cleared.
DROP TRIGGER ledger_loses_nothing;
CREATE TRIGGER ledger_loses_nothing BEFORE DELETE ON ledger
    WHEN NOT EXISTS (SELECT 1 FROM purging WHERE tenant_id = OLD.tenant_id)
    AND NOT EXISTS (SELECT 1 FROM placements p WHERE p.tenant_id = OLD.tenant_id
                    AND (p.database_url IS NOT NULL OR p.state IN ('arriving', 'leaving')))
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
