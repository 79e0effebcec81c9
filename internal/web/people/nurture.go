package people

import (
	"net/http"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/nurture"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) nurtureRoutes() []webkit.Route {
	const one = desk.IntroductionsPath + "/{introduction}"
	return []webkit.Route{
		desk.Get(desk.IntroductionsPath, practice.RightFind, f.queue),
		desk.Get(desk.IntroductionsPath+"/new", practice.RightRead, f.introduce),
		desk.Post(desk.IntroductionsPath+"/new", practice.RightRead, f.introduce),
		desk.Get(one, practice.RightFind, f.screen),
		desk.Post(one, practice.RightFind, f.screen),
		desk.Post(one+"/refuse", practice.RightFind, f.screen),
		desk.Get(desk.NurturePath, practice.RightRead, f.nurtured),
		desk.Get(desk.NurturePath+"/{exemplar}", practice.RightRead, f.notes),
		desk.Post(desk.NurturePath+"/{exemplar}", practice.RightFind, f.notes),
	}
}

// queueView is the introductions in a state.
type queueView struct {
	crowded bool
	tabs    []ui.Tab
	table   ui.Table
}

func (f *Face) queue(w http.ResponseWriter, r *http.Request) error {
	lang, q := webkit.Lang(r), webkit.Query(r)
	state := nurture.State(q.Choice("state", desk.Texts(nurture.States())...))
	if state == "" {
		state = nurture.Waiting
	}
	if err := q.Err(); err != nil {
		return err
	}
	all, err := f.Nurture.Queue(r.Context(), webkit.Actor(r), state)
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	v := queueView{table: ui.Table{
		Caption: lang.T(i18n.NurtureQueue), Columns: desk.Kinds(desk.Columns(lang, i18n.NurtureExemplar, i18n.NurtureAtUnit, i18n.NurtureKind, i18n.NurtureAt),
			ui.ColTitle, ui.ColData, ui.ColData, ui.ColData),
		Empty: ui.EmptyState(ui.IconStar, lang.T(i18n.NurtureQueueNone), lang.T(i18n.NurtureQueueNoneText), nil),
	}}
	for _, s := range nurture.States() {
		v.tabs = append(v.tabs, ui.Tab{Text: lang.T(s.Label()), Href: desk.IntroductionsPath + "?state=" + string(s), NoCount: true, Current: s == state})
	}
	for _, x := range all {
		sub := ""
		switch {
		case x.Robot:
			sub = lang.T(i18n.NurtureRobot)
		case x.Same > 0 && state == nurture.Waiting:
			sub = lang.T(i18n.NurtureSame, x.Same)
		}
		v.table.Rows = append(v.table.Rows, ui.Row{ID: x.ID, Cells: []ui.Cell{
			{Text: x.Name, Href: desk.IntroductionsPath + "/" + x.ID, Sub: sub},
			{Text: desk.UnitName(tree, x.Unit, f.Now.Today())},
			{Text: lang.T(x.Kind.Label())},
			{Text: lang.Instant(x.At)},
		}})
	}
	if v.crowded, err = f.Nurture.Crowded(r.Context(), webkit.Actor(r)); err != nil {
		return err
	}
	p, err := f.Page(r, lang.T(i18n.NurtureQueue))
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, queuePage(p, v))
}

// screenView is one introduction with what may become of it.
type screenView struct {
	desk.Filled
	nurture.Introduction
	facts     []ui.Definition
	movements []ui.OptionGroup
	fields    []ui.OptionGroup
	known     []ui.OptionGroup
}

func (f *Face) screen(w http.ResponseWriter, r *http.Request) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	x, known, err := f.Nurture.Get(ctx, who, r.PathValue("introduction"))
	if err != nil {
		return err
	}
	state, form := desk.FilledFrom(r)
	state.Action = desk.IntroductionsPath + "/" + x.ID
	v := screenView{Filled: state, Introduction: x}
	if err := f.screenChoices(r, &v, known); err != nil {
		return err
	}
	status := http.StatusOK
	if r.Method == http.MethodPost {
		key, name := i18n.NurtureDoneRefused, x.Name
		err := form.Err()
		if r.URL.Path == state.Action {
			key = i18n.NurtureDoneAccepted
			in := nurture.AcceptInput{Movement: form.Text("movement", 64), Field: form.Text("field", 64), On: form.Date("on"), Exemplar: form.Text("known", 64)}
			if err = form.Err(); err == nil {
				_, err = f.Nurture.Accept(ctx, who, x.ID, in)
			}
		} else if err == nil {
			err = f.Nurture.Refuse(ctx, who, x.ID, form.Text("reason", 4000))
		}
		if err == nil {
			return desk.Done(w, r, desk.IntroductionsPath, key, name)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, "movement", "field", "on", "known", "reason"); !ok {
			return err
		}
	}
	p, err := f.Page(r, x.Name, ui.Link{Text: lang.T(i18n.NurtureQueue), Href: desk.IntroductionsPath})
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, screenPage(p, v))
}

