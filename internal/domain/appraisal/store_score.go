package appraisal

import (
	"context"
	"errors"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

const appraisalColumns = `id, entry_id, proposal_id, criteria_id, verdict, reason, points, version, updated_at, updated_by`

func scanAppraisal(row db.Row) (Appraisal, error) {
	var a Appraisal
	err := row.Scan(&a.ID, &a.Entry, &a.Proposal, &a.Criteria, &a.Verdict, &a.Reason, &a.Points, &a.Version, db.TimeTo(&a.UpdatedAt), &a.UpdatedBy)
	return a, err
}

// appraisalAt reads an appraisal; the zero one where nothing was done yet.
func appraisalAt(ctx context.Context, q db.Querier, at At) (Appraisal, error) {
	a, err := db.One(ctx, q, scanAppraisal, `SELECT `+appraisalColumns+` FROM appraisal_appraisal WHERE entry_id = $1 AND proposal_id = $2`, at.Entry, at.Proposal)
	if errors.Is(err, db.ErrNoRow) {
		return Appraisal{}, nil
	}
	return a, err
}

func insertAppraisal(ctx context.Context, tx *db.Tx, a Appraisal) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO appraisal_appraisal (`+appraisalColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		a.ID, a.Entry, a.Proposal, a.Criteria, a.Verdict, a.Reason, a.Points, a.Version, db.Time(a.UpdatedAt), a.UpdatedBy)
	return err
}

func updateAppraisal(ctx context.Context, tx *db.Tx, a Appraisal) error {
	_, err := db.Exec(ctx, tx, `UPDATE appraisal_appraisal SET criteria_id = $2, verdict = $3, reason = $4, points = $5, version = $6, updated_at = $7,
		updated_by = $8 WHERE id = $1`, a.ID, a.Criteria, a.Verdict, a.Reason, a.Points, a.Version, db.Time(a.UpdatedAt), a.UpdatedBy)
	return err
}

func scoresOf(ctx context.Context, q db.Querier, appraisal, criteria string) ([]Score, error) {
	return db.All(ctx, q, func(row db.Row) (Score, error) {
		var x Score
		err := row.Scan(&x.Criterion, &x.By, &x.Points, &x.Remark, &x.Evidence, db.TimeTo(&x.At), &x.Account)
		return x, err
	}, `SELECT criterion_id, kind, points, remark, evidence, at, by_account FROM appraisal_score
		WHERE appraisal_id = $1 AND criteria_id = $2 ORDER BY criterion_id, kind`, appraisal, criteria)
}

// given is when points were given, and by which account.
type given struct {
	at time.Time
	by string
}

// putScores writes what a hand gave in place of what it gave before by the same version.
func putScores(ctx context.Context, tx *db.Tx, appraisal string, in ScoresInput, g given) error {
	if _, err := db.Exec(ctx, tx, `DELETE FROM appraisal_score WHERE appraisal_id = $1 AND criteria_id = $2 AND kind = $3`, appraisal, in.Criteria, in.By); err != nil {
		return err
	}
	rows := make([][]any, len(in.Lines))
	for i, line := range in.Lines {
		rows[i] = []any{appraisal, in.Criteria, line.Criterion, in.By, line.Points, line.Remark, line.Evidence, db.Time(g.at), g.by}
	}
	return db.InsertAll(ctx, tx, `INSERT INTO appraisal_score (appraisal_id, criteria_id, criterion_id, kind, points, remark, evidence, at, by_account) VALUES `, "", rows)
}

// judgesElsewhere are the accounts that judged an entry on other levels, or proposed it to
// this one.
func judgesElsewhere(ctx context.Context, q db.Querier, at At) ([]string, error) {
	return db.All(ctx, q, db.Text, `SELECT DISTINCT s.by_account FROM appraisal_score s JOIN appraisal_appraisal a ON a.id = s.appraisal_id
		WHERE a.entry_id = $1 AND a.proposal_id <> $2 AND s.kind <> 'self'
		UNION SELECT updated_by FROM appraisal_appraisal WHERE entry_id = $1 AND proposal_id <> $2 AND verdict <> ''
		UNION SELECT sent_by FROM appraisal_proposal WHERE id = $2`, at.Entry, at.Proposal)
}

// periodOf is the number of the period of an entry.
func periodOf(ctx context.Context, q db.Querier, entry string) (int, error) {
	no, err := db.One(ctx, q, db.Int, `SELECT period_no FROM ledger_entry_fact WHERE entry_id = $1`, entry)
	if errors.Is(err, db.ErrNoRow) {
		return 0, errs.New(errs.NotFound, i18n.PracticeNotFound)
	}
	return no, err
}

// periodsOf are the periods of some entries.
func periodsOf(ctx context.Context, q db.Querier, entries []string) ([]int, error) {
	seen, all := map[int]bool{}, []int(nil)
	err := db.Chunks(entries, func(part []any) error {
		found, err := db.All(ctx, q, db.Int, `SELECT DISTINCT period_no FROM ledger_entry_fact WHERE entry_id IN `+db.In(1, len(part)), part...)
		for _, no := range found {
			if !seen[no] {
				seen[no], all = true, append(all, no)
			}
		}
		return err
	})
	return all, err
}

// periodsByEntry is the period of each of some entries.
func periodsByEntry(ctx context.Context, q db.Querier, entries []string) (map[string]int, error) {
	all := make(map[string]int, len(entries))
	err := db.Chunks(entries, func(part []any) error {
		return db.Each(ctx, q, func(row db.Row) error {
			var entry string
			var no int
			err := row.Scan(&entry, &no)
			all[entry] = no
			return err
		}, `SELECT entry_id, period_no FROM ledger_entry_fact WHERE entry_id IN `+db.In(1, len(part)), part...)
	})
	return all, err
}
