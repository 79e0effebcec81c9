-- +goose Up
-- What somebody is typing and has not handed in yet. The form is kept as typed, whole or
-- not, right or not. Of one that was handed in only what it became is kept for a while, so
-- that handing it in again leads to the same entry.
CREATE TABLE draft_draft (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    movement TEXT NOT NULL,
    title TEXT NOT NULL,
    missing INTEGER NOT NULL,
    form JSON NOT NULL,
    writer TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    discarded_at TIMESTAMP,
    entry_id TEXT REFERENCES practice_entry (id)
);
CREATE INDEX draft_draft_account ON draft_draft (account_id, updated_at);
-- Files that will come along with the entry.
CREATE TABLE draft_file (
    id TEXT PRIMARY KEY,
    draft_id TEXT NOT NULL REFERENCES draft_draft (id),
    kind TEXT NOT NULL CHECK (kind IN ('evidence', 'signedForm')),
    title TEXT NOT NULL,
    file_name TEXT NOT NULL,
    file_kind TEXT NOT NULL CHECK (file_kind IN ('pdf', 'docx', 'xlsx', 'jpeg', 'png')),
    file_hash TEXT NOT NULL,
    file_size BIGINT NOT NULL,
    added_at TIMESTAMP NOT NULL
);
CREATE INDEX draft_file_draft ON draft_file (draft_id, added_at);
CREATE INDEX draft_file_file ON draft_file (file_hash);
