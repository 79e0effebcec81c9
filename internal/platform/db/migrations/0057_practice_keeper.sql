-- +goose Up
-- Who looks after an entry in the place of the account that typed it, once that one has gone.
ALTER TABLE practice_entry ADD COLUMN keeper TEXT NOT NULL DEFAULT '';
