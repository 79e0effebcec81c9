package ledger

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// EntryOn is an entry as it stood on a day: with the attributes of the day, and with the
// figures that counted it.
type EntryOn struct {
	Entry, Code, Title, Unit, Path, Subject string
	Kind                                    SubjectKind
	Field                                   Field
	Origin                                  Origin
	RegisteredOn, RecognisedOn              clock.Date // none where it was not, on the day
	marks                                   marked
	key                                     string
}

// Counts has a one for each figure that counted it.
func (e EntryOn) Counts() Counts { return e.marks.counts() }

// EntriesOn reads every entry that a figure of the question counts, by name: what stands
// behind the figures, in one pass.
func EntriesOn(ctx context.Context, q db.Querier, ask Question) ([]EntryOn, error) {
	var all []EntryOn
	rows := factRows{"ledger_entry_fact", "ledger_entry_fact_days", "entry_id", []string{"code", "subject_id"}}
	err := rows.each(ctx, q, ask, func(r factRow) {
		e := EntryOn{
			Entry: r.id, Code: r.more[0], Title: r.title, Unit: r.attr.Unit, Path: r.attr.Path, Subject: cmp.Or(r.attr.Subject, r.more[1]),
			Kind: r.attr.Kind, Field: r.attr.Field, Origin: r.attr.Origin, key: r.key,
		}
		eachSpan(r.marks, func(m mark, s span) {
			if !s.holds(r.day) {
				return
			}
			e.marks |= 1 << m
			switch m {
			case mRegistered:
				e.RegisteredOn = dateNo(s.on)
			case mRecognised:
				e.RecognisedOn = dateNo(s.on)
			}
		})
		if e.marks != 0 {
			all = append(all, e)
		}
	})
	slices.SortFunc(all, func(a, b EntryOn) int {
		return cmp.Or(strings.Compare(a.key, b.key), strings.Compare(a.Entry, b.Entry))
	})
	return all, err
}

// SubjectOn is an exemplar as it stood on a day.
type SubjectOn struct {
	Subject, Title, Unit, Path string
	Kind                       SubjectKind
	Field                      Field
	marks                      marked
	key                        string
}

// Counts has a one for each figure that counted it.
func (s SubjectOn) Counts() Counts { return s.marks.counts() }

// SubjectsOn reads every subject that a figure of the question counts, by name.
func SubjectsOn(ctx context.Context, q db.Querier, ask Question) ([]SubjectOn, error) {
	var all []SubjectOn
	rows := factRows{"ledger_subject_fact", "ledger_subject_fact_days", "subject_id", nil}
	err := rows.each(ctx, q, ask, func(r factRow) {
		s := SubjectOn{Subject: r.id, Title: r.title, Unit: r.attr.Unit, Path: r.attr.Path, Kind: r.attr.Kind, Field: r.attr.Field, key: r.key}
		eachSpan(r.marks, func(m mark, at span) {
			if at.holds(r.day) {
				s.marks |= 1 << m
			}
		})
		if s.marks != 0 {
			all = append(all, s)
		}
	})
	slices.SortFunc(all, func(a, b SubjectOn) int {
		return cmp.Or(strings.Compare(a.key, b.key), strings.Compare(a.Subject, b.Subject))
	})
	return all, err
}

// factRows are the rows of a table of facts with their names.
type factRows struct {
	table, index string // the index has the order of paths
	id           string
	more         []string // columns beside those that both tables have
}

// factRow is one of them, with the attributes of the day.
type factRow struct {
	id, title, key string
	more           []string // until the next row
	attr           Attr
	marks          string // packed
	day            int
}

// Between the columns of a row, and between rows: no name has them, see [factRows.text].
const (
	columnEnd = "\x1f"
	rowEnd    = "\x1e"
)

// text is the expression that writes a row as one text. A row costs the driver more than
// the engine takes to join it with the others of its unit.
func (f factRows) text() string {
	columns := slices.Concat([]string{f.id, "name_key", "unit_id", "days"}, f.more)
	plain := `replace(replace(title, '` + columnEnd + `', ' '), '` + rowEnd + `', ' ')`
	return strings.Join(append(columns, plain), ` || '`+columnEnd+`' || `)
}

// each visits the rows that the question may count: the regular ones of its area, and the
// irregular ones that lay in it on the day.
func (f factRows) each(ctx context.Context, q db.Querier, ask Question, visit func(factRow)) error {
	read := func(row db.Row) error {
		var path, texts string
		if err := row.Scan(&path, &texts); err != nil {
			return err
		}
		return f.split(ask, path, texts, visit)
	}
	columns := `SELECT path, string_agg(` + f.text() + `, '` + rowEnd + `') FROM ` + f.table
	w := ask.where()
	w.add("NOT irregular")
	if err := db.Each(ctx, q, read, columns+db.By(q.Engine(), f.index)+w.clause()+` GROUP BY path`, w.args...); err != nil {
		return err
	}
	return db.Each(ctx, q, read, columns+` WHERE period_no = $1 AND irregular GROUP BY path`, ask.Period)
}

// split visits the rows of a path.
func (f factRows) split(ask Question, path, texts string, visit func(factRow)) error {
	at := make([]string, len(f.more)+5)
	r := factRow{day: dayNo(ask.On)}
	for texts != "" {
		var one string
		one, texts, _ = strings.Cut(texts, rowEnd)
		for i := range at {
			at[i], one, _ = strings.Cut(one, columnEnd)
		}
		last := len(at) - 1
		r.id, r.key, r.more, r.title = at[0], at[1], at[4:last], at[last]
		days := at[3]
		switch {
		case len(days) < 3:
			continue
		case days[0] != star:
			of := readWhat(days).on(path)
			r.attr, r.marks = Attr{Unit: at[2], Path: path, Kind: of.Kind, Field: of.Field, Origin: of.Origin}, days[3:]
		default:
			t, err := unpackLine(days)
			if err != nil {
				return err
			}
			if r.attr = t.attrOn(r.day); !ask.Area.Covers(r.attr.Path) {
				continue
			}
			r.marks, _, _ = strings.Cut(days[1:], "|")
		}
		visit(r)
	}
	return nil
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
