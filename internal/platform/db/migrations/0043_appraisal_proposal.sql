-- +goose Up
-- Recognised entries put before the level above, which appraises them anew.
CREATE TABLE appraisal_proposal (
    id TEXT PRIMARY KEY,
    period_no INTEGER NOT NULL,
    from_unit TEXT NOT NULL REFERENCES org_unit (id),
    from_path TEXT NOT NULL,
    to_unit TEXT NOT NULL REFERENCES org_unit (id),
    to_path TEXT NOT NULL,
    level TEXT NOT NULL CHECK (level IN ('commune', 'district', 'province', 'central')),
    paper_id TEXT NOT NULL REFERENCES appraisal_paper (id),
    note TEXT NOT NULL,
    sent_at TIMESTAMP NOT NULL,
    sent_by TEXT NOT NULL
);
CREATE INDEX appraisal_proposal_period ON appraisal_proposal (period_no, sent_at);
CREATE TABLE appraisal_proposal_entry (
    proposal_id TEXT NOT NULL REFERENCES appraisal_proposal (id),
    entry_id TEXT NOT NULL REFERENCES practice_entry (id),
    place INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('sent', 'returned')),
    reason TEXT NOT NULL,
    decided_at TIMESTAMP,
    decided_by TEXT NOT NULL,
    PRIMARY KEY (proposal_id, entry_id)
);
CREATE INDEX appraisal_proposal_entry_entry ON appraisal_proposal_entry (entry_id);
