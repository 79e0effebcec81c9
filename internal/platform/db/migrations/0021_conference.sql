-- +goose Up
-- The meetings of a movement. The version counts every change of a conference, its
-- programme, its speeches and the decisions that honour somebody at it.
CREATE TABLE conference_conference (
    id TEXT PRIMARY KEY,
    movement_id TEXT NOT NULL REFERENCES movement_movement (id),
    period_no INTEGER NOT NULL REFERENCES movement_period (no),
    kind TEXT NOT NULL CHECK (kind IN ('launch', 'interimReview', 'finalReview')),
    state TEXT NOT NULL CHECK (state IN ('planned', 'held', 'cancelled')),
    title TEXT NOT NULL,
    held_on TEXT NOT NULL,
    begins TEXT NOT NULL,
    place TEXT NOT NULL,
    occasion TEXT NOT NULL,
    presiding TEXT NOT NULL,
    guests TEXT NOT NULL,
    as_of TEXT,
    reason TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    updated_by TEXT NOT NULL
);
CREATE INDEX conference_conference_movement ON conference_conference (movement_id, held_on, id);
CREATE TABLE conference_item (
    conference_id TEXT NOT NULL REFERENCES conference_conference (id),
    place INTEGER NOT NULL,
    begins TEXT NOT NULL,
    what TEXT NOT NULL,
    who TEXT NOT NULL,
    PRIMARY KEY (conference_id, place)
);
CREATE TABLE conference_speech (
    conference_id TEXT NOT NULL REFERENCES conference_conference (id),
    place INTEGER NOT NULL,
    speaker TEXT NOT NULL,
    unit TEXT NOT NULL,
    title TEXT NOT NULL,
    entry_id TEXT REFERENCES practice_entry (id),
    exemplar_id TEXT REFERENCES practice_exemplar (id),
    PRIMARY KEY (conference_id, place)
);
-- Under which papers somebody is honoured at a conference.
CREATE TABLE conference_honour (
    conference_id TEXT NOT NULL REFERENCES conference_conference (id),
    decision_id TEXT NOT NULL REFERENCES ledger_decision (id),
    place INTEGER NOT NULL,
    PRIMARY KEY (conference_id, decision_id)
);
CREATE TABLE conference_paper (
    id TEXT PRIMARY KEY,
    conference_id TEXT NOT NULL REFERENCES conference_conference (id),
    kind TEXT NOT NULL CHECK (kind IN ('programme', 'report', 'speech', 'minutes', 'other')),
    title TEXT NOT NULL,
    file_name TEXT NOT NULL,
    file_kind TEXT NOT NULL CHECK (file_kind IN ('', 'pdf', 'docx', 'jpeg', 'png')),
    file_hash TEXT NOT NULL,
    file_size INTEGER NOT NULL,
    added_at TIMESTAMP NOT NULL,
    added_by TEXT NOT NULL
);
CREATE INDEX conference_paper_conference ON conference_paper (conference_id, added_at, id);
CREATE INDEX conference_paper_file ON conference_paper (file_hash) WHERE file_hash <> '';
-- Who is asked to come: a unit, or a guest by name. Nobody outside the desk sees them.
CREATE TABLE conference_invitation (
    id TEXT PRIMARY KEY,
    conference_id TEXT NOT NULL REFERENCES conference_conference (id),
    unit_id TEXT REFERENCES org_unit (id),
    guest TEXT NOT NULL,
    name_key TEXT NOT NULL COLLATE "C",
    seats INTEGER NOT NULL CHECK (seats >= 1),
    answer TEXT NOT NULL CHECK (answer IN ('pending', 'yes', 'no')),
    coming INTEGER NOT NULL CHECK (coming >= 0 AND coming <= seats),
    note TEXT NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    updated_by TEXT NOT NULL
);
CREATE INDEX conference_invitation_name ON conference_invitation (conference_id, name_key, id);
CREATE UNIQUE INDEX conference_invitation_unit ON conference_invitation (conference_id, unit_id) WHERE unit_id IS NOT NULL;
