package award

import (
	"context"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// summaries counts, for the latest decisions in force, the subjects whose honour stands,
// by kind. The decision holds its identity and its day alone.
func summaries(ctx context.Context, q db.Querier, in ListQuery, paths []string, today clock.Date) ([]Summary, string, error) {
	args := []any{db.Date(today), ledger.FactDay(today)}
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	where := ` WHERE d.paper = 'decision' AND d.effective_on <= $1 AND i.begun_on <= $2 AND i.begun_off > $2`
	if in.Unit != "" {
		either := []string{"1 = 0"}
		for _, p := range paths {
			either = append(either, "i.path >= "+arg(p)+" AND i.path < "+arg(p+"{"))
		}
		where += ` AND i.subject_kind = ` + arg(int(ledger.Collective)) + ` AND (` + strings.Join(either, " OR ") + `)`
	}
	if in.Cursor != "" {
		on, id, _ := strings.Cut(in.Cursor, ".")
		if _, err := clock.ParseDate(on); err != nil || id == "" {
			return nil, "", errs.New(errs.Invalid, i18n.LedgerBadCursor).On("cursor")
		}
		where += ` AND (d.signed_on, d.id) < (` + arg(on) + `, ` + arg(id) + `)`
	}
	all, err := db.All(ctx, q, func(row db.Row) (Summary, error) {
		var one Summary
		return one, row.Scan(&one.ID, db.DateTo(&one.SignedOn), &one.Collectives, &one.Individuals, &one.Households)
	}, `SELECT d.id, d.signed_on, `+subjects(ledger.Collective)+`, `+subjects(ledger.Individual)+`, `+subjects(ledger.Household)+
		` FROM ledger_decision d JOIN award_award a ON a.decision_id = d.id JOIN ledger_item_fact i ON i.item_id = a.id`+where+
		` GROUP BY d.id, d.signed_on ORDER BY d.signed_on DESC, d.id DESC LIMIT `+strconv.Itoa(in.Limit+1), args...)
	if err != nil || len(all) <= in.Limit {
		return all, "", err
	}
	all = all[:in.Limit]
	last := all[in.Limit-1]
	return all, last.SignedOn.String() + "." + last.ID, nil
}

// subjects counts the distinct subjects of a kind.
func subjects(k ledger.SubjectKind) string {
	return `count(DISTINCT CASE WHEN i.subject_kind = ` + strconv.Itoa(int(k)) + ` THEN i.subject_id END)`
}
