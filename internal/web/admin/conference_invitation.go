package admin

import (
	"net/http"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/conference"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) invitations(w http.ResponseWriter, r *http.Request) error {
	ctx, lang, who, q := r.Context(), webkit.Lang(r), webkit.Actor(r), webkit.Query(r)
	c, _, err := f.conferenceOf(r)
	if err != nil {
		return err
	}
	in := conference.InvitationQuery{
		Conference: c.ID, Answer: conference.Answer(q.Choice("answer", desk.Texts(conference.Answers())...)), After: q.Text("after", 64), Limit: 100,
	}
	if err := q.Err(); err != nil {
		return err
	}
	all, tally, next, err := f.Conferences.Invitations(ctx, who, in)
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return err
	}
	v := invitationsView{conference: c, tally: tally, tabs: invitationTabs(lang, c, tally, in.Answer), table: invitationTable(lang, tree, c, all)}
	if v.keeps, err = f.Conferences.Keeps(ctx, who, c.Movement); err != nil {
		return err
	}
	if next != "" {
		v.next = webkit.Link(r, "after", next)
	}
	if v.keeps = v.keeps && c.State != conference.Cancelled; who.Can(conference.RightAnswer) && len(all) > 0 && c.State != conference.Cancelled {
		v.table.Pick = invitationPick(lang, c, v.keeps)
	}
	p, err := f.Page(r, lang.T(i18n.ConferencepageInvitations), conferenceCrumbs(lang, c)...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, invitationsPage(p, v))
}

// invitationsAnswer writes down one answer for all that are ticked.
func (f *Face) invitationsAnswer(w http.ResponseWriter, r *http.Request) error {
	c, _, err := f.conferenceOf(r)
	if err != nil {
		return err
	}
	form := webkit.Form(r)
	ids, answer := form.Texts("id", 64), conference.Answer(form.Choice("answer", desk.Texts(conference.Answers())...))
	if err := form.Err(); err != nil {
		return err
	}
	if err := f.Conferences.Reply(r.Context(), webkit.Actor(r), c.ID, ids, conference.Reply{Answer: answer}); err != nil {
		return f.backWith(w, r, invitationsLink(c), err)
	}
	return desk.Done(w, r, invitationsLink(c), i18n.ConferencepageAnswered, len(ids))
}

// backWith goes back to a list with what was wrong with its form; other errors go on.
func (f *Face) backWith(w http.ResponseWriter, r *http.Request, path string, err error) error {
	if all := errs.All(err); len(all) > 0 && all[0].Kind == errs.Invalid {
		if err := webkit.FlashBad(r, all[0].Key, all[0].Args...); err != nil {
			return err
		}
		return webkit.Redirect(w, r, path)
	}
	return err
}

// invitationsRemove takes back those that are ticked; it asks first.
func (f *Face) invitationsRemove(w http.ResponseWriter, r *http.Request) error {
	ctx, lang, who := r.Context(), webkit.Lang(r), webkit.Actor(r)
	c, _, err := f.conferenceOf(r)
	if err != nil {
		return err
	}
	if err := f.mustKeep(r, c); err != nil {
		return err
	}
	v, form := desk.FilledFrom(r)
	ids, back := form.Texts("id", 64), invitationsLink(c)
	if v.Sure() && v.Sent(r) || len(ids) == 0 {
		if err := f.Conferences.Uninvite(ctx, who, c.ID, ids); err != nil {
			return f.backWith(w, r, back, err)
		}
		return desk.Done(w, r, back, i18n.ConferencepageUninvited, len(ids))
	}
	if v.Values.Has(desk.FieldEdit) {
		return webkit.Redirect(w, r, back)
	}
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return err
	}
	var names []string
	for _, id := range ids {
		_, one, err := f.Conferences.Invitation(ctx, who, c.ID, id)
		if err != nil {
			return err
		}
		names = append(names, invitedName(tree, c, one))
	}
	send := ui.Btn{Text: lang.T(i18n.ConferencepageUninvite), Kind: ui.DangerPrimary}
	return f.AskFirst(w, r, v.Ask(lang.T(i18n.ConferencepageUninviteAsk), back, send, names...), lang.T(i18n.ConferencepageUninvite), conferenceCrumbs(lang, c)...)
}

