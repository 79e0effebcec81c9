-- +goose Up
-- What runs across the fields: tasks that came up, occasions, campaigns; each of a movement
-- and with its days.
CREATE TABLE practice_tag (
    id TEXT PRIMARY KEY,
    movement_id TEXT NOT NULL REFERENCES movement_movement (id),
    kind TEXT NOT NULL CHECK (kind IN ('urgentTask', 'occasion', 'campaign')),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL COLLATE "C",
    from_day TEXT,
    to_day TEXT,
    version INTEGER NOT NULL,
    UNIQUE (movement_id, name)
);
CREATE TABLE practice_entry_tag (
    entry_id TEXT NOT NULL REFERENCES practice_entry (id),
    tag_id TEXT NOT NULL REFERENCES practice_tag (id),
    PRIMARY KEY (entry_id, tag_id)
);
CREATE INDEX practice_entry_tag_tag ON practice_entry_tag (tag_id, entry_id);
-- Where it is, in words; and whether it is followed closely, since when and on whose word.
ALTER TABLE practice_entry ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE practice_entry ADD COLUMN focus_at TIMESTAMP;
ALTER TABLE practice_entry ADD COLUMN focus_by TEXT NOT NULL DEFAULT '';
CREATE INDEX practice_entry_focus ON practice_entry (period_no, id) WHERE focus_at IS NOT NULL;
-- The paper that was signed is told apart from what shows what was done.
ALTER TABLE practice_document ADD COLUMN kind TEXT NOT NULL DEFAULT 'evidence' CHECK (kind IN ('evidence', 'signedForm'));
CREATE INDEX practice_entry_typed ON practice_entry (typed_by, period_no, created_at);
