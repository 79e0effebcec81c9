-- +goose Up
-- An article may be about a conference, too. What a column may hold can be widened on both
-- engines only by making the table anew.
CREATE TABLE press_link_wider (
    article_id TEXT NOT NULL REFERENCES press_article (id),
    kind TEXT NOT NULL CHECK (kind IN ('practice', 'exemplar', 'decision', 'movement', 'conference')),
    target_id TEXT NOT NULL,
    PRIMARY KEY (article_id, kind, target_id)
);
INSERT INTO press_link_wider (article_id, kind, target_id) SELECT article_id, kind, target_id FROM press_link;
DROP TABLE press_link;
ALTER TABLE press_link_wider RENAME TO press_link;
CREATE INDEX press_link_target ON press_link (kind, target_id);
