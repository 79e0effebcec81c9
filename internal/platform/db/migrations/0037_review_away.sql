-- +goose Up
-- Who is away from a day to another, both included, and who votes meanwhile.
CREATE TABLE review_away (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES identity_account (id),
    stand_in_id TEXT NOT NULL REFERENCES identity_account (id),
    from_day TEXT NOT NULL,
    to_day TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    created_by TEXT NOT NULL
);
CREATE INDEX review_away_account ON review_away (account_id, to_day);
CREATE INDEX review_away_stand_in ON review_away (stand_in_id, to_day);