func (f *Face) screenChoices(r *http.Request, v *screenView, known []practice.Exemplar) error {
	lang := webkit.Lang(r)
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	all, err := f.Movements.List(r.Context(), webkit.Actor(r))
	if err != nil {
		return err
	}
	v.Start("on", f.Now.Today().String())
	if len(all) > 0 {
		v.movements, v.fields = movementOptions(all), fieldOptions(all)
		v.Start("movement", all[0].Code)
	}
	var options []ui.Option
	for _, x := range known {
		options = append(options, ui.Option{Value: x.ID, Text: x.Name})
	}
	v.known = desk.WithNone(ui.Options(options...), lang.T(i18n.NurtureKnownNone))
	v.facts = []ui.Definition{
		{Term: lang.T(i18n.NurtureState), Text: lang.T(v.State.Label())},
		{Term: lang.T(i18n.NurtureKind), Text: lang.T(v.Kind.Label())},
		{Term: lang.T(i18n.NurtureAtUnit), Text: desk.UnitName(tree, v.Unit, f.Now.Today())},
		{Term: lang.T(i18n.NurtureDoing), Text: v.Doing, Lang: "vi"},
		{Term: lang.T(i18n.NurtureBy), Text: desk.OrDash(v.ByName)},
		{Term: lang.T(i18n.NurtureByContact), Text: desk.OrDash(v.ByContact)},
		{Term: lang.T(i18n.NurtureAt), Text: lang.Instant(v.At)},
	}
	if v.Reason != "" {
		v.facts = append(v.facts, ui.Definition{Term: lang.T(i18n.NurtureReason), Text: v.Reason, Lang: "vi"})
	}
	return nil
}

func movementOptions(all []movement.Movement) []ui.OptionGroup {
	var options []ui.Option
	for _, m := range all {
		options = append(options, ui.Option{Value: m.Code, Text: m.Name})
	}
	return ui.Options(options...)
}

func fieldOptions(all []movement.Movement) []ui.OptionGroup {
	var options []ui.Option
	seen := map[string]bool{}
	for _, m := range all {
		for _, field := range m.Fields {
			if !seen[field.Code] {
				seen[field.Code] = true
				options = append(options, ui.Option{Value: field.Code, Text: field.Name})
			}
		}
	}
	return ui.Options(options...)
}

// tellView is the form by which somebody with an account introduces an exemplar.
type tellView struct {
	desk.Filled
	units desk.UnitChoice
	kinds []ui.Option
}

func (f *Face) introduce(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	tree, units, scope, err := f.seenUnits(r)
	if err != nil {
		return err
	}
	state, form := desk.FilledFrom(r)
	v := tellView{Filled: state, units: units}
	in := nurture.Input{Name: form.Text("name", 400), Unit: desk.UnitCode(tree, scope, f.Now.Today(), form.Text("unit", 300)), Doing: form.Text("doing", 8000)}
	for _, k := range ledger.SubjectKinds() {
		v.kinds = append(v.kinds, ui.Option{Value: k.String(), Text: lang.T(k.Label())})
		if v.Values.Get("kind") == k.String() {
			in.Kind = k
		}
	}
	status := http.StatusOK
	if v.Sent(r) {
		err := form.Err()
		if err == nil {
			_, err = f.Nurture.Introduce(r.Context(), webkit.Actor(r), in)
		}
		if err == nil {
			return desk.Done(w, r, desk.NurturePath, i18n.NurtureDoneSent, in.Name)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, "name", "unit", "doing", "kind"); !ok {
			return err
		}
	}
	p, err := f.Page(r, lang.T(i18n.NurtureTitle), ui.Link{Text: lang.T(i18n.NurtureList), Href: desk.NurturePath})
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, tellPage(p, v))
}

