-- What an execution holds of each quota, so that counters that were lost are rebuilt whole.
ALTER TABLE executions
    ADD COLUMN reserved_micros BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN reserved_bytes  BIGINT NOT NULL DEFAULT 0;

-- Which loading of the shared counters of a tenant stands: what was reserved of another begins no execution.
ALTER TABLE tenants ADD COLUMN quota_epoch TEXT NOT NULL DEFAULT '';
