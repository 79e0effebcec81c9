package ledger

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// EntryOn is an entry as it stood on a day: with the attributes of the day, and a one for
// each figure that counted it.
type EntryOn struct {
	Entry, Code, Title, Unit, Path, Subject string
	Kind                                    SubjectKind
	Field                                   Field
	Origin                                  Origin
	RegisteredOn, RecognisedOn              clock.Date // none where it was not, on the day
	Counts                                  Counts
	key                                     string
}

// EntriesOn reads every entry that a figure of the question counts, by name: what stands
// behind the figures, in one pass.
func EntriesOn(ctx context.Context, q db.Querier, ask Question) ([]EntryOn, error) {
	var all []EntryOn
	read := func(row db.Row) error {
		var e EntryOn
		var days string
		if err := row.Scan(&e.Entry, &e.Code, &e.Title, &e.key, &e.Unit, &e.Path, &e.Subject, &e.Kind, &e.Field, &e.Origin, &days); err != nil {
			return err
		}
		counts, err := e.on(ask, days)
		if err == nil && counts {
			all = append(all, e)
		}
		return err
	}
	const columns = `SELECT entry_id, code, title, name_key, unit_id, path, subject_id, subject_kind, field, origin, days FROM ledger_entry_fact`
	w := ask.where()
	w.add("NOT irregular")
	if err := db.Each(ctx, q, read, columns+w.clause(), w.args...); err != nil {
		return nil, err
	}
	if err := db.Each(ctx, q, read, columns+` WHERE period_no = $1 AND irregular`, ask.Period); err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b EntryOn) int {
		return cmp.Or(strings.Compare(a.key, b.key), strings.Compare(a.Entry, b.Entry))
	})
	return all, nil
}

// on fills in what held on the day, and tells whether anything counts it.
func (e *EntryOn) on(ask Question, days string) (bool, error) {
	day := dayNo(ask.On)
	spans := func(m mark, s span) {
		if s.on > day || s.off <= day {
			return
		}
		e.Counts[m] = 1
		switch m {
		case mRegistered:
			e.RegisteredOn = dateNo(s.on)
		case mRecognised:
			e.RecognisedOn = dateNo(s.on)
		}
	}
	if days == "" || days[0] != star {
		eachSpan(strings.TrimLeft(days, "0123456789"), spans)
		return e.Counts != Counts{}, nil
	}
	t, err := unpackLine(days)
	if err != nil {
		return false, err
	}
	a := t.attrOn(day)
	if !ask.Area.Covers(a.Path) {
		return false, nil
	}
	e.Unit, e.Path, e.Subject, e.Kind, e.Field, e.Origin = a.Unit, a.Path, a.Subject, a.Kind, a.Field, a.Origin
	for m, all := range t.marks {
		for _, s := range all {
			spans(mark(m), s)
		}
	}
	return e.Counts != Counts{}, nil
}

// SubjectOn is an exemplar as it stood on a day.
type SubjectOn struct {
	Subject, Title, Unit, Path string
	Kind                       SubjectKind
	Field                      Field
	Counts                     Counts
	key                        string
}

// SubjectsOn reads every subject that a figure of the question counts, by name.
func SubjectsOn(ctx context.Context, q db.Querier, ask Question) ([]SubjectOn, error) {
	var all []SubjectOn
	day := dayNo(ask.On)
	read := func(row db.Row) error {
		var s SubjectOn
		var days string
		if err := row.Scan(&s.Subject, &s.Title, &s.key, &s.Unit, &s.Path, &s.Kind, &s.Field, &days); err != nil {
			return err
		}
		marks := strings.TrimLeft(days, "0123456789")
		if days != "" && days[0] == star {
			t, err := unpackLine(days)
			if err != nil {
				return err
			}
			a := t.attrOn(day)
			if !ask.Area.Covers(a.Path) {
				return nil
			}
			s.Unit, s.Path, s.Kind, s.Field = a.Unit, a.Path, a.Kind, a.Field
			marks, _, _ = strings.Cut(days[1:], "|")
		}
		eachSpan(marks, func(m mark, at span) {
			if at.on <= day && day < at.off {
				s.Counts[m] = 1
			}
		})
		if s.Counts != (Counts{}) {
			all = append(all, s)
		}
		return nil
	}
	const columns = `SELECT subject_id, title, name_key, unit_id, path, subject_kind, field, days FROM ledger_subject_fact`
	w := ask.where()
	w.add("NOT irregular")
	if err := db.Each(ctx, q, read, columns+w.clause(), w.args...); err != nil {
		return nil, err
	}
	if err := db.Each(ctx, q, read, columns+` WHERE period_no = $1 AND irregular`, ask.Period); err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b SubjectOn) int {
		return cmp.Or(strings.Compare(a.key, b.key), strings.Compare(a.Subject, b.Subject))
	})
	return all, nil
}

// ItemsOn reads every award, praise and adoption that the question counts, in the order in
// which they were recorded.
func ItemsOn(ctx context.Context, q db.Querier, ask Question, kind ItemKind) ([]ItemRow, error) {
	f := Filter{Period: ask.Period, Area: ask.Area}
	n, err := CountItems(ctx, q, f, InForce{kind, ask.On})
	if err != nil || n == 0 {
		return nil, err
	}
	return Items(ctx, q, f, InForce{kind, ask.On}, Slice{Limit: n})
}
