-- +goose Up
-- The papers on which acts rest: a number stands once per authority and year.
CREATE TABLE ledger_decision (
    id TEXT PRIMARY KEY,
    paper TEXT NOT NULL CHECK (paper IN ('decision', 'minutes')),
    number TEXT NOT NULL,
    number_key TEXT,
    authority_id TEXT NOT NULL REFERENCES org_unit (id),
    authority_path TEXT NOT NULL COLLATE "C",
    year INTEGER NOT NULL,
    level TEXT NOT NULL CHECK (level IN ('', 'commune', 'district', 'province', 'central')),
    signed_on TEXT NOT NULL,
    effective_on TEXT NOT NULL,
    signer TEXT NOT NULL,
    title TEXT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    UNIQUE (authority_id, year, number_key)
);
-- The acts. A row is never changed and never removed.
CREATE TABLE ledger_act (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    period_no INTEGER NOT NULL,
    entry_id TEXT,
    subject_id TEXT,
    item_id TEXT,
    target_id TEXT REFERENCES ledger_act (id),
    decision_id TEXT REFERENCES ledger_decision (id),
    level TEXT NOT NULL,
    form TEXT NOT NULL,
    effective_on TEXT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    account_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    unit_id TEXT REFERENCES org_unit (id),
    path TEXT COLLATE "C",
    subject_kind INTEGER,
    field INTEGER,
    origin INTEGER,
    attr_subject TEXT
);
CREATE INDEX ledger_act_entry ON ledger_act (entry_id, id);
CREATE INDEX ledger_act_subject ON ledger_act (subject_id, period_no, id);
CREATE INDEX ledger_act_item ON ledger_act (item_id, id);
CREATE INDEX ledger_act_decision ON ledger_act (decision_id, id);
-- One derived row for each entry: who and what it is, and the days between which each
-- act was in force, as whole days since 31 December 1999; 32767 is "never".
CREATE TABLE ledger_entry_fact (
    entry_id TEXT PRIMARY KEY,
    period_no INTEGER NOT NULL,
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    folded TEXT NOT NULL COLLATE "C",
    name_key TEXT NOT NULL COLLATE "C",
    unit_id TEXT NOT NULL REFERENCES org_unit (id),
    path TEXT NOT NULL COLLATE "C",
    subject_id TEXT NOT NULL,
    subject_kind INTEGER NOT NULL,
    field INTEGER NOT NULL,
    origin INTEGER NOT NULL,
    status INTEGER NOT NULL,
    irregular BOOLEAN NOT NULL,
    shared BOOLEAN NOT NULL,
    registered_on INTEGER NOT NULL,
    registered_off INTEGER NOT NULL,
    received_on INTEGER NOT NULL,
    received_off INTEGER NOT NULL,
    started_on INTEGER NOT NULL,
    recognised_on INTEGER NOT NULL,
    recognised_off INTEGER NOT NULL,
    commune_on INTEGER NOT NULL,
    commune_off INTEGER NOT NULL,
    district_on INTEGER NOT NULL,
    district_off INTEGER NOT NULL,
    province_on INTEGER NOT NULL,
    province_off INTEGER NOT NULL,
    central_on INTEGER NOT NULL,
    central_off INTEGER NOT NULL,
    typical_on INTEGER NOT NULL,
    typical_off INTEGER NOT NULL,
    replicated_on INTEGER NOT NULL,
    suspended_on INTEGER NOT NULL,
    suspended_off INTEGER NOT NULL,
    ended_on INTEGER NOT NULL,
    ended_off INTEGER NOT NULL
);
CREATE INDEX ledger_entry_fact_name ON ledger_entry_fact
    (period_no, name_key, entry_id, path, subject_kind, field, origin, status, registered_on, folded);
CREATE INDEX ledger_entry_fact_day ON ledger_entry_fact
    (period_no, registered_on, entry_id, path, subject_kind, field, origin, status, folded);
CREATE INDEX ledger_entry_fact_path ON ledger_entry_fact
    (period_no, path, subject_kind, field, origin, status, registered_on, folded);
CREATE INDEX ledger_entry_fact_status ON ledger_entry_fact
    (period_no, status, path, subject_kind, field, origin, registered_on, folded);
CREATE INDEX ledger_entry_fact_funnel ON ledger_entry_fact
    (period_no, path, subject_kind, field, origin, irregular, registered_on, registered_off, received_on, received_off,
     started_on, recognised_on, recognised_off, commune_on, commune_off, district_on, district_off, province_on,
     province_off, central_on, central_off, typical_on, typical_off, replicated_on, suspended_on, suspended_off,
     ended_on, ended_off);
CREATE INDEX ledger_entry_fact_subject ON ledger_entry_fact (subject_id, period_no);
CREATE INDEX ledger_entry_fact_irregular ON ledger_entry_fact (period_no, entry_id) WHERE irregular;
CREATE INDEX ledger_entry_fact_shared ON ledger_entry_fact
    (period_no, path, subject_id, irregular, shared, registered_on, registered_off, received_on, received_off, started_on,
     recognised_on, recognised_off, commune_on, commune_off, district_on, district_off, province_on, province_off,
     central_on, central_off, typical_on, typical_off, replicated_on, suspended_on, suspended_off, ended_on, ended_off)
    WHERE shared;
-- One derived row for each subject in a period.
CREATE TABLE ledger_subject_fact (
    period_no INTEGER NOT NULL,
    subject_id TEXT NOT NULL,
    title TEXT NOT NULL,
    name_key TEXT NOT NULL COLLATE "C",
    unit_id TEXT NOT NULL REFERENCES org_unit (id),
    path TEXT NOT NULL COLLATE "C",
    subject_kind INTEGER NOT NULL,
    field INTEGER NOT NULL,
    irregular BOOLEAN NOT NULL,
    found_on INTEGER NOT NULL,
    found_off INTEGER NOT NULL,
    praised_on INTEGER NOT NULL,
    awarded_on INTEGER NOT NULL,
    awarded_off INTEGER NOT NULL,
    PRIMARY KEY (period_no, subject_id)
);
CREATE INDEX ledger_subject_fact_funnel ON ledger_subject_fact
    (period_no, path, subject_kind, field, irregular, found_on, found_off, praised_on, awarded_on, awarded_off);
CREATE INDEX ledger_subject_fact_irregular ON ledger_subject_fact (period_no, subject_id) WHERE irregular;
CREATE INDEX ledger_subject_fact_name ON ledger_subject_fact (period_no, name_key, subject_id);
-- One derived row for each award given and each adoption.
CREATE TABLE ledger_item_fact (
    item_id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('award', 'praise', 'adoption')),
    period_no INTEGER NOT NULL,
    unit_id TEXT NOT NULL REFERENCES org_unit (id),
    path TEXT NOT NULL COLLATE "C",
    subject_id TEXT NOT NULL,
    subject_kind INTEGER NOT NULL,
    field INTEGER NOT NULL,
    form TEXT NOT NULL,
    level TEXT NOT NULL,
    begun_on INTEGER NOT NULL,
    begun_off INTEGER NOT NULL
);
CREATE INDEX ledger_item_fact_period ON ledger_item_fact (kind, period_no, path);
