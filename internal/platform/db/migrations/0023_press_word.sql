-- +goose Up
-- Pairs of words in the title and the lead of published articles, each as a number, by the
-- article's number: articles that share uncommon ones stand beside each other.
CREATE TABLE press_word (
    pair BIGINT NOT NULL,
    no INTEGER NOT NULL,
    PRIMARY KEY (pair, no)
);
CREATE INDEX press_word_no ON press_word (no);
-- By which rules the pairs of an article were taken; 0 is not yet.
ALTER TABLE press_article ADD COLUMN words INTEGER NOT NULL DEFAULT 0;
CREATE INDEX press_article_words ON press_article (no) WHERE state = 'published' AND words = 0;
-- From which network a report came: of one network there are only so many.
ALTER TABLE press_report ADD COLUMN network TEXT NOT NULL DEFAULT '';
CREATE INDEX press_report_network ON press_report (network, at);
-- Addresses of readers who want an answer, which are forgotten after some time.
CREATE INDEX press_opinion_email ON press_opinion (at) WHERE email <> '';
