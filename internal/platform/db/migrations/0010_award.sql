-- +goose Up
-- Who was praised or awarded, under which paper, in which form, for which entry.
CREATE TABLE award_award (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('praise', 'award')),
    decision_id TEXT NOT NULL REFERENCES ledger_decision (id),
    exemplar_id TEXT NOT NULL REFERENCES practice_exemplar (id),
    entry_id TEXT REFERENCES practice_entry (id),
    track TEXT NOT NULL,
    form TEXT NOT NULL,
    achievement TEXT NOT NULL,
    period_no INTEGER NOT NULL REFERENCES movement_period (no),
    act_id TEXT NOT NULL REFERENCES ledger_act (id),
    recorded_at TIMESTAMP NOT NULL
);
CREATE INDEX award_award_decision ON award_award (decision_id);
CREATE INDEX award_award_exemplar ON award_award (exemplar_id);