// invite answers a form that invites somebody.
func (f *Face) invite(w http.ResponseWriter, r *http.Request, title i18n.Key, read func(*conferenceForm, *webkit.FormReader, *org.Tree) ([]conference.Invited, []string, error)) error {
	ctx, lang, who := r.Context(), webkit.Lang(r), webkit.Actor(r)
	c, _, err := f.conferenceOf(r)
	if err != nil {
		return err
	}
	if err := f.mustKeep(r, c); err != nil {
		return err
	}
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return err
	}
	fill, form := desk.FilledFrom(r)
	v := conferenceForm{Filled: fill, conference: c, units: desk.UnitChoiceOf(tree, who.Scope, c.On), send: title, back: invitationsLink(c)}
	v.Start("seats", "2", "group", string(conference.Listed))
	status := http.StatusOK
	if v.Sent(r) {
		all, names, err := read(&v, form, tree)
		if err == nil && names != nil && !v.Sure() {
			question := v.Ask(lang.T(i18n.ConferencepageUnitsAsk, all[0].Seats, len(all)*all[0].Seats), v.back, ui.Btn{Text: lang.T(title), Kind: ui.Primary}, names...)
			return f.AskFirst(w, r, question, lang.T(title), conferenceCrumbs(lang, c)...)
		}
		if err == nil {
			err = f.Conferences.Invite(ctx, who, c.ID, all)
		}
		if err == nil {
			return desk.Done(w, r, v.back, i18n.ConferencepageInvitedNow, len(all))
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, v.names()...); !ok {
			return err
		}
	}
	p, err := f.Page(r, lang.T(title), conferenceCrumbs(lang, c)...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, invitationFormPage(p, v))
}

func (f *Face) invitationNew(w http.ResponseWriter, r *http.Request) error {
	return f.invite(w, r, i18n.ConferencepageInvite, func(v *conferenceForm, form *webkit.FormReader, tree *org.Tree) ([]conference.Invited, []string, error) {
		in := conference.Invited{
			Unit: desk.UnitCode(tree, webkit.Actor(r).Scope, v.conference.On, form.Text("unit", 300)), Guest: form.Text("guest", 400),
			Seats: form.Int("seats", 1, conference.MaxSeats), Note: form.Text("note", 600),
		}
		return []conference.Invited{in}, nil, form.Err()
	})
}

// invitationUnits invites all units of a group that are not invited yet; it asks first.
func (f *Face) invitationUnits(w http.ResponseWriter, r *http.Request) error {
	return f.invite(w, r, i18n.ConferencepageInviteUnits, func(v *conferenceForm, form *webkit.FormReader, tree *org.Tree) ([]conference.Invited, []string, error) {
		group, seats := conference.Group(form.Choice("group", desk.Texts(conference.Groups())...)), form.Int("seats", 1, conference.MaxSeats)
		if err := form.Err(); err != nil {
			return nil, nil, err
		}
		units, err := f.Conferences.Uninvited(r.Context(), webkit.Actor(r), v.conference.ID, group)
		if err != nil {
			return nil, nil, err
		}
		if len(units) == 0 {
			return nil, nil, errs.New(errs.Invalid, i18n.ConferencepageAllInvited).On("group")
		}
		var all []conference.Invited
		var names []string
		for _, u := range units {
			all = append(all, conference.Invited{Unit: u.Code, Seats: seats})
			names = append(names, desk.UnitName(tree, u.ID, v.conference.On))
		}
		return all, names, nil
	})
}

// invitation is the page of one invitation: its seats, its answer, who comes.
func (f *Face) invitation(w http.ResponseWriter, r *http.Request) error {
	ctx, lang, who := r.Context(), webkit.Lang(r), webkit.Actor(r)
	c, one, err := f.Conferences.Invitation(ctx, who, r.PathValue("conference"), r.PathValue("invitation"))
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return err
	}
	keeps, err := f.Conferences.Keeps(ctx, who, c.Movement)
	if err != nil {
		return err
	}
	fill, form := desk.FilledFrom(r)
	v := conferenceForm{Filled: fill, conference: c, back: invitationsLink(c), send: i18n.RegisterFormSave}
	v.Start("seats", strconv.Itoa(one.Seats), "answer", string(one.Answer), "coming", strconv.Itoa(one.Coming), "note", one.Note)
	status := http.StatusOK
	if v.Sent(r) {
		note := form.Text("note", 600)
		in := conference.Reply{Answer: conference.Answer(form.Text("answer", 20)), Coming: form.Int("coming", 0, conference.MaxSeats), Note: &note}
		if keeps {
			in.Seats = form.Int("seats", 1, conference.MaxSeats)
		}
		if err = form.Err(); err == nil {
			err = f.Conferences.Reply(ctx, who, c.ID, []string{one.ID}, in)
		}
		if err == nil {
			return desk.Done(w, r, v.back, i18n.ConferencepageAnswered, 1)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, v.names()...); !ok {
			return err
		}
	}
	p, err := f.Page(r, invitedName(tree, c, one), append(conferenceCrumbs(lang, c), ui.Link{Text: lang.T(i18n.ConferencepageInvitations), Href: v.back})...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, invitationPage(p, v, keeps))
}
