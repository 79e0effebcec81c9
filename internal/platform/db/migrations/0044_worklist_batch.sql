-- +goose Up
-- What was done to many entries at once: by whom, when, to how many, and whether it was
-- taken back.
CREATE TABLE worklist_batch (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    unit_id TEXT REFERENCES org_unit (id),
    action TEXT NOT NULL,
    period_no INTEGER NOT NULL,
    on_day TEXT,
    reason TEXT NOT NULL,
    object_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'failed')),
    failure TEXT NOT NULL,
    chosen INTEGER NOT NULL,
    done INTEGER NOT NULL,
    kept INTEGER NOT NULL,
    made_at TIMESTAMP NOT NULL,
    done_at TIMESTAMP,
    undone_at TIMESTAMP,
    undone_by TEXT NOT NULL
);
CREATE INDEX worklist_batch_made ON worklist_batch (made_at);
-- What became of each entry of a batch. The act is what is voided when it is taken back.
CREATE TABLE worklist_batch_item (
    batch_id TEXT NOT NULL REFERENCES worklist_batch (id),
    entry_id TEXT NOT NULL REFERENCES practice_entry (id),
    act_id TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('waiting', 'done', 'left', 'undone', 'kept')),
    why TEXT NOT NULL,
    PRIMARY KEY (batch_id, entry_id)
);
