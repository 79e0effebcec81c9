-- +goose Up
-- Registered after the last day of registration, by an officer for somebody.
ALTER TABLE practice_entry ADD COLUMN late BOOLEAN NOT NULL DEFAULT FALSE;
