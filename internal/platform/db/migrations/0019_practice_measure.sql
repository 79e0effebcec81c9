-- +goose Up
-- What a practice set out to change, measured; numbers are ten-thousandths, or none.
CREATE TABLE practice_indicator (
    entry_id TEXT NOT NULL REFERENCES practice_entry (id),
    place INTEGER NOT NULL,
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    baseline BIGINT,
    target BIGINT,
    actual BIGINT,
    source TEXT NOT NULL,
    beneficiary TEXT NOT NULL CHECK (beneficiary IN ('', 'people', 'households', 'poor', 'women', 'children', 'elderly', 'minorities', 'collectives')),
    PRIMARY KEY (entry_id, place)
);
-- What went into it; the amount, in ten-thousandths, counts đồng, days of work, or what
-- the note says.
CREATE TABLE practice_resource (
    entry_id TEXT NOT NULL REFERENCES practice_entry (id),
    place INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('money', 'work', 'inKind')),
    amount BIGINT,
    note TEXT NOT NULL,
    funding TEXT NOT NULL CHECK (funding IN ('socialised', 'budget')),
    PRIMARY KEY (entry_id, place)
);
-- What readers were told of something published that was wrong. Nobody takes it away.
CREATE TABLE practice_correction (
    id TEXT PRIMARY KEY,
    entry_id TEXT NOT NULL REFERENCES practice_entry (id),
    note TEXT NOT NULL,
    corrected_at TIMESTAMP NOT NULL,
    corrected_by TEXT NOT NULL
);
CREATE INDEX practice_correction_entry ON practice_correction (entry_id, corrected_at);
-- Evidence: files that show what was done. One that was taken off can be put back until it
-- is deleted for good.
CREATE TABLE practice_document (
    id TEXT PRIMARY KEY,
    entry_id TEXT NOT NULL REFERENCES practice_entry (id),
    title TEXT NOT NULL,
    file_name TEXT NOT NULL,
    file_kind TEXT NOT NULL CHECK (file_kind IN ('pdf', 'docx', 'xlsx', 'jpeg', 'png')),
    file_hash TEXT NOT NULL,
    file_size BIGINT NOT NULL,
    shared BOOLEAN NOT NULL,
    added_at TIMESTAMP NOT NULL,
    added_by TEXT NOT NULL,
    removed_at TIMESTAMP,
    removed_by TEXT NOT NULL
);
CREATE INDEX practice_document_entry ON practice_document (entry_id, added_at);
CREATE INDEX practice_document_file ON practice_document (file_hash);
