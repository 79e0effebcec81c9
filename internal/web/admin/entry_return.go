package admin

import (
	"net/http"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/diff"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) returnRoutes() []webkit.Route {
	const at = "/admin/entries/{code}/"
	return []webkit.Route{
		desk.Get(at+"return", practice.RightReceive, f.entryReturn),
		desk.Post(at+"return", practice.RightReceive, f.entryReturn),
		desk.Get(at+"returns", practice.RightRead, f.entryReturns),
		desk.Post(at+"focus", practice.RightReceive, f.entryFocus),
	}
}

// returnForm is the page on which an entry is sent back part by part.
type returnForm struct {
	desk.Filled
	entry practice.Entry
	parts []partChoice
}

// partChoice is a part that can be sent back, with what it says now.
type partChoice struct {
	practice.ReturnPart
	says string
	on   bool
}

// entryReturn asks which parts are sent back, and why.
func (f *Face) entryReturn(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	e, _, period, err := f.entryOf(r)
	if err != nil {
		return err
	}
	if may := practice.PossibleWith(who, e, f.Now.Today()); r.Method != http.MethodPost && !mayReturn(may) {
		return errs.New(errs.Conflict, i18n.PracticeReturnNotNow)
	}
	state, form := desk.FilledFrom(r)
	on := stepDay(f.Now.Today(), period)
	if asked := webkit.Query(r).Date("on"); asked != 0 && asked <= f.Now.Today() { // recorded late
		on = asked
	}
	state.Start("on", on.String())
	state.Action = entryPath(e.Code, "return")
	v := returnForm{Filled: state, entry: e, parts: partChoices(e, form)}
	status := http.StatusOK
	if v.Sent(r) {
		err := f.sendBack(r, form, e, v.parts)
		if err == nil {
			return desk.Done(w, r, entryPath(e.Code), i18n.RegisterStepDone, lang.T(i18n.RegisterDoReturned), 1)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, v.fields()...); !ok {
			return err
		}
		v.Errors = named(lang, v.Errors)
	}
	p, err := f.entryFrame(r, e, lang.T(i18n.RegisterDoReturned))
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, returnPage(p, v))
}

// mayReturn tells whether an entry can be sent back, now or as of an earlier day.
func mayReturn(p practice.Possible) bool {
	const back = ledger.Returned
	return slices.Contains(p.Steps, back) || slices.ContainsFunc(p.Late, func(l practice.LateStep) bool { return l.Kind == back })
}

func (v returnForm) fields() []string {
	all := []string{"reasons", "reason", "on"}
	for _, part := range v.parts {
		all = append(all, "note."+part.Part)
	}
	return all
}

// partChoices are the parts with what they say, and whether they were chosen.
func partChoices(e practice.Entry, form *webkit.FormReader) []partChoice {
	says := map[string]string{practice.PartTitle: e.Title}
	for _, part := range e.Parts.All() {
		says[part.Field] = *part.Text
	}
	var all []partChoice
	for _, part := range practice.ReturnParts() {
		note := strings.TrimSpace(form.Values.Get("note." + part.Part))
		all = append(all, partChoice{part, short(says[part.Part]), note != "" || form.Bool("part."+part.Part)})
	}
	return all
}

// short is the beginning of a text.
func short(s string) string {
	const most = 160
	if letters := []rune(s); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return s
}

// sendBack sends an entry back as the form says; without a part and a kind of reason all of
// it is open again.
func (f *Face) sendBack(r *http.Request, form *webkit.FormReader, e practice.Entry, parts []partChoice) error {
	in := practice.SentBack{Step: practice.Step{Entries: []string{e.ID}, On: form.Date("on"), Reason: form.Text("reason", 2000)}}
	for _, reason := range form.Choices("reasons", desk.Texts(practice.ReturnReasons())...) {
		in.Reasons = append(in.Reasons, practice.ReturnReason(reason))
	}
	for _, part := range parts {
		if part.on {
			in.Flags = append(in.Flags, practice.Flag{Part: part.Part, Note: form.Text("note."+part.Part, 500)})
		}
	}
	if err := form.Err(); err != nil {
		return err
	}
	if len(in.Reasons) == 0 && len(in.Flags) == 0 {
		return f.Practices.Return(r.Context(), webkit.Actor(r), in.Step)
	}
	return f.Practices.SendBack(r.Context(), webkit.Actor(r), in)
}

// round is a round as both sides read it.
type round struct {
	practice.Return
	by, answered string
	changes      []partChange
}

// partChange is a part that came back otherwise.
type partChange struct {
	label  i18n.Key
	asked  bool
	pieces []diff.Piece
}

// roundsOf are the rounds in which an entry was sent back, the latest first.
func (f *Face) roundsOf(r *http.Request, e practice.Entry) ([]round, error) {
	all, err := f.Practices.Returns(r.Context(), webkit.Actor(r), e.ID)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, one := range all {
		ids = append(ids, one.AskedBy, one.AnsweredBy)
	}
	names, err := f.NamesOf(r, ids)
	rounds := make([]round, len(all))
	for i, one := range all {
		rounds[i] = round{Return: one, by: names[one.AskedBy], answered: names[one.AnsweredBy]}
		if one.AnsweredAt.IsZero() {
			continue
		}
		for _, part := range one.Changed() {
			rounds[i].changes = append(rounds[i].changes, partChange{part.Label, one.Of(part.Part) != "", diff.Words(one.Before[part.Part], one.After[part.Part])})
		}
	}
	return rounds, err
}

// entryReturns shows what was asked for in each round, and what came of it.
func (f *Face) entryReturns(w http.ResponseWriter, r *http.Request) error {
	e, _, _, err := f.entryOf(r)
	if err != nil {
		return err
	}
	rounds, err := f.roundsOf(r, e)
	if err != nil {
		return err
	}
	p, err := f.entryFrame(r, e, webkit.Lang(r).T(i18n.DraftpageRounds))
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, returnsPage(p, e, rounds))
}

// entryFocus says whether an entry is followed closely.
func (f *Face) entryFocus(w http.ResponseWriter, r *http.Request) error {
	on := webkit.Form(r).Bool("focus")
	code := r.PathValue("code")
	if err := f.Practices.SetFocus(r.Context(), webkit.Actor(r), code, on); err != nil {
		return err
	}
	key := i18n.RegisterFocusTaken
	if on {
		key = i18n.RegisterFocusSet
	}
	return desk.Done(w, r, entryPath(code), key, code)
}

// tagNames joins the names of the tags that an entry has.
func tagNames(all []practice.Tag, ids []string) string {
	var names []string
	for _, t := range all {
		if slices.Contains(ids, t.ID) {
			names = append(names, t.Name)
		}
	}
	return listed(names)
}
