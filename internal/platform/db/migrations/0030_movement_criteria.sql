-- +goose Up
-- A version of the criteria by which a kind of subject is scored; without a day it is the
-- draft. Points and weights are hundredths. What is in force is never changed.
CREATE TABLE movement_criteria (
    id TEXT PRIMARY KEY,
    movement_id TEXT NOT NULL REFERENCES movement_movement (id),
    kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 3),
    no INTEGER NOT NULL,
    in_force_on TEXT,
    bonus_cap INTEGER NOT NULL,
    reason TEXT NOT NULL,
    sample BOOLEAN NOT NULL,
    used BOOLEAN NOT NULL,
    version INTEGER NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    updated_by TEXT NOT NULL,
    UNIQUE (movement_id, kind, no)
);
CREATE UNIQUE INDEX movement_criteria_draft ON movement_criteria (movement_id, kind) WHERE in_force_on IS NULL;
CREATE TABLE movement_criteria_group (
    criteria_id TEXT NOT NULL REFERENCES movement_criteria (id),
    place INTEGER NOT NULL,
    name TEXT NOT NULL,
    cap INTEGER NOT NULL,
    PRIMARY KEY (criteria_id, place)
);
-- A criterion keeps its identity from version to version.
CREATE TABLE movement_criterion (
    criteria_id TEXT NOT NULL REFERENCES movement_criteria (id),
    id TEXT NOT NULL,
    group_place INTEGER NOT NULL,
    place INTEGER NOT NULL,
    name TEXT NOT NULL,
    help TEXT NOT NULL,
    most INTEGER NOT NULL CHECK (most > 0),
    weight INTEGER NOT NULL CHECK (weight > 0),
    bonus BOOLEAN NOT NULL,
    mandatory BOOLEAN NOT NULL,
    evidence TEXT NOT NULL CHECK (evidence IN ('', 'document', 'photo', 'figures', 'list', 'visit')),
    PRIMARY KEY (criteria_id, id)
);
