-- +goose Up
-- Letters that go out by mail, or went. due_at is when a waiting one may be tried, and when
-- the claim of one that is being sent runs out. What is private loses its address when
-- it was sent, given up, or too old.
CREATE TABLE outbox_letter (
    id TEXT PRIMARY KEY,
    unit_id TEXT NOT NULL REFERENCES org_unit (id),
    about_kind TEXT NOT NULL,
    about_id TEXT NOT NULL,
    recipient TEXT NOT NULL,
    private BOOLEAN NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    link TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed', 'cancelled', 'expired')),
    attempts INTEGER NOT NULL,
    due_at TIMESTAMP NOT NULL,
    last_error TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    created_by TEXT NOT NULL,
    settled_at TIMESTAMP
);
CREATE INDEX outbox_letter_due ON outbox_letter (due_at, id) WHERE state = 'waiting';
CREATE INDEX outbox_letter_created ON outbox_letter (created_at, id);
CREATE INDEX outbox_letter_about ON outbox_letter (about_kind, about_id);
CREATE INDEX outbox_letter_private ON outbox_letter (created_at) WHERE private AND recipient <> '';
