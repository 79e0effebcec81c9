-- +goose Up
-- What exemplars agreed to have kept and shown, when and how they said so, and when they
-- took it back; and what was given out or made anonymous on somebody's request. A request
-- keeps no name: only how many records of each kind it touched.
CREATE TABLE privacy_consent (
    id TEXT PRIMARY KEY,
    exemplar_id TEXT NOT NULL REFERENCES practice_exemplar (id),
    purpose TEXT NOT NULL CHECK (purpose IN ('record', 'publish', 'photo')),
    how TEXT NOT NULL CHECK (how IN ('paper', 'mail', 'spoken', 'online')),
    given_on TEXT NOT NULL,
    note TEXT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    recorded_by TEXT NOT NULL,
    withdrawn_on TEXT,
    withdrawn_note TEXT NOT NULL,
    withdrawn_by TEXT NOT NULL
);
CREATE INDEX privacy_consent_exemplar ON privacy_consent (exemplar_id, given_on, id);
CREATE TABLE privacy_request (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('export', 'anonymise')),
    unit_id TEXT REFERENCES org_unit (id),
    reason TEXT NOT NULL,
    counts JSON NOT NULL,
    at TIMESTAMP NOT NULL,
    by_account TEXT NOT NULL
);
CREATE INDEX privacy_request_at ON privacy_request (at, id);
