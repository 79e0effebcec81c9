-- +goose Up
-- A visit to the place: when, who goes, to which entries.
CREATE TABLE appraisal_visit (
    id TEXT PRIMARY KEY,
    period_no INTEGER NOT NULL,
    unit_id TEXT NOT NULL REFERENCES org_unit (id),
    path TEXT NOT NULL,
    on_day TEXT NOT NULL,
    goers TEXT NOT NULL,
    purpose TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    created_by TEXT NOT NULL
);
CREATE INDEX appraisal_visit_period ON appraisal_visit (period_no, on_day);
-- What was found at one entry. The form is kept as typed; it may come from the field hours
-- after it was written. Each send has a number that the browser made, so that one that comes
-- twice counts once.
CREATE TABLE appraisal_sheet (
    visit_id TEXT NOT NULL REFERENCES appraisal_visit (id),
    entry_id TEXT NOT NULL REFERENCES practice_entry (id),
    place INTEGER NOT NULL,
    criteria_id TEXT NOT NULL,
    form JSON NOT NULL,
    closed BOOLEAN NOT NULL,
    version INTEGER NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    updated_by TEXT NOT NULL,
    PRIMARY KEY (visit_id, entry_id)
);
CREATE INDEX appraisal_sheet_entry ON appraisal_sheet (entry_id);
CREATE TABLE appraisal_send (
    id TEXT PRIMARY KEY,
    visit_id TEXT NOT NULL REFERENCES appraisal_visit (id),
    entry_id TEXT NOT NULL REFERENCES practice_entry (id),
    version INTEGER NOT NULL,
    at TIMESTAMP NOT NULL
);
CREATE INDEX appraisal_send_sheet ON appraisal_send (visit_id, entry_id);
