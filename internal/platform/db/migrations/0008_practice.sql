-- +goose Up
-- Whoever stands behind practices, is found, praised, awarded: across years.
CREATE TABLE practice_exemplar (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    folded TEXT NOT NULL COLLATE "C",
    kind INTEGER NOT NULL,
    unit_id TEXT NOT NULL REFERENCES org_unit (id),
    note TEXT NOT NULL,
    introduced_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX practice_exemplar_name ON practice_exemplar (unit_id, folded);
-- The permanent identity of a practice.
CREATE TABLE practice_practice (
    id TEXT PRIMARY KEY,
    exemplar_id TEXT NOT NULL REFERENCES practice_exemplar (id),
    created_at TIMESTAMP NOT NULL
);
CREATE TABLE practice_counter (
    scope TEXT PRIMARY KEY,
    last INTEGER NOT NULL
);
-- A practice in one period. Its attributes as acts fixed them stand in the ledger;
-- here is what people wrote.
CREATE TABLE practice_entry (
    id TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practice_practice (id),
    period_no INTEGER NOT NULL REFERENCES movement_period (no),
    code TEXT NOT NULL UNIQUE,
    exemplar_id TEXT NOT NULL REFERENCES practice_exemplar (id),
    unit_id TEXT NOT NULL REFERENCES org_unit (id),
    subject_kind INTEGER NOT NULL,
    field_code TEXT NOT NULL,
    origin INTEGER NOT NULL,
    running BOOLEAN NOT NULL,
    title TEXT NOT NULL,
    rationale TEXT NOT NULL,
    goals TEXT NOT NULL,
    approach TEXT NOT NULL,
    area TEXT NOT NULL,
    forces TEXT NOT NULL,
    resources TEXT NOT NULL,
    outputs TEXT NOT NULL,
    sustainability TEXT NOT NULL,
    declared_by TEXT NOT NULL,
    typed_by TEXT NOT NULL,
    consent BOOLEAN NOT NULL,
    consent_note TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    updated_by TEXT NOT NULL,
    UNIQUE (practice_id, period_no)
);
CREATE INDEX practice_entry_exemplar ON practice_entry (exemplar_id, period_no);
CREATE INDEX practice_entry_consent ON practice_entry (period_no, id) WHERE consent;
CREATE TABLE practice_partner (
    entry_id TEXT NOT NULL REFERENCES practice_entry (id),
    unit_id TEXT NOT NULL REFERENCES org_unit (id),
    PRIMARY KEY (entry_id, unit_id)
);
CREATE INDEX practice_partner_unit ON practice_partner (unit_id);
