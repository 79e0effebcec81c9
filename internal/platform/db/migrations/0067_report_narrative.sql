-- +goose Up
-- The words of a report, each version as it was written: the latest one counts, and the
-- earlier ones stay.
CREATE TABLE report_narrative (
    movement_id TEXT NOT NULL REFERENCES movement_movement (id),
    period_no INTEGER NOT NULL,
    unit_id TEXT NOT NULL REFERENCES org_unit (id),
    version INTEGER NOT NULL,
    leadership TEXT NOT NULL,
    results TEXT NOT NULL,
    limits TEXT NOT NULL,
    directions TEXT NOT NULL,
    written_at TIMESTAMP NOT NULL,
    written_by TEXT NOT NULL,
    PRIMARY KEY (movement_id, period_no, unit_id, version)
);
