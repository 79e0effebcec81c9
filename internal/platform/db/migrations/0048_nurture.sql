-- +goose Up
-- What somebody told of a collective, a person or a household that could be an example. The
-- receipt is the hash of the code by which the one who told it sees what became of it. Who
-- told it is erased after some months.
CREATE TABLE nurture_introduction (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    kind INTEGER NOT NULL,
    unit_id TEXT NOT NULL REFERENCES org_unit (id),
    doing TEXT NOT NULL,
    by_name TEXT NOT NULL,
    by_contact TEXT NOT NULL,
    by_account TEXT NOT NULL,
    robot BOOLEAN NOT NULL,
    network TEXT NOT NULL,
    receipt TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'accepted', 'refused')),
    reason TEXT NOT NULL,
    exemplar_id TEXT REFERENCES practice_exemplar (id),
    at TIMESTAMP NOT NULL,
    decided_at TIMESTAMP,
    decided_by TEXT NOT NULL
);
CREATE INDEX nurture_introduction_state ON nurture_introduction (state, at, id);
CREATE INDEX nurture_introduction_network ON nurture_introduction (network, at);
CREATE INDEX nurture_introduction_name ON nurture_introduction (unit_id, folded);
-- What was done to nurture an exemplar, and what comes next.
CREATE TABLE nurture_note (
    id TEXT PRIMARY KEY,
    exemplar_id TEXT NOT NULL REFERENCES practice_exemplar (id),
    on_day TEXT NOT NULL,
    done TEXT NOT NULL,
    next_step TEXT NOT NULL,
    next_on TEXT,
    by_account TEXT NOT NULL,
    at TIMESTAMP NOT NULL
);
CREATE INDEX nurture_note_exemplar ON nurture_note (exemplar_id, on_day, id);
