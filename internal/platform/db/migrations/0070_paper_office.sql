-- +goose Up
-- How an office signs its numbers, from a day on until the next: its letters, and the term of
-- the committee in which papers of the Party are counted.
CREATE TABLE paper_office (
    unit_id TEXT NOT NULL REFERENCES org_unit (id),
    valid_from TEXT NOT NULL,
    letters TEXT NOT NULL,
    term TEXT NOT NULL,
    PRIMARY KEY (unit_id, valid_from)
);
