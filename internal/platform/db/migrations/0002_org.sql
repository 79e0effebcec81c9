-- +goose Up
CREATE TABLE org_unit (
    id TEXT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    step TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN (
        'central', 'province', 'district', 'commune', 'neighbourhoodGroup', 'village', 'agency', 'party',
        'front', 'union', 'school', 'hospital', 'police', 'military', 'enterprise', 'religious', 'other')),
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    version INTEGER NOT NULL
);
-- What a unit was called, and on which level it stood, from when to when.
CREATE TABLE org_name (
    unit_id TEXT NOT NULL REFERENCES org_unit (id),
    name TEXT NOT NULL,
    level TEXT NOT NULL CHECK (level IN ('', 'commune', 'district', 'province', 'central')),
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    PRIMARY KEY (unit_id, valid_from)
);
-- A unit may have a parent in each tree; the link that counts makes the counting tree.
CREATE TABLE org_parent (
    unit_id TEXT NOT NULL REFERENCES org_unit (id),
    parent_id TEXT NOT NULL REFERENCES org_unit (id),
    tree TEXT NOT NULL CHECK (tree IN ('state', 'party', 'sector')),
    counts BOOLEAN NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    PRIMARY KEY (unit_id, tree, valid_from)
);
CREATE TABLE org_event (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('merge', 'split', 'rename', 'abolish', 'move')),
    effective_on TEXT NOT NULL,
    decision TEXT NOT NULL,
    note TEXT NOT NULL
);
CREATE TABLE org_succession (
    event_id TEXT NOT NULL REFERENCES org_event (id),
    from_unit TEXT NOT NULL REFERENCES org_unit (id),
    to_unit TEXT NOT NULL REFERENCES org_unit (id),
    whole BOOLEAN NOT NULL,
    PRIMARY KEY (event_id, from_unit, to_unit)
);
-- One row, counted up by every change, so that a process knows when its tree is old.
CREATE TABLE org_revision (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    revision BIGINT NOT NULL
);
INSERT INTO org_revision (id, revision) VALUES (1, 0);
