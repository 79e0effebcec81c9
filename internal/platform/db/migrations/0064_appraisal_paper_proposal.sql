-- +goose Up
-- Whose verdicts a paper rests on: those of the level above that a proposal went to, or ''.
ALTER TABLE appraisal_paper ADD COLUMN proposal_id TEXT NOT NULL DEFAULT '';
-- What a level made after a proposal came in, about its entries, rests on its own verdicts.
UPDATE appraisal_paper SET proposal_id = COALESCE((
    SELECT max(p.id) FROM appraisal_proposal p
    JOIN appraisal_proposal_entry e ON e.proposal_id = p.id
    JOIN appraisal_paper_entry x ON x.entry_id = e.entry_id
    WHERE x.paper_id = appraisal_paper.id AND p.level = appraisal_paper.level AND p.sent_at <= appraisal_paper.made_at
        AND appraisal_paper.path LIKE p.to_path || '%' AND appraisal_paper.path NOT LIKE p.from_path || '%'
), '') WHERE kind <> 'selection';
