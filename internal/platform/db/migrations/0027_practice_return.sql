-- +goose Up
-- What was asked for when an entry was sent back: which parts, each with its words. Parts
-- that are not named stay closed; where none is named, all are open. The texts are kept as
-- they stood then, and as they stood when they came back.
CREATE TABLE practice_return (
    id TEXT PRIMARY KEY,
    entry_id TEXT NOT NULL REFERENCES practice_entry (id),
    round INTEGER NOT NULL,
    reasons TEXT NOT NULL,
    note TEXT NOT NULL,
    before JSON NOT NULL,
    after JSON,
    asked_at TIMESTAMP NOT NULL,
    asked_by TEXT NOT NULL,
    answered_at TIMESTAMP,
    answered_by TEXT NOT NULL,
    UNIQUE (entry_id, round)
);
CREATE TABLE practice_return_part (
    return_id TEXT NOT NULL REFERENCES practice_return (id),
    place INTEGER NOT NULL,
    part TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (return_id, place)
);
