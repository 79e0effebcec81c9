-- +goose Up
-- Photos of articles and of practices, in the order of each; the first is the lead photo.
-- What the camera sent is not kept: only what was made anew of it, in one row for each
-- width. Of a photo whose consent was withdrawn the row stays as a record, without any
-- width. They were press_photo and press_rendition while articles alone had them.
CREATE TABLE photo_photo (
    id TEXT PRIMARY KEY,
    owner_kind TEXT NOT NULL CHECK (owner_kind IN ('article', 'entry')),
    owner_id TEXT NOT NULL,
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
CREATE INDEX photo_photo_owner ON photo_photo (owner_id, place);
CREATE TABLE photo_size (
    photo_id TEXT NOT NULL REFERENCES photo_photo (id),
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    size BIGINT NOT NULL,
    PRIMARY KEY (photo_id, width)
);
CREATE INDEX photo_size_file ON photo_size (sha256);
INSERT INTO photo_photo (id, owner_kind, owner_id, place, name, credit, alt, caption, people, consent_of, consent_on, consent_by,
    withdrawn_on, withdrawn_note, added_at, added_by)
SELECT id, 'article', article_id, place, name, credit, alt, caption, people, consent_of, consent_on, consent_by,
    withdrawn_on, withdrawn_note, added_at, added_by FROM press_photo;
INSERT INTO photo_size (photo_id, width, height, sha256, size) SELECT photo_id, width, height, sha256, size FROM press_rendition;
DROP TABLE press_rendition;
DROP TABLE press_photo;
