-- +goose Up
-- All days of a fact row in one short text (packed.go of the ledger says how), in an index
-- by unit: the figures of a period are read with one row for each unit. The program writes
-- those of irregular rows itself; it finds what is still empty by an index of its own.
ALTER TABLE ledger_entry_fact ADD COLUMN days TEXT NOT NULL DEFAULT '';
ALTER TABLE ledger_subject_fact ADD COLUMN days TEXT NOT NULL DEFAULT '';
UPDATE ledger_entry_fact SET days = CAST(subject_kind AS TEXT) || CAST(field AS TEXT) || CAST(origin AS TEXT) ||
    CASE WHEN registered_on < 32767 THEN 'a' || CAST(registered_on AS TEXT) ELSE '' END ||
    CASE WHEN registered_off < 32767 THEN ':' || CAST(registered_off AS TEXT) ELSE '' END ||
    CASE WHEN received_on < 32767 THEN 'b' || CAST(received_on AS TEXT) ELSE '' END ||
    CASE WHEN received_off < 32767 THEN ':' || CAST(received_off AS TEXT) ELSE '' END ||
    CASE WHEN started_on < 32767 THEN 'c' || CAST(started_on AS TEXT) ELSE '' END ||
    CASE WHEN recognised_on < 32767 THEN 'd' || CAST(recognised_on AS TEXT) ELSE '' END ||
    CASE WHEN recognised_off < 32767 THEN ':' || CAST(recognised_off AS TEXT) ELSE '' END ||
    CASE WHEN commune_on < 32767 THEN 'e' || CAST(commune_on AS TEXT) ELSE '' END ||
    CASE WHEN commune_off < 32767 THEN ':' || CAST(commune_off AS TEXT) ELSE '' END ||
    CASE WHEN district_on < 32767 THEN 'f' || CAST(district_on AS TEXT) ELSE '' END ||
    CASE WHEN district_off < 32767 THEN ':' || CAST(district_off AS TEXT) ELSE '' END ||
    CASE WHEN province_on < 32767 THEN 'g' || CAST(province_on AS TEXT) ELSE '' END ||
    CASE WHEN province_off < 32767 THEN ':' || CAST(province_off AS TEXT) ELSE '' END ||
    CASE WHEN central_on < 32767 THEN 'h' || CAST(central_on AS TEXT) ELSE '' END ||
    CASE WHEN central_off < 32767 THEN ':' || CAST(central_off AS TEXT) ELSE '' END ||
    CASE WHEN typical_on < 32767 THEN 'i' || CAST(typical_on AS TEXT) ELSE '' END ||
    CASE WHEN typical_off < 32767 THEN ':' || CAST(typical_off AS TEXT) ELSE '' END ||
    CASE WHEN replicated_on < 32767 THEN 'j' || CAST(replicated_on AS TEXT) ELSE '' END ||
    CASE WHEN suspended_on < 32767 THEN 'k' || CAST(suspended_on AS TEXT) ELSE '' END ||
    CASE WHEN suspended_off < 32767 THEN ':' || CAST(suspended_off AS TEXT) ELSE '' END ||
    CASE WHEN ended_on < 32767 THEN 'l' || CAST(ended_on AS TEXT) ELSE '' END ||
    CASE WHEN ended_off < 32767 THEN ':' || CAST(ended_off AS TEXT) ELSE '' END
    WHERE NOT irregular;
UPDATE ledger_subject_fact SET days = CAST(subject_kind AS TEXT) || CAST(field AS TEXT) || '0' ||
    CASE WHEN found_on < 32767 THEN 'n' || CAST(found_on AS TEXT) ELSE '' END ||
    CASE WHEN found_off < 32767 THEN ':' || CAST(found_off AS TEXT) ELSE '' END ||
    CASE WHEN praised_on < 32767 THEN 'o' || CAST(praised_on AS TEXT) ELSE '' END ||
    CASE WHEN awarded_on < 32767 THEN 'p' || CAST(awarded_on AS TEXT) ELSE '' END ||
    CASE WHEN awarded_off < 32767 THEN ':' || CAST(awarded_off AS TEXT) ELSE '' END
    WHERE NOT irregular;
CREATE INDEX ledger_entry_fact_days ON ledger_entry_fact (period_no, path, days);
CREATE INDEX ledger_subject_fact_days ON ledger_subject_fact (period_no, path, days);
DROP INDEX ledger_entry_fact_shared;
CREATE INDEX ledger_entry_fact_shared ON ledger_entry_fact (period_no, path, subject_id, days) WHERE shared;
CREATE INDEX ledger_entry_fact_stale ON ledger_entry_fact (entry_id) WHERE days = '';
CREATE INDEX ledger_subject_fact_stale ON ledger_subject_fact (subject_id, period_no) WHERE days = '';
DROP INDEX ledger_entry_fact_irregular;
CREATE INDEX ledger_entry_fact_irregular ON ledger_entry_fact (period_no, entry_id, days) WHERE irregular;
DROP INDEX ledger_subject_fact_irregular;
CREATE INDEX ledger_subject_fact_irregular ON ledger_subject_fact (period_no, subject_id, days) WHERE irregular;
-- Lists behind figures are narrowed by a part of the name too.
DROP INDEX ledger_entry_fact_funnel;
CREATE INDEX ledger_entry_fact_funnel ON ledger_entry_fact
    (period_no, path, subject_kind, field, origin, irregular, registered_on, registered_off, received_on, received_off,
     started_on, recognised_on, recognised_off, commune_on, commune_off, district_on, district_off, province_on,
     province_off, central_on, central_off, typical_on, typical_off, replicated_on, suspended_on, suspended_off,
     ended_on, ended_off, status, folded);
-- Names are compared once: the few that fit are kept while they are counted.
DROP INDEX ledger_entry_fact_path;
CREATE INDEX ledger_entry_fact_path ON ledger_entry_fact
    (period_no, path, subject_kind, field, origin, status, registered_on, folded, entry_id);
DROP INDEX ledger_entry_fact_status;
CREATE INDEX ledger_entry_fact_status ON ledger_entry_fact
    (period_no, status, path, subject_kind, field, origin, registered_on, folded, entry_id);
