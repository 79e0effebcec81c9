package appraisal

import (
	"context"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

const paperColumns = `p.id, p.kind, p.period_no, p.unit_id, p.path, p.level, p.number, p.on_day, p.place, p.addressee, p.chair, p.secretary, p.present, p.absent,
	p.conclusions, p.proposal_id, p.file_name, p.file_kind, p.file_hash, p.file_size, p.made_at, p.made_by, p.voided_at, p.voided_by, p.void_reason`

const paperCount = `, (SELECT count(*) FROM appraisal_paper_entry c WHERE c.paper_id = p.id)`

func scanPaper(row db.Row) (Paper, error) {
	var p Paper
	var present, absent string
	err := row.Scan(&p.ID, &p.Kind, &p.Period, &p.Unit, &p.Path, &p.Level, &p.Number, db.DateTo(&p.On), &p.Place, &p.Addressee, &p.Chair, &p.Secretary,
		&present, &absent, &p.Conclusions, &p.Proposal, &p.FileName, &p.FileKind, &p.FileHash, &p.FileSize, db.TimeTo(&p.MadeAt), &p.MadeBy, db.TimeTo(&p.VoidedAt),
		&p.VoidedBy, &p.VoidReason, &p.Count)
	p.Present, p.Absent = lines(present), lines(absent)
	return p, err
}

func lines(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}

func insertPaper(ctx context.Context, tx *db.Tx, p Paper) error {
	if _, err := db.Exec(ctx, tx, `INSERT INTO appraisal_paper (`+strings.ReplaceAll(paperColumns, "p.", "")+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, NULL, '', '')`,
		p.ID, p.Kind, p.Period, p.Unit, p.Path, p.Level, p.Number, db.Date(p.On), p.Place, p.Addressee, p.Chair, p.Secretary,
		strings.Join(p.Present, "\n"), strings.Join(p.Absent, "\n"), p.Conclusions, p.Proposal, p.FileName, p.FileKind, p.FileHash, p.FileSize,
		db.Time(p.MadeAt), p.MadeBy); err != nil {
		return err
	}
	rows := make([][]any, len(p.Entries))
	for i, e := range p.Entries {
		rows[i] = []any{p.ID, e.Entry, i, e.Code, e.Title, e.Unit, e.Verdict, e.Points, e.For, e.Of, e.Reason}
	}
	return db.InsertAll(ctx, tx, `INSERT INTO appraisal_paper_entry (paper_id, entry_id, place, code, title, unit_name, verdict, points, votes_for, votes_of, reason) VALUES `, "", rows)
}

func voidPaper(ctx context.Context, tx *db.Tx, p Paper) error {
	_, err := db.Exec(ctx, tx, `UPDATE appraisal_paper SET voided_at = $2, voided_by = $3, void_reason = $4 WHERE id = $1`,
		p.ID, db.Time(p.VoidedAt), p.VoidedBy, p.VoidReason)
	return err
}

func papers(ctx context.Context, q db.Querier, scope actor.Scope, x Page) ([]Paper, error) {
	within, args := withinScope(scope, []any{x.Period}, "p.path")
	older := x.older("appraisal_paper", "p.on_day, p.id", &args)
	return db.All(ctx, q, scanPaper, `SELECT `+paperColumns+paperCount+` FROM appraisal_paper p WHERE p.period_no = $1 AND `+within+older+` ORDER BY p.on_day DESC, p.id DESC LIMIT 101`, args...)
}

func papersOf(ctx context.Context, q db.Querier, entry string) ([]Paper, error) {
	return db.All(ctx, q, scanPaper, `SELECT `+paperColumns+paperCount+` FROM appraisal_paper p JOIN appraisal_paper_entry e ON e.paper_id = p.id
		WHERE e.entry_id = $1 ORDER BY p.on_day DESC, p.id DESC`, entry)
}

// myPaper finds a paper of a unit within the actor's scope.
func myPaper(ctx context.Context, q db.Querier, who actor.Actor, id string) (Paper, error) {
	p, err := db.One(ctx, q, scanPaper, `SELECT `+paperColumns+paperCount+` FROM appraisal_paper p WHERE p.id = $1`, id)
	if err != nil {
		return p, orNoPaper(err)
	}
	if !who.Scope.Covers(p.Path) {
		return Paper{}, noPaper()
	}
	p.Entries, err = db.All(ctx, q, func(row db.Row) (PaperEntry, error) {
		var e PaperEntry
		err := row.Scan(&e.Entry, &e.Code, &e.Title, &e.Unit, &e.Verdict, &e.Points, &e.For, &e.Of, &e.Reason)
		return e, err
	}, `SELECT entry_id, code, title, unit_name, verdict, points, votes_for, votes_of, reason FROM appraisal_paper_entry WHERE paper_id = $1 ORDER BY place`, id)
	return p, err
}

// restingOn finds the latest paper in force that rests on the verdict of an appraisal.
func restingOn(ctx context.Context, q db.Querier, at At) (Paper, error) {
	return db.One(ctx, q, scanPaper, `SELECT `+paperColumns+paperCount+` FROM appraisal_paper p JOIN appraisal_paper_entry e ON e.paper_id = p.id
		WHERE e.entry_id = $1 AND p.proposal_id = $2 AND p.voided_at IS NULL AND p.kind <> 'selection' ORDER BY p.on_day DESC, p.id DESC LIMIT 1`,
		at.Entry, at.Proposal)
}

// minutedElsewhere tells which verdicts of the level that received the entries stand in
// minutes of another level.
func minutedElsewhere(ctx context.Context, q db.Querier, entries []string, level org.Level) (map[string]bool, error) {
	there := map[string]bool{}
	err := db.Chunks(entries, func(part []any) error {
		found, err := db.All(ctx, q, db.Text, `SELECT DISTINCT e.entry_id FROM appraisal_paper_entry e JOIN appraisal_paper p ON p.id = e.paper_id
			WHERE p.level <> $1 AND p.proposal_id = '' AND p.kind = 'appraisal' AND p.voided_at IS NULL AND e.entry_id IN `+db.In(2, len(part)),
			append([]any{level}, part...)...)
		for _, id := range found {
			there[id] = true
		}
		return err
	})
	return there, err
}

// verdictsOf reads the verdicts of a level on entries.
func verdictsOf(ctx context.Context, q db.Querier, entries []string, proposal string) (map[string]Appraisal, error) {
	all := map[string]Appraisal{}
	err := db.Chunks(entries, func(part []any) error {
		found, err := db.All(ctx, q, scanAppraisal, `SELECT `+appraisalColumns+` FROM appraisal_appraisal
			WHERE proposal_id = $1 AND entry_id IN `+db.In(2, len(part)), append([]any{proposal}, part...)...)
		for _, a := range found {
			all[a.Entry] = a
		}
		return err
	})
	return all, err
}

// ways reads which papers of a day or before name entries on each level, and what the levels
// above made of them.
func ways(ctx context.Context, q db.Querier, on clock.Date, entries []string) (map[string]map[org.Level]Way, error) {
	all := make(map[string]map[org.Level]Way, len(entries))
	err := db.Chunks(entries, func(part []any) error {
		in := db.In(2, len(part))
		return db.Each(ctx, q, func(row db.Row) error {
			var entry, what string
			var level org.Level
			var verdict Verdict
			if err := row.Scan(&entry, &level, &what, &verdict); err != nil {
				return err
			}
			if all[entry] == nil {
				all[entry] = map[org.Level]Way{}
			}
			x := all[entry][level]
			switch PaperKind(what) {
			case AppraisalMinutes:
				x.Minutes = x.Minutes || verdict.Recommends() || verdict == NoVerdict
				x.Against = x.Against || verdict == Failed || verdict == Passed
			case Submission:
				x.Submission = true
			default:
				x.Verdict = verdict
			}
			all[entry][level] = x
			return nil
		}, `SELECT e.entry_id, p.level, p.kind, e.verdict FROM appraisal_paper_entry e JOIN appraisal_paper p ON p.id = e.paper_id
			WHERE p.on_day <= $1 AND p.voided_at IS NULL AND p.kind <> 'selection' AND e.entry_id IN `+in+`
			UNION ALL SELECT a.entry_id, p.level, 'proposal', a.verdict FROM appraisal_appraisal a JOIN appraisal_proposal p ON p.id = a.proposal_id
			WHERE a.entry_id IN `+in, append([]any{db.Date(on)}, part...)...)
	})
	return all, err
}

// standings reads how far entries have come to a decision of a level on a day; a paper counts
// where the verdict on record still says what it says: two queries for
// two hundred entries.
func standings(ctx context.Context, q db.Querier, level org.Level, on clock.Date, entries []string) (map[string]Standing, error) {
	all := make(map[string]Standing, len(entries))
	err := db.Chunks(entries, func(part []any) error {
		in := db.In(3, len(part))
		return db.Each(ctx, q, func(row db.Row) error {
			var entry, what string
			if err := row.Scan(&entry, &what); err != nil {
				return err
			}
			x := all[entry]
			switch PaperKind(what) {
			case AppraisalMinutes:
				x.Minutes = true
			case Submission:
				x.Submission = true
			default:
				x.Result = true
			}
			all[entry] = x
			return nil
		}, `SELECT e.entry_id, p.kind FROM appraisal_paper_entry e JOIN appraisal_paper p ON p.id = e.paper_id
			LEFT JOIN appraisal_appraisal a ON a.entry_id = e.entry_id AND a.proposal_id = p.proposal_id
			WHERE p.level = $1 AND p.on_day <= $2 AND p.voided_at IS NULL AND p.kind <> 'selection' AND COALESCE(a.verdict, '') NOT IN ('failed', 'passed')
				AND (p.kind = 'submission' OR (e.verdict IN ('recognise', 'typical') AND a.verdict <> '') OR (e.verdict = '' AND p.file_hash <> ''))
				AND e.entry_id IN `+in+`
			UNION ALL SELECT n.entry_id, n.kind FROM appraisal_note n WHERE n.kind = 'result' AND n.state = 'accepted' AND n.entry_id IN `+in,
			append([]any{level, db.Date(on)}, part...)...)
	})
	if err != nil {
		return nil, err
	}
	verdicts, err := verdictsOf(ctx, q, entries, "")
	for entry, a := range verdicts {
		x := all[entry]
		x.Verdict, x.Points, x.Scored, x.criteria = a.Verdict, a.Points, true, a.Criteria
		all[entry] = x
	}
	return all, err
}
