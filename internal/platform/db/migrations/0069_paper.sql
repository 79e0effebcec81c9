-- +goose Up
-- What only the office knows of a paper: whose it is, its day, its number, who receives it,
-- and what is typed. A paper is named by its sort and the record that it is about.
CREATE TABLE paper_sheet (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    about TEXT NOT NULL,
    part TEXT NOT NULL,
    unit_id TEXT NOT NULL REFERENCES org_unit (id),
    profile TEXT NOT NULL CHECK (profile IN ('', 'state', 'party', 'front', 'youth')),
    dated TEXT,
    number TEXT NOT NULL,
    series TEXT NOT NULL,
    reserved BOOLEAN NOT NULL,
    recipients TEXT NOT NULL,
    texts JSON NOT NULL,
    version INTEGER NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    updated_by TEXT NOT NULL,
    UNIQUE (kind, about, part)
);
-- A number that was given, once in its series for ever.
CREATE TABLE paper_number (
    series TEXT NOT NULL,
    number INTEGER NOT NULL,
    sheet_id TEXT NOT NULL REFERENCES paper_sheet (id),
    reserved BOOLEAN NOT NULL,
    given_at TIMESTAMP NOT NULL,
    given_by TEXT NOT NULL,
    PRIMARY KEY (series, number)
);
CREATE INDEX paper_number_sheet ON paper_number (sheet_id);
