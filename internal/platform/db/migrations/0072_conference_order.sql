-- +goose Up
-- What was made by hand at a conference beside the rule: in which order those honoured are
-- called, and where who was invited sits. Each change is a row of its own, by number; the
-- last one holds, and to undo is to take it off.
CREATE TABLE conference_order (
    conference_id TEXT NOT NULL REFERENCES conference_conference (id),
    kind TEXT NOT NULL CHECK (kind IN ('call', 'seating')),
    no INTEGER NOT NULL,
    body JSON NOT NULL,
    made_at TIMESTAMP NOT NULL,
    made_by TEXT NOT NULL,
    PRIMARY KEY (conference_id, kind, no)
);
