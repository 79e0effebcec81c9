-- +goose Up
CREATE TABLE movement_phase (
    id TEXT PRIMARY KEY,
    period_no INTEGER NOT NULL REFERENCES movement_period (no),
    kind TEXT NOT NULL CHECK (kind IN ('registration', 'visits', 'appraisal', 'recognition', 'wrapUp', 'other')),
    name TEXT NOT NULL,
    opens_on TEXT NOT NULL,
    closes_on TEXT NOT NULL,
    grace INTEGER NOT NULL CHECK (grace >= 0),
    rolls BOOLEAN NOT NULL,
    reopened_until TEXT,
    reopened_reason TEXT NOT NULL,
    reopened_by TEXT NOT NULL,
    sample BOOLEAN NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX movement_phase_period ON movement_phase (period_no, opens_on, id);
CREATE TABLE movement_duty (
    id TEXT PRIMARY KEY,
    period_no INTEGER NOT NULL REFERENCES movement_period (no),
    phase_id TEXT REFERENCES movement_phase (id),
    title TEXT NOT NULL,
    unit_id TEXT REFERENCES org_unit (id),
    account_id TEXT REFERENCES identity_account (id),
    due_on TEXT NOT NULL,
    note TEXT NOT NULL,
    done_at TIMESTAMP,
    done_by TEXT NOT NULL,
    sample BOOLEAN NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX movement_duty_period ON movement_duty (period_no, due_on, id);
CREATE INDEX movement_duty_open ON movement_duty (due_on, id) WHERE done_at IS NULL;
-- A reminder goes out once for a day on which the duty was due.
CREATE TABLE movement_reminder (
    duty_id TEXT NOT NULL,
    step TEXT NOT NULL CHECK (step IN ('week', 'day', 'overdue')),
    due_on TEXT NOT NULL,
    told INTEGER NOT NULL,
    sent_at TIMESTAMP NOT NULL,
    PRIMARY KEY (duty_id, step, due_on)
);
-- Days off that move from year to year. Those with a fixed day are known to the program.
CREATE TABLE movement_holiday (
    day TEXT PRIMARY KEY,
    name TEXT NOT NULL
);
