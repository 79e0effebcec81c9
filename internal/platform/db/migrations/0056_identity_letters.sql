-- +goose Up
-- Whether what an account has notices of goes to its address too, and when the last letter
-- of that kind was written: at most one a day.
ALTER TABLE identity_account ADD COLUMN letters BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE identity_account ADD COLUMN digest_at TIMESTAMP;
