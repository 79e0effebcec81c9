package appraisal

import (
	"context"
	"errors"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

const proposalColumns = `p.id, p.period_no, p.from_unit, p.from_path, p.to_unit, p.to_path, p.level, p.paper_id, p.note, p.sent_at, p.sent_by,
	(SELECT count(*) FROM appraisal_proposal_entry c WHERE c.proposal_id = p.id)`

func scanProposal(row db.Row) (Proposal, error) {
	var p Proposal
	err := row.Scan(&p.ID, &p.Period, &p.From, &p.FromPath, &p.To, &p.ToPath, &p.Level, &p.Paper, &p.Note, db.TimeTo(&p.SentAt), &p.SentBy, &p.Count)
	return p, err
}

func insertProposal(ctx context.Context, tx *db.Tx, p Proposal) error {
	if _, err := db.Exec(ctx, tx, `INSERT INTO appraisal_proposal (id, period_no, from_unit, from_path, to_unit, to_path, level, paper_id, note, sent_at, sent_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		p.ID, p.Period, p.From, p.FromPath, p.To, p.ToPath, p.Level, p.Paper, p.Note, db.Time(p.SentAt), p.SentBy); err != nil {
		return err
	}
	rows := make([][]any, len(p.Entries))
	for i, x := range p.Entries {
		rows[i] = []any{p.ID, x.Entry.Entry, i, "sent", "", ""}
	}
	return db.InsertAll(ctx, tx, `INSERT INTO appraisal_proposal_entry (proposal_id, entry_id, place, state, reason, decided_by) VALUES `, "", rows)
}

func proposals(ctx context.Context, q db.Querier, scope actor.Scope, x Page) ([]Proposal, error) {
	within, args := withinScope(scope, []any{x.Period}, "p.from_path", "p.to_path")
	older := x.older("appraisal_proposal", "p.sent_at, p.id", &args)
	return db.All(ctx, q, scanProposal, `SELECT `+proposalColumns+` FROM appraisal_proposal p WHERE p.period_no = $1 AND `+within+older+` ORDER BY p.sent_at DESC, p.id DESC LIMIT 101`, args...)
}

// myProposal finds a proposal that the actor's units sent or received, with its entries.
func myProposal(ctx context.Context, q db.Querier, who actor.Actor, id string) (Proposal, error) {
	p, err := db.One(ctx, q, scanProposal, `SELECT `+proposalColumns+` FROM appraisal_proposal p WHERE p.id = $1`, id)
	if errors.Is(err, db.ErrNoRow) || err == nil && !p.seenBy(who) {
		return Proposal{}, noProposal()
	}
	if err != nil {
		return p, err
	}
	all, err := db.All(ctx, q, func(row db.Row) (Proposed, error) {
		var x Proposed
		var state string
		err := row.Scan(&x.Entry.Entry, &state, &x.Reason, db.TimeTo(&x.DecidedAt), &x.DecidedBy)
		x.Returned = state == "returned"
		return x, err
	}, `SELECT entry_id, state, reason, decided_at, decided_by FROM appraisal_proposal_entry WHERE proposal_id = $1 ORDER BY place`, id)
	if err != nil {
		return p, err
	}
	ids := make([]string, len(all))
	for i, x := range all {
		ids[i] = x.Entry.Entry
	}
	rows, err := seen(ctx, q, who, ids)
	if err != nil {
		return p, err
	}
	verdicts, err := verdictsOf(ctx, q, ids, id)
	for _, x := range all {
		if row, ok := rows[x.Entry.Entry]; ok {
			x.Entry, x.Appraisal = row, verdicts[x.Entry.Entry]
			p.Entries = append(p.Entries, x)
		}
	}
	return p, err
}

// openlyProposed tells which entries wait before a level already.
func openlyProposed(ctx context.Context, q db.Querier, entries []string, level org.Level) (map[string]bool, error) {
	open := map[string]bool{}
	err := db.Chunks(entries, func(part []any) error {
		found, err := db.All(ctx, q, db.Text, `SELECT e.entry_id FROM appraisal_proposal_entry e JOIN appraisal_proposal p ON p.id = e.proposal_id
			WHERE p.level = $1 AND e.state = 'sent' AND e.entry_id IN `+db.In(2, len(part)), append([]any{level}, part...)...)
		for _, id := range found {
			open[id] = true
		}
		return err
	})
	return open, err
}

func updateProposed(ctx context.Context, tx *db.Tx, proposal string, x Proposed) error {
	state := "sent"
	if x.Returned {
		state = "returned"
	}
	_, err := db.Exec(ctx, tx, `UPDATE appraisal_proposal_entry SET state = $3, reason = $4, decided_at = $5, decided_by = $6
		WHERE proposal_id = $1 AND entry_id = $2`, proposal, x.Entry.Entry, state, x.Reason, db.Time(x.DecidedAt), x.DecidedBy)
	return err
}
