package admin

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/nhanrong/nhanrong/internal/domain/conference"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) conferenceNew(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	all, err := f.Movements.List(r.Context(), who)
	if err != nil {
		return err
	}
	fill, form := desk.FilledFrom(r)
	v := conferenceForm{Filled: fill, send: i18n.ConferencepageNew, back: desk.ConferencesPath}
	if all, err = f.keptMovements(r, all); err != nil {
		return err
	}
	if len(all) == 0 {
		return errs.New(errs.Forbidden, i18n.MovementOutOfScope)
	}
	var options []ui.Option
	for i, m := range all {
		if options = append(options, ui.Option{Value: m.Code, Text: m.Name}); i == 0 || m.Code == webkit.Query(r).Text("movement", 64) {
			v.Start("movement", m.Code, "occasion", m.Occasion)
		}
	}
	v.movements = ui.Options(options...)
	status := http.StatusOK
	if v.Sent(r) {
		var c conference.Conference
		in := readConference(form)
		in.Movement = form.Text("movement", 64)
		if err = form.Err(); err == nil {
			c, err = f.Conferences.Plan(r.Context(), who, in)
		}
		if err == nil {
			return desk.Done(w, r, desk.ConferenceLink(c.ID), i18n.ConferencepageMade)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, v.names()...); !ok {
			return err
		}
	}
	p, err := f.Page(r, lang.T(v.send), conferenceCrumbs(lang)...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, conferenceFormPage(p, v))
}

// keptMovements are those of some movements whose conferences the actor may change.
func (f *Face) keptMovements(r *http.Request, all []movement.Movement) (kept []movement.Movement, err error) {
	for _, m := range all {
		keeps, err := f.Conferences.Keeps(r.Context(), webkit.Actor(r), m.Code)
		if err != nil {
			return nil, err
		}
		if keeps {
			kept = append(kept, m)
		}
	}
	return kept, nil
}

func readConference(form *webkit.FormReader) conference.Input {
	return conference.Input{
		Kind: conference.Kind(form.Choice("kind", desk.Texts(conference.Kinds())...)), Title: form.Text("title", 400), On: form.Date("on"),
		Begins: form.Text("begins", 20), Place: form.Text("place", 600), Occasion: form.Text("occasion", 600), Presiding: form.Text("presiding", 2500),
		Guests: form.Text("guests", 2500), AsOf: form.Date("asOf"), Period: form.Int("period", 0, 1<<30),
	}
}

// editing is a form that changes a conference over the version that it was made from.
type editing struct {
	title i18n.Key
	start func(v *conferenceForm)
	// read gives the conference as the form has it.
	read func(v *conferenceForm, form *webkit.FormReader) conference.Conference
	save func(mine conference.Conference, version int) error
	// words is what the form is about, as a person reads it.
	words func(c conference.Conference) []fieldWords
	show  func(ui.Page, conferenceForm) templ.Component
}

// change answers such a form: shown, refused, done or, where somebody else was faster,
// compared.
func (f *Face) change(w http.ResponseWriter, r *http.Request, v conferenceForm, e editing) error {
	lang := webkit.Lang(r)
	if err := f.mustKeep(r, v.conference); err != nil {
		return err
	}
	saved := v.conference
	fill, form := desk.FilledFrom(r)
	v.Filled, v.send, v.back = fill, e.title, desk.ConferenceLink(saved.ID)
	v.Start(webkit.VersionField, strconv.Itoa(saved.Version))
	if v.First {
		e.start(&v)
	}
	p, err := f.Page(r, lang.T(e.title), conferenceCrumbs(lang, saved)...)
	if err != nil {
		return err
	}
	mine, status := e.read(&v, form), http.StatusOK
	if v.Sent(r) {
		err := form.Err()
		if err == nil {
			err = e.save(mine, webkit.Version(r))
		}
		if err == nil {
			return desk.Done(w, r, v.back, i18n.ConferencepageSaved)
		}
		if errs.Is(err, errs.Conflict) && webkit.Version(r) != saved.Version {
			p.Title = lang.T(i18n.RegisterConflictTitle)
			return desk.Render(w, r, http.StatusConflict, movementConflictPage(p, v.against(e.words(mine), e.words(saved), saved.Version)))
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, v.names()...); !ok {
			return err
		}
	}
	return desk.Render(w, r, status, e.show(p, v))
}

// against sets what somebody wrote beside what was saved meanwhile; sent again, it goes
// over the saved version.
func (v conferenceForm) against(yours, saved []fieldWords, version int) movementConflict {
	c := movementConflict{Filled: v.Filled, back: v.back}
	c.Values = maps.Clone(v.Values)
	maps.DeleteFunc(c.Values, func(name string, _ []string) bool { return strings.HasPrefix(name, "_") })
	c.Values.Set(webkit.VersionField, strconv.Itoa(version))
	for i, line := range yours {
		if line.text == saved[i].text {
			c.same = append(c.same, line.label)
		} else {
			c.lines = append(c.lines, conflictLine{line.label, line.text, saved[i].text})
		}
	}
	return c
}

