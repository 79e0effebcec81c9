-- +goose Up
-- Templates of an office, in versions. One of an office, a sort of paper and a profile is in
-- use at most: that which was switched on and not off.
CREATE TABLE paper_template (
    id TEXT PRIMARY KEY,
    unit_id TEXT NOT NULL REFERENCES org_unit (id),
    kind TEXT NOT NULL,
    profile TEXT NOT NULL CHECK (profile IN ('state', 'party', 'front', 'youth')),
    no INTEGER NOT NULL,
    file_name TEXT NOT NULL,
    file_hash TEXT NOT NULL,
    file_size BIGINT NOT NULL,
    added_at TIMESTAMP NOT NULL,
    added_by TEXT NOT NULL,
    tried_at TIMESTAMP,
    tried_by TEXT NOT NULL,
    tried_on TEXT NOT NULL,
    on_at TIMESTAMP,
    on_by TEXT NOT NULL,
    off_at TIMESTAMP,
    off_by TEXT NOT NULL,
    UNIQUE (unit_id, kind, profile, no)
);
CREATE UNIQUE INDEX paper_template_used ON paper_template (unit_id, kind, profile) WHERE on_at IS NOT NULL AND off_at IS NULL;
CREATE INDEX paper_template_file ON paper_template (file_hash);
