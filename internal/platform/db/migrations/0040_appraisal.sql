-- +goose Up
-- What a unit tells about an entry on a day: progress, its inauguration, its result. Actuals
-- are the numbers of the entry's indicators as they were told.
CREATE TABLE appraisal_note (
    id TEXT PRIMARY KEY,
    entry_id TEXT NOT NULL REFERENCES practice_entry (id),
    kind TEXT NOT NULL CHECK (kind IN ('progress', 'inauguration', 'result')),
    on_day TEXT NOT NULL,
    body TEXT NOT NULL,
    outputs TEXT NOT NULL,
    evidence TEXT NOT NULL,
    actuals JSON NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('sent', 'returned', 'accepted')),
    reason TEXT NOT NULL,
    version INTEGER NOT NULL,
    sent_at TIMESTAMP NOT NULL,
    sent_by TEXT NOT NULL,
    decided_at TIMESTAMP,
    decided_by TEXT NOT NULL
);
CREATE INDEX appraisal_note_entry ON appraisal_note (entry_id, on_day);
CREATE INDEX appraisal_note_waiting ON appraisal_note (sent_at) WHERE state = 'sent';
-- The appraisal of an entry by one level: the level that received it has no proposal, each
-- level above has that by which the entry came to it. Its verdict rests on the version of
-- the criteria by which it was given.
CREATE TABLE appraisal_appraisal (
    id TEXT PRIMARY KEY,
    entry_id TEXT NOT NULL REFERENCES practice_entry (id),
    proposal_id TEXT NOT NULL,
    criteria_id TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('', 'failed', 'passed', 'recognise', 'typical')),
    reason TEXT NOT NULL,
    points INTEGER NOT NULL,
    version INTEGER NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    updated_by TEXT NOT NULL,
    UNIQUE (entry_id, proposal_id)
);
-- Points are hundredths. What was given by an earlier version of the criteria stays.
CREATE TABLE appraisal_score (
    appraisal_id TEXT NOT NULL REFERENCES appraisal_appraisal (id),
    criteria_id TEXT NOT NULL,
    criterion_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('self', 'verified', 'final')),
    points INTEGER NOT NULL CHECK (points >= 0),
    remark TEXT NOT NULL,
    evidence TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    by_account TEXT NOT NULL,
    PRIMARY KEY (appraisal_id, criteria_id, criterion_id, kind)
);