// mustKeep refuses who does not keep the movement of a conference.
func (f *Face) mustKeep(r *http.Request, c conference.Conference) error {
	keeps, err := f.Conferences.Keeps(r.Context(), webkit.Actor(r), c.Movement)
	if err == nil && !keeps {
		return errs.New(errs.Forbidden, i18n.MovementOutOfScope)
	}
	return err
}

func (f *Face) conferenceEdit(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	c, m, err := f.conferenceOf(r)
	if err != nil {
		return err
	}
	var in conference.Input
	return f.change(w, r, conferenceForm{conference: c, periods: conferencePeriods(m)}, editing{
		title: i18n.ConferencepageEdit,
		start: func(v *conferenceForm) {
			v.Start("kind", string(c.Kind), "title", c.Title, "on", desk.Day(c.On), "begins", c.Begins, "place", c.Place, "occasion", c.Occasion,
				"presiding", c.Presiding, "guests", c.Guests, "asOf", desk.Day(c.AsOf), "period", strconv.Itoa(c.Period))
		},
		read: func(_ *conferenceForm, form *webkit.FormReader) conference.Conference {
			in = readConference(form)
			mine := c
			mine.Kind, mine.Title, mine.On, mine.Begins, mine.Place, mine.Occasion = in.Kind, in.Title, in.On, in.Begins, in.Place, in.Occasion
			mine.Presiding, mine.Guests, mine.AsOf, mine.Period = in.Presiding, in.Guests, in.AsOf, in.Period
			return mine
		},
		save: func(_ conference.Conference, version int) error {
			_, err := f.Conferences.Edit(r.Context(), who, c.ID, version, in)
			return err
		},
		words: func(c conference.Conference) []fieldWords {
			period, _ := m.Period(c.Period)
			return []fieldWords{
				{lang.T(i18n.ConferencepageKind), lang.T(c.Kind.Label())},
				{lang.T(i18n.ConferencepageName), c.Title},
				{lang.T(i18n.ConferencepageOn), conference.Moment(lang, c.On, c.Begins)},
				{lang.T(i18n.ConferencepagePlace), c.Place},
				{lang.T(i18n.ConferencepageOccasion), c.Occasion},
				{lang.T(i18n.ConferencepagePresiding), c.Presiding},
				{lang.T(i18n.ConferencepageGuests), c.Guests},
				{lang.T(i18n.ConferencepageAsOf), desk.Day(c.AsOf)},
				{lang.T(i18n.ConferencepagePeriod), period.Name},
			}
		},
		show: conferenceFormPage,
	})
}

func (f *Face) conferenceProgramme(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	c, _, err := f.conferenceOf(r)
	if err != nil {
		return err
	}
	return f.change(w, r, conferenceForm{conference: c}, editing{
		title: i18n.ConferencepageProgrammeEdit,
		start: func(v *conferenceForm) {
			for i, it := range c.Programme {
				v.Start(numbered("begins", i), it.Begins, numbered("what", i), it.What, numbered("who", i), it.Who, numbered(webkit.RowNo, i), strconv.Itoa(i+1))
			}
		},
		read: func(v *conferenceForm, form *webkit.FormReader) conference.Conference {
			n := webkit.OrderRows(form.Values, conference.MaxItems+rowsMore, "begins", "what", "who")
			v.rows = v.shown(n, conference.MaxItems)
			mine := c
			mine.Programme = nil
			for i := range n {
				mine.Programme = append(mine.Programme, conference.Item{
					Begins: form.Text(numbered("begins", i), 20), What: form.Text(numbered("what", i), 600), Who: form.Text(numbered("who", i), 400),
				})
			}
			return mine
		},
		save: func(mine conference.Conference, version int) error {
			_, err := f.Conferences.SetProgramme(r.Context(), who, c.ID, version, mine.Programme)
			return err
		},
		words: func(c conference.Conference) []fieldWords {
			return []fieldWords{{lang.T(i18n.ConferencepageProgramme), lines(c.Programme)}}
		},
		show: programmeFormPage,
	})
}

