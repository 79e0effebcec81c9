-- +goose Up
-- Photos of articles, in their order; the first is the lead photo. What the camera sent is
-- not kept: only what was made anew of it, in one row for each width. Of a photo whose
-- consent was withdrawn the row stays as a record, without any width.
CREATE TABLE press_photo (
    id TEXT PRIMARY KEY,
    article_id TEXT NOT NULL REFERENCES press_article (id),
    place INTEGER NOT NULL,
    name TEXT NOT NULL,
    credit TEXT NOT NULL,
    alt TEXT NOT NULL,
    caption TEXT NOT NULL,
    people TEXT NOT NULL CHECK (people IN ('', 'none', 'agreed', 'withdrawn')),
    consent_of TEXT NOT NULL,
    consent_on TEXT,
    consent_by TEXT NOT NULL,
    withdrawn_on TEXT,
    withdrawn_note TEXT NOT NULL,
    added_at TIMESTAMP NOT NULL,
    added_by TEXT NOT NULL
);
CREATE INDEX press_photo_article ON press_photo (article_id, place);
CREATE TABLE press_rendition (
    photo_id TEXT NOT NULL REFERENCES press_photo (id),
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    size BIGINT NOT NULL,
    PRIMARY KEY (photo_id, width)
);
CREATE INDEX press_rendition_file ON press_rendition (sha256);
