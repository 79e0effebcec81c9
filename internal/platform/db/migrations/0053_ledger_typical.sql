-- +goose Up
-- The entries that were ever named typical, who are few: by it the register finds them.
CREATE INDEX ledger_entry_fact_typical ON ledger_entry_fact (period_no, entry_id, typical_on, typical_off, irregular)
    WHERE typical_on < 32767;
