package practice

import (
	"context"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// publicFrom joins what people wrote to what the ledger says of it.
const publicFrom = ` FROM practice_entry e JOIN practice_exemplar x ON x.id = e.exemplar_id JOIN ledger_entry_fact f ON f.entry_id = e.id `

// collective is [ledger.Collective] as it stands in the tables.
const collective = "1"

// shown is the condition that the name of the subject is shown: [hidesName] turned round.
const shown = `(e.consent_named OR (f.subject_kind = ` + collective + ` AND x.kind = ` + collective + `))`

// publicKey orders practices by name. Where the title holds a name that is not shown the
// key would tell it, to whoever reads a cursor or tries some: these come last, by code.
const publicKey = `CASE WHEN ` + shown + ` THEN f.name_key ELSE '{' || e.code END`

const publicColumns = `e.id, e.code, e.title, f.unit_id, x.name, x.kind, e.outputs, e.goals, e.approach, e.consent_named, f.subject_kind, f.field,
	f.recognised_on, ` + publicKey

// terms gathers conditions and their arguments.
type terms struct {
	all  []string
	args []any
}

// add adds a condition; each %s in it is a value's place.
func (t *terms) add(condition string, values ...any) {
	places := make([]any, len(values))
	for i, v := range values {
		t.args = append(t.args, v)
		places[i] = "$" + strconv.Itoa(len(t.args))
	}
	t.all = append(t.all, fmt.Sprintf(condition, places...))
}

// in adds the condition that a column holds one of some numbers.
func (t *terms) in(column string, values []int) {
	if len(values) == 0 {
		t.add("1 = 0")
		return
	}
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	t.add(column+" IN (%s"+strings.Repeat(", %s", len(values)-1)+")", args...)
}

// out adds the condition that a column holds none of some texts.
func (t *terms) out(column string, values []string) {
	if len(values) == 0 {
		return
	}
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	t.add(column+" NOT IN (%s"+strings.Repeat(", %s", len(values)-1)+")", args...)
}

// under keeps to the subtrees at some paths.
func (t *terms) under(paths []string) {
	args := make([]any, 0, 2*len(paths))
	for _, p := range paths {
		args = append(args, p, p+"{") // "{" comes right after "z"
	}
	t.add("(1 = 0"+strings.Repeat(" OR f.path >= %s AND f.path < %s", len(paths))+")", args...)
}

// worded asks for a folded word in the title. A name that is not shown is not found
// either.
func (t *terms) worded(word string) {
	like := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(word) + "%"
	t.add(`(f.folded LIKE %s ESCAPE '\' AND (`+shown+` OR x.folded NOT LIKE %s ESCAPE '\'))`, like, like)
}

func (t *terms) where() string { return `WHERE ` + strings.Join(t.all, " AND ") }

func scanPublic(row db.Row) (PublicRow, error) {
	var r PublicRow
	var outputs, goals, approach string
	var named bool
	var whose ledger.SubjectKind
	var recognised int
	err := row.Scan(&r.Entry, &r.Code, &r.Title, &r.Unit, &r.Subject, &whose, &outputs, &goals, &approach, &named, &r.Kind, &r.Field, &recognised, &r.key)
	r.hide = func(text string) string { return text }
	if hidesName(r.Kind, whose, named) {
		r.hide = viet.Masking(r.Subject)
		r.Title, outputs, goals, approach, r.Subject = r.hide(r.Title), r.hide(outputs), r.hide(goals), r.hide(approach), ""
	}
	r.RecognisedOn, r.Summary = ledger.DayOfFact(recognised), viet.Beginning(summaryLength, outputs, goals, approach) // cut after a name is blotted, not within
	return r, err
}

// listPublic reads a page of published practices and the cursor of the next one.
func listPublic(ctx context.Context, q db.Querier, t *terms, in PublicQuery) ([]PublicRow, string, error) {
	order := ` ORDER BY f.recognised_on DESC, e.id DESC`
	if in.Sort == ledger.ByName {
		order = ` ORDER BY ` + publicKey + `, e.id`
	}
	if in.Cursor != "" {
		if err := t.beyond(in); err != nil {
			return nil, "", err
		}
	}
	rows, err := db.All(ctx, q, scanPublic, `SELECT `+publicColumns+publicFrom+t.where()+order+` LIMIT `+strconv.Itoa(in.Limit+1), t.args...)
	if err != nil || len(rows) <= in.Limit {
		return rows, "", err
	}
	rows = rows[:in.Limit]
	return rows, rows[in.Limit-1].cursor(in.Sort), nil
}

func (r PublicRow) cursor(s ledger.Sort) string {
	if s == ledger.ByName {
		return hex.EncodeToString([]byte(r.key)) + "." + r.Entry
	}
	return strconv.Itoa(ledger.FactDay(r.RecognisedOn)) + "." + r.Entry
}

// beyond keeps to what comes after the cursor.
func (t *terms) beyond(in PublicQuery) error {
	bad := errs.New(errs.Invalid, i18n.LedgerBadCursor).On("cursor")
	raw, id, ok := strings.Cut(in.Cursor, ".")
	if !ok {
		return bad
	}
	if in.Sort == ledger.ByName {
		key, err := hex.DecodeString(raw)
		if err != nil {
			return bad.Because(err)
		}
		t.add("("+publicKey+", e.id) > (%s, %s)", string(key), id)
		return nil
	}
	day, err := strconv.ParseInt(raw, 10, 16)
	if err != nil {
		return bad.Because(err)
	}
	t.add("(f.recognised_on, e.id) < (%s, %s)", int(day), id)
	return nil
}

// countPublic counts the practices of each field and, of one field or of all, those of
// each unit.
func countPublic(ctx context.Context, q db.Querier, t *terms, field ledger.Field) (map[ledger.Field]int, map[string]int, error) {
	byField, byUnit := map[ledger.Field]int{}, map[string]int{}
	err := db.Each(ctx, q, func(row db.Row) error {
		var of ledger.Field
		var unit string
		var n int
		err := row.Scan(&of, &unit, &n)
		byField[of] += n
		if field == 0 || of == field {
			byUnit[unit] += n
		}
		return err
	}, `SELECT f.field, f.unit_id, count(*)`+publicFrom+t.where()+` GROUP BY f.field, f.unit_id`, t.args...)
	return byField, byUnit, err
}

// namedAmong lists those of some exemplars who agreed to be named in a practice that
// matches.
func namedAmong(ctx context.Context, q db.Querier, t *terms, exemplars []string) ([]string, error) {
	var named []string
	err := db.Chunks(exemplars, func(part []any) error {
		some, err := db.All(ctx, q, db.Text, `SELECT DISTINCT e.exemplar_id`+publicFrom+t.where()+` AND e.consent_named AND e.exemplar_id IN `+
			db.In(len(t.args)+1, len(part)), append(append([]any{}, t.args...), part...)...)
		named = append(named, some...)
		return err
	})
	return named, err
}

// peopleUnder lists, by decision, whom decisions recognise, praise or award beside plain
// collectives: those whose names are shown only where that was agreed to.
func peopleUnder(ctx context.Context, q db.Querier, decisions []string) (map[string][]Exemplar, error) {
	all := map[string][]Exemplar{}
	err := db.Chunks(decisions, func(part []any) error {
		return db.Each(ctx, q, func(row db.Row) error {
			var decision string
			var x Exemplar
			err := row.Scan(&decision, &x.ID, &x.Name)
			all[decision] = append(all[decision], x)
			return err
		}, `SELECT DISTINCT a.decision_id, x.id, x.name FROM ledger_act a LEFT JOIN practice_entry e ON e.id = a.entry_id
			JOIN practice_exemplar x ON x.id = coalesce(e.exemplar_id, a.subject_id)
			WHERE a.decision_id IN `+db.In(1, len(part))+` AND NOT (x.kind = `+collective+` AND coalesce(e.subject_kind, x.kind) = `+collective+`)
			ORDER BY a.decision_id, x.id`, part...)
	})
	return all, err
}

// byCode reads an entry by its code, for readers.
func byCode(ctx context.Context, q db.Querier, code string) (Entry, error) {
	return db.One(ctx, q, scan, `SELECT `+columns+from+`WHERE e.code = $1`, strings.ToUpper(code))
}
