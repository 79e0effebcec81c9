package ledger

import (
	"context"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// Breach is an entry that breaks an identity of the figures.
type Breach struct {
	Identity string // "receivedWithinRegistered", …
	EntryRow
}

// within writes the name of the identity that one figure lies within another.
func within(inner, outer Figure) string {
	return string(inner) + "Within" + strings.ToUpper(string(outer[:1])) + string(outer[1:])
}

// Nestings names the identities that [Breaches] checks, record by record.
func Nestings() []string {
	var all []string
	for _, pair := range nested() {
		all = append(all, within(pair[0], pair[1]))
	}
	return all
}

// breaksNesting tells whether an entry with these marks breaks one of the nestings.
func (b marked) breaksNesting() bool {
	for _, pair := range nested() {
		inner, _ := pair[0].mark()
		outer, _ := pair[1].mark()
		if b.has(inner) && !b.has(outer) {
			return true
		}
	}
	return false
}

// breaksNesting writes the same as a condition.
func breaksNesting(day int) string {
	on := strconv.Itoa(day)
	var either []string
	for _, pair := range nested() {
		inner, _ := pair[0].mark()
		outer, _ := pair[1].mark()
		either = append(either, inner.on(on)+" AND NOT ("+outer.on(on)+")")
	}
	return "(" + strings.Join(either, " OR ") + ")"
}

// Breaches lists the entries of an answer that an inner figure counts on the day while
// the outer one does not.
func (c Cube) Breaches(ctx context.Context, q db.Querier, ask Question) ([]Breach, error) {
	standings := map[string]Standing{}
	if c.breaking > 0 {
		w := ask.where()
		w.add("NOT irregular AND " + breaksNesting(dayNo(ask.On)))
		ids, err := db.All(ctx, q, db.Text, `SELECT entry_id FROM ledger_entry_fact`+w.clause()+` LIMIT 1000`, w.args...)
		if err != nil {
			return nil, err
		}
		if standings, err = Standings(ctx, q, ids); err != nil {
			return nil, err
		}
	}
	for id, t := range c.odd {
		if ask.Area.Covers(t.attrOn(dayNo(ask.On)).Path) {
			standings[id] = Standing{line: t}
		}
	}
	return breachRows(ctx, q, ask, standings)
}

func breachRows(ctx context.Context, q db.Querier, ask Question, standings map[string]Standing) ([]Breach, error) {
	var ids []string
	broken := map[string][]string{}
	for id, st := range standings {
		for _, pair := range nested() {
			if st.Has(pair[0], ask.On) && !st.Has(pair[1], ask.On) {
				broken[id] = append(broken[id], within(pair[0], pair[1]))
			}
		}
		if broken[id] != nil {
			ids = append(ids, id)
		}
	}
	rows, err := EntryRows(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	var all []Breach
	for _, r := range rows {
		for _, identity := range broken[r.Entry] {
			all = append(all, Breach{Identity: identity, EntryRow: r})
		}
	}
	return all, nil
}
