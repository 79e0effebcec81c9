-- +goose Up
CREATE TABLE identity_account (
    id TEXT PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    unit_id TEXT REFERENCES org_unit (id),
    password_hash TEXT NOT NULL,
    must_change BOOLEAN NOT NULL,
    disabled BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL,
    version INTEGER NOT NULL
);
-- A role at a unit and all below it, from a day up to but not with another. No unit is
-- the whole house.
CREATE TABLE identity_grant (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES identity_account (id),
    role TEXT NOT NULL,
    unit_id TEXT REFERENCES org_unit (id),
    valid_from TEXT NOT NULL,
    valid_to TEXT
);
CREATE INDEX identity_grant_account ON identity_grant (account_id, valid_from);
-- Sign-ins that are under way or have failed. The key is a hash: of a login, or of an
-- address.
CREATE TABLE identity_throttle (
    key TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at TIMESTAMP NOT NULL,
    blocked_until TIMESTAMP
);
CREATE INDEX identity_throttle_last ON identity_throttle (last_at);
CREATE TABLE identity_session (
    token_hash TEXT PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account_id TEXT REFERENCES identity_account (id),
    data BYTEA NOT NULL,
    created_at TIMESTAMP NOT NULL,
    last_seen_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL
);
CREATE INDEX identity_session_account ON identity_session (account_id);
CREATE INDEX identity_session_expires ON identity_session (expires_at);
CREATE TABLE identity_token (
    id TEXT PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL REFERENCES identity_account (id),
    name TEXT NOT NULL,
    rights JSON NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_on TEXT NOT NULL,
    revoked_at TIMESTAMP,
    last_used_at TIMESTAMP
);
CREATE INDEX identity_token_account ON identity_token (account_id, created_at);
CREATE TABLE identity_notice (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES identity_account (id),
    message TEXT NOT NULL,
    args JSON NOT NULL,
    link TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    read_at TIMESTAMP
);
CREATE INDEX identity_notice_account ON identity_notice (account_id, id);