func (f *Face) conferenceSpeeches(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	c, _, err := f.conferenceOf(r)
	if err != nil {
		return err
	}
	about, err := f.spokenOf(r, c)
	if err != nil {
		return err
	}
	return f.change(w, r, conferenceForm{conference: c}, editing{
		title: i18n.ConferencepageSpeechesEdit,
		start: func(v *conferenceForm) {
			for i, sp := range c.Speeches {
				told := about[i].Text
				if sp.Exemplar != "" {
					told = desk.ExemplarLink(sp.Exemplar)
				}
				v.Start(numbered("title", i), sp.Title, numbered("speaker", i), sp.Speaker, numbered("unit", i), sp.Unit, numbered("about", i), told,
					numbered(webkit.RowNo, i), strconv.Itoa(i+1))
			}
		},
		read: func(v *conferenceForm, form *webkit.FormReader) conference.Conference {
			n := webkit.OrderRows(form.Values, conference.MaxSpeeches+rowsMore, "title", "speaker", "unit", "about")
			v.rows = v.shown(n, conference.MaxSpeeches)
			mine := c
			mine.Speeches = nil
			for i := range n {
				sp := conference.Speech{
					Title: form.Text(numbered("title", i), 600), Speaker: form.Text(numbered("speaker", i), 400), Unit: form.Text(numbered("unit", i), 400),
				}
				sp.Entry, sp.Exemplar = readAbout(form.Text(numbered("about", i), 300))
				mine.Speeches = append(mine.Speeches, sp)
			}
			return mine
		},
		save: func(mine conference.Conference, version int) error {
			_, err := f.Conferences.SetSpeeches(r.Context(), who, c.ID, version, slices.Clone(mine.Speeches))
			return err
		},
		words: func(c conference.Conference) []fieldWords {
			return []fieldWords{{lang.T(i18n.ConferencepageSpeeches), lines(c.Speeches)}}
		},
		show: speechesFormPage,
	})
}

// readAbout reads that of which a speech tells: an entry by its code, or either by the
// address of its page.
func readAbout(typed string) (entry, exemplar string) {
	if u, err := url.Parse(typed); err == nil && strings.Contains(u.Path, "/") {
		parts := strings.Split(strings.Trim(u.Path, "/"), "/")
		if last := parts[len(parts)-1]; slices.Contains(parts, "exemplars") {
			return "", last
		}
		return parts[len(parts)-1], ""
	}
	return strings.ToUpper(typed), ""
}

func (f *Face) conferenceHonoured(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	c, m, err := f.conferenceOf(r)
	if err != nil {
		return err
	}
	period, _ := m.Period(c.Period)
	const offered = 60
	all, err := f.Movements.Decisions(r.Context(), who, max(c.On, period.To)+1, offered)
	if err != nil {
		return err
	}
	names := map[string]string{}
	v := conferenceForm{conference: c}
	for _, d := range all {
		names[d.ID] = paperName(lang, d)
		v.ready = append(v.ready, ui.Option{Value: d.ID, Text: names[d.ID] + " · " + d.Title})
	}
	for _, id := range c.Decisions { // one that is older than those offered stays
		if d, err := f.Movements.Decision(r.Context(), who, id); err == nil && names[id] == "" {
			names[id] = paperName(lang, d)
			v.ready = append(v.ready, ui.Option{Value: id, Text: names[id] + " · " + d.Title})
		} else if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
	}
	return f.change(w, r, v, editing{
		title: i18n.ConferencepageHonouredEdit,
		start: func(v *conferenceForm) { v.Values["decision"] = slices.Clone(c.Decisions) },
		read: func(v *conferenceForm, form *webkit.FormReader) conference.Conference {
			mine := c
			mine.Decisions = form.Texts("decision", 64)
			for i := range v.ready {
				v.ready[i].On = slices.Contains(mine.Decisions, v.ready[i].Value)
			}
			return mine
		},
		save: func(mine conference.Conference, version int) error {
			_, err := f.Conferences.SetDecisions(r.Context(), who, c.ID, version, mine.Decisions)
			return err
		},
		words: func(c conference.Conference) []fieldWords {
			var lines []string
			for _, id := range c.Decisions {
				lines = append(lines, names[id])
			}
			return []fieldWords{{lang.T(i18n.ConferencepageHonoured), strings.Join(lines, "\n")}}
		},
		show: honouredFormPage,
	})
}

// conferenceMove says that a conference was held, cancels it, or takes that back.
func (f *Face) conferenceMove(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	c, _, err := f.conferenceOf(r)
	if err != nil {
		return err
	}
	verb := conference.Verb(r.PathValue("verb"))
	if conferenceVerb(verb) == 0 {
		return desk.NotFound()
	}
	return f.change(w, r, conferenceForm{conference: c, verb: verb}, editing{
		title: conferenceVerb(verb),
		start: func(*conferenceForm) {},
		read: func(_ *conferenceForm, form *webkit.FormReader) conference.Conference {
			mine := c
			mine.Reason = form.Text("reason", 2000)
			return mine
		},
		save: func(mine conference.Conference, version int) error {
			_, err := f.Conferences.Move(r.Context(), who, c.ID, version, conference.Step{Verb: verb, Reason: mine.Reason})
			return err
		},
		words: func(c conference.Conference) []fieldWords {
			return []fieldWords{{lang.T(i18n.ConferencepageState), lang.T(c.State.Label())}, {lang.T(i18n.DecisionReason), c.Reason}}
		},
		show: conferenceMovePage,
	})
}
