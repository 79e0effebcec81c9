package portal

import (
	"net/http"

	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

const awardsPath = "/awards"

// listsPerPage is how many decisions a page lists.
const listsPerPage = 20

// listRow is a decision in a list, with how many it honoured.
type listRow struct {
	paper
	counts string
}

func listRows(lang i18n.Lang, tree *org.Tree, all []award.Summary) []listRow {
	rows := make([]listRow, len(all))
	for i, one := range all {
		rows[i] = listRow{paperOf(tree, one.Decision), counts(lang, map[ledger.SubjectKind]int{
			ledger.Collective: one.Collectives, ledger.Individual: one.Individuals, ledger.Household: one.Households,
		})}
		rows[i].link.Href = awardsPath + "/" + one.ID
	}
	return rows
}

// counts writes how many there are of each kind: "21 tập thể, 9 cá nhân".
func counts(lang i18n.Lang, of map[ledger.SubjectKind]int) string {
	words := map[ledger.SubjectKind]i18n.Key{
		ledger.Collective: i18n.PortalCollectives, ledger.Individual: i18n.PortalIndividuals, ledger.Household: i18n.PortalHouseholds,
	}
	text := ""
	for _, k := range ledger.SubjectKinds() {
		if of[k] == 0 {
			continue
		}
		if text != "" {
			text += ", "
		}
		text += lang.T(words[k], of[k])
	}
	return text
}

func (f *Face) awards(w http.ResponseWriter, r *http.Request) error {
	ctx, lang, q := r.Context(), webkit.Lang(r), webkit.Query(r)
	in := award.ListQuery{Cursor: q.Text("cursor", 80), Limit: listsPerPage}
	if err := q.Err(); err != nil {
		return err
	}
	all, next, err := f.Awards.Lists(ctx, in)
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return err
	}
	p, err := f.page(r, lang.T(i18n.PortalAwards))
	if err != nil {
		return err
	}
	p.Crumbs = []ui.Link{f.home(lang), {Text: p.Title}}
	f.meta(&p, webkit.Link(r), lang.T(i18n.PortalAwardsLead))
	if next != "" {
		next = webkit.Link(r, "cursor", next)
	}
	return render(w, r, awardsPage(p, listRows(lang, tree, all), next))
}

// honourView is the list of one decision.
type honourView struct {
	facts    []ui.Definition
	sections []honourSection
}

// honourSection is a heading of the list: a form of award, or praise.
type honourSection struct {
	title  string
	groups []honourGroup
}

// honourGroup are those of one kind.
type honourGroup struct {
	title   string
	people  []honourRow
	unnamed string
}

// honourRow is one who is named.
type honourRow struct {
	name, revoked string
	unit          ui.Link
}

func (f *Face) awardList(w http.ResponseWriter, r *http.Request) error {
	ctx, lang := r.Context(), webkit.Lang(r)
	list, err := f.Awards.PublicList(ctx, r.PathValue("decision"))
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return err
	}
	p, err := f.page(r, list.Title)
	if err != nil {
		return err
	}
	paper := paperOf(tree, list.Decision)
	v := honourView{facts: []ui.Definition{
		{Term: lang.T(i18n.PortalNumber), Text: paper.number},
		{Term: lang.T(i18n.PortalSigned), Text: lang.Date(paper.on)},
		{Term: lang.T(i18n.PortalAuthority), Text: paper.by},
	}}
	for _, s := range list.Sections {
		v.sections = append(v.sections, honourSectionOf(lang, tree, s, list.SignedOn))
	}
	p.Crumbs = []ui.Link{f.home(lang), {Text: lang.T(i18n.PortalAwards), Href: awardsPath}, {Text: paper.number}}
	f.meta(&p, awardsPath+"/"+list.ID, lang.T(i18n.PortalAwardOf, paper.number, paper.on, paper.by))
	return render(w, r, awardListPage(p, v))
}

func honourSectionOf(lang i18n.Lang, tree *org.Tree, s award.Section, on clock.Date) honourSection {
	out := honourSection{title: lang.T(i18n.PortalPraise)}
	if s.Kind == award.Given {
		out.title = s.Form.Name(lang)
	}
	for _, part := range []struct {
		kind  ledger.SubjectKind
		named []award.Honoured
		title i18n.Key
	}{
		{ledger.Collective, s.Collectives, i18n.LedgerKindCollective},
		{ledger.Individual, s.Individuals, i18n.LedgerKindIndividual},
		{ledger.Household, s.Households, i18n.LedgerKindHousehold},
	} {
		g := honourGroup{title: lang.T(part.title)}
		for _, h := range part.named {
			unit, _ := tree.Unit(h.Unit)
			row := honourRow{name: h.Name}
			if link := unitLink(unit, on); link.Text != h.Name {
				row.unit = link
			}
			if h.RevokedOn != 0 {
				row.revoked = lang.T(i18n.PortalRevoked, h.RevokedOn)
			}
			g.people = append(g.people, row)
		}
		if n := s.Unnamed[part.kind]; n > 0 {
			g.unnamed = lang.T(i18n.PortalUnnamed, counts(lang, map[ledger.SubjectKind]int{part.kind: n}))
		}
		if len(g.people) > 0 || g.unnamed != "" {
			out.groups = append(out.groups, g)
		}
	}
	return out
}
