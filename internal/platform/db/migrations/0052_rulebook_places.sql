-- +goose Up
-- A newer list of the country's places than the one that the program brings along; at most
-- one row.
CREATE TABLE rulebook_places (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    content TEXT NOT NULL
);
