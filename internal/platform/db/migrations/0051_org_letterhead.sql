-- +goose Up
-- What stands at the head and the foot of a unit's papers, from a day on until the next.
CREATE TABLE org_letterhead (
    unit_id TEXT NOT NULL REFERENCES org_unit (id),
    valid_from TEXT NOT NULL,
    track TEXT NOT NULL CHECK (track IN ('state', 'party', 'front')),
    above TEXT NOT NULL,
    own TEXT NOT NULL,
    place TEXT NOT NULL,
    signing TEXT NOT NULL CHECK (signing IN ('', 'TM', 'KT', 'TL')),
    sign_for TEXT NOT NULL,
    title TEXT NOT NULL,
    signer TEXT NOT NULL,
    PRIMARY KEY (unit_id, valid_from)
);
