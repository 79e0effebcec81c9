-- +goose Up
-- What a period is to reach. The version counts every change of its targets.
CREATE TABLE movement_target_plan (
    period_no INTEGER PRIMARY KEY REFERENCES movement_period (no),
    draft BOOLEAN NOT NULL,
    version INTEGER NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    updated_by TEXT NOT NULL
);
CREATE TABLE movement_unit_target (
    period_no INTEGER NOT NULL REFERENCES movement_target_plan (period_no),
    unit_id TEXT NOT NULL REFERENCES org_unit (id),
    figure TEXT NOT NULL,
    number INTEGER NOT NULL CHECK (number >= 0),
    PRIMARY KEY (period_no, unit_id, figure)
);
CREATE TABLE movement_field_target (
    period_no INTEGER NOT NULL REFERENCES movement_target_plan (period_no),
    national INTEGER NOT NULL CHECK (national BETWEEN 1 AND 4),
    figure TEXT NOT NULL,
    number INTEGER NOT NULL CHECK (number >= 0),
    PRIMARY KEY (period_no, national, figure)
);
