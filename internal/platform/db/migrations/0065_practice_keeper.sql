-- +goose Up
-- What an account was handed is looked for beside what it typed.
CREATE INDEX practice_entry_keeper ON practice_entry (keeper, period_no, created_at);
