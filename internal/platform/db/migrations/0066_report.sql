-- +goose Up
-- Reports that were frozen. A row is never changed and never removed: another version may
-- follow it. The document is JSON, packed with gzip; the hash is that of the JSON.
CREATE TABLE report_snapshot (
    id TEXT PRIMARY KEY,
    movement_id TEXT NOT NULL REFERENCES movement_movement (id),
    period_no INTEGER NOT NULL,
    unit_id TEXT NOT NULL REFERENCES org_unit (id),
    as_of TEXT NOT NULL,
    version INTEGER NOT NULL,
    narrative_version INTEGER NOT NULL,
    document_sha256 TEXT NOT NULL,
    document_size INTEGER NOT NULL,
    document BYTEA NOT NULL,
    last_act TEXT NOT NULL,
    org_revision BIGINT NOT NULL,
    frozen_at TIMESTAMP NOT NULL,
    frozen_by TEXT NOT NULL,
    UNIQUE (movement_id, period_no, unit_id, as_of, version)
);
CREATE INDEX report_snapshot_latest ON report_snapshot (frozen_at, id);
