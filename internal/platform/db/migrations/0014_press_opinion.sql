-- +goose Up
-- What readers say of an article. A moderator reads each before others do. The receipt is
-- the hash of the code by which its writer follows or withdraws it; a withdrawn one keeps
-- its row and loses its words, its name and its address.
CREATE TABLE press_opinion (
    id TEXT PRIMARY KEY,
    article_id TEXT NOT NULL REFERENCES press_article (id),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'passed', 'refused', 'withdrawn')),
    doubt TEXT NOT NULL CHECK (doubt IN ('', 'robot', 'word', 'network', 'repeat')),
    doubt_word TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    digest TEXT NOT NULL,
    email TEXT NOT NULL,
    wanted BOOLEAN NOT NULL,
    network TEXT NOT NULL,
    receipt TEXT NOT NULL UNIQUE,
    at TIMESTAMP NOT NULL,
    decided_at TIMESTAMP,
    decided_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    reason_text TEXT NOT NULL,
    answer TEXT NOT NULL,
    answered_at TIMESTAMP,
    answered_by TEXT NOT NULL,
    reports INTEGER NOT NULL,
    reports_seen INTEGER NOT NULL
);
CREATE INDEX press_opinion_shown ON press_opinion (article_id, at, id) WHERE state = 'passed';
CREATE INDEX press_opinion_state ON press_opinion (state, at, id);
CREATE INDEX press_opinion_reported ON press_opinion (at, id) WHERE state = 'passed' AND reports > reports_seen;
CREATE INDEX press_opinion_network ON press_opinion (network, at);
CREATE INDEX press_opinion_digest ON press_opinion (digest, at);
-- One report of one device of one opinion.
CREATE TABLE press_report (
    opinion_id TEXT NOT NULL REFERENCES press_opinion (id),
    device TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    PRIMARY KEY (opinion_id, device)
);
-- Words and networks whose opinions are set aside for a second look.
CREATE TABLE press_block (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('word', 'network')),
    value TEXT NOT NULL,
    note TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    by_account TEXT NOT NULL,
    UNIQUE (kind, value)
);
