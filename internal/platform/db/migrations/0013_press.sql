-- +goose Up
-- What the movement tells the public. An article's number is part of its address, and
-- stays when the title changes.
CREATE TABLE press_article (
    id TEXT PRIMARY KEY,
    no INTEGER NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('draft', 'review', 'approved', 'scheduled', 'published', 'archived')),
    unit_id TEXT NOT NULL REFERENCES org_unit (id),
    category TEXT NOT NULL,
    title TEXT NOT NULL,
    slug TEXT NOT NULL,
    lead TEXT NOT NULL,
    body TEXT NOT NULL,
    author TEXT NOT NULL,
    source_name TEXT NOT NULL,
    source_url TEXT NOT NULL,
    event TEXT NOT NULL,
    event_on TEXT,
    tags TEXT NOT NULL,
    folded TEXT NOT NULL,
    publish_at TIMESTAMP,
    published_at TIMESTAMP,
    corrected_at TIMESTAMP,
    correction TEXT NOT NULL,
    archived_on TEXT,
    archive_note TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    updated_by TEXT NOT NULL
);
CREATE INDEX press_article_published ON press_article (published_at, no) WHERE state = 'published';
CREATE INDEX press_article_category ON press_article (category, published_at, no) WHERE state = 'published';
CREATE INDEX press_article_state ON press_article (state, updated_at, id);
CREATE INDEX press_article_due ON press_article (publish_at) WHERE state = 'scheduled';
CREATE TABLE press_counter (
    scope TEXT PRIMARY KEY,
    last INTEGER NOT NULL
);
-- Every wording that an article has had: what an editor compares, and what a correction
-- of a published fact stays beside.
CREATE TABLE press_version (
    article_id TEXT NOT NULL REFERENCES press_article (id),
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    title TEXT NOT NULL,
    lead TEXT NOT NULL,
    body TEXT NOT NULL,
    note TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    by_account TEXT NOT NULL,
    PRIMARY KEY (article_id, version)
);
CREATE TABLE press_tag (
    tag TEXT NOT NULL,
    article_id TEXT NOT NULL REFERENCES press_article (id),
    PRIMARY KEY (tag, article_id)
);
CREATE INDEX press_tag_article ON press_tag (article_id);
-- What an article is about: records of other rooms, by their identity.
CREATE TABLE press_link (
    article_id TEXT NOT NULL REFERENCES press_article (id),
    kind TEXT NOT NULL CHECK (kind IN ('practice', 'exemplar', 'decision', 'movement')),
    target_id TEXT NOT NULL,
    PRIMARY KEY (article_id, kind, target_id)
);
CREATE INDEX press_link_target ON press_link (kind, target_id);
-- One rating of one device of one article. What looks like a robot, a flood or a brigade
-- is kept beside and not counted, with the reason; a moderator sees it and may count it.
CREATE TABLE press_vote (
    article_id TEXT NOT NULL REFERENCES press_article (id),
    device TEXT NOT NULL,
    score INTEGER NOT NULL CHECK (score BETWEEN 1 AND 5),
    network TEXT NOT NULL,
    aside TEXT NOT NULL CHECK (aside IN ('', 'robot', 'flood', 'brigade')),
    at TIMESTAMP NOT NULL,
    PRIMARY KEY (article_id, device)
);
CREATE INDEX press_vote_network ON press_vote (article_id, network, at);
CREATE INDEX press_vote_aside ON press_vote (article_id, aside) WHERE aside <> '';
-- The counted ratings of an article; revision grows with every change of it.
CREATE TABLE press_tally (
    article_id TEXT PRIMARY KEY REFERENCES press_article (id),
    n1 INTEGER NOT NULL,
    n2 INTEGER NOT NULL,
    n3 INTEGER NOT NULL,
    n4 INTEGER NOT NULL,
    n5 INTEGER NOT NULL,
    aside INTEGER NOT NULL,
    standing INTEGER NOT NULL,
    revision BIGINT NOT NULL
);
CREATE INDEX press_tally_standing ON press_tally (standing, article_id);
-- Secrets of this house: the key under which networks are hashed.
CREATE TABLE press_key (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
