-- +goose Up
-- The keys by which this house signs what it sends up. The one that is not retired signs.
CREATE TABLE parcel_key (
    id TEXT PRIMARY KEY,
    public_key TEXT NOT NULL,
    private_key BYTEA NOT NULL,
    made_at TIMESTAMP NOT NULL,
    made_by TEXT NOT NULL,
    retired_at TIMESTAMP
);

-- Packages that were made: the manifest as it was signed, so that it is made the same again.
CREATE TABLE parcel_sent (
    id TEXT PRIMARY KEY,
    snapshot_id TEXT NOT NULL REFERENCES report_snapshot (id),
    key_id TEXT NOT NULL REFERENCES parcel_key (id),
    manifest BYTEA NOT NULL,
    signature BYTEA NOT NULL,
    made_at TIMESTAMP NOT NULL,
    made_by TEXT NOT NULL,
    UNIQUE (snapshot_id, key_id)
);

-- Keys of senders, each recorded by somebody who compared its fingerprint.
CREATE TABLE parcel_sender (
    id TEXT PRIMARY KEY,
    unit_id TEXT NOT NULL REFERENCES org_unit (id),
    public_key TEXT NOT NULL,
    told_by TEXT NOT NULL,
    confirmed_at TIMESTAMP NOT NULL,
    confirmed_by TEXT NOT NULL,
    withdrawn_at TIMESTAMP,
    withdrawn_by TEXT NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX parcel_sender_unit ON parcel_sender (unit_id, confirmed_at);

-- Packages that came in. The file is kept as it came; what it says never changes.
CREATE TABLE parcel_package (
    id TEXT PRIMARY KEY,
    unit_id TEXT NOT NULL REFERENCES org_unit (id),
    digest TEXT NOT NULL UNIQUE,
    file_hash TEXT NOT NULL,
    file_size BIGINT NOT NULL,
    public_key TEXT NOT NULL,
    report_hash TEXT NOT NULL,
    replaces TEXT NOT NULL,
    movement_code TEXT NOT NULL,
    movement_name TEXT NOT NULL,
    period_no INTEGER NOT NULL,
    period_name TEXT NOT NULL,
    as_of TEXT NOT NULL,
    version INTEGER NOT NULL,
    made_at TIMESTAMP NOT NULL,
    entries INTEGER NOT NULL,
    figures TEXT NOT NULL,
    received_at TIMESTAMP NOT NULL,
    received_by TEXT NOT NULL,
    state TEXT NOT NULL,
    movement_id TEXT REFERENCES movement_movement (id),
    into_period INTEGER NOT NULL,
    settled_at TIMESTAMP,
    settled_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    replaced_by TEXT NOT NULL
);
CREATE INDEX parcel_package_unit ON parcel_package (unit_id, received_at);
CREATE INDEX parcel_package_sum ON parcel_package (movement_id, into_period, state);

-- The entries of the packages that were accepted: no entry may come from two senders.
CREATE TABLE parcel_entry (
    package_id TEXT NOT NULL REFERENCES parcel_package (id),
    entry_id TEXT NOT NULL,
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    PRIMARY KEY (package_id, entry_id)
);
CREATE INDEX parcel_entry_entry ON parcel_entry (entry_id);
CREATE INDEX parcel_entry_code ON parcel_entry (code);

-- Which units are expected to send for a period, and until when. None chosen means every commune.
CREATE TABLE parcel_expected (
    movement_id TEXT NOT NULL REFERENCES movement_movement (id),
    period_no INTEGER NOT NULL,
    unit_id TEXT NOT NULL REFERENCES org_unit (id),
    due_on TEXT NOT NULL,
    PRIMARY KEY (movement_id, period_no, unit_id)
);
