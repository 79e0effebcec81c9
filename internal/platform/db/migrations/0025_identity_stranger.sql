-- +goose Up
-- Sessions of nobody hold a form that somebody typed; they are bounded by their number and
-- their bytes, of one network and in all. Those from before ended within half a day.
DELETE FROM identity_session WHERE account_id IS NULL;
ALTER TABLE identity_session ADD COLUMN network TEXT NOT NULL DEFAULT '';
ALTER TABLE identity_session ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
CREATE INDEX identity_session_stranger ON identity_session (created_at, id) WHERE account_id IS NULL;
