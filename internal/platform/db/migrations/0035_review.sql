-- +goose Up
-- A route belongs to the area of a unit, or to the whole house where there is none, and to
-- one movement, or to all.
CREATE TABLE review_route (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose IN ('registration', 'appraisal', 'proposal')),
    movement TEXT NOT NULL,
    unit_id TEXT REFERENCES org_unit (id),
    overseer_id TEXT REFERENCES org_unit (id),
    active_no INTEGER NOT NULL,
    version INTEGER NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    updated_by TEXT NOT NULL
);
-- What a route is, version by version. One that was switched on is never changed; the
-- steps are data, so that no level of the administration has a column of its own.
CREATE TABLE review_version (
    route_id TEXT NOT NULL REFERENCES review_route (id),
    no INTEGER NOT NULL,
    plan JSON NOT NULL,
    switched_on_at TIMESTAMP,
    updated_at TIMESTAMP NOT NULL,
    updated_by TEXT NOT NULL,
    PRIMARY KEY (route_id, no)
);
