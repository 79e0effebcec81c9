-- +goose Up
-- A practice taken up by another unit. The source is a practice of ours, or a text that
-- names one outside the system.
CREATE TABLE replication_link (
    id TEXT PRIMARY KEY,
    practice_id TEXT REFERENCES practice_practice (id),
    source_entry_id TEXT REFERENCES practice_entry (id),
    source_text TEXT NOT NULL,
    source_place TEXT NOT NULL,
    adopting_unit_id TEXT NOT NULL REFERENCES org_unit (id),
    adopting_entry_id TEXT REFERENCES practice_entry (id),
    mode TEXT NOT NULL CHECK (mode IN ('exact', 'adapted', 'extended')),
    period_no INTEGER NOT NULL REFERENCES movement_period (no),
    started_on TEXT NOT NULL,
    note TEXT NOT NULL,
    recorded_at TIMESTAMP NOT NULL
);
CREATE INDEX replication_link_practice ON replication_link (practice_id);
CREATE INDEX replication_link_adopting ON replication_link (adopting_entry_id);
