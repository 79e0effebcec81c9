-- +goose Up
-- Why an entry did not pass, as minutes wrote it down from the appraisal.
ALTER TABLE appraisal_paper_entry ADD COLUMN reason TEXT NOT NULL DEFAULT '';
