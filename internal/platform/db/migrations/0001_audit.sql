-- +goose Up
CREATE TABLE audit_entry (
    seq BIGINT PRIMARY KEY,
    at TIMESTAMP NOT NULL,
    account_id TEXT NOT NULL,
    login TEXT NOT NULL,
    via TEXT NOT NULL,
    os_user TEXT NOT NULL,
    action TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id TEXT NOT NULL,
    detail JSON NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX audit_entry_object ON audit_entry (object_kind, object_id, seq);
