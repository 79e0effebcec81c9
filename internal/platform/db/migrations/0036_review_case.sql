-- +goose Up
-- A case is a subject on its way along one version of a route. Phase and step follow from
-- its events.
CREATE TABLE review_case (
    id TEXT PRIMARY KEY,
    route_id TEXT NOT NULL REFERENCES review_route (id),
    version_no INTEGER NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    unit_id TEXT NOT NULL REFERENCES org_unit (id),
    movement TEXT NOT NULL,
    kind TEXT NOT NULL,
    field TEXT NOT NULL,
    registrant TEXT NOT NULL,
    phase TEXT NOT NULL CHECK (phase IN ('open', 'registrant', 'passed', 'refused', 'withdrawn', 'takenOut')),
    step INTEGER NOT NULL,
    started_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX review_case_running ON review_case (subject_kind, subject_id) WHERE phase IN ('open', 'registrant');
CREATE INDEX review_case_subject ON review_case (subject_kind, subject_id, started_at);
CREATE INDEX review_case_route ON review_case (route_id, version_no);
-- Everything that happened to a case, append only. Who voted in whose place is kept.
CREATE TABLE review_event (
    case_id TEXT NOT NULL REFERENCES review_case (id),
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    step INTEGER NOT NULL,
    grp INTEGER NOT NULL,
    by_account TEXT NOT NULL,
    for_account TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    detail JSON NOT NULL,
    PRIMARY KEY (case_id, seq)
);
-- Whose vote is awaited: it follows from the events, for lists.
CREATE TABLE review_seat (
    case_id TEXT NOT NULL REFERENCES review_case (id),
    step INTEGER NOT NULL,
    grp INTEGER NOT NULL,
    account_id TEXT NOT NULL REFERENCES identity_account (id),
    since TEXT NOT NULL,
    days INTEGER NOT NULL,
    PRIMARY KEY (case_id, step, grp, account_id)
);
CREATE INDEX review_seat_account ON review_seat (account_id, since);
