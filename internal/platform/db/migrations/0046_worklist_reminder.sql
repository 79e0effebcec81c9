-- +goose Up
-- A unit that had registered nothing was reminded.
CREATE TABLE worklist_reminder (
    id TEXT PRIMARY KEY,
    period_no INTEGER NOT NULL,
    unit_id TEXT NOT NULL REFERENCES org_unit (id),
    reminded_on TEXT NOT NULL,
    reminded_at TIMESTAMP NOT NULL,
    reminded_by TEXT NOT NULL,
    told INTEGER NOT NULL
);
CREATE INDEX worklist_reminder_unit ON worklist_reminder (period_no, unit_id, reminded_on);
