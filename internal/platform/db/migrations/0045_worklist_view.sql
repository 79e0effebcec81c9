-- +goose Up
-- A saved view of the register: the part of its address that says what is shown, and how.
-- One that has a unit is shared with those who work there.
CREATE TABLE worklist_view (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    unit_id TEXT REFERENCES org_unit (id),
    name TEXT NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    query TEXT NOT NULL,
    version INTEGER NOT NULL,
    removed_at TIMESTAMP
);
CREATE INDEX worklist_view_account ON worklist_view (account_id, name_key);
CREATE INDEX worklist_view_unit ON worklist_view (unit_id, name_key);
-- The view with which an account begins.
CREATE TABLE worklist_default (
    account_id TEXT PRIMARY KEY,
    view_id TEXT NOT NULL REFERENCES worklist_view (id)
);
