package steering

import (
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// rowFields are the fields of a criterion's row; what stands in "id" alone is no row.
func rowFields() []string {
	return []string{"of", "name", "help", "most", "weight", "bonus", "mandatory", "evidence", "id"}
}

// criteriaValues is a set as its form holds it.
func criteriaValues(set movement.CriteriaSet) url.Values {
	v := url.Values{}
	put := func(name string, i int, text string) {
		if text != "" {
			v.Set(numbered(name, i), text)
		}
	}
	if set.BonusCap > 0 {
		v.Set("bonusCap", points(i18n.Vi, set.BonusCap))
	}
	n := 0
	for i, g := range set.Groups {
		put("group", i, g.Name)
		if g.Cap > 0 {
			put("cap", i, points(i18n.Vi, g.Cap))
		}
		for _, c := range g.Criteria {
			put("of", n, g.Name)
			put("name", n, c.Name)
			put("help", n, c.Help)
			put("most", n, points(i18n.Vi, c.Most))
			put("weight", n, points(i18n.Vi, c.Weight))
			put("evidence", n, string(c.Evidence))
			put("id", n, c.ID)
			put(webkit.RowNo, n, strconv.Itoa(n+1))
			if c.Bonus {
				put("bonus", n, "1")
			}
			if c.Mandatory {
				put("mandatory", n, "1")
			}
			n++
		}
	}
	return v
}

// hundredths reads a number of points; none is 0.
func hundredths(form *webkit.FormReader, name string) int {
	return int(math.Round(min(max(form.Decimal(name).Float(), -1e6), 1e6) * 100))
}

// readCriteria reads the form of a set.
func readCriteria(form *webkit.FormReader, groups, rows int) movement.CriteriaInput {
	in := movement.CriteriaInput{BonusCap: hundredths(form, "bonusCap")}
	for i := range groups {
		in.Groups = append(in.Groups, movement.CriteriaGroup{Name: form.Text(numbered("group", i), 400), Cap: hundredths(form, numbered("cap", i))})
	}
	for i := range rows {
		c := movement.Criterion{
			ID: form.Text(numbered("id", i), 64), Name: form.Text(numbered("name", i), 600), Help: form.Text(numbered("help", i), 1200),
			Most: hundredths(form, numbered("most", i)), Weight: 100, Bonus: form.Bool(numbered("bonus", i)), Mandatory: form.Bool(numbered("mandatory", i)),
			Evidence: movement.Evidence(form.Choice(numbered("evidence", i), desk.Texts(movement.Evidences())...)),
		}
		if strings.TrimSpace(form.Values.Get(numbered("weight", i))) != "" {
			c.Weight = hundredths(form, numbered("weight", i))
		}
		in.Rows = append(in.Rows, movement.CriterionInput{Group: form.Text(numbered("of", i), 400), Criterion: c})
	}
	return in
}

// criteriaEdit writes the draft of a kind's criteria. It begins with the draft, else with
// what is in force or, where a kind is named, with what another kind has.
func (f *Face) criteriaEdit(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	c, err := f.criteriaOfKind(r)
	if err != nil {
		return err
	}
	if err := c.mustKeep(); err != nil {
		return err
	}
	draft := c.draft()
	begin := draft
	if begin.Version == 0 {
		if set, err := c.version(0, f.Now.Today()); err == nil {
			begin = set
		}
	}
	groups, rows := 0, 0
	return f.answer(w, r, page{
		title: i18n.SteeringCriteriaEdit, crumbs: c.under(r), back: c.asked.at + "/criteria", saved: criteriaValues(begin), version: draft.Version,
		label: func(name string) string { return criteriaLabel(lang, name) },
		prepare: func(v *formView) {
			for i := range movement.MaxCriteria + 4 { // an identity alone is no row
				if strings.TrimSpace(v.Values.Get(numbered("name", i))+v.Values.Get(numbered("most", i))+v.Values.Get(numbered("help", i))) == "" {
					for _, name := range rowFields() {
						v.Values.Del(numbered(name, i))
					}
				}
			}
			rows = webkit.OrderRows(v.Values, movement.MaxCriteria+4, rowFields()...)
			groups = squeeze(v.Values, movement.MaxGroups+4, "group", "cap")
			v.rows = v.shown(rows, movement.MaxCriteria)
		},
		save: func(form *webkit.FormReader, version int) (string, i18n.Key, error) {
			in := readCriteria(form, groups, rows)
			if err := form.Err(); err != nil {
				return "", 0, err
			}
			_, err := f.Movements.DraftCriteria(r.Context(), who, movement.CriteriaAt{Movement: c.movement.Code, Kind: c.kind, Version: version}, in)
			return c.asked.at + "/criteria", i18n.SteeringDraftSaved, err
		},
		show: func(p ui.Page, v formView) templ.Component {
			return criteriaFormPage(p, v, criteriaForm{kind: c.kind, groups: v.shown(groups, movement.MaxGroups), names: groupNames(v, groups), used: used(c)})
		},
	})
}

// criteriaForm is what the form of a set needs beside its values.
type criteriaForm struct {
	kind   ledger.SubjectKind
	groups int
	names  []string
	used   bool
}

// used tells whether something was scored by any version.
func used(c criteriaOf) bool {
	return slices.ContainsFunc(c.versions, func(set movement.CriteriaSet) bool { return set.Used })
}

func groupNames(v formView, n int) []string {
	var all []string
	for i := range n {
		all = append(all, v.Values.Get(numbered("group", i)))
	}
	return all
}

func criteriaLabel(lang i18n.Lang, name string) string {
	if name == "bonusCap" {
		return lang.T(i18n.SteeringBonusCap)
	}
	for of, key := range map[string]i18n.Key{
		"group": i18n.SteeringGroup, "cap": i18n.SteeringCap, "of": i18n.SteeringGroup, "name": i18n.SteeringCriterion, "help": i18n.SteeringHelp,
		"most": i18n.SteeringMost, "weight": i18n.SteeringWeight, "bonus": i18n.SteeringBonus, "mandatory": i18n.SteeringMandatory,
		"evidence": i18n.SteeringEvidence,
	} {
		if n, ok := rowOf(name, of); ok {
			return lang.T(i18n.SteeringRowOf, n+1, key)
		}
	}
	return ""
}

// criteriaEnforce puts the draft in force from a day.
func (f *Face) criteriaEnforce(w http.ResponseWriter, r *http.Request) error {
	c, err := f.criteriaOfKind(r)
	if err != nil {
		return err
	}
	if err := c.mustKeep(); err != nil {
		return err
	}
	draft := c.draft()
	return f.answer(w, r, page{
		title: i18n.SteeringEnforce, crumbs: c.under(r), back: c.asked.at + "/criteria", version: draft.Version,
		saved: url.Values{"on": {desk.Day(f.Now.Today())}},
		save: func(form *webkit.FormReader, version int) (string, i18n.Key, error) {
			in := movement.Enforcement{On: form.Date("on"), Reason: form.Text("reason", 600)}
			if err := form.Err(); err != nil {
				return "", 0, err
			}
			_, err := f.Movements.EnforceCriteria(r.Context(), webkit.Actor(r), movement.CriteriaAt{Movement: c.movement.Code, Kind: c.kind, Version: version}, in)
			return c.asked.at + "/criteria", i18n.SteeringEnforced, err
		},
		show: func(p ui.Page, v formView) templ.Component { return enforcePage(p, v, c, used(c)) },
	})
}

// criteriaDrop throws the draft away; it asks first.
func (f *Face) criteriaDrop(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	c, err := f.criteriaOfKind(r)
	if err != nil {
		return err
	}
	if err := c.mustKeep(); err != nil {
		return err
	}
	var items []string
	for _, x := range c.draft().All() {
		items = append(items, x.Name)
	}
	return f.ask(w, r, sure{
		title: i18n.SteeringDrop, text: lang.T(i18n.SteeringDropAsk), back: c.asked.at + "/criteria", version: c.draft().Version, crumbs: c.under(r),
		items: items, done: i18n.SteeringDropped, danger: true,
		do: func(version int) error {
			return f.Movements.DropCriteria(r.Context(), webkit.Actor(r), movement.CriteriaAt{Movement: c.movement.Code, Kind: c.kind, Version: version})
		},
	})
}
