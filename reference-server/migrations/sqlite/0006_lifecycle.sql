-- A deleted tenant's row stays as a tombstone, under which its ledger is kept until it is purged. `erased_at` is set once nothing
-- else of it is left.
ALTER TABLE tenants ADD COLUMN deleted_at TEXT;
ALTER TABLE tenants ADD COLUMN erased_at TEXT;
CREATE INDEX tenants_created ON tenants (created_at, tenant_id);
CREATE INDEX tenants_erasing ON tenants (deleted_at) WHERE deleted_at IS NOT NULL AND erased_at IS NULL;
