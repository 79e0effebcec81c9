-- +goose Up
CREATE TABLE rulebook_setting (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
-- Award forms as dated data: which track and level may give them, from when to when.
CREATE TABLE rulebook_award_form (
    code TEXT NOT NULL,
    track TEXT NOT NULL CHECK (track IN ('state', 'party', 'front')),
    level TEXT NOT NULL CHECK (level IN ('commune', 'district', 'province', 'central')),
    name_vi TEXT NOT NULL,
    name_en TEXT NOT NULL,
    citation TEXT NOT NULL,
    confirmed BOOLEAN NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    PRIMARY KEY (code, track, level, valid_from)
);