// nurtured lists the exemplars that have notes.
func (f *Face) nurtured(w http.ResponseWriter, r *http.Request) error {
	lang, today := webkit.Lang(r), f.Now.Today()
	all, err := f.Nurture.Nurtured(r.Context(), webkit.Actor(r))
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	t := ui.Table{
		Caption: lang.T(i18n.NurtureList), Columns: desk.Kinds(desk.Columns(lang, i18n.NurtureExemplar, i18n.NurtureNextOn, i18n.NurtureNext, i18n.NurtureLastDone),
			ui.ColTitle, ui.ColStatus, ui.ColData, ui.ColData),
		Empty: ui.EmptyState(ui.IconSprout, lang.T(i18n.NurtureListNone), lang.T(i18n.NurtureListNoneText), nil),
	}
	for _, n := range all {
		due := ui.Cell{Text: "–"}
		switch {
		case n.Due(today):
			due = ui.Cell{Text: lang.T(i18n.NurtureDue, n.NextOn), Tone: ui.Bad}
		case n.NextOn != 0:
			due = ui.Cell{Text: lang.T(i18n.NurtureByDay, n.NextOn), Tone: ui.Info}
		}
		t.Rows = append(t.Rows, ui.Row{ID: n.Exemplar, Cells: []ui.Cell{
			{Text: n.Name, Href: desk.NurturePath + "/" + n.Exemplar, Sub: desk.UnitName(tree, n.Unit, today)},
			due,
			{Text: desk.OrDash(n.Next)},
			{Text: n.Done, Sub: lang.Date(n.On)},
		}})
	}
	p, err := f.Page(r, lang.T(i18n.NurtureList))
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, nurturedPage(p, webkit.Actor(r).Can(practice.RightFind), t))
}

// notesView is how one exemplar is nurtured.
type notesView struct {
	desk.Filled
	exemplar practice.Exemplar
	may      bool
	history  []ui.TimelineEvent
}

func (f *Face) notes(w http.ResponseWriter, r *http.Request) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	x, _, err := f.Practices.Exemplar(ctx, who, r.PathValue("exemplar"))
	if err != nil {
		return err
	}
	state, form := desk.FilledFrom(r)
	v := notesView{Filled: state, exemplar: x, may: who.Can(practice.RightFind)}
	v.Start("on", f.Now.Today().String())
	status := http.StatusOK
	if v.Sent(r) {
		in := nurture.NoteInput{On: form.Date("on"), Done: form.Text("done", 4000), Next: form.Text("next", 4000), NextOn: form.Date("nextOn")}
		err := form.Err()
		if err == nil {
			_, err = f.Nurture.Write(ctx, who, x.ID, in)
		}
		if err == nil {
			return desk.Done(w, r, desk.NurturePath+"/"+x.ID, i18n.NurtureNoteSaved)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, "on", "done", "next", "nextOn"); !ok {
			return err
		}
	}
	if v.history, err = f.noteEvents(r, x.ID); err != nil {
		return err
	}
	p, err := f.Page(r, x.Name, ui.Link{Text: lang.T(i18n.NurtureList), Href: desk.NurturePath})
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, notesPage(p, v))
}

func (f *Face) noteEvents(r *http.Request, exemplar string) ([]ui.TimelineEvent, error) {
	lang := webkit.Lang(r)
	all, err := f.Nurture.Notes(r.Context(), webkit.Actor(r), exemplar)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return nil, err
	}
	var ids []string
	for _, n := range all {
		ids = append(ids, n.By)
	}
	names, err := f.NamesOf(r, ids)
	if err != nil {
		return nil, err
	}
	var events []ui.TimelineEvent
	for _, n := range all {
		e := ui.TimelineEvent{At: n.At, On: n.On, Title: n.Done, By: names[n.By], Icon: ui.IconSprout}
		if n.Next != "" {
			e.Text = lang.T(i18n.NurtureNext) + ": " + n.Next
		}
		if n.NextOn != 0 {
			e.Text += " (" + lang.T(i18n.NurtureByDay, n.NextOn) + ")"
		}
		events = append(events, e)
	}
	return events, nil
}
