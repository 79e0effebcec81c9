-- +goose Up
-- A job that is done is deleted. due_at is when a waiting job may start, and when the
-- lease of a running one ends.
CREATE TABLE jobs_job (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    payload JSON NOT NULL,
    unique_key TEXT,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'dead')),
    due_at TIMESTAMP NOT NULL,
    claim TEXT,
    attempts INTEGER NOT NULL,
    last_error TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX jobs_job_unique ON jobs_job (unique_key) WHERE state = 'waiting' AND unique_key IS NOT NULL;
CREATE INDEX jobs_job_due ON jobs_job (due_at, id) WHERE state <> 'dead';
CREATE INDEX jobs_job_state ON jobs_job (state, due_at);
CREATE TABLE jobs_schedule (
    name TEXT PRIMARY KEY,
    next_at TIMESTAMP NOT NULL
);
