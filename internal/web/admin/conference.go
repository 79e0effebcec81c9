package admin

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/conference"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/paper"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) conferenceRoutes() []webkit.Route {
	const one = desk.ConferencesPath + "/{conference}"
	return []webkit.Route{
		desk.Get(desk.ConferencesPath, conference.RightRead, f.conferences),
		desk.Get(desk.ConferencesPath+"/new", conference.RightManage, f.conferenceNew),
		desk.Post(desk.ConferencesPath+"/new", conference.RightManage, f.conferenceNew),
		desk.Get(one, conference.RightRead, f.conference),
		desk.Get(one+"/sheet", conference.RightRead, f.conferenceSheet),
		desk.Get(one+"/edit", conference.RightManage, f.conferenceEdit),
		desk.Post(one+"/edit", conference.RightManage, f.conferenceEdit),
		desk.Get(one+"/programme", conference.RightManage, f.conferenceProgramme),
		desk.Post(one+"/programme", conference.RightManage, f.conferenceProgramme),
		desk.Get(one+"/speeches", conference.RightManage, f.conferenceSpeeches),
		desk.Post(one+"/speeches", conference.RightManage, f.conferenceSpeeches),
		desk.Get(one+"/honoured", conference.RightManage, f.conferenceHonoured),
		desk.Post(one+"/honoured", conference.RightManage, f.conferenceHonoured),
		desk.Get(one+"/move/{verb}", conference.RightManage, f.conferenceMove),
		desk.Post(one+"/move/{verb}", conference.RightManage, f.conferenceMove),
		desk.Get(one+"/papers/new", conference.RightManage, f.conferencePaperNew),
		desk.WithFiles(desk.Post(one+"/papers/new", conference.RightManage, f.conferencePaperNew), 1),
		f.conferenceFileRoute(),
		desk.Get(one+"/papers/{paper}/remove", conference.RightManage, f.conferencePaperRemove),
		desk.Post(one+"/papers/{paper}/remove", conference.RightManage, f.conferencePaperRemove),
		desk.Get(one+"/invitations", conference.RightRead, f.invitations),
		desk.Get(one+"/invitations/new", conference.RightManage, f.invitationNew),
		desk.Post(one+"/invitations/new", conference.RightManage, f.invitationNew),
		desk.Get(one+"/invitations/units", conference.RightManage, f.invitationUnits),
		desk.Post(one+"/invitations/units", conference.RightManage, f.invitationUnits),
		desk.Post(one+"/invitations/answer", conference.RightAnswer, f.invitationsAnswer),
		desk.Post(one+"/invitations/remove", conference.RightManage, f.invitationsRemove),
		desk.Get(one+"/invitations/{invitation}", conference.RightAnswer, f.invitation),
		desk.Post(one+"/invitations/{invitation}", conference.RightAnswer, f.invitation),
	}
}

func (f *Face) conferences(w http.ResponseWriter, r *http.Request) error {
	lang, who, q := webkit.Lang(r), webkit.Actor(r), webkit.Query(r)
	in := conference.Query{Movement: q.Text("movement", 64), Cursor: q.Text("cursor", 80), Limit: 50}
	if err := q.Err(); err != nil {
		return err
	}
	all, next, err := f.Conferences.List(r.Context(), who, in)
	if err != nil {
		return err
	}
	movements, err := f.Movements.List(r.Context(), who)
	if err != nil {
		return err
	}
	v := conferencesView{table: conferenceTable(lang, all, movements)}
	if next != "" {
		v.next = webkit.Link(r, "cursor", next)
	}
	if kept, err := f.keptMovements(r, movements); err != nil {
		return err
	} else if len(kept) > 0 {
		v.make = desk.ConferencesPath + "/new?" + url.Values{"movement": {in.Movement}}.Encode()
	}
	p, err := f.Page(r, lang.T(i18n.ConferencepageTitle))
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, conferencesPage(p, v))
}

func (f *Face) conference(w http.ResponseWriter, r *http.Request) error {
	ctx, lang, who := r.Context(), webkit.Lang(r), webkit.Actor(r)
	c, m, err := f.conferenceOf(r)
	if err != nil {
		return err
	}
	keeps, err := f.Conferences.Keeps(ctx, who, c.Movement)
	if err != nil {
		return err
	}
	v := conferenceView{conference: c, facts: conferenceFacts(lang, c, m), actions: conferenceActions(lang, r, c, keeps)}
	v.made = desk.PaperButtons(lang, who, paper.OfConference, c.ID)
	v.programme, v.papers = programmeTable(lang, c), conferencePapers(lang, c, keeps)
	if _, v.tally, _, err = f.Conferences.Invitations(ctx, who, conference.InvitationQuery{Conference: c.ID, Limit: 1}); err != nil {
		return err
	}
	if v.speeches, err = f.speechTable(r, c); err != nil {
		return err
	}
	if v.honoured, err = f.conferenceHonours(r, c); err != nil {
		return err
	}
	if v.articles, err = f.conferenceArticles(r, c); err != nil {
		return err
	}
	p, err := f.Page(r, c.Title, conferenceCrumbs(lang)...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, conferencePage(p, v))
}

