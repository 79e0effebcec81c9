-- +goose Up
CREATE TABLE movement_movement (
    id TEXT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    slogan TEXT NOT NULL,
    occasion TEXT NOT NULL,
    level TEXT NOT NULL CHECK (level IN ('commune', 'district', 'province', 'central')),
    unit_id TEXT NOT NULL REFERENCES org_unit (id),
    standing_body_id TEXT NOT NULL REFERENCES org_unit (id),
    upper_id TEXT REFERENCES movement_movement (id),
    follows_id TEXT REFERENCES movement_movement (id),
    launched_on TEXT NOT NULL,
    version INTEGER NOT NULL
);
-- A period has a number of its own in the whole house: acts and facts carry it.
CREATE TABLE movement_period (
    no INTEGER PRIMARY KEY,
    movement_id TEXT NOT NULL REFERENCES movement_movement (id),
    name TEXT NOT NULL,
    from_day TEXT NOT NULL,
    to_day TEXT NOT NULL,
    UNIQUE (movement_id, from_day)
);
CREATE TABLE movement_field (
    movement_id TEXT NOT NULL REFERENCES movement_movement (id),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    national INTEGER NOT NULL,
    place INTEGER NOT NULL,
    PRIMARY KEY (movement_id, code)
);
CREATE TABLE movement_paper (
    id TEXT PRIMARY KEY,
    movement_id TEXT NOT NULL REFERENCES movement_movement (id),
    kind TEXT NOT NULL CHECK (kind IN ('plan', 'guidance', 'decision')),
    number TEXT NOT NULL,
    signed_on TEXT NOT NULL,
    title TEXT NOT NULL,
    file_name TEXT NOT NULL,
    file_hash TEXT NOT NULL,
    file_size INTEGER NOT NULL
);
CREATE INDEX movement_paper_movement ON movement_paper (movement_id, signed_on);
