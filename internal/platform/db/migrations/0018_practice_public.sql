-- +goose Up
-- How far an agreement to publication goes, and the note that stays where something was
-- taken down.
ALTER TABLE practice_entry ADD COLUMN consent_named BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE practice_entry ADD COLUMN consent_detail BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE practice_entry ADD COLUMN taken_down_on TEXT;
ALTER TABLE practice_entry ADD COLUMN taken_down_note TEXT NOT NULL DEFAULT '';
