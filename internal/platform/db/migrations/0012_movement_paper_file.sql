-- +goose Up
-- What a paper's file is by its content, and the way from a kept file to its rows.
ALTER TABLE movement_paper ADD COLUMN file_kind TEXT NOT NULL DEFAULT '' CHECK (file_kind IN ('', 'pdf', 'docx', 'jpeg', 'png'));
CREATE INDEX movement_paper_file ON movement_paper (file_hash) WHERE file_hash <> '';
