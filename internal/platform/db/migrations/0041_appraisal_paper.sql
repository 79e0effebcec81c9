-- +goose Up
-- A paper between appraisal and recognition: minutes of the base's selection, minutes of the
-- appraisal, the letter of submission; made from the data, or a file. It is never changed; a
-- wrong one is voided with a reason.
CREATE TABLE appraisal_paper (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('selection', 'appraisal', 'submission')),
    period_no INTEGER NOT NULL,
    unit_id TEXT NOT NULL REFERENCES org_unit (id),
    path TEXT NOT NULL,
    level TEXT NOT NULL CHECK (level IN ('', 'commune', 'district', 'province', 'central')),
    number TEXT NOT NULL,
    on_day TEXT NOT NULL,
    place TEXT NOT NULL,
    addressee TEXT NOT NULL,
    chair TEXT NOT NULL,
    secretary TEXT NOT NULL,
    present TEXT NOT NULL,
    absent TEXT NOT NULL,
    conclusions TEXT NOT NULL,
    file_name TEXT NOT NULL,
    file_kind TEXT NOT NULL,
    file_hash TEXT NOT NULL,
    file_size BIGINT NOT NULL,
    made_at TIMESTAMP NOT NULL,
    made_by TEXT NOT NULL,
    voided_at TIMESTAMP,
    voided_by TEXT NOT NULL,
    void_reason TEXT NOT NULL
);
CREATE INDEX appraisal_paper_period ON appraisal_paper (period_no, on_day);
CREATE INDEX appraisal_paper_file ON appraisal_paper (file_hash) WHERE file_hash <> '';
-- The entries of a paper as they were named when it was made.
CREATE TABLE appraisal_paper_entry (
    paper_id TEXT NOT NULL REFERENCES appraisal_paper (id),
    entry_id TEXT NOT NULL REFERENCES practice_entry (id),
    place INTEGER NOT NULL,
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    unit_name TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('', 'failed', 'passed', 'recognise', 'typical')),
    points INTEGER NOT NULL,
    votes_for INTEGER NOT NULL,
    votes_of INTEGER NOT NULL,
    PRIMARY KEY (paper_id, entry_id)
);
CREATE INDEX appraisal_paper_entry_entry ON appraisal_paper_entry (entry_id);