// conferenceOf finds the conference that the address names, and its movement.
func (f *Face) conferenceOf(r *http.Request) (conference.Conference, movement.Movement, error) {
	c, err := f.Conferences.Get(r.Context(), webkit.Actor(r), r.PathValue("conference"))
	if err != nil {
		return c, movement.Movement{}, err
	}
	m, err := f.Movements.Get(r.Context(), webkit.Actor(r), c.Movement)
	return c, m, err
}

// speechTable lists the speeches, with the way to that of which each tells.
func (f *Face) speechTable(r *http.Request, c conference.Conference) (ui.Table, error) {
	lang := webkit.Lang(r)
	t := ui.Table{
		Caption: lang.T(i18n.ConferencepageSpeeches), ShowCaption: true,
		Columns: desk.Kinds(desk.Columns(lang, i18n.ConferencepageSpeech, i18n.ConferencepageSpeaker, i18n.AdminColUnit, i18n.ConferencepageAbout), ui.ColTitle),
	}
	about, err := f.spokenOf(r, c)
	for i, sp := range c.Speeches {
		t.Rows = append(t.Rows, ui.Row{ID: strconv.Itoa(i), Cells: []ui.Cell{{Text: sp.Title}, {Text: sp.Speaker}, {Text: sp.Unit}, about[i]}})
	}
	return t, err
}

// spokenOf names that of which each speech tells; what the actor may not see is not named.
func (f *Face) spokenOf(r *http.Request, c conference.Conference) ([]ui.Cell, error) {
	ctx, who := r.Context(), webkit.Actor(r)
	cells := make([]ui.Cell, len(c.Speeches))
	if !who.Can(practice.RightRead) {
		return cells, nil
	}
	for i, sp := range c.Speeches {
		var err error
		switch {
		case sp.Entry != "":
			var e practice.Entry
			if e, err = f.Practices.Get(ctx, who, sp.Entry); err == nil {
				cells[i] = ui.Cell{Text: e.Code, Href: entryPath(e.Code), Sub: e.Title}
			}
		case sp.Exemplar != "":
			var x practice.Exemplar
			if x, _, err = f.Practices.Exemplar(ctx, who, sp.Exemplar); err == nil {
				cells[i] = ui.Cell{Text: x.Name, Href: desk.ExemplarLink(x.ID)}
			}
		}
		if err != nil && !errs.Is(err, errs.NotFound) {
			return nil, err
		}
	}
	return cells, nil
}

// conferenceHonours lists, paper by paper, those who are honoured.
func (f *Face) conferenceHonours(r *http.Request, c conference.Conference) ([]ui.Table, error) {
	who := webkit.Actor(r)
	if !who.Can(award.RightRead) || !who.Can(practice.RightRead) {
		return nil, nil
	}
	var all []ui.Table
	for _, id := range c.Decisions {
		d, err := f.Movements.Decision(r.Context(), who, id)
		if errs.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		t, err := f.honourTable(r, d)
		if err != nil {
			return nil, err
		}
		under, err := f.Practices.Under(r.Context(), who, d.ID)
		if err != nil {
			return nil, err
		}
		all = append(all, honouredOnce(webkit.Lang(r), t, paperName(webkit.Lang(r), d)))
		tree, err := f.Org.Current(r.Context())
		if err != nil {
			return nil, err
		}
		all = append(all, conferenceActs(webkit.Lang(r), tree, d, under)...)
	}
	return all, nil
}

// conferenceArticles lists the articles about a conference that the actor may see.
func (f *Face) conferenceArticles(r *http.Request, c conference.Conference) (ui.Table, error) {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	t := ui.Table{
		Caption: lang.T(i18n.ConferencepageArticles), ShowCaption: true,
		Columns: desk.Kinds(desk.Columns(lang, i18n.ArticledeskTitle, i18n.ArticledeskState, i18n.ArticledeskChanged), ui.ColTitle),
	}
	if !who.Can(press.RightRead) {
		return t, nil
	}
	all, _, _, err := f.Press.List(r.Context(), who, press.Desk{Link: press.Link{Kind: press.ToConference, ID: c.ID}, Limit: 20})
	for _, h := range all {
		t.Rows = append(t.Rows, ui.Row{ID: h.ID, Cells: []ui.Cell{
			{Text: h.Title, Href: desk.ArticleLink(h.ID)}, {Text: lang.T(h.State.Label())}, {Text: lang.Instant(h.UpdatedAt)},
		}})
	}
	return t, err
}

// conferenceSheet is the page of the programme that is printed.
func (f *Face) conferenceSheet(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	c, m, err := f.conferenceOf(r)
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	host, _ := tree.Unit(m.Unit)
	p, err := f.Page(r, lang.T(i18n.ConferencepageSheet), conferenceCrumbs(lang, c)...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, conferenceSheetPage(p, sheetView{conference: c, host: host.NameOn(c.On), movement: m.Name, time: conference.Moment(lang, c.On, c.Begins)}))
}
